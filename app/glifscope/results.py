"""What follows from the choices: traces to draw, numbers to read. No Panel, no plots.

`compute` is a plain function of immutable choices, so it can run in any thread; `Results` holds the
last picture that could be computed, and the problems that keep the next one from being so.
"""

from typing import NamedTuple

import numpy as np
import param

from glifcore import (
    ParameterError,
    Problem,
    PscFeatures,
    Stimulus,
    Traces,
    psc_features,
    simulate,
    spike_times,
)
from glifcore.autopsy import Autopsy, autopsy

from .choices import DT, NAMES, Choices, Driven, checked, errors_in, shape_of
from .pinned import Kept, Pinned, arrivals_of, compare, drawn, run_of, thresholds_of
from .session import Session
from .thinning import Window, thinned

_POINTS = 2000
_LARGEST = 1e6
"""mV; pictures end there."""

_RECORD = (
    "V_m",
    "threshold",
    "threshold_spike",
    "threshold_voltage",
    "ASCurrents",
    "I_syn_fast_ports",
    "I_syn_slow_ports",
    "spike",
)


class Asked(NamedTuple):
    """What a picture is asked for.

    Attributes:
        choices: what it shows.
        port: whose synapse is looked at.
        spike: number of the spike that is taken apart, from 0; None for none.
        pinned: choices to compare with.
        window: what is seen of the run, ms; None is the whole.
    """

    choices: Choices
    port: int = 0
    spike: int | None = None
    pinned: Choices | None = None
    window: Window | None = None


class Frame(NamedTuple):
    """One picture: traces thinned for the width of a plot, and the numbers read off all of them.

    What arrives has times of its own, so it stays the same array for array while only the neuron
    changes.

    Attributes:
        choices: what it shows.
        port: whose event `psc` describes.
        spike: number of the spike that `autopsy` takes apart.
        time: ms, shape (n,), float32 like the traces below.
        V_m, threshold, threshold_spike, threshold_voltage: mV, shape (n,).
        ASCurrents: pA, shape (K, n).
        I_syn_time: ms, shape (m,).
        I_syn_fast, I_syn_slow: pA, shape (R, m).
        I_time: ms, shape (k,).
        I: injected current, pA, shape (k,).
        spike_times: ms.
        spike_thresholds: the potential of the threshold that each spike crossed, mV.
        input_times: arrivals of presynaptic spikes for each part of the stimulus, ms; none for a
            current.
        psc: features of one event of the port.
        autopsy: of the spike that was asked for, if there is one.
        pinned: the run to compare with, if there is one.
        problems: warnings; a picture has no errors.
    """

    choices: Choices
    port: int
    spike: int | None
    time: np.ndarray
    V_m: np.ndarray
    threshold: np.ndarray
    threshold_spike: np.ndarray
    threshold_voltage: np.ndarray
    ASCurrents: np.ndarray
    I_syn_time: np.ndarray
    I_syn_fast: np.ndarray
    I_syn_slow: np.ndarray
    I_time: np.ndarray
    I: np.ndarray  # noqa: E741  # NEST's name
    spike_times: np.ndarray
    spike_thresholds: np.ndarray
    input_times: tuple[np.ndarray, ...]
    psc: PscFeatures
    autopsy: Autopsy | None
    pinned: Pinned | None
    problems: tuple[Problem, ...]


class Results(param.Parameterized):
    """The last good picture, and what is wrong with the choices now."""

    frame = param.ClassSelector(class_=Frame, allow_None=False, doc="The picture to draw.")
    problems = param.ClassSelector(class_=tuple, default=(), doc="Each `Problem` of the choices.")


def asked_of(session: Session) -> Asked:
    """What a session asks for now."""
    return Asked(session.choices, session.port, session.spike, session.pinned, session.window)


def first_results(session: Session) -> Results:
    """The picture of a session; where there is none, the one that a page begins with."""
    first = compute(asked_of(session))
    if isinstance(first, Frame):
        return Results(frame=first, problems=first.problems)
    return Results(frame=compute(Asked(Choices())), problems=first)


def renew(results: Results, session: Session) -> None:
    """Have the results be of what is chosen now; where there is no picture, the last one stays."""
    picture = compute(asked_of(session))
    if isinstance(picture, Frame):
        results.param.update(frame=picture, problems=picture.problems)
    else:
        results.param.update(problems=picture)


def results_of(session: Session) -> Results:
    """Results that follow a session at once; the page, which must not wait, has its gate for it.

    Raises:
        ParameterError: there is no picture of what is chosen now.
    """
    results = first_results(session)
    errors = errors_in(results.problems)
    if errors:
        raise ParameterError("\n".join(problem.message for problem in errors))

    followed = [*NAMES, "port", "spike", "pinned", "window"]
    session.param.watch(lambda *_: renew(results, session), followed)
    return results


def compute(asked: Asked) -> Frame | tuple[Problem, ...]:
    """The picture of these choices, or the problems for which there is none."""
    found, stimulus = checked(asked.choices)
    if stimulus is None:
        return found
    pinned = None if asked.pinned is None else Driven.by(asked.pinned)
    return picture_of(asked, stimulus, pinned, found)


def picture_of(
    asked: Asked, stimulus: Stimulus, pinned: Driven | None = None, found: tuple[Problem, ...] = ()
) -> Frame | tuple[Problem, ...]:
    """The picture of a neuron under this stimulus, or the problems for which there is none.

    Args:
        asked: for what; its neuron has no errors.
        stimulus: all that arrives at the neuron.
        pinned: a neuron to compare with.
        found: warnings.
    """
    traces = simulate(asked.choices.cell, stimulus, dt=DT, record=_RECORD)
    off = off_scale(traces)
    if off:
        message = f"The {off} Bring the value that you changed last nearer to where it was."
        return (Problem("V_m", "error", message),)
    return _frame(asked, stimulus, traces, pinned, found)


def off_scale(traces: Traces) -> str:
    """How far the potential is off every scale, for a sentence; empty where it is not."""
    largest = max(np.abs(traces.V_m).max(), np.abs(traces.threshold).max())
    if largest < _LARGEST:  # false for NaN too
        return ""
    return f"potential reaches {largest:.3g} mV; pictures end at {_LARGEST:g} mV."


def _frame(
    asked: Asked,
    stimulus: Stimulus,
    traces: Traces,
    behind: Driven | None,
    found: tuple[Problem, ...],
) -> Frame:
    choices, port = asked.choices, asked.port
    run = None if behind is None else run_of(behind)
    off = "" if run is None else off_scale(run)
    if off:
        run = None
        message = f"The pinned run is not drawn: its {off} Unpin it."
        found = (*found, Problem("V_m", "warning", message))
    current = np.asarray(stimulus.current)
    before = None if behind is None else np.asarray(behind.stimulus.current)
    kept = _kept(asked, traces, current, run, before)
    pinned = None
    if behind is not None and run is not None:
        pinned = compare(behind, run, port, traces.V_m, kept)

    return Frame(
        choices=choices,
        port=port,
        spike=asked.spike,
        time=drawn(kept.neuron, traces.time),
        V_m=drawn(kept.neuron, traces.V_m),
        threshold=drawn(kept.neuron, traces.threshold),
        threshold_spike=drawn(kept.neuron, traces.threshold_spike),
        threshold_voltage=drawn(kept.neuron, traces.threshold_voltage),
        ASCurrents=drawn(kept.neuron, traces.ASCurrents),
        I_syn_time=drawn(kept.synaptic, traces.time),
        I_syn_fast=drawn(kept.synaptic, traces.I_syn_fast_ports),
        I_syn_slow=drawn(kept.synaptic, traces.I_syn_slow_ports),
        I_time=drawn(kept.injected, traces.time),
        I=drawn(kept.injected, current),
        spike_times=spike_times(traces, DT),
        spike_thresholds=thresholds_of(traces),
        input_times=arrivals_of(choices),
        psc=PscFeatures(*(float(x) for x in psc_features(shape_of(choices, port)))),
        autopsy=_autopsy(asked, stimulus, traces),
        pinned=pinned,
        problems=found,
    )


def _kept(
    asked: Asked,
    traces: Traces,
    current: np.ndarray,
    run: Traces | None,
    before: np.ndarray | None,
) -> Kept:
    """Which samples are drawn, of a run with its current and of a pinned one with its own."""
    fast, slow = traces.I_syn_fast_ports, traces.I_syn_slow_ports
    neuron, spikes, injected = [traces.V_m], [np.flatnonzero(traces.spike)], [current]
    synaptic = [(fast + slow).sum(axis=1), *fast.T, *slow.T]
    if asked.choices.cell.model.adapting_threshold:  # else it has no extremes but at spikes
        neuron += [traces.threshold, traces.threshold_voltage]
    if run is not None and before is not None:
        behind = zip((neuron, synaptic, injected), (run.V_m, run.I_syn, before), strict=True)
        for lines, line in behind:
            lines.append(_as_long(line, len(traces.time)))
        spikes.append(np.flatnonzero(run.spike))

    def kept(lines: list[np.ndarray], *marked: np.ndarray) -> np.ndarray:
        spikes = np.concatenate([np.zeros(0, int), *marked])
        return thinned(traces.time, lines, _POINTS, asked.window, spikes)

    return Kept(kept(neuron, *spikes), kept(synaptic), kept(injected))


def _as_long(trace: np.ndarray, n: int) -> np.ndarray:
    """The trace with `n` samples, its last one again and again where it is shorter."""
    return np.pad(trace[:n], (0, max(n - len(trace), 0)), "edge")


def _autopsy(asked: Asked, stimulus: Stimulus, traces: Traces) -> Autopsy | None:
    if asked.spike is None or asked.spike >= np.count_nonzero(traces.spike):
        return None
    return autopsy(asked.choices.cell, stimulus, asked.spike, dt=DT, traces=traces)


def warm_up() -> None:
    """Compile what a visitor's first picture needs."""
    compute(Asked(Choices()))

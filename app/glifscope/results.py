"""What follows from the choices: traces to draw, numbers to read. No Panel, no plots.

`compute` is a plain function of immutable choices, so it can run in any thread; `Results` holds the
last picture that could be computed, and the problems that keep the next one from being so.
"""

from typing import NamedTuple

import numpy as np
import param

from glifcore import (
    Problem,
    PscFeatures,
    PscShape,
    RegularTrain,
    StepCurrent,
    Stimulus,
    make_stimulus,
    psc_features,
    simulate,
    spike_times,
)

from .session import DT, DURATION, Choices, Session, StimulusChoice, problems_of
from .thinning import extremes

_POINTS = 1600
_LARGEST = 1e6
_RECORD = (
    "V_m",
    "threshold",
    "threshold_spike",
    "threshold_voltage",
    "ASCurrents",
    "spike",
)


class Frame(NamedTuple):
    """One picture: traces thinned for the width of a plot, and the numbers read off all of them.

    Attributes:
        choices: what it shows.
        time: ms, shape (n,), float32 like the traces below.
        V_m, threshold, threshold_spike, threshold_voltage: mV, shape (n,).
        ASCurrents: pA, shape (K, n).
        spike_times: ms.
        spike_thresholds: the potential of the threshold that each spike crossed, mV.
        input_times: arrivals of presynaptic spikes, ms.
        psc: features of one synaptic event.
        problems: warnings; a picture has no errors.
    """

    choices: Choices
    time: np.ndarray
    V_m: np.ndarray
    threshold: np.ndarray
    threshold_spike: np.ndarray
    threshold_voltage: np.ndarray
    ASCurrents: np.ndarray
    spike_times: np.ndarray
    spike_thresholds: np.ndarray
    input_times: np.ndarray
    psc: PscFeatures
    problems: tuple[Problem, ...]


class Results(param.Parameterized):
    """The last good picture, and what is wrong with the choices now."""

    frame = param.ClassSelector(class_=Frame, allow_None=False, doc="The picture to draw.")
    problems = param.ClassSelector(class_=tuple, default=(), doc="Each `Problem` of the choices.")


def train_of(choice: StimulusChoice) -> RegularTrain:
    """The presynaptic spikes that were chosen."""
    return RegularTrain(
        choice.train_start, choice.train_rate, int(choice.train_count), choice.weight
    )


def stimulus_of(choice: StimulusChoice) -> Stimulus:
    """The stimulus that was chosen, step by step."""
    return make_stimulus(
        StepCurrent(choice.step_amplitude, choice.step_start, choice.step_stop),
        train_of(choice),
        duration=DURATION,
        dt=DT,
    )


def shape_of(choices: Choices) -> PscShape:
    """The synaptic event that was chosen."""
    cell = choices.cell
    return PscShape(
        choices.stimulus.weight,
        float(cell.tau_syn_fast[0]),
        float(cell.tau_syn_slow[0]),
        float(cell.amp_slow[0]),
    )


def compute(choices: Choices) -> Frame | tuple[Problem, ...]:
    """The picture of these choices, or the problems for which there is none."""
    found = problems_of(choices)
    if any(problem.severity == "error" for problem in found):
        return found
    traces = simulate(choices.cell, stimulus_of(choices.stimulus), dt=DT, record=_RECORD)
    largest = max(np.abs(traces.V_m).max(), np.abs(traces.threshold).max())
    if not largest < _LARGEST:  # true for NaN too
        message = (
            f"The potential reaches {largest:.3g} mV; pictures end at {_LARGEST:g} mV. "
            "Bring the value that you changed last nearer to where it was."
        )
        return (Problem("V_m", "error", message),)
    spikes = np.flatnonzero(traces.spike)
    kept = _thin(traces.V_m, spikes)
    before = np.maximum(spikes - 1, 0)
    return Frame(
        choices=choices,
        time=traces.time[kept].astype(np.float32),
        **{
            name: getattr(traces, name)[kept].astype(np.float32)
            for name in ("V_m", "threshold", "threshold_spike", "threshold_voltage")
        },
        ASCurrents=traces.ASCurrents[kept].T.astype(np.float32),
        spike_times=spike_times(traces, DT),
        spike_thresholds=traces.threshold[before],
        input_times=train_of(choices.stimulus).times_until(DURATION),
        psc=PscFeatures(*(float(x) for x in psc_features(shape_of(choices)))),
        problems=found,
    )


def warm_up() -> None:
    """Compile what a visitor's first picture needs."""
    compute(Session().choices)


def _thin(trace: np.ndarray, spikes: np.ndarray) -> np.ndarray:
    """Indices of samples that keep the extremes of the trace, each spike and each reset."""
    kept = extremes(trace, _POINTS)
    around = np.concatenate([spikes - 1, spikes, spikes + 1])
    return np.union1d(kept, around[(around >= 0) & (around < len(trace))])

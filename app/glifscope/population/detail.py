"""One neuron of a population, simulated alone once more for its traces. No Panel."""

from typing import NamedTuple

import numpy as np

from glifcore import simulate, spike_times

from ..choices import DT, Choices
from ..results import off_scale
from ..thinning import Window, thinned
from .draw import Members, arriving_at, members
from .run import Asked, Task, compute

_POINTS = 1600


class Detail(NamedTuple):
    """What one neuron does.

    Attributes:
        members: the population that it is of.
        index: which it is.
        time: ms, shape (n,), float32 like the traces below; empty where `problem` says why.
        V_m, threshold: mV.
        spike_times: ms.
        spike_thresholds: the potential of the threshold that each spike crossed, mV.
        problem: why there are no traces; empty where there are.
    """

    members: Members
    index: int
    time: np.ndarray
    V_m: np.ndarray
    threshold: np.ndarray
    spike_times: np.ndarray
    spike_thresholds: np.ndarray
    problem: str = ""


class Look(NamedTuple):
    """Which neuron is looked at, of what; and what is seen of its run, ms."""

    asked: Asked
    members: Members
    index: int
    window: Window | None = None


def look_at(look: Look) -> Detail:
    """The traces of one neuron, thinned for the width of a plot."""
    choices, port = look.asked
    stimulus = arriving_at(choices, port, np.array([look.index]))
    alone = (stimulus.current[:, 0], stimulus.weights[:, 0])
    neuron = look.members.one(look.index)
    traces = simulate(neuron, alone, dt=DT, record=("V_m", "threshold", "spike"))
    off = off_scale(traces)
    if off:
        nothing = [np.zeros(0, np.float32)] * 5
        return Detail(look.members, look.index, *nothing, problem=f"Its {off}")
    spikes = np.flatnonzero(traces.spike)
    lines = [traces.V_m, traces.threshold]
    kept = thinned(traces.time, lines, _POINTS, look.window, spikes)
    return Detail(
        look.members,
        look.index,
        *(np.asarray(x[kept], np.float32) for x in (traces.time, traces.V_m, traces.threshold)),
        spike_times=spike_times(traces, DT),
        spike_thresholds=traces.threshold[np.maximum(spikes - 1, 0)],
    )


def warm_up() -> None:
    """Compile what a visitor's first population needs."""
    asked = Asked(Choices())
    compute(Task(asked, 10.0))
    look_at(Look(asked, members(asked.choices), 0))

"""How fast the cell fires for how much current: the f-I curve. No Panel, no plots.

Each current is a neuron of one population, and comes as its I_e: it acts from the first step on, on
top of the cell's own I_e, for one second from rest. What arrives at the synapses is left out.
"""

from typing import NamedTuple

import numpy as np

from glifcore import GlifModel, GlifParameters, Problem, StepCurrent, problems, simulate

from .choices import DT, Choices, errors_in

_CURRENTS = 40
DURATION = 1000.0
"""Of each current, ms."""

_PER_SECOND = 1000.0 / DURATION
_LOW, _HIGH = 0.5, 3.0
_GAIN_LOW, _GAIN_HIGH = 0.5, 2.0
"""In rheobases from the rheobase: where the curve begins and ends, and where its gain is read."""

_LEAST_DEPTH = 5.0
"""Distance of the threshold from rest, mV, that spreads the currents where the true one is less."""


class Rates(NamedTuple):
    """How fast the cell fires under each current, spikes/s; shape (N,).

    Attributes:
        count: spikes in the second.
        first: of the first interval; NaN where there are fewer than two spikes.
        last: of the last interval.
    """

    count: np.ndarray
    first: np.ndarray
    last: np.ndarray


class Gain(NamedTuple):
    """The slope of the curve between two currents.

    Attributes:
        currents: pA, the two.
        counts: spikes/s at each.
        slope: spikes/s per pA.
        adaptation: rate of the last interval over that of the first, at the larger current; None
            where it has fewer than two intervals.
    """

    currents: tuple[float, float]
    counts: tuple[float, float]
    slope: float
    adaptation: float | None


class Pinned(NamedTuple):
    """A cell to compare with.

    Attributes:
        cell: which.
        count: its spikes/s under the same currents, on top of its own I_e; shape (N,).
    """

    cell: GlifParameters
    count: np.ndarray


class Firing(NamedTuple):
    """The f-I curve.

    Attributes:
        cell: whose it is.
        steps: amplitudes of the current steps of the stimulus, pA.
        rheobase: g (V_th - E_L) - I_e, pA: what holds the potential at the resting threshold.
        currents: pA, shape (N,).
        rates: at each current.
        others: counts at the other levels, by their flags; levels that cannot be run are left out.
        measured: the two neighbouring currents, pA, between which the cell begins to fire; None
            where it never does, or always.
        gain: None where the cell hardly fires or not at all.
        problems: errors of the cell, for which there is no curve.
        pinned: the cell to compare with; None where there is none, or none that can be run.
    """

    cell: GlifParameters
    steps: tuple[float, ...]
    rheobase: float
    currents: np.ndarray
    rates: Rates
    others: dict[GlifModel, np.ndarray]
    measured: tuple[float, float] | None
    gain: Gain | None
    problems: tuple[Problem, ...] = ()
    pinned: Pinned | None = None


def compute_firing(
    choices: Choices, *, others: bool = True, pinned: Choices | None = None
) -> Firing:
    """The f-I curve of the cell, of the other levels by their flags, and of a pinned cell."""
    cell = choices.cell
    steps = tuple(p.amplitude for p in choices.stimulus if isinstance(p, StepCurrent))
    errors = errors_in(problems(cell))
    none = np.zeros(0)
    if errors:
        return Firing(cell, steps, np.nan, none, Rates(none, none, none), {}, None, None, errors)
    rheobase = cell.g * (cell.V_th - cell.E_L)
    spread = max(abs(rheobase), cell.g * _LEAST_DEPTH)
    rheobase -= cell.I_e
    currents = np.linspace(rheobase - _LOW * spread, rheobase + _HIGH * spread, _CURRENTS)
    levels = [cell.model, *(_other_levels(cell) if others else ())]
    spikes = _spikes(cell, levels, currents)
    rates = _rates(spikes[:, 0])
    return Firing(
        cell,
        steps,
        rheobase,
        currents,
        rates,
        {level: spikes[:, i].sum(0) * _PER_SECOND for i, level in enumerate(levels) if i},
        _begins(cell, currents, rates.count),
        _gain(currents, rates, rheobase, spread),
        pinned=_pinned(pinned, currents),
    )


def _pinned(choices: Choices | None, currents: np.ndarray) -> Pinned | None:
    if choices is None or errors_in(problems(choices.cell)):
        return None
    spikes = _spikes(choices.cell, [choices.cell.model], currents)
    return Pinned(choices.cell, spikes[:, 0].sum(0) * _PER_SECOND)


def _other_levels(cell: GlifParameters) -> list[GlifModel]:
    """Levels that the cell can be taken to by its flags."""
    return [
        level
        for level in GlifModel
        if level is not cell.model
        and all(p.severity == "warning" for p in problems(cell.replace(model=level)))
    ]


def driven(cell: GlifParameters, currents: np.ndarray) -> GlifParameters:
    """A neuron for each current, which acts from the first step on, on top of the cell's I_e."""
    return cell.replace(I_e=cell.I_e + currents)


def _spikes(cell: GlifParameters, levels: list[GlifModel], currents: np.ndarray) -> np.ndarray:
    """Whether each step has a spike, at each level and current: (T, levels, N)."""
    n_steps = round(DURATION / DT)
    population = driven(cell, np.tile(currents, len(levels))).replace(
        model=tuple(level for level in levels for _ in currents)
    )
    silence = np.zeros(n_steps), np.zeros((n_steps, len(cell.tau_syn_fast)))
    spikes = np.asarray(simulate(population, silence, dt=DT, record="spikes").spike)
    return spikes.reshape(n_steps, len(levels), len(currents))


def _rates(spikes: np.ndarray) -> Rates:
    """From spikes (T, N)."""
    count = spikes.sum(0)
    first, last = np.full((2, len(count)), np.nan)
    for i in np.flatnonzero(count > 1):
        intervals = np.diff(np.flatnonzero(spikes[:, i])) * DT
        first[i], last[i] = 1000.0 / intervals[0], 1000.0 / intervals[-1]
    return Rates(count * _PER_SECOND, first, last)


def _begins(
    cell: GlifParameters, currents: np.ndarray, counts: np.ndarray
) -> tuple[float, float] | None:
    """The last silent and the first firing current, looked for once more between the two."""
    coarse = _bracket(currents, counts)
    if coarse is None:
        return None
    finer = np.linspace(*coarse, _CURRENTS)
    return _bracket(finer, _spikes(cell, [cell.model], finer)[:, 0].sum(0))


def _bracket(currents: np.ndarray, counts: np.ndarray) -> tuple[float, float] | None:
    i = int(np.argmax(counts > 0))
    return (float(currents[i - 1]), float(currents[i])) if i else None


def _gain(currents: np.ndarray, rates: Rates, rheobase: float, spread: float) -> Gain | None:
    """Read where the cell fires: from half a spread above the rheobase, or from the onset on."""
    ends = rheobase + spread * np.array([_GAIN_LOW, _GAIN_HIGH])
    low, high = (int(i) for i in np.abs(currents - ends[:, None]).argmin(1))
    fires = rates.count > 0
    low = max(low, int(np.argmax(fires)))
    if not fires.any() or low >= high:
        return None
    rise = rates.count[high] - rates.count[low]
    return Gain(
        (float(currents[low]), float(currents[high])),
        (float(rates.count[low]), float(rates.count[high])),
        float(rise / (currents[high] - currents[low])),
        float(rates.last[high] / rates.first[high]) if rates.count[high] > 2 else None,
    )

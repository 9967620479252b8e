"""What arrives at the neuron: injected currents and presynaptic spikes, on the grid of steps.

The convention is that of the simulation: ``current[n]`` and ``weights[n, k]`` are what step n takes
in at its end, at time (n + 1) dt. So an event at time t = n dt acts from t + dt on, which is what
NEST does with a synaptic delay of one step. Receptor ports count from 0 (NEST counts from 1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Array, Float

from glifcore.levels import ParameterError
from glifcore.validation import check_dt


class Stimulus(NamedTuple):
    """Everything that a simulation takes in, step by step.

    Attributes:
        current: injected current in pA, shape (T,), or (T, N) for one a neuron.
        weights: summed weights of arriving spikes in pA, shape (T, R), or (T, N, R).
    """

    current: Float[Array | np.ndarray, "T *N"]
    weights: Float[Array | np.ndarray, "T *N R"]


@dataclass(frozen=True)
class StepCurrent:
    """A constant current for start <= t < stop.

    Args:
        amplitude: pA.
        start: ms.
        stop: ms; the default is the end of the stimulus.
    """

    amplitude: float
    start: float = 0.0
    stop: float = np.inf


@dataclass(frozen=True)
class SpikeTrain:
    """Presynaptic spikes at given times, onto one receptor port.

    Args:
        times: ms; each is moved to the nearest step.
        weight: pA, the peak of the fast alpha function; negative inhibits.
        receptor: the port, counted from 0.
    """

    times: Sequence[float] | np.ndarray
    weight: float
    receptor: int = 0

    @classmethod
    def regular(
        cls, start: float, rate: float, count: int, weight: float, receptor: int = 0
    ) -> "SpikeTrain":
        """`count` spikes from `start` (ms) on, at `rate` (spikes/s)."""
        if not rate > 0:
            raise ParameterError(f"`rate` is {rate:g} spikes/s; it must be above 0. Try 20.")
        return cls(start + np.arange(count) * (1000.0 / rate), weight, receptor)


def make_stimulus(
    *parts: StepCurrent | SpikeTrain, duration: float, dt: float = 0.1, n_receptors: int = 1
) -> Stimulus:
    """The sum of the parts, sampled for a simulation of `duration` ms in steps of `dt` ms.

    Args:
        *parts: currents and spike trains; where they overlap they add up.
        duration: ms; rounded to a whole number of steps.
        dt: ms.
        n_receptors: number of receptor ports R.

    Returns:
        NumPy arrays: current of shape (T,) and weights of shape (T, R).

    Raises:
        ParameterError: a number is not finite, a spike lies outside [0, duration), or a port does
            not exist.
    """
    check_dt(dt)
    if not (np.isfinite(duration) and duration >= dt):
        raise ParameterError(
            f"`duration` is {duration:g} ms; it must be at least one step of {dt:g} ms. Try 500 ms."
        )
    n_steps = round(duration / dt)
    current = np.zeros(n_steps)
    weights = np.zeros((n_steps, n_receptors))
    for part in parts:
        if isinstance(part, StepCurrent):
            _add_step(current, part, dt)
        else:
            _add_train(weights, part, dt)
    return Stimulus(current, weights)


def _add_step(current: np.ndarray, part: StepCurrent, dt: float) -> None:
    if not np.isfinite(part.amplitude):
        raise ParameterError(f"`amplitude` is {part.amplitude} pA; it must be a finite number.")
    if np.isnan(part.start) or np.isnan(part.stop):
        raise ParameterError("`start` and `stop` of a step current must be times in ms, not NaN.")
    first, last = (round(float(np.clip(t / dt, 0, len(current)))) for t in (part.start, part.stop))
    current[first:last] += part.amplitude


def _add_train(weights: np.ndarray, part: SpikeTrain, dt: float) -> None:
    n_steps, n_receptors = weights.shape
    if not 0 <= part.receptor < n_receptors:
        known = ", ".join(map(str, range(n_receptors)))
        raise ParameterError(
            f"`receptor` is {part.receptor}; the ports of this neuron are {known}. "
            "Choose one of them or give a larger `n_receptors`."
        )
    if not np.isfinite(part.weight):
        raise ParameterError(f"`weight` is {part.weight} pA; it must be a finite number.")
    times = np.asarray(part.times, dtype=float).reshape(-1)
    outside = times[~((times >= 0) & (times < n_steps * dt))]
    if outside.size:
        raise ParameterError(
            f"A spike at {outside[0]:g} ms lies outside the stimulus, which lasts from 0 to "
            f"{n_steps * dt:g} ms. Leave it out or give a longer `duration`."
        )
    steps = np.minimum(np.rint(times / dt).astype(int), n_steps - 1)
    np.add.at(weights[:, part.receptor], steps, part.weight)

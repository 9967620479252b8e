"""Presynaptic spike trains onto one receptor port."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from glifcore.levels import ParameterError


class Train:
    """A train of spikes of one weight.

    Attributes:
        weight: pA, the peak of the fast alpha function; negative inhibits.
        receptor: the port, counted from 0.
    """

    weight: float
    receptor: int

    def times_until(self, duration: float) -> Float[np.ndarray, "n"]:
        """The spikes before `duration`, ms."""
        raise NotImplementedError


@dataclass(frozen=True)
class SpikeTrain(Train):
    """Spikes at given `times` (ms); each is moved to the nearest step."""

    times: Sequence[float] | np.ndarray
    weight: float
    receptor: int = 0

    def times_until(self, duration: float) -> Float[np.ndarray, "n"]:
        """All of them: what was typed is not left out without a word."""
        return np.asarray(self.times, dtype=float).reshape(-1)


@dataclass(frozen=True)
class RegularTrain(Train):
    """`count` spikes from `start` (ms) on, at `rate` (spikes/s)."""

    start: float
    rate: float
    count: int
    weight: float
    receptor: int = 0

    def times_until(self, duration: float) -> Float[np.ndarray, "n"]:
        """Those between 0 and `duration`, ms."""
        times = self.start + np.arange(int(self.count)) * (1000.0 / _positive(self.rate, "rate"))
        return times[(times >= 0) & (times < duration)]


@dataclass(frozen=True)
class BurstTrain(Train):
    """`count` bursts from `start` (ms) on, every `interval` (ms), of `spikes` at `rate` (1/s)."""

    start: float
    interval: float
    count: int
    spikes: int
    rate: float
    weight: float
    receptor: int = 0

    def times_until(self, duration: float) -> Float[np.ndarray, "n"]:
        """Those between 0 and `duration`, ms."""
        within = np.arange(int(self.spikes)) * (1000.0 / _positive(self.rate, "rate"))
        starts = self.start + np.arange(int(self.count)) * self.interval
        times = np.sort((starts[:, None] + within).reshape(-1))
        return times[(times >= 0) & (times < duration)]


@dataclass(frozen=True)
class PoissonTrain(Train):
    """Spikes that come independently at `rate` (spikes/s), from `start` until `stop` (ms).

    The same `seed` gives the same train, whatever the step size.
    """

    rate: float
    weight: float
    receptor: int = 0
    start: float = 0.0
    stop: float = np.inf
    seed: int = 0

    def times_until(self, duration: float) -> Float[np.ndarray, "n"]:
        """Those between 0 and `duration`, ms."""
        first, last = max(self.start, 0.0), min(self.stop, duration)
        if not 0 <= self.rate < np.inf:
            raise ParameterError(
                f"`rate` is {self.rate:g} spikes/s; it must be 0 or above. Try 20."
            )
        rng = np.random.default_rng(self.seed)
        if last <= first or self.rate == 0:
            return np.zeros(0)
        times, time = [], first
        while (time := time + rng.exponential(1000.0 / self.rate)) < last:
            times.append(time)
        return np.array(times)


def _positive(value: float, name: str) -> float:
    if not 0 < value < np.inf:
        raise ParameterError(f"`{name}` is {value:g} spikes/s; it must be above 0. Try 20.")
    return value

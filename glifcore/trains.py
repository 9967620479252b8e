"""Presynaptic spike trains onto one receptor port."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from glifcore.currents import finite
from glifcore.levels import ParameterError, shown
from glifcore.parameters import LARGEST
from glifcore.validation import generator

MOST_SPIKES = 1_000_000
"""Spikes of one train: a second to draw."""


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
        try:
            times = np.asarray(self.times, dtype=float).reshape(-1)
        except (TypeError, ValueError, OverflowError):
            raise ParameterError(
                f"`times` are {shown(self.times)}; they must be numbers of ms. Try [10.0, 20.0]."
            ) from None
        _few(len(times))
        return times


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
        every = _interval(self)
        start = finite(self, "start", "ms")
        return _inside(_repeated(start, every, _count(self, "count"), float(duration)), duration)


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
        every = _interval(self)
        interval = _positive(self, "interval", "ms", 100)
        start, end = finite(self, "start", "ms"), float(duration)
        within = _repeated(0.0, every, _count(self, "spikes"), end - min(start, 0.0))
        length = float(within[-1]) if len(within) else 0.0
        starts = _repeated(start, interval, _count(self, "count"), end, length)
        _few(len(starts) * len(within))
        return _inside(np.sort((starts[:, None] + within).reshape(-1)), duration)


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
        rate = finite(self, "rate", "spikes/s")
        if rate < 0:
            raise ParameterError(f"`rate` is {rate:g} spikes/s; it must be 0 or above. Try 20.")
        first = max(finite(self, "start", "ms"), 0.0)
        last = duration if self.stop == np.inf else min(finite(self, "stop", "ms"), duration)
        rng = generator(self.seed)
        if last <= first or rate == 0:
            return np.zeros(0)
        _few(rate * (last - first) / 1000.0)
        times, time = [], first
        while (time := time + rng.exponential(1000.0 / rate)) < last:
            times.append(time)
        return np.array(times)


def _positive(part: Train, name: str, unit: str, typical: int) -> float:
    value = finite(part, name, unit)
    if value <= 0:
        raise ParameterError(f"`{name}` is {value:g} {unit}; it must be above 0. Try {typical}.")
    return value


def _interval(part: Train) -> float:
    """From spike to spike, ms."""
    return min(1000.0 / _positive(part, "rate", "spikes/s", 20), LARGEST)


def _count(part: Train, name: str) -> float:
    value = getattr(part, name)
    try:
        count = float(value)
    except (TypeError, ValueError, OverflowError):
        count = np.nan
    if not 0 <= count < np.inf:
        raise ParameterError(
            f"`{name}` is {shown(value)}; it must be a finite number of at least 0. Try 5."
        )
    return count


def _repeated(
    start: float, every: float, count: float, duration: float, length: float = 0.0
) -> Float[np.ndarray, "n"]:
    """Those of `count` times that can matter between 0 and `duration`, ms.

    Args:
        start: the first of them, ms.
        every: from one to the next, ms.
        count: how many there are.
        duration: ms.
        length: for which something goes on after each of the times, ms.
    """
    first = min(max((-start - length) // every, 0.0), count)
    last = min(max((duration - start) // every + 2.0, 0.0), count)
    _few(last - first)
    return start + np.arange(int(first), int(last)) * every


def _inside(times: np.ndarray, duration: float) -> Float[np.ndarray, "n"]:
    return times[(times >= 0) & (times < duration)]


def _few(count: float | int) -> None:
    """Refuse a train of more spikes than can be worked with."""
    if count > MOST_SPIKES:
        raise ParameterError(
            f"The train has some {count:.3g} spikes; at most {MOST_SPIKES:,} are made. Lower its "
            "rate or its count, or shorten it."
        )

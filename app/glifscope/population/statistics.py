"""What is read off the spikes of a population: rates, how regular, how much together. No Panel."""

from typing import NamedTuple

import numpy as np
from scipy.ndimage import gaussian_filter1d

from ..choices import DT

_FINE = 10
"""Steps of one point of the smoothed rate: 1 ms."""


class Spikes(NamedTuple):
    """The spikes of a population, neuron by neuron, each neuron's in the order of time.

    Attributes:
        step: the step that each ended, counted from 0; int32.
        neuron: whose it is; uint16.
        n_steps: length of the simulation.
    """

    step: np.ndarray
    neuron: np.ndarray
    n_steps: int

    @property
    def times(self) -> np.ndarray:
        """When they were, ms."""
        return (self.step + 1) * DT

    def of(self, neuron: int) -> np.ndarray:
        """When one neuron spiked, ms."""
        return self.times[self.neuron == neuron]

    def with_more(self, step: np.ndarray, neuron: np.ndarray) -> "Spikes":
        """These, followed by those of further neurons."""
        return self._replace(
            step=np.concatenate([self.step, step.astype(np.int32)]),
            neuron=np.concatenate([self.neuron, neuron.astype(np.uint16)]),
        )


class Summary(NamedTuple):
    """What the spikes of a population say.

    Attributes:
        rates: of each neuron, 1/s.
        edges: of the bins, ms.
        binned: rate of a neuron in each bin, mean over the neurons, 1/s.
        fine_time: ms, a point every millisecond.
        smoothed: the same rate, smoothed by a Gaussian as wide as a bin, 1/s.
        cv: coefficient of variation of the intervals between a neuron's spikes, mean over the
            neurons that have at least two intervals; NaN where none has.
        synchrony: mean correlation of the neurons' counts per bin: 0 for independent neurons, 1
            where all spike alike; NaN for a single neuron and where no count varies.
    """

    rates: np.ndarray
    edges: np.ndarray
    binned: np.ndarray
    fine_time: np.ndarray
    smoothed: np.ndarray
    cv: float
    synchrony: float


def summarise(spikes: Spikes, count: int, width: float) -> Summary:
    """All of it, for `count` neurons and bins of `width` ms."""
    edges, binned = rate_in_bins(spikes, count, width)
    fine_time, smoothed = smoothed_rate(spikes, count, width)
    rates = np.bincount(spikes.neuron, minlength=count) / (spikes.n_steps * DT / 1000.0)
    together = synchrony(spikes, count, width)
    return Summary(rates, edges, binned, fine_time, smoothed, mean_cv(spikes, count), together)


def rate_in_bins(spikes: Spikes, count: int, width: float) -> tuple[np.ndarray, np.ndarray]:
    """Edges of the bins, ms, and the mean rate of a neuron in each, 1/s; the last may be short."""
    per_bin = _steps_of(width)
    edges = np.append(np.arange(0, spikes.n_steps, per_bin), spikes.n_steps)
    counts = np.bincount(spikes.step // per_bin, minlength=len(edges) - 1)
    return edges * DT, counts / (count * np.diff(edges) * DT / 1000.0)


def smoothed_rate(spikes: Spikes, count: int, width: float) -> tuple[np.ndarray, np.ndarray]:
    """Time, ms, and the mean rate of a neuron, 1/s, smoothed by a Gaussian of this deviation."""
    edges, binned = rate_in_bins(spikes, count, _FINE * DT)
    deviation = width / (_FINE * DT)
    # Divided by what the Gaussian has within the simulation, so that the ends do not sag.
    spread, inside = (
        gaussian_filter1d(values, deviation, mode="constant")
        for values in (binned, np.ones_like(binned))
    )
    return 0.5 * (edges[1:] + edges[:-1]), spread / inside


def mean_cv(spikes: Spikes, count: int) -> float:
    """Mean coefficient of variation of the intervals; see `Summary`."""
    own = spikes.neuron[1:] == spikes.neuron[:-1]
    neuron = spikes.neuron[1:][own]
    interval = np.diff(spikes.step)[own].astype(float)
    number, total, squares = (
        np.bincount(neuron, weights, minlength=count) for weights in (None, interval, interval**2)
    )
    enough = number >= 2
    if not enough.any():
        return float("nan")
    mean = total[enough] / number[enough]
    variance = np.maximum(squares[enough] / number[enough] - mean**2, 0.0)
    return float(np.mean(np.sqrt(variance) / mean))


def synchrony(spikes: Spikes, count: int, width: float) -> float:
    """Mean correlation of counts, weighted by their variances; see `Summary`.

    It is (V / v - 1) / (N - 1), with V the variance over the bins of the whole population's count
    and v the sum of the variances of the neurons' own.
    """
    per_bin = _steps_of(width)
    n_bins = spikes.n_steps // per_bin  # whole ones only
    bins = spikes.step // per_bin
    whole = bins < n_bins
    if count < 2 or n_bins < 2:
        return float("nan")
    together = np.bincount(bins[whole], minlength=n_bins)
    means = np.bincount(spikes.neuron[whole], minlength=count) / n_bins
    key = spikes.neuron[whole].astype(np.int64) * n_bins + bins[whole]  # in order, as spikes are
    first = np.flatnonzero(np.diff(key, prepend=-1))
    in_bin = np.diff(np.append(first, len(key)))
    own = float(np.sum(in_bin.astype(float) ** 2) / n_bins - np.sum(means**2))
    if not own > 1e-12:
        return float("nan")
    return float((np.var(together) / own - 1.0) / (count - 1))


def _steps_of(width: float) -> int:
    return max(round(width / DT), 1)

"""Traces thinned for the width of a plot, with their extremes kept."""

import numpy as np
from tsdownsample import MinMaxDownsampler

_downsampler = MinMaxDownsampler()


def extremes(trace: np.ndarray, points: int) -> np.ndarray:
    """Indices, in order, of some `points` samples that keep every bin's smallest and largest."""
    if len(trace) <= points:
        return np.arange(len(trace))
    return _downsampler.downsample(np.ascontiguousarray(trace), n_out=points).astype(int)


def with_spikes(trace: np.ndarray, spikes: np.ndarray, points: int) -> np.ndarray:
    """Indices that keep the extremes of the trace, each spike, and the step before and after."""
    around = np.concatenate([spikes - 1, spikes, spikes + 1])
    inside = around[(around >= 0) & (around < len(trace))]
    return np.union1d(extremes(trace, points), inside)

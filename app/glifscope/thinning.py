"""Traces thinned for the width of a plot, with their extremes kept."""

from collections.abc import Sequence

import numpy as np
from tsdownsample import MinMaxDownsampler

Window = tuple[float, float]
"""What is seen of a run: from and to, ms."""

_downsampler = MinMaxDownsampler()
_NONE = np.zeros(0, int)


def extremes(trace: np.ndarray, points: int) -> np.ndarray:
    """Indices, in order, of some `points` samples that keep every bin's smallest and largest."""
    if len(trace) <= points:
        return np.arange(len(trace))
    return _downsampler.downsample(np.ascontiguousarray(trace), n_out=points).astype(int)


def thinned(
    time: np.ndarray,
    lines: Sequence[np.ndarray],
    points: int,
    window: Window | None = None,
    spikes: np.ndarray = _NONE,
) -> np.ndarray:
    """Indices, in order, of samples that keep the extremes of all traces on one time axis.

    Some `points` of the whole, and as many again of the window: what is seen is drawn as finely as
    the whole would be, and the rest is there when the window moves.

    Args:
        time: of the samples, ms, shape (n,).
        lines: the traces, each of shape (n,). The first has all of the points; the others have
            half as many each, and fewer where they are more than four.
        points: how many.
        window: what is seen; None is the whole.
        spikes: indices that are kept, with those before and after.
    """
    n, others = len(time), len(lines) - 1
    share = min(points // 2, 2 * points // max(others, 1)) // 2 * 2  # two of each bin
    shares = [points, *[share] * others]
    kept = [spikes - 1, spikes, spikes + 1]
    for part in (slice(0, n), *([] if window is None else [_around(time, window)])):
        found = (extremes(line[part], k) for line, k in zip(lines, shares, strict=True))
        kept += [part.start + indices for indices in found]
    found = np.unique(np.concatenate(kept))
    return found[(found >= 0) & (found < n)]


def _around(time: np.ndarray, window: Window) -> slice:
    """The samples within, and one on each side, up to which lines are drawn."""
    first, last = np.searchsorted(time, window)
    return slice(max(int(first) - 1, 0), min(int(last) + 1, len(time)))

"""A low-pass filter that is sampled at any lower rate."""

import numpy as np
from jaxtyping import Float
from scipy.special import i0

_HALF_WIDTH = 25
"""New samples on either side that count for one."""
_CUTOFF = 0.45
"""Cycles in a new sample where half the amplitude passes: between 0.4, kept, and 0.5, gone."""
_BETA = 8.0
"""Of the Kaiser window; with this width it falls to 1e-4 from 0.4 to 0.5."""
_CHUNK = 1 << 21
"""Weights at a time."""


def low_passed(
    sweeps: Float[np.ndarray, "n T"], ratio: float, count: int
) -> Float[np.ndarray, "n S"]:
    """The sweeps at every `ratio`-th sample, after a low-pass filter for that rate.

    The filter is a sinc under a Kaiser window, evaluated about each new time itself, so the ratio
    need not be whole. Source: J. F. Kaiser and R. W. Schafer, IEEE Trans. Acoust. 28:105 (1980).

    Args:
        sweeps: evenly spaced samples.
        ratio: old samples in a new one, above 1.
        count: how many new samples.

    Returns:
        `count` samples a sweep; the first is at the time of the old first.
    """
    reach = int(np.ceil(_HALF_WIDTH * ratio))
    padded = _mirrored(sweeps, reach + 1)
    offsets = np.arange(-reach, reach + 1)
    rows = max(1, _CHUNK // len(offsets))
    result = np.empty((len(sweeps), count))
    for first in range(0, count, rows):
        at = ratio * np.arange(first, min(first + rows, count))
        nearest = np.rint(at).astype(int)
        old = nearest[:, None] + offsets
        distance = (old - at[:, None]) / ratio
        window = i0(_BETA * np.sqrt(np.clip(1 - (distance / _HALF_WIDTH) ** 2, 0, None)))
        weights = np.sinc(2 * _CUTOFF * distance) * window * (np.abs(distance) <= _HALF_WIDTH)
        weights /= weights.sum(axis=1, keepdims=True)
        for sweep, out in zip(padded, result, strict=True):
            out[first : first + len(at)] = np.einsum("ij,ij->i", sweep[old + reach + 1], weights)
    return result


def _mirrored(sweeps: Float[np.ndarray, "n T"], width: int) -> Float[np.ndarray, "n S"]:
    """The sweeps, continued at both ends through their end points."""
    return np.pad(sweeps, ((0, 0), (width, width)), mode="reflect", reflect_type="odd")

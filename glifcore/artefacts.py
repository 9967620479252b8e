"""Stimulus artefacts: what rises and falls too steeply to come from a synapse."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from scipy.ndimage import uniform_filter1d

from glifcore.samples import checked, interval_of

# An artefact rises and falls by this many standard deviations of the sample-to-sample difference.
_STEEP = 20.0
# And its fall is at least this share of its rise, or the other way round. An alpha function that
# has three samples or more before its peak falls at most a fifth as steeply as it rises.
_BALANCE = 0.35
_BRIEF = 0.6  # ms between the steepest rise and the steepest fall of an artefact
_RINGING = 3.0  # ms that an artefact may take to settle
_NORMAL = 1.4826  # standard deviation over median absolute deviation, of normal noise


def find_artefacts(time: Any, current: Any) -> tuple[tuple[float, float], ...]:
    """When stimulus artefacts begin and have settled, ms.

    An artefact rises and falls within 0.6 ms, both of them steeply: the current of a synapse rises
    so but never falls so. It has settled when no more is left of it than 1 % or the noise, or when
    the current turns away from where it was.

    Args:
        time: ms, evenly spaced, (T,).
        current: pA, (T,).

    Raises:
        ParameterError: a number is not finite, or the samples are not evenly spaced or too few.
    """
    time, current = checked(time, current)
    interval = interval_of(time)
    step = np.diff(current)
    noise = max(spread(step), 1e-9 * float(np.ptp(current)))
    if not noise > 0:
        return ()
    steep = np.flatnonzero(np.abs(step) > _STEEP * noise)
    gap = max(round(_BRIEF / interval), 1)
    found: list[tuple[float, float]] = []
    for group in np.split(steep, np.flatnonzero(np.diff(steep) > gap) + 1):
        if not len(group) or (found and time[group[0]] < found[-1][1]):
            continue
        height, depth = step[group].max(), -step[group].min()
        apart = abs(group[np.argmax(step[group])] - group[np.argmin(step[group])])
        if min(height, depth) > max(_STEEP * noise, _BALANCE * max(height, depth)) and apart <= gap:
            first, last = int(group[0]), int(group[-1]) + 1
            found.append(
                (float(time[first]), float(time[_settled(current, first, last, interval)]))
            )
    return tuple(found)


def bridged(
    time: np.ndarray, current: np.ndarray, artefacts: Iterable[tuple[float, float]]
) -> np.ndarray:
    """The current with a straight line in the place of each artefact."""
    within = np.zeros(len(time), bool)
    for start, stop in artefacts:
        within |= (time > start) & (time < stop)
    return np.where(within, np.interp(time, time[~within], current[~within]), current)


def spread(values: np.ndarray) -> float:
    """Standard deviation of what is noise in these values, whatever else is in them."""
    return _NORMAL * float(np.median(np.abs(values - np.median(values))))


def _settled(current: np.ndarray, first: int, last: int, interval: float) -> int:
    """The sample at which an artefact with steep samples from `first` to `last` is over."""
    reach = max(round(0.25 / interval), 1)
    level = float(np.median(current[max(first - 4 * reach, 0) : first + 1]))
    rest = current[last : last + round(_RINGING / interval) + 1] - level
    size = np.abs(current[first : last + 1] - level).max()
    enough = max(3.0 * spread(np.diff(current)), 0.01 * size)
    smooth = np.abs(uniform_filter1d(rest, reach, mode="nearest"))
    small = np.flatnonzero(smooth < enough)
    return min(last + int(small[0] if len(small) else np.argmin(smooth)), len(current) - 1)

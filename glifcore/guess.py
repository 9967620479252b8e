"""A start for a fit: which samples hold one event, and what its shape is about.

For given time constants and onset the double alpha function is linear in the rest: the peaks of its
two parts and the baseline. So a search over a few time constants and onsets, with linear least
squares for the rest, finds where a fit should start, whatever the scale of the recording.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from scipy.ndimage import uniform_filter1d

from glifcore.artefacts import spread
from glifcore.levels import ParameterError
from glifcore.psc import PscShape
from glifcore.samples import checked

# Samples that the search looks at; of more, the means of neighbours are taken.
_MOST = 1000
_TAUS = 14
_ONSETS = 16
# Each round looks around the best of the one before, in steps that are so many times smaller.
_ROUNDS = 3
_SHARPER = 3.0
# Ranges of the slow part's peak relative to that of the fast one, each searched by itself: a slow
# part that carries all, beside a fast one that only sharpens the onset, is a valley of its own.
_AMP_SLOW = ((0.02, 1.0), (1.0, 3.0), (3.0, 50.0))
_LEAD = 5.0  # ms of baseline before an event, if there is as much
_QUIET = 0.05  # what is left of an event that is over, relative to its peak


class _Best(NamedTuple):
    """The best of a search: the shape's time constants, peaks of its parts, and the rest."""

    error: float
    fast: float
    slow: float
    weights: np.ndarray
    onset: float


def guess_shape(time: Any, current: Any, sign: int | None = None) -> tuple[PscShape, float, float]:
    """What the largest event in a window is about, to start a fit from.

    Args:
        time: ms, evenly spaced, (T,).
        current: pA, (T,).
        sign: -1 for an inward event, 1 for an outward one; None for what suits the samples.

    Returns:
        The shape, its onset (ms) and the baseline (pA).

    Raises:
        ParameterError: the window is flat, or not a sweep; or `sign` is another number.
    """
    time, current = checked(time, current)
    if sign not in (None, -1, 1):
        raise ParameterError(f"`sign` is {sign!r}; it must be -1 (inward), 1 (outward) or None.")
    scale = float(np.ptp(current))
    level = float(np.median(current))
    if not scale > 1e-12 * abs(level):
        raise ParameterError(
            f"The current is {current[0]:g} pA throughout; a shape needs an event. Choose a window "
            "that holds one."
        )
    bins = -(-len(time) // _MOST)
    t, y = (x[: len(x) // bins * bins].reshape(-1, bins).mean(axis=1) for x in (time, current))
    y = (y - level) / scale
    signs = (-1, 1) if sign is None else (sign,)
    valleys = [best for limits in _AMP_SLOW if (best := _search(t, y, signs, limits))]
    if not valleys:
        raise ParameterError(
            f"No event of sign {sign} stands out between {time[0]:g} and {time[-1]:g} ms; choose "
            "another window, or leave `sign` open."
        )
    found = min(valleys, key=lambda best: best.error)
    fast, slow, baseline = found.weights.tolist()
    shape = PscShape(fast * scale, found.fast, found.slow, slow / fast)
    return shape, found.onset, level + baseline * scale


def window_of_event(
    time: Any,
    current: Any,
    onset: float,
    following: float | None,
    artefacts: Iterable[tuple[float, float]],
    sign: int,
) -> tuple[float, float]:
    """The window in which to fit one event: baseline, the event, and no more.

    It begins up to 5 ms before the onset (or a quarter of what follows, if that is more), after
    what came before. It ends before the next artefact or event, or once the event has decayed into
    the noise and half of that time again; of a short sweep with one event, it is all.

    Args:
        time: ms, evenly spaced, (T,).
        current: pA, (T,).
        onset: of the event, ms.
        following: onset of the next event, ms; or None.
        artefacts: when they begin and have settled, ms.
        sign: -1 for an inward event, 1 for an outward one.

    Raises:
        ParameterError: the onset is not within the sweep, or the sweep breaks a rule.
    """
    time, current = checked(time, current)
    if not time[0] <= onset <= time[-1]:
        raise ParameterError(
            f"`onset` is {onset:g} ms; it must lie between {time[0]:g} and {time[-1]:g} ms, where "
            "the sweep is. Take it from find_events."
        )
    artefacts = tuple(artefacts)
    interval = float(time[1] - time[0])
    earliest = max([float(time[0]), *(stop + 0.2 for _, stop in artefacts if stop < onset)])
    nexts = [start for start, _ in artefacts if start > onset]
    nexts += [following] if following is not None and following > onset else []
    latest = min([float(time[-1]), *(t - max(2 * interval, 0.1) for t in nexts)])
    first, last = (int(np.searchsorted(time, t)) for t in (earliest, onset))
    end = max(int(np.searchsorted(time, latest)), last + 1)
    before = current[max(first, last - max(round(1.0 / interval), 3)) : last]
    baseline = float(np.median(before)) if len(before) else float(current[last])
    noise = spread(np.diff(current)) / np.sqrt(2.0)
    wave = sign * (current - baseline)
    width = max(round(0.5 / interval), 3)
    smooth = uniform_filter1d(wave, width, mode="nearest")
    top = last + int(np.argmax(smooth[last:end]))
    over = np.flatnonzero(smooth[top:end] < max(_QUIET * smooth[top], noise / np.sqrt(width)))
    stop = latest
    if len(over):
        stop = min(latest, onset + 1.5 * (time[top + int(over[0])] - onset))
    lead = max(_LEAD, 0.25 * (stop - onset))
    if not nexts and latest - stop < stop - onset:
        stop = latest
    # What is not yet over when this event begins is left out.
    quiet = max(4.0 * noise / np.sqrt(width), 0.15 * smooth[top])
    restless = np.flatnonzero(np.abs(smooth[first : max(last - width, first)]) > quiet)
    earliest = max(earliest, time[first + int(restless[-1])] if len(restless) else earliest)
    start = max(earliest, onset - lead)
    return float(start), float(max(stop, min(onset + 10 * interval, time[-1])))


def _search(
    t: np.ndarray, y: np.ndarray, signs: tuple[int, ...], limits: tuple[float, float]
) -> _Best | None:
    """The best time constants, onset, weights and baseline for samples of about unit size."""
    interval, length = t[1] - t[0], t[-1] - t[0]
    smooth = uniform_filter1d(y, max(len(y) // 100, 1), mode="nearest")
    peaks = {t[np.argmax(s * smooth)] for s in signs}
    rises = np.geomspace(interval, length, _ONSETS)
    onsets = np.concatenate([peak - rises for peak in peaks])
    taus = np.geomspace(interval, length, _TAUS)
    best = _best_of(t, y, taus, taus, onsets[onsets > t[0] - 0.2 * length], signs, limits)
    ratio, step = taus[1] / taus[0], None
    for _ in range(_ROUNDS):
        if best is None:
            return None
        around = np.linspace(-1.0, 1.0, 7)
        step = max(min(best.fast, best.slow), interval) if step is None else step / _SHARPER
        fast, slow = (tau * ratio**around for tau in (best.fast, best.slow))
        better = _best_of(t, y, fast, slow, best.onset + step * around, signs, limits)
        best = better if better is not None and better.error < best.error else best
        ratio = ratio ** (1.0 / _SHARPER)
    return best


def _best_of(
    t: np.ndarray,
    y: np.ndarray,
    fasts: np.ndarray,
    slows: np.ndarray,
    onsets: np.ndarray,
    signs: tuple[int, ...],
    limits: tuple[float, float],
) -> _Best | None:
    """The best of all pairs of a fast and a slower time constant, and of all onsets.

    Weights are those of linear least squares; pairs whose parts differ in sign are left out.
    """
    i, j = np.nonzero(slows[None, :] > 1.05 * fasts[:, None])
    taus, best = np.r_[fasts, slows], None
    for onset in onsets.tolist():
        x = np.maximum(t - onset, 0.0)[:, None] / taus
        columns = np.c_[x * np.exp(1.0 - x), np.ones(len(t))]
        products, overlap = columns.T @ columns, columns.T @ y
        triples = np.stack([i, len(fasts) + j, np.full(len(i), len(taus))], axis=1)
        gram = products[triples[:, :, None], triples[:, None, :]] + 1e-9 * np.eye(3)
        right = overlap[triples]
        weights = np.linalg.solve(gram, right[..., None])[..., 0]
        error = y @ y - np.einsum("pi,pi->p", weights, right)
        ratio = weights[:, 1] / np.where(weights[:, 0] == 0, 1e-300, weights[:, 0])
        allowed = (ratio > limits[0]) & (ratio < limits[1])
        allowed &= np.isin(np.sign(weights[:, 0]), signs)
        error = np.where(allowed, error, np.inf)
        k = int(np.argmin(error)) if len(error) else 0
        if len(error) and error[k] < (np.inf if best is None else best.error):
            best = _Best(error[k], float(fasts[i[k]]), float(slows[j[k]]), weights[k], onset)
    return best

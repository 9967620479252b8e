"""Single synaptic events in a sweep: found, told from stimulus artefacts, and aligned.

Events are found as peaks of a detection trace. For "template" it is the least-squares scale of a
typical event, slid along the sweep with a free offset, over its standard error (Clements & Bekkers,
Biophysical Journal 73:220, 1997); for "derivative" it is the smoothed slope. Either is divided by
its own robust noise, so that a threshold counts standard deviations also where the noise of
neighbouring samples is alike.
"""

from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.ndimage import maximum_filter1d, uniform_filter1d
from scipy.signal import find_peaks, oaconvolve

from glifcore.artefacts import bridged, find_artefacts, spread
from glifcore.levels import ParameterError
from glifcore.psc import PscShape, psc_features, psc_waveform
from glifcore.samples import checked, interval_of

TYPICAL = PscShape(1.0, 0.7, 4.0, 0.3)
"""The event that is looked for, unless another is given."""

METHODS = ("template", "derivative")

# The typical event is also looked for slower, so that events of other classes of cells are seen.
_WIDTHS = (1.0, 2.0, 4.0)
_TAIL = 0.35  # the template ends where this share of its peak is left, or events would mask others


class Events(NamedTuple):
    """Events in the order of time.

    Attributes:
        onset: where each leaves its baseline, ms.
        peak_time: ms.
        amplitude: peak less the current just before the onset, pA.
        score: height of the detection trace, in standard deviations of its noise.
        sign: -1 where inward events were looked for, 1 for outward ones.
    """

    onset: Float[np.ndarray, "n"]
    peak_time: Float[np.ndarray, "n"]
    amplitude: Float[np.ndarray, "n"]
    score: Float[np.ndarray, "n"]
    sign: int


class Aligned(NamedTuple):
    """Events cut out of a sweep.

    Attributes:
        time: relative to the onset, ms.
        events: pA, one row each.
        kept: which of the onsets they are; the others lie too near an end.
    """

    time: Float[np.ndarray, "W"]
    events: Float[np.ndarray, "n W"]
    kept: np.ndarray


def find_events(
    time: Any,
    current: Any,
    *,
    method: str = "template",
    template: PscShape | None = None,
    sign: int | None = None,
    threshold: float = 5.0,
    min_interval: float | None = None,
) -> Events:
    """Find the synaptic events in a sweep; stimulus artefacts are bridged before.

    Events of one sign are looked for. The decay of an event of the other sign is not taken for one,
    since just before it the other sign fits better.

    Args:
        time: ms, evenly spaced, (T,).
        current: pA, (T,).
        method: "template" or "derivative".
        template: the event to look for, whatever its weight; None for a typical one and some that
            are slower.
        sign: -1 for inward events, 1 for outward ones; None for the side that stands out.
        threshold: standard deviations of the detection trace's noise. Noise of 2 s at 20 kHz passes
            4 in half of the sweeps, and 5 in one of fifty.
        min_interval: between two onsets, ms; None for the template's time to peak and half of its
            half width.

    Raises:
        ParameterError: an argument breaks its rule, or the sweep is shorter than the template.
    """
    time, current = checked(time, current)
    _check_choices(method, sign, threshold, min_interval)
    interval = interval_of(time)
    artefacts = find_artefacts(time, current)
    clean = bridged(time, current, artefacts)
    widths = _WIDTHS if template is None else (1.0,)
    shapes = [_scaled(TYPICAL if template is None else template, width) for width in widths]
    rise = float(psc_features(shapes[0]).time_to_peak)
    if min_interval is None:
        min_interval = rise + 0.5 * float(psc_features(shapes[0]).half_width)
    if method == "template":
        traces = _template_traces(clean, interval, shapes)
    else:
        traces = _slope_trace(clean, interval, rise)
    if sign is None:
        sign = _side(clean, max(round(rise / interval), 1))
    trace = np.max(sign * traces, axis=0)
    # A peak without prominence is a shoulder of the event before it.
    near = max(round(min_interval / interval), 1)
    peaks, _ = find_peaks(trace, height=threshold, distance=near, prominence=0.7 * threshold)
    other = maximum_filter1d(np.max(-sign * traces, axis=0), 2 * near + 1, mode="nearest")
    before = np.maximum(peaks - near, 0)
    peaks = peaks[other[before] <= trace[peaks]]
    found = _measured(time, sign * clean, peaks, trace[peaks], rise, artefacts, sign)
    return _apart(found, min_interval)


def align_events(time: Any, current: Any, onsets: Any, *, before: float, after: float) -> Aligned:
    """Cut events out of a sweep, their onsets at time 0 to the nearest sample.

    Args:
        time: ms, evenly spaced, (T,).
        current: pA, (T,).
        onsets: ms, (n,).
        before: ms to keep before each onset.
        after: ms to keep after it.

    Raises:
        ParameterError: a number is not finite or negative, or the window holds no time.
    """
    time, current = checked(time, current)
    onsets = np.asarray(onsets, float).reshape(-1)
    if not np.isfinite(onsets).all():
        raise ParameterError("`onsets` must be finite; leave out those that are not.")
    length = float(time[-1] - time[0])
    if not (before >= 0 and after >= 0 and 0 < before + after <= length):
        raise ParameterError(
            f"`before` is {before:g} and `after` {after:g} ms; they must be 0 or above, and "
            f"together above 0 and at most the {length:g} ms of the sweep. Try 3 and 30 ms."
        )
    interval = interval_of(time)
    offsets = np.arange(-round(before / interval), round(after / interval) + 1)
    nearest = np.rint((np.clip(onsets, time[0] - length, time[-1] + length) - time[0]) / interval)
    nearest = nearest.astype(int)
    kept = np.flatnonzero((nearest + offsets[0] >= 0) & (nearest + offsets[-1] < len(time)))
    return Aligned(offsets * interval, current[nearest[kept, None] + offsets], kept)


def _check_choices(
    method: str, sign: int | None, threshold: float, min_interval: float | None
) -> None:
    if method not in METHODS:
        raise ParameterError(f"`method` is {method!r}; known are {' and '.join(METHODS)}.")
    if sign not in (None, -1, 1):
        raise ParameterError(f"`sign` is {sign!r}; it must be -1 (inward), 1 (outward) or None.")
    if not 0 < threshold < np.inf:
        raise ParameterError(f"`threshold` is {threshold:g} SD; it must be above 0. Try 5.")
    if min_interval is not None and not 0 <= min_interval < np.inf:
        raise ParameterError(
            f"`min_interval` is {min_interval:g} ms; it must be 0 or above. Try 2 ms."
        )


def _scaled(shape: PscShape, width: float) -> PscShape:
    """An event of weight 1, slower by `width`.

    Raises:
        ParameterError: it is not a shape.
    """
    numbers = np.array(shape[1:], float)
    if not (np.isfinite(numbers).all() and (numbers > 0).all()):
        raise ParameterError(
            f"`template` is {shape}; time constants and amp_slow must be above 0. "
            "Try PscShape(1, 0.7, 4, 0.3)."
        )
    fast, slow, amp = numbers.tolist()
    return PscShape(1.0, fast * width, slow * width, amp)


def _template_traces(
    current: np.ndarray, interval: float, shapes: list[PscShape]
) -> Float[np.ndarray, "k T"]:
    """Detection criterion of each template; the value of a lag stands at the template's onset."""
    traces = []
    # The running sums lose no digits where what is added has no offset.
    centred = current - np.median(current)
    for shape in shapes:
        wave, lead = _template(shape, interval)
        if len(wave) > (len(current) // 2 if traces else len(current) - 1):
            break
        criterion = _criterion(centred, wave)
        trace = np.zeros(len(current))
        trace[lead : lead + len(criterion)] = criterion
        traces.append(trace)
    if not traces:
        length = len(_template(shapes[0], interval)[0]) * interval
        raise ParameterError(
            f"The sweep lasts {len(current) * interval:g} ms and the template {length:g} ms; the "
            "sweep must be the longer. Give a faster `template`."
        )
    return np.array(traces)


def _template(shape: PscShape, interval: float) -> tuple[np.ndarray, int]:
    """Samples of a template, and how many of them lie before its onset."""
    features = psc_features(shape)
    rise = float(features.time_to_peak)
    lead = max(round(1.5 * rise / interval), 3)
    t = interval * np.arange(-lead, max(round(10.0 * float(features.tail) / interval), 5))
    wave = np.asarray(psc_waveform(shape, t))
    last = np.flatnonzero(wave > _TAIL * wave.max())[-1]
    return wave[: max(int(last) + 1, lead + 5)], lead


def _criterion(current: np.ndarray, wave: np.ndarray) -> np.ndarray:
    """Scale of the template over its standard error, in units of its noise, for each lag."""
    n = len(wave)
    centred = wave - wave.mean()
    energy = float(centred @ centred)
    overlap = oaconvolve(current, centred[::-1], mode="valid")
    sums, squares = (
        np.cumsum(np.r_[0.0, power])[n:] - np.cumsum(np.r_[0.0, power])[:-n]
        for power in (current, current**2)
    )
    rest = squares - sums**2 / n - overlap**2 / energy
    variance = np.maximum(rest, 0.0) / (n - 2)
    # Where the residuals happen to be small, nothing is thereby found: in noise that wanders, the
    # quotient would otherwise have far longer tails than the normal distribution.
    floor = max(float(np.median(variance)), 1e-12 * float(np.max(current**2)), 1e-300)
    criterion = overlap / np.sqrt(energy * np.maximum(variance, floor))
    # Of white noise the spread is 1; below that, it is not noise that is measured.
    return (criterion - np.median(criterion)) / max(spread(criterion), 1.0)


def _slope_trace(current: np.ndarray, interval: float, rise: float) -> Float[np.ndarray, "1 T"]:
    """Mean of the samples to come less that of those before, over its noise."""
    half = max(round(rise / interval), 1)
    sums = np.cumsum(np.r_[0.0, current - np.median(current)])
    mean = (sums[half:] - sums[:-half]) / half
    slope = mean[half:] - mean[:-half]
    noise = max(spread(slope), 1e-6 * float(np.abs(slope).max(initial=0.0)), 1e-300)
    trace = np.zeros(len(current))
    trace[half : half + len(slope)] = (slope - np.median(slope)) / noise
    return trace[None]


def _side(current: np.ndarray, width: int) -> int:
    """The side on which the smoothed current goes farther."""
    smooth = uniform_filter1d(current, width, mode="nearest")
    low, middle, high = np.min(smooth), np.median(smooth), np.max(smooth)
    return 1 if high - middle > middle - low else -1


def _measured(
    time: np.ndarray,
    current: np.ndarray,
    peaks: np.ndarray,
    scores: np.ndarray,
    rise: float,
    artefacts: tuple[tuple[float, float], ...],
    sign: int,
) -> Events:
    """Onset, peak and amplitude of upward events near these samples."""
    interval = interval_of(time)
    rows = []
    for i, (sample, score) in enumerate(zip(peaks.tolist(), scores.tolist(), strict=True)):
        end = peaks[i + 1] if i + 1 < len(peaks) else len(time)
        onset, peak, amplitude = _edge(current, sample, int(end), max(round(rise / interval), 2))
        at = time[0] + interval * onset
        settling = any(a - rise < time[peak] < b + 0.5 * rise for a, b in artefacts)
        if amplitude > 0 and not settling:
            rows.append((at, time[peak], sign * amplitude, score))
    columns = np.array(rows, float).reshape(-1, 4).T
    return Events(*columns, sign=sign)


def _apart(events: Events, min_interval: float) -> Events:
    """Of events that are too near each other, those with the higher score."""
    kept: list[int] = []
    for i in np.argsort(events.onset).tolist():
        if not kept or events.onset[i] - events.onset[kept[-1]] >= min_interval:
            kept.append(i)
        elif events.score[i] > events.score[kept[-1]]:
            kept[-1] = i
    return Events(*(column[kept] for column in events[:4]), sign=events.sign)


def _edge(current: np.ndarray, sample: int, end: int, rise: int) -> tuple[float, int, float]:
    """Onset (in samples), sample of the peak and amplitude of an event that begins near `sample`.

    The straight line through the rise, from a fifth to three fifths of it, is followed back to the
    baseline.
    """
    first = max(sample - 3 * rise, 0)
    part = current[first : min(max(sample + 10 * rise, sample + 5), end)]
    smooth = uniform_filter1d(part, max(rise // 4, 1), mode="nearest")
    begin = sample - first
    top = begin + int(np.argmax(smooth[begin:]))
    stop = max(begin - rise // 2, 1)
    baseline = float(np.mean(part[max(stop - rise, 0) : stop]))
    height = float(smooth[top]) - baseline
    low, high = (_crossing(smooth, top, baseline + share * height) for share in (0.2, 0.6))
    onset = low - 0.5 * (high - low)
    return first + min(onset, float(top)), first + top, height


def _crossing(smooth: np.ndarray, top: int, level: float) -> float:
    """Where the current last rose through a level before its peak, between two samples."""
    below = np.flatnonzero(smooth[:top] <= level)
    if not len(below):
        return 0.0
    i = int(below[-1])
    return i + float((level - smooth[i]) / max(smooth[i + 1] - smooth[i], 1e-300))

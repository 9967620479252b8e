"""Where searches for one PSC start: at the onset of a shape, or at what is read off the samples."""

import numpy as np

from glifcore.least_squares import Space
from glifcore.psc import ALPHA_HALF_WIDTH, PscShape, psc_features
from glifcore.samples import Samples

# A start for a PSC, in units of the time constant of one alpha function as wide.
_FAST, _SLOW, _AMP = 0.5, 4.0, 0.2


def guess_onset(samples: Samples, start: PscShape, baseline: float = 0.0) -> float:
    """Where an event of this shape would begin for its peak to lie where the recording's is, ms."""
    rise = float(psc_features(start).time_to_peak)
    width = int(0.5 * rise / (samples.time[1] - samples.time[0]))
    smooth = _smooth(samples.current - baseline, width)
    peak = samples.time[np.argmax(np.sign(start.weight) * smooth)]
    return float(np.clip(peak - rise, samples.time[0], samples.time[-1]))


def second_start(samples: Samples, values: np.ndarray, space: Space) -> np.ndarray:
    """Numbers read off the recording for what is free, within the bounds."""
    shape = _rough_shape(samples, values[5])
    guess = np.array([*shape, guess_onset(samples, shape, values[5]), values[5]])
    return np.where(space.free, np.clip(guess, space.lower, space.upper), values)


def _rough_shape(samples: Samples, baseline: float) -> PscShape:
    """A shape with the peak and half width of the largest deflection.

    `glifcore.guess` finds a better one, and takes twenty times as long as a fit.
    """
    current = _smooth(samples.current - baseline, len(samples.time) // 100)
    peak = int(np.argmax(np.abs(current)))
    below = np.abs(current) < 0.5 * abs(current[peak])
    before, after = np.flatnonzero(below[:peak]), np.flatnonzero(below[peak:])
    first = before[-1] if len(before) else 0
    last = peak + (after[0] if len(after) else len(below) - peak)
    tau = float(last - first) * (samples.time[1] - samples.time[0]) / ALPHA_HALF_WIDTH
    weight = float(current[peak]) or 1.0
    return PscShape(weight, _FAST * tau, _SLOW * tau, _AMP)


def _smooth(current: np.ndarray, width: int) -> np.ndarray:
    width = min(max(width, 1), len(current))
    return np.convolve(current, np.ones(width) / width, mode="same")

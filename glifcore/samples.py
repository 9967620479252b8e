"""Samples of a current that a fit can take: checked, and padded to sizes that were compiled."""

from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float

from glifcore.levels import ParameterError
from glifcore.parameters import LARGEST

FEWEST = 7
"""Samples that a fit of six parameters needs."""

LARGEST_CURRENT = 1e50
"""In any unit; a number whose powers are finite too."""

_SHORTEST = 256
# Time steps may differ by this share of their mean: what rounding in a file does to them.
_UNEVEN = 0.01


class Samples(NamedTuple):
    """What is fitted.

    Attributes:
        time: ms, evenly spaced.
        current: pA.
        sigma: standard deviation of the noise of each sample, pA; 1 where it is not known.
        sigma_known: whether it is.
    """

    time: Float[np.ndarray, "T"]
    current: Float[np.ndarray, "*n T"]
    sigma: Float[np.ndarray, "T"]
    sigma_known: bool


def as_samples(data: Any) -> Samples:
    """What was recorded, checked.

    Args:
        data: a `Recording`, or arrays (time in ms, current in pA) or (time, current, sigma), each
            (T,), evenly spaced; sigma is the noise's standard deviation, pA, or None.

    Raises:
        ParameterError: it cannot be fitted.
    """
    time, current, *rest = data.samples() if hasattr(data, "samples") else data
    time, current = checked(time, current, FEWEST)
    known = bool(rest) and rest[0] is not None
    return Samples(time, current, _sigma(rest[0] if known else 1.0, len(time)), known)


def checked(time: Any, current: Any, fewest: int = 16) -> tuple[np.ndarray, np.ndarray]:
    """A sweep as arrays of floats.

    Args:
        time: ms, (T,).
        current: pA, (T,).
        fewest: samples that it must have at least.

    Raises:
        ParameterError: shapes differ, a number is not finite, or the samples are not evenly spaced
            or too few.
    """
    try:
        time, current = np.asarray(time, float), np.asarray(current, float)
    except (TypeError, ValueError) as error:
        raise ParameterError(f"`time` and `current` must be arrays of numbers: {error}.") from None
    if time.ndim != 1 or time.shape != current.shape:
        raise ParameterError(
            f"`time` has shape {time.shape} and `current` {current.shape}; both must be (T,). "
            "Give one sweep."
        )
    if len(time) < fewest:
        raise ParameterError(
            f"There are {len(time)} samples; at least {fewest} are needed. Choose a longer window."
        )
    finite = (np.abs(time) <= LARGEST) & (np.abs(current) <= LARGEST_CURRENT)
    if not finite.all():
        bad = int(np.argmin(finite))
        raise ParameterError(
            f"Sample {bad} is {current[bad]:g} pA at {time[bad]:g} ms; every number must be "
            f"finite, and not beyond {LARGEST_CURRENT:g} pA or {LARGEST:g} ms. Leave it "
            "out, or choose a window without it."
        )
    steps = np.diff(time)
    if not (steps > 0).all() or np.ptp(steps) > _UNEVEN * steps.mean():
        raise ParameterError(
            f"The samples are {steps.min():g} to {steps.max():g} ms apart; they must be evenly "
            "spaced, in order of time. Resample the recording first."
        )
    return time, current


def interval_of(time: Float[np.ndarray, "T"]) -> float:
    """Time between two samples, ms."""
    return float(time[-1] - time[0]) / (len(time) - 1)


def padded(samples: Samples) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Time, current and weights in a length that was compiled before; padding weighs nothing.

    The lengths are 256, 1024, 4096 and so on, so that a window whose edge is dragged compiles
    nothing; some milliseconds of arithmetic cost less than a second of compiling.
    """
    n = len(samples.time)
    size = _SHORTEST
    while size < n:
        size *= 4
    more = (0, size - n)
    return (
        np.pad(samples.time, more, mode="edge"),
        np.pad(samples.current, more),
        np.pad(1.0 / samples.sigma, more),
    )


def _sigma(value: Any, count: int) -> np.ndarray:
    sigma = np.asarray(value, float)
    if sigma.shape not in ((), (count,)):
        raise ParameterError(
            f"`sigma` has shape {sigma.shape}; it must be a number or ({count},), like the current."
        )
    if not (np.isfinite(sigma).all() and (sigma > 0).all()):
        raise ParameterError(
            "`sigma` must be finite and above 0 for each sample; leave it out for equal weights."
        )
    return np.array(np.broadcast_to(sigma, count))

"""Profile-likelihood intervals.

A standard error says how the sum of squares rises close to the optimum. Far from it the rise may
be slower on one side than on the other, or stop: then no upper limit exists, and the interval is
open. A profile finds out: it fixes one parameter ever farther away and fits the others anew.
"""

from functools import cache
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import brentq

from glifcore.fit_result import PARAMETERS, PscFit
from glifcore.fitting import psc_residual
from glifcore.least_squares import solve
from glifcore.levels import ParameterError
from glifcore.samples import padded
from glifcore.uncertainty import quantile

_NAMES = tuple(PARAMETERS)
_DOUBLINGS = 12
# Share of the interval's half width that its ends may be off by.
_PRECISION = 1e-3


class Interval(NamedTuple):
    """Where a parameter may lie.

    Attributes:
        low: None where the data set no lower limit within the bounds.
        high: None where they set no upper one.
    """

    low: float | None
    high: float | None


def profile_interval(fit: PscFit, name: str, level: float = 0.95) -> Interval:
    """The interval of one parameter, all others fitted anew at each of its values.

    Takes some 10 to 30 ms. Correlated noise is accounted for (see `glifcore.uncertainty`).

    Args:
        fit: of one event.
        name: a field of `PscParameters` that was free and is not at a bound.
        level: how often the interval holds the truth.

    Raises:
        ParameterError: the parameter is unknown, or has no interval.
    """
    if name not in _NAMES:
        raise ParameterError(f"Nothing called {name!r} is fitted. Known: {', '.join(_NAMES)}.")
    k = _NAMES.index(name)
    if not fit.free[k] or fit.at_bound[k]:
        why = fit.reasons.get(name, "it was fixed")
        raise ParameterError(f"`{name}` has no interval: {why}.")
    reach = quantile(level, fit.dof)
    allowed = fit.chisqr + fit.noise_variance * fit.inflation[k] * reach**2
    error = getattr(fit.stderr, name)
    return Interval(*(_limit(fit, k, side, allowed, reach, error) for side in (-1.0, 1.0)))


def _limit(
    fit: PscFit, k: int, side: float, allowed: float, reach: float, error: float | None
) -> float | None:
    """Where the profile crosses what is allowed on one side; None where it never does."""
    positive = bool(fit.space.positive[k])
    best = np.array(fit.best, float)
    at = np.log(best[k]) if positive else best[k]
    end = float((fit.space.lower[k], fit.space.upper[k])[int(side > 0)])
    room = abs((np.log(end) if positive else end) - at)
    inside = best

    # Kept, since a search from another start may end elsewhere, and a bracket must stay one.
    @cache
    def excess(distance: float) -> float:
        # The square root is nearly a straight line, so few steps find where it is zero.
        nonlocal inside
        if distance == 0.0:
            return -float(np.sqrt(allowed - fit.chisqr))
        total, found = profile_at(fit, k, at + side * distance, inside)
        if total <= allowed:
            inside = found
        return float(np.sqrt(max(total - fit.chisqr, 0.0)) - np.sqrt(allowed - fit.chisqr))

    guess = reach * error / (abs(best[k]) if positive else 1.0) if error else 0.1 * max(abs(at), 1)
    near, far = 0.0, min(1.1 * guess, 1.0) if positive else 1.1 * guess
    for _ in range(_DOUBLINGS):
        far = min(far, room)
        if excess(far) > 0:
            break
        if far == room:
            return None
        near, far = far, 2.0 * far
    else:
        return None
    root: Any = brentq(excess, near, far, xtol=_PRECISION * far)
    edge = at + side * root
    return float(np.exp(edge) if positive else edge)


def profile_at(fit: PscFit, k: int, at: float, start: np.ndarray) -> tuple[float, np.ndarray]:
    """The least sum of squares with one parameter held, and where it is.

    Args:
        fit: of one event.
        k: which parameter.
        at: its value, or the logarithm of it where the search goes over that.
        start: where the search for the others starts.
    """
    values = start.copy()
    values[k] = np.exp(at) if fit.space.positive[k] else at
    held = np.arange(len(values)) == k
    space = fit.space._replace(free=fit.free & ~held & ~fit.at_bound)
    solution = solve(psc_residual, values, space, padded(fit.samples))
    return float(np.sum(np.asarray(solution.residuals) ** 2)), np.array(solution.x)

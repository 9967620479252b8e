"""Populations whose neurons differ: a centre, a spread for each parameter, a seed."""

from collections.abc import Mapping

import numpy as np

from glifcore.levels import ParameterError, shown
from glifcore.parameters import FIELDS, LARGEST, GlifParameters
from glifcore.validation import check_count, generator, validate

# Draws are repeated until they lie within their bounds; more tries than this mean that they cannot.
_TRIES = 1000
# Where most are still out after so many draws, the bounds are wrong and waiting does not help.
_DRAWS = 20_000_000

MOST_NEURONS = 10_000_000
"""Of a population; each parameter that varies takes 80 MB then."""


def draw_population(
    centre: GlifParameters,
    n_neurons: int,
    spread: Mapping[str, float],
    *,
    bounds: Mapping[str, tuple[float, float]] | None = None,
    seed: int = 0,
) -> GlifParameters:
    """N neurons around one, each parameter normally distributed and independent of the others.

    Args:
        centre: the neuron in the middle.
        n_neurons: N.
        spread: standard deviation of each parameter that varies, in its own unit.
        bounds: closed interval of a parameter; what falls outside is drawn again. Where none is
            given, the rule of the parameter (above 0, within 0 and 1) takes its place.
        seed: the same seed gives the same population.

    Returns:
        The parameters, with an axis of N for every parameter that varies: (N,) or (N, K).

    Raises:
        ParameterError: a name is unknown, a spread is negative, bounds exclude nearly all draws, or
            the population breaks a rule.
    """
    check_count("n_neurons", n_neurons, MOST_NEURONS)
    rng = generator(seed)
    drawn = {}
    for name, deviation in spread.items():
        if name not in FIELDS:
            raise ParameterError(f"No parameter is called {name!r}. Known: {', '.join(FIELDS)}.")
        info = FIELDS[name]
        if not 0 <= deviation <= LARGEST:
            raise ParameterError(
                f"The spread of `{name}` is {deviation:g} {info.unit}; it must be 0 or above, and "
                f"at most {LARGEST:g}."
            )
        low, high = (bounds or {}).get(name) or info.within or (-np.inf, np.inf)
        middle = np.asarray(getattr(centre, name))
        values = np.full((n_neurons, *middle.shape), np.nan)
        for attempt in range(_TRIES):
            bad = ~((values >= low) & (values <= high))
            if info.above is not None:
                bad |= ~(values > info.above)
            if not bad.any():
                break
            if attempt * values.size > _DRAWS and bad.mean() > 0.5:
                raise _too_narrow(name, middle, deviation, low, high)
            values[bad] = (middle + deviation * rng.standard_normal(values.shape))[bad]
        else:
            raise _too_narrow(name, middle, deviation, low, high)
        drawn[name] = values
    return validate(centre.replace(**drawn))


def _too_narrow(
    name: str, middle: np.ndarray, deviation: float, low: float, high: float
) -> ParameterError:
    return ParameterError(
        f"Nearly no draw of `{name}` around {shown(middle.tolist())} with spread {deviation:g} "
        f"lies between {low:g} and {high:g} {FIELDS[name].unit}. Widen the bounds."
    )

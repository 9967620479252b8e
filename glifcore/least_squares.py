"""Nonlinear least squares with bounds: the engine under every fit.

Levenberg-Marquardt (optimistix) in coordinates in which it does well: logarithms where a parameter
is positive, a sigmoid between its bounds, and units in which every residual feels each of them
alike. What is fixed, and where the bounds are, is an argument of the compiled function and not a
constant in it.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import lineax
import numpy as np
import optimistix
from jaxtyping import Array, Bool, Float

_MAX_STEPS = 400
# A unit step changes the residuals by thirty times their own size, so that the damping, which
# begins at 1, begins small.
_UNIT = 30.0
# A start at a bound, where the sigmoid is flat, is moved inside by this share of the range.
_INSIDE = 0.01


class Space(NamedTuple):
    """What each of P parameters may be.

    Attributes:
        lower: bounds; -inf (together with `upper` inf) for none.
        upper: bounds.
        free: False where the parameter stays at its start.
        positive: whether the search goes over the logarithm; both bounds must then be above 0.
    """

    lower: Float[Array | np.ndarray, "P"]
    upper: Float[Array | np.ndarray, "P"]
    free: Bool[Array | np.ndarray, "P"]
    positive: Bool[Array | np.ndarray, "P"]


class Solution(NamedTuple):
    """Where the search ended.

    Attributes:
        x: the parameters.
        residuals: at `x`.
        jacobian: derivatives of the residuals by the parameters, not by logarithms of them.
        n_steps: steps that the search took, refused ones included.
        converged: whether it ended by itself.
    """

    x: Float[Array, "P"]
    residuals: Float[Array, "n"]
    jacobian: Float[Array, "n P"]
    n_steps: Any
    converged: Any


class _Search(optimistix.LevenbergMarquardt):
    """Optimistix's, with steps that grow sooner and shrink less: it takes half as many.

    That they do not grow by as much as they shrink keeps every other step of a narrow valley from
    being refused. (Lanczos' sums of exponentials take 100 steps; they took 300.)
    """

    def __init__(self, tolerance: float) -> None:
        super().__init__(tolerance, tolerance, linear_solver=lineax.QR())
        self.search = optimistix.ClassicalTrustRegion(
            high_cutoff=0.75, low_cutoff=0.01, high_constant=3.0, low_constant=0.3
        )


@partial(jax.jit, static_argnames=("residual", "tolerance"))
def solve(
    residual: Callable[[Any, Any], Any],
    start: Float[Array, "P"],
    space: Space,
    args: Any,
    tolerance: float = 1e-7,
) -> Solution:
    """The parameters near `start` that make the sum of the squared residuals least.

    Args:
        residual: of the parameters and `args`; the same function object compiles once.
        start: the parameters to start from.
        space: bounds, and what stays.
        args: data; anything that JAX knows as a tree.
        tolerance: the search ends where steps change neither the residuals, in units of their size
            at the start, nor their sum of squares, relative to itself, by more than this.
    """
    start, bounded = jnp.asarray(start, float), jnp.isfinite(space.upper)
    low = _coordinate(jnp.where(bounded, space.lower, 1.0), space.positive)
    high = _coordinate(jnp.where(bounded, space.upper, 2.0), space.positive)
    share = (_coordinate(start, space.positive) - low) / (high - low)
    share = jnp.clip(share, _INSIDE, 1.0 - _INSIDE)
    origin = jnp.where(bounded, jnp.log(share) - jnp.log1p(-share), start)

    def parameters(z: Any) -> Any:
        inside = low + (high - low) * jax.nn.sigmoid(z)
        safe = jnp.where(bounded, inside, 0.0)
        x = jnp.where(bounded, jnp.where(space.positive, jnp.exp(safe), safe), z)
        return jnp.where(space.free, x, start)

    slopes = jax.jacfwd(lambda z: residual(parameters(z), args))(origin)
    lengths = jnp.sqrt(jnp.sum(slopes**2, axis=0))
    scale = _UNIT / jnp.where(lengths > 0, lengths, 1.0)
    # The residuals in units of their own size, or the tolerance would depend on the data's unit.
    unit = jnp.sqrt(jnp.sum(residual(parameters(origin), args) ** 2))
    unit = jnp.where(unit > 0, unit, 1.0)

    found = optimistix.least_squares(
        lambda d, args: residual(parameters(origin + scale * unit * d), args) / unit,
        _Search(tolerance),
        jnp.zeros_like(start),
        args=args,
        max_steps=_MAX_STEPS,
        throw=False,
    )
    x = parameters(origin + scale * unit * found.value)
    return Solution(
        x=x,
        residuals=residual(x, args),
        jacobian=jax.jacfwd(residual)(x, args),
        n_steps=found.stats["num_steps"],
        converged=found.result == optimistix.RESULTS.successful,
    )


def _coordinate(x: Any, positive: Any) -> Any:
    return jnp.where(positive, jnp.log(jnp.where(positive, x, 1.0)), x)

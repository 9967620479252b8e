"""Spike functions: a step forwards, something smoother backwards.

A spike is a step function of (U - threshold), whose derivative is zero or undefined; training needs
one that is neither. Each function here is 1 above 0 and 0 elsewhere, and has the derivative that it
is named after (Neftci, Mostafa and Zenke, IEEE Signal Processing Magazine 36:51, 2019). The
argument is scaled as in the specification: 0 at threshold, -1 at the reset potential of GLIF1.
"""

import math
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float


@jax.custom_jvp
def _step(x: Any, slope: Any) -> Any:
    return jnp.where(x > 0, 1.0, 0.0)


@_step.defjvp
def _step_jvp(primals: Any, tangents: Any) -> Any:
    x, slope = primals
    return _step(x, slope), slope * tangents[0]


@dataclass(frozen=True)
class Surrogate:
    """A spike function; subclasses say what its derivative is."""

    def __call__(self, x: Float[Array, "*s"]) -> Float[Array, "*s"]:
        """1 where x > 0, else 0."""
        return _step(x, jax.lax.stop_gradient(self.slope(x)))

    def slope(self, x: Float[Array, "*s"]) -> Float[Array, "*s"]:
        """The derivative that takes the place of the step's."""
        raise NotImplementedError


@dataclass(frozen=True)
class ReluGrad(Surrogate):
    """A triangle: alpha (width - |x|) where that is positive."""

    alpha: float = 0.3
    width: float = 1.0

    def slope(self, x: Float[Array, "*s"]) -> Float[Array, "*s"]:
        """The derivative that takes the place of the step's."""
        return self.alpha * jnp.maximum(self.width - jnp.abs(x), 0.0)


@dataclass(frozen=True)
class SigmoidGrad(Surrogate):
    """The derivative of the logistic function of alpha x."""

    alpha: float = 4.0

    def slope(self, x: Float[Array, "*s"]) -> Float[Array, "*s"]:
        """The derivative that takes the place of the step's."""
        y = jax.nn.sigmoid(self.alpha * x)
        return self.alpha * y * (1.0 - y)


@dataclass(frozen=True)
class ArctanGrad(Surrogate):
    """The derivative of arctan(pi alpha x / 2) / pi."""

    alpha: float = 2.0

    def slope(self, x: Float[Array, "*s"]) -> Float[Array, "*s"]:
        """The derivative that takes the place of the step's."""
        return 0.5 * self.alpha / (1.0 + (0.5 * math.pi * self.alpha * x) ** 2)


@dataclass(frozen=True)
class GaussianGrad(Surrogate):
    """A normal density with standard deviation sigma, times alpha."""

    sigma: float = 0.5
    alpha: float = 0.5

    def slope(self, x: Float[Array, "*s"]) -> Float[Array, "*s"]:
        """The derivative that takes the place of the step's."""
        density = jnp.exp(-0.5 * (x / self.sigma) ** 2) / (self.sigma * math.sqrt(2.0 * math.pi))
        return self.alpha * density

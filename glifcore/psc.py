"""The synaptic current of one event in closed form, what it does to the membrane, its features.

One event of weight w through one port makes the current

    I(t) = w [alpha(t; tau_syn_fast) + amp_slow alpha(t; tau_syn_slow)],
    alpha(t; tau) = (t / tau) e^(1 - t / tau),

(NEST's normalisation: each alpha function peaks at 1, after tau). The peak of the *sum* is neither
w nor at either time constant; `psc_features` finds it.
"""

import math
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Tracer
from jaxtyping import Array, Float

from glifcore.levels import ParameterError, shown
from glifcore.parameters import FIELDS, GlifParameters
from glifcore.propagators import exp_on_alpha
from glifcore.validation import problems_of_value, validate

# The candidates among which peak and crossings are bracketed before they are refined. Both alpha
# functions are smooth on a scale of their tau, so a grid with 4 % steps cannot miss one.
_GRID = 256
_BISECTIONS = 50

# Time constants after which an alpha function is 0, whatever it was.
_GONE = 1000.0

_LARGEST_WEIGHT = 1e100  # in any unit

ALPHA_HALF_WIDTH = 2.4463
"""Half width of an alpha function over its time constant, to four digits."""


class PscShape(NamedTuple):
    """What one event looks like.

    Attributes:
        weight: peak of the fast part, pA; negative for an inward current.
        tau_syn_fast: time to peak of the fast part, ms.
        tau_syn_slow: time to peak of the slow part, ms.
        amp_slow: peak of the slow part relative to that of the fast one.
    """

    weight: Any
    tau_syn_fast: Any
    tau_syn_slow: Any
    amp_slow: Any


class PscFeatures(NamedTuple):
    """What an electrophysiologist measures on one event.

    Attributes:
        peak: largest deflection of the sum, pA, with the sign of the weight.
        time_to_peak: from the arrival of the event, ms.
        rise_time: from 10 % to 90 % of the peak, ms.
        half_width: time spent above half of the peak, ms.
        decay_time: from the peak until 1/e of it is left, ms.
        weighted_decay: charge after the peak over the peak, ms.
        charge: area under the whole current, pA ms (which is fC).
        slow_fraction: share of the charge that the slow part carries.
        tail: time from the peak until a tenth of it is left, ms.
    """

    peak: Any
    time_to_peak: Any
    rise_time: Any
    half_width: Any
    decay_time: Any
    weighted_decay: Any
    charge: Any
    slow_fraction: Any
    tail: Any


def check_shape(shape: PscShape) -> None:
    """Refuse a shape with which nothing can be computed; values that JAX traces are passed over.

    Raises:
        ParameterError: with one sentence for each broken rule.
    """
    known = {n: v for n, v in shape._asdict().items() if not isinstance(v, Tracer)}
    found = [
        problem.message
        for name, value in known.items()
        if name in FIELDS
        for problem in problems_of_value(name, np.asarray(value, float), FIELDS[name])
    ]
    if not (np.abs(known.get("weight", 0.0)) <= _LARGEST_WEIGHT).all():
        found.append(
            f"`weight` is {shown(known['weight'])} pA; it must be a finite number, and not beyond "
            f"{_LARGEST_WEIGHT:g}. Try 100 pA."
        )
    if found:
        raise ParameterError("\n".join(found))


def alpha(t: Any, tau: Any) -> Float[Array, "*s"]:
    """The alpha function, 1 at t = tau and 0 before t = 0."""
    x = jnp.clip(jnp.maximum(t, 0.0) / tau, max=_GONE)
    return x * jnp.exp(1.0 - x)


def psc_components(shape: PscShape, t: Any) -> tuple[Float[Array, "*T"], Float[Array, "*T"]]:
    """The fast and the slow part of the current, pA, at times `t` (ms) after the arrival.

    Raises:
        ParameterError: a number of the shape breaks a rule.
    """
    check_shape(shape)
    fast = shape.weight * alpha(t, shape.tau_syn_fast)
    slow = shape.weight * shape.amp_slow * alpha(t, shape.tau_syn_slow)
    return fast, slow


def psc_waveform(shape: PscShape, t: Any) -> Float[Array, "*T"]:
    """The current, pA, at times `t` (ms) after the arrival; 0 before it."""
    fast, slow = psc_components(shape, t)
    return fast + slow


def psp_waveform(shape: PscShape, params: GlifParameters, t: Any) -> Float[Array, "*T"]:
    """The deflection of the membrane that the current makes, mV, at times `t` (ms).

    It is the exact response of a membrane with the ``g`` and ``C_m`` of `params` that starts at
    rest and does not spike: the propagator of the simulation with the time as its step.

    Raises:
        ParameterError: a number of the shape or of the membrane breaks a rule.
    """
    check_shape(shape)
    validate(params)
    t = jnp.maximum(t, 0.0)
    rate = params.g / params.C_m

    def part(tau: Any) -> Any:
        return math.e / tau * exp_on_alpha(t, rate, 1.0 / tau) / params.C_m

    return shape.weight * (part(shape.tau_syn_fast) + shape.amp_slow * part(shape.tau_syn_slow))


def psc_features(shape: PscShape) -> PscFeatures:
    """Peak, times and charge of one event; scalars in, scalars out, differentiable.

    Peak and crossings are refined to rounding. Where the current has two humps (tau_syn_slow far
    above tau_syn_fast) the higher one counts, and crossings are those nearest to it.

    Raises:
        ParameterError: a number of the shape breaks a rule.
    """
    check_shape(shape)
    return _features(shape)


@jax.jit
def _features(shape: PscShape) -> PscFeatures:
    weight, tf, ts, a = (jnp.asarray(x, float) for x in shape)
    unit = PscShape(1.0, tf, ts, a)

    def current(t: Any) -> Any:
        return psc_waveform(unit, t)

    slope = jax.grad(current)
    # The peak lies between the two peaks, where the one part rises and the other falls.
    ratio = ts / tf
    times = tf * ratio ** jnp.linspace(0.0, 1.0, _GRID)
    best = jnp.argmax(current(times))
    low, high = times[jnp.maximum(best - 1, 0)], times[jnp.minimum(best + 1, _GRID - 1)]
    low, high = jnp.minimum(low, high), jnp.maximum(low, high)
    t_peak = _root(lambda t: -slope(t), low, high)
    peak = current(t_peak)

    def rising(level: Any) -> Any:
        times = t_peak * jnp.linspace(0.0, 1.0, _GRID) ** 3
        below = jnp.max(jnp.where(current(times) <= level * peak, jnp.arange(_GRID), 0))
        next_one = jnp.minimum(below + 1, _GRID - 1)
        return _root(lambda t: current(t) - level * peak, times[below], times[next_one])

    def falling(level: Any) -> Any:
        # By 40 times the longer time constant nothing but rounding is left.
        far = 40.0 * jnp.maximum(tf, ts)
        times = t_peak + far * jnp.linspace(0.0, 1.0, _GRID) ** 3
        above = jnp.argmax(current(times) <= level * peak) - 1
        return _root(lambda t: level * peak - current(t), times[above], times[above + 1])

    rest = _charge_after(t_peak, tf) + a * _charge_after(t_peak, ts)
    charge = math.e * (tf + a * ts)
    return PscFeatures(
        peak=weight * peak,
        time_to_peak=t_peak,
        rise_time=rising(0.9) - rising(0.1),
        half_width=falling(0.5) - rising(0.5),
        decay_time=falling(1.0 / math.e) - t_peak,
        weighted_decay=rest / peak,
        charge=weight * charge,
        slow_fraction=math.e * a * ts / charge,
        tail=falling(0.1) - t_peak,
    )


def _charge_after(t: Any, tau: Any) -> Any:
    """The integral of an alpha function from `t` on, in ms."""
    return (t + tau) * jnp.exp(1.0 - t / tau)


def _root(rises: Any, low: Any, high: Any) -> Any:
    """Where a function that goes from negative to positive crosses zero, by bisection.

    A last Newton step gives the root its derivative with respect to whatever `rises` depends on.
    """

    def halve(_: Any, bracket: tuple[Any, Any]) -> tuple[Any, Any]:
        left, right = bracket
        middle = 0.5 * (left + right)
        above = rises(middle) > 0
        return jnp.where(above, left, middle), jnp.where(above, middle, right)

    left, right = jax.lax.stop_gradient((low, high))
    left, right = jax.lax.fori_loop(0, _BISECTIONS, halve, (left, right))
    root = jax.lax.stop_gradient(0.5 * (left + right))
    gradient = jax.lax.stop_gradient(jax.grad(rises)(root))
    safe = jnp.where(gradient > 0, gradient, 1.0)
    return root - jnp.where(gradient > 0, rises(root) / safe, 0.0)

"""All that is fixed once the step size is: how far each variable moves in one step.

Between events the model is linear, so a step of size h is exact (Rotter and Diesmann, Biol.
Cybern. 81:381, 1999). Wherever two rates meet (membrane and synapse, membrane and threshold) the
textbook expressions divide zero by zero. Here all of them are written with

    phi1(z) = (e^z - 1) / z,    phi2(z) = (e^z (z - 1) + 1) / z^2,

evaluated for z <= 0 only, by their series where |z| < 1. They are accurate to rounding for every
ratio of the rates, equal ones too, and so are their derivatives.
"""

import math
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from glifcore.levels import FLAGS
from glifcore.parameters import FIELDS, GlifParameters

PAD = 2
"""Ports and after-spike currents are padded to a multiple of this, so that their number may change
within it without a recompilation. Padding has weight 0 and decays at once to nothing."""

_SCALARS = tuple(name for name, info in FIELDS.items() if info.per == "neuron")
_ASC = tuple(name for name, info in FIELDS.items() if info.per == "asc")
_PORT = tuple(name for name, info in FIELDS.items() if info.per == "port")
_FILL = {"asc_decay": 1.0, "tau_syn_fast": 1.0, "tau_syn_slow": 1.0}

# Terms of the series of phi1 and phi2; for |z| < 1 the first one left out is below 1e-18.
_TERMS = 18
_PHI1 = [1.0 / math.factorial(n + 1) for n in range(_TERMS)]
_PHI2 = [1.0 / (math.factorial(n) * (n + 2)) for n in range(_TERMS)]


class PackedParameters(NamedTuple):
    """Parameters as three arrays, padded: what a jitted function takes, so that none is baked in.

    Attributes:
        scalars: one row for each per-neuron field and each flag; shape (S,) or (S, N).
        ascs: one row for each field of the after-spike currents; shape (4, K) or (4, K, N).
        ports: one row for each field of the ports; shape (3, R) or (3, R, N).
    """

    scalars: Any
    ascs: Any
    ports: Any


class Propagators(NamedTuple):
    """What one step of size h multiplies and adds.

    Entries have shape (), or (N,) for a population, with further axes in front where they hold one
    value for each after-spike current, (K,), or for the fast and the slow part of each port,
    (2, R). Mechanisms that the GLIF level lacks are switched off here, by zeros, so that the step
    need not know them.
    """

    P33: Float[Array, "*N"]
    P30: Float[Array, "*N"]
    P31: Float[Array, "2 R *N"]
    P32: Float[Array, "2 R *N"]
    P11: Float[Array, "2 R *N"]
    P21: Float[Array, "2 R *N"]
    jump: Float[Array, "2 R *N"]
    asc_init: Float[Array, "K *N"]
    asc_mean: Float[Array, "K *N"]
    asc_decay: Float[Array, "K *N"]
    asc_add: Float[Array, "K *N"]
    asc_keep: Float[Array, "K *N"]
    reset_fraction: Float[Array, "*N"]
    reset_add: Float[Array, "*N"]
    theta_s_decay: Float[Array, "*N"]
    theta_s_keep: Float[Array, "*N"]
    theta_s_add: Float[Array, "*N"]
    theta_v_decay: Float[Array, "*N"]
    theta_v_U: Float[Array, "*N"]
    theta_v_I: Float[Array, "*N"]
    refractory_steps: Int[Array, "*N"]
    I_e: Float[Array, "*N"]
    E_L: Float[Array, "*N"]
    theta_inf: Float[Array, "*N"]
    spike_scale: Float[Array, "*N"]


def phi1(z: Float[Array, "*s"]) -> Float[Array, "*s"]:
    """(e^z - 1) / z, which is 1 at 0; for z <= 0."""
    near = jnp.abs(z) < 1.0
    small, safe = jnp.where(near, z, 0.0), jnp.where(near, -1.0, z)
    return jnp.where(near, _horner(_PHI1, small), jnp.expm1(safe) / safe)


def phi2(z: Float[Array, "*s"]) -> Float[Array, "*s"]:
    """(e^z (z - 1) + 1) / z^2, which is 1/2 at 0; for z <= 0."""
    near = jnp.abs(z) < 1.0
    small, safe = jnp.where(near, z, 0.0), jnp.where(near, -1.0, z)
    direct = (safe * jnp.exp(safe) - jnp.expm1(safe)) / (safe * safe)
    return jnp.where(near, _horner(_PHI2, small), direct)


def exp_on_exp(h: Any, rate: Any, other: Any) -> Array:
    """Response after `h` to e^(-other t) of a variable that decays with `rate`, in ms.

    It is (e^(-other h) - e^(-rate h)) / (rate - other), and h e^(-rate h) where the rates meet. It
    is symmetric, so the faster of the two may always be written against the slower one.
    """
    slower, gap = _slower_and_gap(h, rate, other)
    return h * jnp.exp(-slower) * phi1(gap)


def exp_on_alpha(h: Any, rate: Any, other: Any) -> Array:
    """Response after `h` to t e^(-other t) of a variable that decays with `rate`, in ms^2."""
    slower, gap = _slower_and_gap(h, rate, other)
    tail = phi2(gap)
    # e^(-rate h) phi2(z) for z > 0, written with exponents that cannot overflow.
    return h * h * jnp.exp(-slower) * jnp.where(rate <= other, tail, phi1(gap) - tail)


def propagators(packed: PackedParameters, dt: Any) -> Propagators:
    """The propagators of these parameters for a step of `dt` ms."""
    packed = jax.tree.map(jnp.asarray, packed)
    p = dict(zip((*_SCALARS, *FLAGS), packed.scalars, strict=True))
    asc = dict(zip(_ASC, packed.ascs, strict=True))
    port = dict(zip(_PORT, packed.ports, strict=True))
    rate_m = p["g"] / p["C_m"]
    # What the level lacks may have any rate, whose exponential need not be finite.
    rate_v = jnp.where(p["adapting_threshold"] > 0, p["th_voltage_decay"], 1.0)
    rate_asc = jnp.where(p["after_spike_currents"] > 0, asc["asc_decay"], 1.0)
    rate_syn = 1.0 / jnp.stack([port["tau_syn_fast"], port["tau_syn_slow"]])
    peak = jnp.stack([jnp.ones_like(port["amp_slow"]), port["amp_slow"]])
    decay_syn = jnp.exp(-dt * rate_syn)
    rules = p["spike_dependent_threshold"] > 0
    rate_s = jnp.where(rules, p["th_spike_decay"], 1.0)
    index = p["th_voltage_index"] * p["adapting_threshold"]
    # The specification's formula for theta_v, sorted by U and by the current that makes beta.
    theta_v_U = index * exp_on_exp(dt, rate_m, rate_v)
    theta_v_beta = index * dt * phi1(-dt * rate_v) - theta_v_U
    return Propagators(
        P33=jnp.exp(-dt * rate_m),
        P30=-jnp.expm1(-dt * rate_m) / p["g"],
        P31=exp_on_alpha(dt, rate_m, rate_syn) / p["C_m"],
        P32=exp_on_exp(dt, rate_m, rate_syn) / p["C_m"],
        P11=decay_syn,
        P21=dt * decay_syn,
        jump=math.e * rate_syn * peak,
        asc_init=asc["asc_init"] * p["after_spike_currents"],
        asc_mean=phi1(-dt * rate_asc),
        asc_decay=jnp.exp(-dt * rate_asc),
        asc_add=asc["asc_amps"] * p["after_spike_currents"],
        asc_keep=asc["asc_r"] * jnp.exp(-rate_asc * p["t_ref"]),
        reset_fraction=jnp.where(rules, p["voltage_reset_fraction"], 0.0),
        reset_add=jnp.where(rules, p["voltage_reset_add"], p["V_reset"] - p["E_L"]),
        theta_s_decay=jnp.exp(-dt * rate_s),
        theta_s_keep=jnp.exp(-p["t_ref"] * rate_s),
        theta_s_add=p["th_spike_add"] * p["spike_dependent_threshold"],
        theta_v_decay=jnp.exp(-dt * rate_v),
        theta_v_U=theta_v_U,
        theta_v_I=theta_v_beta / p["g"],
        refractory_steps=refractory_steps(p["t_ref"], dt),
        I_e=p["I_e"],
        E_L=p["E_L"],
        theta_inf=p["V_th"] - p["E_L"],
        spike_scale=p["V_th"] - p["V_reset"],
    )


def refractory_steps(t_ref: Any, dt: Any) -> Int[Array, "*N"]:
    """Steps for which a neuron stays refractory: ceil(t_ref / dt) in whole tics of 1 us.

    In floating point 3.75 / 0.05 can come out a hair above 75; NEST counts tics, and so does this.
    """
    tics_ref, tics_dt = (
        jnp.floor(jnp.asarray(t) * 1000.0 + 0.5).astype(jnp.int32) for t in (t_ref, dt)
    )
    return -(-tics_ref // tics_dt)


def pack(params: GlifParameters) -> PackedParameters:
    """Padded arrays of the parameters: NumPy's, or JAX's where a value is one of JAX's."""
    values = {name: getattr(params, name) for name in FIELDS}
    values |= {flag: 1.0 * params.flag(flag) for flag in FLAGS}
    xp: Any = jnp if any(isinstance(v, jax.Array) for v in values.values()) else np
    size = params.size
    scalars = [values[name] for name in (*_SCALARS, *FLAGS)]
    if size:
        scalars = [xp.broadcast_to(xp.asarray(value), size) for value in scalars]
    return PackedParameters(
        xp.stack(scalars) if size or xp is jnp else np.array(scalars),
        _pad(xp, [values[name] for name in _ASC], _ASC, size),
        _pad(xp, [values[name] for name in _PORT], _PORT, size),
    )


def _pad(xp: Any, rows: list[Any], names: tuple[str, ...], size: tuple[int, ...]) -> Any:
    """The rows as one table of shape (rows, K) or (rows, K, N), K a multiple of `PAD`."""
    count = rows[0].shape[-1]
    padded = -(-count // PAD) * PAD or PAD
    table = np.zeros((len(rows), padded, *size))
    for i, name in enumerate(names):
        table[i, count:] = _FILL.get(name, 0.0)
        if xp is np:
            table[i, :count] = np.broadcast_to(rows[i], (*size, count)).T if size else rows[i]
    if xp is np:
        return table
    filled = [xp.moveaxis(xp.broadcast_to(row, (*size, count)), -1, 0) for row in rows]
    return xp.asarray(table).at[:, :count].set(xp.stack(filled))


def _slower_and_gap(h: Any, rate: Any, other: Any) -> tuple[Array, Array]:
    """H times the slower rate, and minus h times their difference (never positive)."""
    first = rate <= other
    x = h * (other - rate)
    return h * jnp.where(first, rate, other), jnp.where(first, -x, x)


def _horner(coefficients: list[float], z: Array) -> Array:
    total = jnp.full_like(z, coefficients[-1])
    for c in reversed(coefficients[:-1]):
        total = total * z + c
    return total

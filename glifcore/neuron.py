"""The model: the state of a neuron and what one step does to it, in NEST's order.

Potentials are relative to ``E_L``. Arrays have shape () for one neuron and (N,) for a population;
ports and after-spike currents are tuples of such arrays. Equations: Teeter et al., Nature
Communications 9:709 (2018), with the update order of NEST's ``glif_psc_double_alpha``.
"""

from typing import Any, NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int

from glifcore.propagators import Propagators


class NeuronState(NamedTuple):
    """All that a neuron carries from one step to the next.

    Attributes:
        U: membrane potential above E_L, mV.
        theta_s: spike component of the threshold, mV.
        theta_v: voltage component of the threshold, mV.
        ASCurrents: after-spike currents at the end of the step, pA.
        ASCurrents_sum: their sum, averaged over the last step that was not refractory, pA.
        y1_fast, y2_fast, y1_slow, y2_slow: the two variables of each alpha function, for each port;
            y2 is the current in pA, y1 drives it in pA/ms.
        I: injected current that the next step will see, pA.
        refractory: steps left in the refractory period.
        spike: whether the last step ended in a spike.
    """

    U: Float[Array, "*N"]
    theta_s: Float[Array, "*N"]
    theta_v: Float[Array, "*N"]
    ASCurrents: tuple[Float[Array, "*N"], ...]
    ASCurrents_sum: Float[Array, "*N"]
    y1_fast: tuple[Float[Array, "*N"], ...]
    y2_fast: tuple[Float[Array, "*N"], ...]
    y1_slow: tuple[Float[Array, "*N"], ...]
    y2_slow: tuple[Float[Array, "*N"], ...]
    I: Float[Array, "*N"]  # noqa: E741  # NEST's name
    refractory: Int[Array, "*N"]
    spike: Bool[Array, "*N"]


def initial_state(p: Propagators) -> NeuronState:
    """At rest, with the after-spike currents at ``asc_init``."""
    zero = jnp.zeros_like(p.P33)
    ports = tuple(zero for _ in p.P31_fast)
    return NeuronState(
        U=zero,
        theta_s=zero,
        theta_v=zero,
        ASCurrents=tuple(a + zero for a in p.asc_init),
        ASCurrents_sum=zero + sum(p.asc_init),
        y1_fast=ports,
        y2_fast=ports,
        y1_slow=ports,
        y2_slow=ports,
        I=zero,
        refractory=jnp.zeros_like(p.refractory_steps),
        spike=jnp.zeros(zero.shape, bool),
    )


def threshold(p: Propagators, state: NeuronState) -> Float[Array, "*N"]:
    """The threshold above E_L, in mV."""
    return p.theta_inf + state.theta_s + state.theta_v


def step(
    p: Propagators,
    s: NeuronState,
    current: Float[Array, "*N"],
    weights: tuple[Float[Array, "*N"], ...],
) -> NeuronState:
    """One step of the model.

    Args:
        p: the propagators of the step size.
        s: the state before the step.
        current: injected current that arrives in this step, pA; it acts from the next step on.
        weights: summed weights of the spikes that arrive in this step, pA, one for each port.
    """
    active = s.refractory == 0
    theta_s = s.theta_s * p.theta_s_decay
    asc_sum = _dot(p.asc_mean, s.ASCurrents)
    ascs = tuple(d * a for d, a in zip(p.asc_decay, s.ASCurrents, strict=True))
    injected = s.I + p.I_e + asc_sum
    synaptic = (
        _dot(p.P31_fast, s.y1_fast)
        + _dot(p.P32_fast, s.y2_fast)
        + _dot(p.P31_slow, s.y1_slow)
        + _dot(p.P32_slow, s.y2_slow)
    )
    U = s.U * p.P33 + injected * p.P30 + synaptic
    beta = injected / p.g
    theta_v = s.theta_v * p.theta_v_decay + (s.U - beta) * p.theta_v_drive + beta * p.theta_v_rest
    spike = active & (p.theta_inf + theta_s + theta_v < U)

    def settle(after_spike: Any, otherwise: Any, refractory: Any) -> Any:
        return jnp.where(spike, after_spike, jnp.where(active, otherwise, refractory))

    count = jnp.where(spike, p.refractory_steps, jnp.maximum(s.refractory - 1, 0))
    y1_fast, y2_fast = _alpha(p.P11_fast, p.P21_fast, p.jump_fast, s.y1_fast, s.y2_fast, weights)
    y1_slow, y2_slow = _alpha(p.P11_slow, p.P21_slow, p.jump_slow, s.y1_slow, s.y2_slow, weights)
    return NeuronState(
        U=settle(p.reset_fraction * s.U + p.reset_add, U, s.U),
        theta_s=settle(theta_s * p.theta_s_keep + p.theta_s_add, theta_s, s.theta_s),
        theta_v=jnp.where(active, theta_v, s.theta_v),
        ASCurrents=tuple(
            settle(add + keep * a, a, old)
            for add, keep, a, old in zip(p.asc_add, p.asc_keep, ascs, s.ASCurrents, strict=True)
        ),
        ASCurrents_sum=jnp.where(active, asc_sum, s.ASCurrents_sum),
        y1_fast=y1_fast,
        y2_fast=y2_fast,
        y1_slow=y1_slow,
        y2_slow=y2_slow,
        I=current,
        refractory=count,
        spike=spike,
    )


def _alpha(P11: Any, P21: Any, jump: Any, y1: Any, y2: Any, weights: Any) -> tuple[Any, Any]:
    """One step of an alpha function at each port, and the jump of this step's spikes."""
    new_y2 = tuple(a * u + b * v for a, u, b, v in zip(P21, y1, P11, y2, strict=True))
    new_y1 = tuple(b * u + j * w for b, u, j, w in zip(P11, y1, jump, weights, strict=True))
    return new_y1, new_y2


def _dot(a: Any, b: Any) -> Any:
    # Written out: XLA refuses to fuse a loop that holds a dot (see glifcore.xla).
    return sum(x * y for x, y in zip(a, b, strict=True))

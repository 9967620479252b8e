"""The model: the state of a neuron and what one step does to it, in NEST's order.

Potentials are relative to ``E_L``. Arrays have shape () for one neuron and (N,) for a population,
with an axis for after-spike currents, (K,), or axes for the two parts of each port, (2, R), in
front. Equations: Teeter et al., Nature Communications 9:709 (2018), with the update order of NEST's
``glif_psc_double_alpha``.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
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
        y1: what drives the alpha functions, pA/ms: fast part first, then slow.
        y2: the alpha functions themselves, pA: the synaptic currents.
        I: injected current that the next step will see, pA.
        refractory: steps left in the refractory period.
        spike: whether the last step ended in a spike; 0.0 or 1.0 with a surrogate.
    """

    U: Float[Array, "*N"]
    theta_s: Float[Array, "*N"]
    theta_v: Float[Array, "*N"]
    ASCurrents: Float[Array, "K *N"]
    ASCurrents_sum: Float[Array, "*N"]
    y1: Float[Array, "2 R *N"]
    y2: Float[Array, "2 R *N"]
    I: Float[Array, "*N"]  # noqa: E741  # NEST's name
    refractory: Int[Array, "*N"]
    spike: Bool[Array, "*N"] | Float[Array, "*N"]


def initial_state(p: Propagators, spike_dtype: Any = bool) -> NeuronState:
    """At rest, with the after-spike currents at ``asc_init``."""
    zero = jnp.zeros_like(p.P33)
    return NeuronState(
        U=zero,
        theta_s=zero,
        theta_v=zero,
        ASCurrents=p.asc_init,
        ASCurrents_sum=jnp.sum(p.asc_init, axis=0),
        y1=jnp.zeros_like(p.P31),
        y2=jnp.zeros_like(p.P31),
        I=zero,
        refractory=jnp.zeros_like(p.refractory_steps),
        spike=jnp.zeros(zero.shape, spike_dtype),
    )


def threshold(p: Propagators, state: NeuronState) -> Float[Array, "*N"]:
    """The threshold above E_L, in mV."""
    return p.theta_inf + state.theta_s + state.theta_v


def step(
    p: Propagators,
    s: NeuronState,
    current: Float[Array, "*N"],
    weights: Float[Array, "R *N"],
    surrogate: Callable[[Any], Any] | None = None,
    detach_reset: bool = False,
) -> NeuronState:
    """One step of the model.

    Args:
        p: the propagators of the step size.
        s: the state before the step.
        current: injected current that arrives in this step, pA; it acts from the next step on.
        weights: summed weights of the spikes that arrive in this step, pA, one for each port.
        surrogate: a spike function of `glifcore.surrogate`, which lets gradients flow through
            spikes and through what they do; `spike` is then a float. No number changes.
        detach_reset: whether gradients stop at the reset of U, and flow through `spike` only.
    """
    active = s.refractory == 0
    theta_s = p.theta_s_decay * s.theta_s
    # Sums of products, never a dot: XLA refuses to fuse a loop that holds one (see glifcore.xla).
    asc_sum = jnp.sum(p.asc_mean * s.ASCurrents, axis=0)
    ascs = p.asc_decay * s.ASCurrents
    injected = s.I + p.I_e + asc_sum
    synaptic = jnp.sum(p.P31 * s.y1 + p.P32 * s.y2, axis=(0, 1))
    U = p.P33 * s.U + p.P30 * injected + synaptic
    theta_v = p.theta_v_decay * s.theta_v + p.theta_v_U * s.U + p.theta_v_I * injected
    excess = U - (p.theta_inf + theta_s + theta_v)
    spike = active & (excess > 0)
    soft = None
    if surrogate is not None:
        soft = jnp.where(active, surrogate(excess / p.spike_scale), 0.0)

    def settle(after: Array, otherwise: Array, refractory: Array, through: bool = True) -> Array:
        settled = jnp.where(active, jnp.where(spike, after, otherwise), refractory)
        if soft is None or not through:
            return settled
        # Adds exactly 0, with the derivative of moving from the one branch to the other.
        return settled + (soft - jax.lax.stop_gradient(soft)) * (after - otherwise)

    return NeuronState(
        U=settle(p.reset_fraction * s.U + p.reset_add, U, s.U, not detach_reset),
        theta_s=settle(p.theta_s_keep * theta_s + p.theta_s_add, theta_s, s.theta_s),
        theta_v=jnp.where(active, theta_v, s.theta_v),
        ASCurrents=settle(p.asc_add + p.asc_keep * ascs, ascs, s.ASCurrents),
        ASCurrents_sum=jnp.where(active, asc_sum, s.ASCurrents_sum),
        y1=p.P11 * s.y1 + p.jump * weights,
        y2=p.P21 * s.y1 + p.P11 * s.y2,
        I=current,
        refractory=jnp.where(spike, p.refractory_steps, jnp.maximum(s.refractory - 1, 0)),
        spike=spike if soft is None else soft,
    )

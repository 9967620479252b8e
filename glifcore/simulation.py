"""Simulations: a neuron's traces under a stimulus.

One jitted loop serves every call. Parameters, weights and the step size are arguments of it, never
constants in it, so changing them compiles nothing; the number of steps, of ports and of after-spike
currents are rounded up to a few sizes for the same reason, and the padding is cut off again.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from glifcore.levels import ParameterError
from glifcore.neuron import NeuronState, initial_state, step, threshold
from glifcore.parameters import FIELDS, FieldInfo, GlifParameters
from glifcore.propagators import PackedParameters, pack, propagators, refractory_steps
from glifcore.stimulus import Stimulus
from glifcore.validation import check_dt, validate


class Traces(NamedTuple):
    """What a simulation recorded. Entry n is the state after step n, at time (n + 1) dt.

    Shapes are (T,), or as given; None where it was not recorded. The names are NEST's recordables.
    The synaptic currents carry the value at the trace's own time and go on while the neuron is
    refractory; NEST's own record of them lags by a step and freezes: see `nest_recordables`.

    Attributes:
        time: ms.
        V_m: membrane potential, absolute, mV.
        threshold: absolute, mV.
        threshold_spike: its component that spikes move, mV.
        threshold_voltage: its component that follows the potential, mV.
        ASCurrents: each after-spike current at the end of the step, pA, shape (T, K).
        ASCurrents_sum: their sum, averaged over the step, pA.
        I: injected current, with ``I_e``, that the next step will see, pA.
        I_syn: synaptic current of all ports, pA.
        I_syn_fast: its fast part, pA.
        I_syn_slow: its slow part, pA.
        I_syn_fast_ports: the fast part for each port, pA, shape (T, R).
        I_syn_slow_ports: the slow part for each port, pA, shape (T, R).
        spike: whether the step ended in a spike.
    """

    time: Any
    V_m: Any = None
    threshold: Any = None
    threshold_spike: Any = None
    threshold_voltage: Any = None
    ASCurrents: Any = None
    ASCurrents_sum: Any = None
    I: Any = None  # noqa: E741  # NEST's name
    I_syn: Any = None
    I_syn_fast: Any = None
    I_syn_slow: Any = None
    I_syn_fast_ports: Any = None
    I_syn_slow_ports: Any = None
    spike: Any = None


RECORDABLES = Traces._fields[1:]


def simulate(
    params: GlifParameters,
    stimulus: Stimulus | tuple[Any, Any],
    *,
    dt: Any = 0.1,
    record: str | Sequence[str] = "all",
) -> Traces:
    """Simulate one neuron for as many steps as the stimulus has.

    Args:
        params: the neuron.
        stimulus: a `Stimulus`, or a pair of arrays: current (T,) in pA, weights (T, R) in pA.
        dt: step size in ms, a multiple of 0.001.
        record: "all", "spikes", or names of fields of `Traces`.

    Returns:
        NumPy arrays; JAX arrays where an argument is one, so that gradients flow.

    Raises:
        ParameterError: a parameter breaks a rule, shapes do not fit, or a recordable is unknown.
    """
    validate(params)
    check_dt(dt)
    names = _recordables(record)
    current, weights = stimulus
    n_steps, n_ports = _check_shapes(params, current, weights)
    packed = pack(params)
    current, weights = _pad_stimulus(current, weights, packed.ports.shape[1])
    traces = _run(packed, current, weights, dt, names)
    counts = {"ASCurrents": len(params.asc_decay)}
    counts |= dict.fromkeys(("I_syn_fast_ports", "I_syn_slow_ports"), n_ports)
    traced = any(isinstance(x, jax.Array) for x in (*packed, current, weights, dt))
    xp: Any = jnp if traced else np
    cut = {}
    for name, value in zip(names, traces, strict=True):
        array = xp.asarray(value)
        cut[name] = array[:n_steps, : counts[name]] if name in counts else array[:n_steps]
    return Traces(time=xp.arange(1, n_steps + 1) * dt, **cut)


def spike_times(traces: Traces, dt: float) -> np.ndarray:
    """Times of the spikes in ms: the end, (n + 1) dt, of each step that spiked.

    Raises:
        ParameterError: the traces hold no spikes.
    """
    if traces.spike is None:
        raise ParameterError("These traces hold no `spike`; simulate with record='spikes' or more.")
    return (np.flatnonzero(traces.spike) + 1) * dt


def nest_recordables(traces: Traces, params: GlifParameters, dt: float) -> Traces:
    """The same traces with the synaptic currents as NEST records them.

    NEST notes ``I_syn`` before a step updates it, so its record lags by one step, and only while
    the neuron is not refractory, so it freezes there although the current itself goes on.
    """
    n_steps = len(traces.spike)
    index = np.arange(n_steps)
    last_spike = np.maximum.accumulate(np.where(traces.spike, index, -n_steps - 1))
    steps_since = index - last_spike
    hold = int(refractory_steps(params.t_ref, dt))
    refractory = (steps_since > 0) & (steps_since <= hold)
    source = np.maximum.accumulate(np.where(refractory, 0, index))

    def lagged(trace: Any) -> Any:
        if trace is None:
            return None
        before = np.concatenate([np.zeros_like(trace[:1]), trace[:-1]])
        return before[source]

    names = [name for name in RECORDABLES if name.startswith("I_syn")]
    return traces._replace(**{name: lagged(getattr(traces, name)) for name in names})


def _recordables(record: str | Sequence[str]) -> tuple[str, ...]:
    if record == "all":
        return RECORDABLES
    if record == "spikes":
        return ("spike",)
    names = (record,) if isinstance(record, str) else tuple(record)
    unknown = [name for name in names if name not in RECORDABLES]
    if unknown:
        raise ParameterError(
            f"Nothing called {', '.join(map(repr, unknown))} can be recorded. "
            f"Choose 'all', 'spikes', or from: {', '.join(RECORDABLES)}."
        )
    return names


def _check_shapes(params: GlifParameters, current: Any, weights: Any) -> tuple[int, int]:
    many = [name for name, info in FIELDS.items() if _is_population(params, name, info)]
    if many:
        raise ParameterError(
            f"`{many[0]}` has shape {np.shape(getattr(params, many[0]))}, a population; so far "
            "simulate takes one neuron at a time. Give one number, or one for each port or "
            "after-spike current."
        )
    n_ports = np.shape(params.tau_syn_fast)[-1]
    if np.ndim(current) != 1 or np.ndim(weights) != 2 or len(current) != len(weights):
        raise ParameterError(
            f"`current` has shape {np.shape(current)} and `weights` {np.shape(weights)}; they must "
            "be (T,) and (T, R) with the same number of steps T."
        )
    if np.shape(weights)[1] != n_ports:
        raise ParameterError(
            f"`weights` is for {np.shape(weights)[1]} ports and the neuron has {n_ports} "
            "(the length of `tau_syn_fast`). Make the stimulus with "
            f"n_receptors={n_ports}."
        )
    if len(current) == 0:
        raise ParameterError("The stimulus has no steps; it must have at least one.")
    return len(current), n_ports


def _is_population(params: GlifParameters, name: str, info: FieldInfo) -> bool:
    return np.ndim(getattr(params, name)) > (0 if info.per == "neuron" else 1)


def padded_steps(n_steps: int) -> int:
    """The next of the sizes m 2^k with m from 8 to 15: at most an eighth more than asked for."""
    block = 1 << max(n_steps.bit_length() - 4, 0)
    return -(-n_steps // block) * block


def _pad_stimulus(current: Any, weights: Any, n_ports: int) -> tuple[Any, Any]:
    n_steps = len(current)
    size = padded_steps(n_steps)
    if isinstance(current, jax.Array) or isinstance(weights, jax.Array):
        more = ((0, size - n_steps), (0, n_ports - weights.shape[1]))
        return jnp.pad(current, more[:1]), jnp.pad(weights, more)
    padded_current, padded_weights = np.zeros(size), np.zeros((size, n_ports))
    padded_current[:n_steps] = current
    padded_weights[:n_steps, : np.shape(weights)[1]] = weights
    return padded_current, padded_weights


@partial(jax.jit, static_argnames="names")
def _run(
    packed: PackedParameters, current: Any, weights: Any, dt: Any, names: tuple[str, ...]
) -> tuple[Any, ...]:
    p = propagators(packed, dt)

    def advance(state: NeuronState, arriving: Any) -> tuple[NeuronState, tuple[Any, ...]]:
        new = step(p, state, *arriving)
        return new, tuple(_RECORD[name](p, new) for name in names)

    return jax.lax.scan(advance, initial_state(p), (current, weights))[1]


_RECORD = {
    "V_m": lambda p, s: s.U + p.E_L,
    "threshold": lambda p, s: threshold(p, s) + p.E_L,
    "threshold_spike": lambda p, s: s.theta_s,
    "threshold_voltage": lambda p, s: s.theta_v,
    "ASCurrents": lambda p, s: s.ASCurrents,
    "ASCurrents_sum": lambda p, s: s.ASCurrents_sum,
    "I": lambda p, s: s.I + p.I_e,
    "I_syn": lambda p, s: jnp.sum(s.y2, axis=(0, 1)),
    "I_syn_fast": lambda p, s: jnp.sum(s.y2[0], axis=0),
    "I_syn_slow": lambda p, s: jnp.sum(s.y2[1], axis=0),
    "I_syn_fast_ports": lambda p, s: s.y2[0],
    "I_syn_slow_ports": lambda p, s: s.y2[1],
    "spike": lambda p, s: s.spike,
}

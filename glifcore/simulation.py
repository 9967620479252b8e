"""Simulations: the traces of a neuron, or of a population, under a stimulus.

One jitted loop serves every call. Parameters, weights and the step size are arguments of it, never
constants in it, so changing them compiles nothing; the numbers of steps, neurons, ports and
after-spike currents are rounded up to a few sizes for the same reason, and the padding is cut off
again. A population is simulated in chunks that fit a core's cache, as many at a time as there are
cores.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from glifcore.levels import ParameterError
from glifcore.neuron import NeuronState, initial_state, step, threshold
from glifcore.padding import padded_size
from glifcore.parameters import GlifParameters
from glifcore.propagators import PackedParameters, pack, propagators
from glifcore.stimulus import Stimulus
from glifcore.surrogate import Surrogate
from glifcore.traces import RECORDABLES, Traces
from glifcore.validation import check_dt, validate

# Neurons whose state, propagators and temporaries stay in a core's first caches.
CHUNK = 64

_SIZES_OF_STEPS = 4
"""In an octave. A program for another number of steps takes half a second to compile, and 2.5 MB
for good; a quarter more steps take a millisecond."""

_LARGEST_INPUT = 1e18
"""pA; a million of the largest currents, or weights, at a time."""

_MOST_GB = 32
"""Of all traces of a run."""


def simulate(
    params: GlifParameters,
    stimulus: Stimulus | tuple[Any, Any],
    *,
    dt: Any = 0.1,
    surrogate: Surrogate | None = None,
    record: str | Sequence[str] = "all",
) -> Traces:
    """Simulate a neuron or a population for as many steps as the stimulus has.

    Args:
        params: one neuron, or N where a field has an axis for them.
        stimulus: a `Stimulus`, or a pair of arrays in pA: current (T,) or (T, N), and weights
            (T, R) or (T, N, R); what has no axis for the neurons is shared by them.
        dt: step size in ms, a multiple of 0.001.
        surrogate: a spike function of `glifcore.surrogate`, for gradients through spikes; `spike`
            is then 0.0 or 1.0. No number changes.
        record: "all", "spikes", or names of fields of `Traces`. A population of 10,000 neurons has
            0.1 GB of spikes a second, and 0.8 GB of every other trace, at 0.1 ms.

    Returns:
        NumPy arrays; JAX arrays where an argument is one, so that gradients flow. A potential that
        grows at each spike, as `voltage_reset_fraction` above 1 allows, may end in inf.

    Raises:
        ParameterError: a parameter breaks a rule, shapes do not fit, or a recordable is unknown.
    """
    validate(params)
    check_dt(dt)
    names = _recordables(record)
    current, weights = stimulus
    n_neurons = count_neurons(params, current, weights)
    n_steps, n_ports = len(current), np.shape(weights)[-1]
    _check_input(current, weights)
    _check_size(names, n_steps, n_neurons or 1, params)
    packed = _with_neurons(pack(params), n_neurons)
    current, weights = _pad_stimulus(current, weights, packed.ports.shape[1])
    traced = any(isinstance(x, jax.Array) for x in (*packed, current, weights, dt))
    if traced or n_neurons is None:
        traces = _run(packed, current, weights, dt, names, surrogate)
    else:
        traces = _run_in_chunks(packed, current, weights, dt, names, surrogate)
    xp: Any = jnp if traced else np
    counts = {"ASCurrents": params.asc_decay.shape[-1]}
    counts |= dict.fromkeys(("I_syn_fast_ports", "I_syn_slow_ports"), n_ports)
    cut = {}
    for name, value in zip(names, traces, strict=True):
        array = xp.asarray(value)[:n_steps]
        if name in counts:  # (T, K, N): the neurons come before the currents outside
            array = xp.swapaxes(array[:, : counts[name]], 1, -1)
        cut[name] = array
    return Traces(time=xp.arange(1, n_steps + 1) * dt, **cut)


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


def _check_input(*arrays: Any) -> None:
    """Refuse what would make every number after it NaN; values of JAX are not looked at."""
    for name, array in zip(("current", "weights"), arrays, strict=True):
        known = np.zeros(1) if isinstance(array, jax.Array) else np.asarray(array)
        low, high = known.min(), known.max()  # both NaN where one number is
        if not (low >= -_LARGEST_INPUT and high <= _LARGEST_INPUT):
            worst = known.flat[np.argmax(np.where(np.isnan(known), np.inf, np.abs(known)))]
            raise ParameterError(
                f"`{name}` of the stimulus has {worst:g} pA; all must be finite numbers, and none "
                f"beyond {_LARGEST_INPUT:g} pA. Look at how the stimulus was made."
            )


def _check_size(names: Sequence[str], n_steps: int, n_neurons: int, params: GlifParameters) -> None:
    """Refuse to record more than can be held."""
    n_ports, n_ascs = params.tau_syn_fast.shape[-1], params.asc_decay.shape[-1]
    columns = {"ASCurrents": n_ascs, "spike": 1 / 8}
    columns |= dict.fromkeys(("I_syn_fast_ports", "I_syn_slow_ports"), n_ports)
    size = 8e-9 * n_steps * n_neurons * sum(columns.get(name, 1) for name in names)
    if size > _MOST_GB:
        raise ParameterError(
            f"{len(names)} traces of {n_neurons:,} neurons in {n_steps:,} steps take {size:.3g} "
            f"GB; at most {_MOST_GB} are recorded at a time. Name fewer in `record`, or simulate "
            "some neurons after the others."
        )


def count_neurons(params: GlifParameters, current: Any, weights: Any) -> int | None:
    """The number of neurons, or None for a single one."""
    if np.ndim(current) not in (1, 2) or np.ndim(weights) not in (2, 3):
        raise ParameterError(
            f"`current` has shape {np.shape(current)} and `weights` {np.shape(weights)}; they must "
            "be (T,) and (T, R), or (T, N) and (T, N, R) where each neuron has its own."
        )
    if len(current) != len(weights):
        raise ParameterError(
            f"`current` has {len(current)} steps and `weights` {len(weights)}; they must have the "
            "same number of steps T."
        )
    if len(current) == 0:
        raise ParameterError("The stimulus has no steps; it must have at least one.")
    n_ports = params.tau_syn_fast.shape[-1]
    if np.shape(weights)[-1] != n_ports:
        raise ParameterError(
            f"`weights` is for {np.shape(weights)[-1]} ports and the neuron has {n_ports} "
            f"(the length of `tau_syn_fast`). Make the stimulus with n_receptors={n_ports}."
        )
    sizes = {"parameters": params.size, "current": np.shape(current)[1:]}
    sizes["weights"] = np.shape(weights)[1:-1]
    found = {size[0] for size in sizes.values() if size}
    if len(found) > 1:
        listed = ", ".join(f"{name} {size[0]}" for name, size in sizes.items() if size)
        raise ParameterError(f"Neurons are counted differently: {listed}. Give all of them one N.")
    return found.pop() if found else None


def _with_neurons(packed: PackedParameters, n_neurons: int | None) -> PackedParameters:
    """Give parameters that are the same for all neurons an axis for them."""
    if n_neurons is None or packed.scalars.ndim == 2:
        return packed
    xp: Any = jnp if isinstance(packed.scalars, jax.Array) else np
    return PackedParameters(*(xp.repeat(x[..., None], n_neurons, axis=-1) for x in packed))


def _pad_stimulus(current: Any, weights: Any, n_ports: int) -> tuple[Any, Any]:
    """Current (T,) or (T, N) and weights (T, R) or (T, R, N), padded."""
    if np.ndim(weights) == 3:
        weights = weights.swapaxes(1, 2)
    n_steps, given = np.shape(weights)[:2]
    size = padded_size(n_steps, _SIZES_OF_STEPS)
    if isinstance(current, jax.Array) or isinstance(weights, jax.Array):
        current, weights = jnp.asarray(current), jnp.asarray(weights)
        more = [(0, size - n_steps), (0, n_ports - given), (0, 0)]
        rest = [more[0], more[2]]
        return jnp.pad(current, rest[: current.ndim]), jnp.pad(weights, more[: weights.ndim])
    padded_current = np.zeros((size, *np.shape(current)[1:]))
    padded_weights = np.zeros((size, n_ports, *np.shape(weights)[2:]))
    padded_current[:n_steps] = current
    padded_weights[:n_steps, :given] = weights
    return padded_current, padded_weights


def _run_in_chunks(
    packed: PackedParameters, current: Any, weights: Any, dt: Any, *how: Any
) -> tuple[np.ndarray, ...]:
    n_neurons = packed.scalars.shape[-1]
    width = padded_size(-(-n_neurons // -(-n_neurons // CHUNK)))
    starts = range(0, n_neurons, width)
    whole: list[np.ndarray] = []

    def run(start: int) -> tuple[np.ndarray, ...]:
        # The last chunk is filled up with copies of the last neuron.
        some = np.minimum(np.arange(start, start + width), n_neurons - 1)
        part = PackedParameters(*(x[..., some] for x in packed))
        own_current = current[:, some] if current.ndim == 2 else current
        own_weights = weights[..., some] if weights.ndim == 3 else weights
        return tuple(np.asarray(x) for x in _run(part, own_current, own_weights, dt, *how))

    with ThreadPoolExecutor(min(os.cpu_count() or 1, len(starts))) as pool:
        for start, traces in zip(starts, pool.map(run, starts), strict=True):
            if not whole:
                whole = [np.empty((*x.shape[:-1], n_neurons), x.dtype) for x in traces]
            stop = min(start + width, n_neurons)
            for target, trace in zip(whole, traces, strict=True):
                target[..., start:stop] = trace[..., : stop - start]
    return tuple(whole)


@partial(jax.jit, static_argnames=("names", "surrogate"))
def _run(
    packed: PackedParameters,
    current: Any,
    weights: Any,
    dt: Any,
    names: tuple[str, ...],
    surrogate: Surrogate | None,
) -> tuple[Any, ...]:
    p = propagators(packed, dt)
    if p.P33.ndim and weights.ndim == 2:  # shared by the neurons
        weights = weights[..., None]

    def advance(state: NeuronState, arriving: Any) -> tuple[NeuronState, tuple[Any, ...]]:
        current = jnp.broadcast_to(arriving[0], p.P33.shape)
        new = step(p, state, current, jnp.broadcast_to(arriving[1], p.jump.shape[1:]), surrogate)
        return new, tuple(_RECORD[name](p, new) for name in names)

    start = initial_state(p, bool if surrogate is None else float)
    return jax.lax.scan(advance, start, (current, weights))[1]


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

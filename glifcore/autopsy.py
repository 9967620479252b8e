"""What brought a neuron to a spike: the potential before the reset, cause by cause.

Between resets the membrane is linear. The potential that crosses the threshold is therefore a sum,
and each term of it is what one cause alone has left there at the time of the spike, after its own
leak: step j of an interval that ends with step n leaves P33^(n - j) of what it added. The interval
begins where the neuron may move again after the last spike; what the synapses and the after-spike
currents still carry from before then counts when it reaches the membrane. Propagators: Rotter and
Diesmann, Biol. Cybern. 81:381 (1999).
"""

from typing import Any, NamedTuple

import jax
import numpy as np
from jaxtyping import Float
from scipy.signal import lfilter

from glifcore.levels import ParameterError
from glifcore.parameters import GlifParameters
from glifcore.propagators import Propagators, pack, propagators
from glifcore.simulation import count_neurons, simulate
from glifcore.stimulus import Stimulus
from glifcore.traces import Traces

_NEEDED = (
    "V_m",
    "threshold_spike",
    "threshold_voltage",
    "ASCurrents",
    "I_syn_fast_ports",
    "I_syn_slow_ports",
    "spike",
)
_propagators = jax.jit(propagators)


class Autopsy(NamedTuple):
    """The parts of the potential at a spike, and of the threshold that it crossed, in mV.

    Attributes:
        time: the spike, ms.
        since: where the interval begins that the parts explain, ms: the end of the refractory
            period after the spike before, or 0.
        reset: what is left of the potential with which the interval began.
        stimulus: from the injected current of the stimulus.
        I_e: from the constant current.
        fast: from the fast part of each port, shape (R,).
        slow: from the slow part of each port, shape (R,).
        ASCurrents: from each after-spike current, shape (K,).
        theta_inf: the threshold at rest, above E_L.
        threshold_spike: its component that spikes move, just before this one moved it.
        threshold_voltage: its component that follows the potential.
    """

    time: float
    since: float
    reset: float
    stimulus: float
    I_e: float
    fast: Float[np.ndarray, "R"]
    slow: Float[np.ndarray, "R"]
    ASCurrents: Float[np.ndarray, "K"]
    theta_inf: float
    threshold_spike: float
    threshold_voltage: float

    @property
    def U(self) -> float:
        """The potential above E_L that crossed the threshold, before its reset, mV."""
        currents = self.fast.sum() + self.slow.sum() + self.ASCurrents.sum()
        return float(self.reset + self.stimulus + self.I_e + currents)

    @property
    def threshold(self) -> float:
        """The threshold that was crossed, above E_L, mV; below `U` but for rounding."""
        return self.theta_inf + self.threshold_spike + self.threshold_voltage


def autopsy(
    params: GlifParameters,
    stimulus: Stimulus | tuple[Any, Any],
    spike: int,
    *,
    dt: Any = 0.1,
    traces: Traces | None = None,
) -> Autopsy:
    """The causes of one spike of one neuron.

    Args:
        params: one neuron.
        stimulus: a `Stimulus`, or current (T,) and weights (T, R) in pA.
        spike: which spike, counted from 0.
        dt: step size in ms.
        traces: what `simulate` recorded of this very run, with record="all"; without them the
            neuron is simulated here.

    Raises:
        ParameterError: there is no such spike, there is more than one neuron, or the traces are of
            another run; also whatever `simulate` refuses.
    """
    current, weights = (np.asarray(part, float) for part in stimulus)
    n_neurons = count_neurons(params, current, weights)
    if n_neurons is not None:
        raise ParameterError(
            f"This is a population of {n_neurons}; an autopsy is of one neuron. "
            "Give the parameters and the stimulus of one, without an axis for neurons."
        )
    if traces is None:
        traces = simulate(params, (current, weights), dt=dt)
    _check_traces(traces, len(current), float(dt))
    spikes = np.flatnonzero(traces.spike)
    _check_spike(spike, len(spikes))
    p = jax.tree.map(np.asarray, _propagators(pack(params), dt))
    last = int(spikes[spike])
    first = int(spikes[spike - 1] + 1 + p.refractory_steps) if spike else 0
    return _dissect(p, traces, current, weights, first, last)


def _dissect(
    p: Propagators, traces: Traces, current: Any, weights: Any, first: int, last: int
) -> Autopsy:
    """The parts that the steps `first` to `last`, which spiked, have added."""
    dt = float(traces.time[0])
    n_steps = last - first + 1
    n_ascs, n_ports = traces.ASCurrents.shape[-1], weights.shape[-1]
    remaining = p.P33 ** np.arange(n_steps)[::-1]

    def before(trace: Any, initial: Any) -> Any:
        """What each step of the interval finds: what the step before it left."""
        return np.concatenate([np.asarray(initial)[None], trace[:last]])[first:]

    ascs = before(traces.ASCurrents, p.asc_init[:n_ascs])
    rest = np.zeros(n_ports)
    y2 = before(traces.I_syn_fast_ports, rest), before(traces.I_syn_slow_ports, rest)
    synaptic = np.empty((2, n_ports))
    for part, port in np.ndindex(2, n_ports):
        at = part, port
        y1 = lfilter([0.0, p.jump[at]], [1.0, -p.P11[at]], weights[: last + 1, port])[first:]
        synaptic[at] = remaining @ (p.P31[at] * y1 + p.P32[at] * y2[part][:, port])
    return Autopsy(
        time=(last + 1) * dt,
        since=first * dt,
        reset=float(p.P33**n_steps * (before(traces.V_m, p.E_L)[0] - p.E_L)),
        stimulus=float(p.P30 * (remaining @ before(current, 0.0))),
        I_e=float(p.P30 * p.I_e * remaining.sum()),
        fast=synaptic[0],
        slow=synaptic[1],
        ASCurrents=p.P30 * p.asc_mean[:n_ascs] * (remaining @ ascs),
        theta_inf=float(p.theta_inf),
        threshold_spike=float(p.theta_s_decay * before(traces.threshold_spike, 0.0)[-1]),
        threshold_voltage=float(traces.threshold_voltage[last]),
    )


def _check_traces(traces: Traces, n_steps: int, dt: float) -> None:
    missing = [f"`{name}`" for name in _NEEDED if getattr(traces, name) is None]
    if missing:
        raise ParameterError(
            f"These traces hold no {', '.join(missing)}; simulate with record='all'."
        )
    if np.shape(traces.spike) != (n_steps,) or not np.isclose(traces.time[0], dt):
        raise ParameterError(
            f"These traces have shape {np.shape(traces.spike)} in steps of {traces.time[0]:g} ms, "
            f"and the run has {n_steps} steps of {dt:g} ms. Give the traces of this very run."
        )


def _check_spike(spike: int, count: int) -> None:
    if 0 <= spike < count:
        return
    if count == 0:
        raise ParameterError(
            f"`spike` is {spike}; this run has no spikes. Raise the current or the weights."
        )
    spikes, choice = ("spike", "0") if count == 1 else ("spikes", f"0 to {count - 1}")
    raise ParameterError(
        f"`spike` is {spike}; this run has {count} {spikes}, counted from 0. Choose {choice}."
    )

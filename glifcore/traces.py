"""What a simulation recorded, and what is read off it."""

from typing import Any, NamedTuple

import numpy as np

from glifcore.levels import ParameterError
from glifcore.parameters import GlifParameters
from glifcore.propagators import refractory_steps


class Traces(NamedTuple):
    """What a simulation recorded. Entry n is the state after step n, at time (n + 1) dt.

    Shapes are (T,), (T, N) for a population, with a last axis more where it is said; None where it
    was not recorded. The names are NEST's recordables.
    The synaptic currents carry the value at the trace's own time and go on while the neuron is
    refractory; NEST's own record of them lags by a step and freezes: see `nest_recordables`.

    Attributes:
        time: ms.
        V_m: membrane potential, absolute, mV.
        threshold: absolute, mV.
        threshold_spike: its component that spikes move, mV.
        threshold_voltage: its component that follows the potential, mV.
        ASCurrents: each after-spike current at the end of the step, pA, K of them on the last axis.
        ASCurrents_sum: their sum, averaged over the step, pA.
        I: injected current, with ``I_e``, that the next step will see, pA.
        I_syn: synaptic current of all ports, pA.
        I_syn_fast: its fast part, pA.
        I_syn_slow: its slow part, pA.
        I_syn_fast_ports: the fast part for each port, pA, R ports on the last axis.
        I_syn_slow_ports: the slow part for each port, pA, R ports on the last axis.
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


def spike_times(traces: Traces, dt: float) -> Any:
    """Times of the spikes in ms: the end, (n + 1) dt, of each step that spiked.

    Returns:
        An array; for a population a list of them, one for each neuron.

    Raises:
        ParameterError: the traces hold no spikes.
    """
    if traces.spike is None:
        raise ParameterError("These traces hold no `spike`; simulate with record='spikes' or more.")
    spike = np.asarray(traces.spike)
    if spike.ndim == 1:
        return (np.flatnonzero(spike) + 1) * dt
    return [(np.flatnonzero(one) + 1) * dt for one in spike.T]


def nest_recordables(traces: Traces, params: GlifParameters, dt: float) -> Traces:
    """The same traces with the synaptic currents as NEST records them.

    NEST notes ``I_syn`` before a step updates it, so its record lags by one step, and only while
    the neuron is not refractory, so it freezes there although the current itself goes on.
    """
    spike = np.asarray(traces.spike)
    index = np.arange(len(spike)).reshape(-1, *[1] * (spike.ndim - 1))
    steps_since = index - np.maximum.accumulate(np.where(spike, index, -len(spike) - 1))
    refractory = (steps_since > 0) & (steps_since <= refractory_steps(params.t_ref, dt))
    source = np.maximum.accumulate(np.where(refractory, 0, index))

    def lagged(trace: Any) -> Any:
        if trace is None:
            return None
        before = np.concatenate([np.zeros_like(trace[:1]), trace[:-1]])
        where = source.reshape(*source.shape, *[1] * (before.ndim - source.ndim))
        return np.take_along_axis(before, where, axis=0)

    names = [name for name in RECORDABLES if name.startswith("I_syn")]
    return traces._replace(**{name: lagged(getattr(traces, name)) for name in names})

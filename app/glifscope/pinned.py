"""The pinned run, on the times of the picture that it is compared with. No Panel, no plots."""

from typing import NamedTuple

import numpy as np

from glifcore import Traces, psc_waveform, simulate, spike_times
from glifcore.trains import Train

from .choices import DT, Choices, Driven, shape_of

RECORD = (
    "V_m",
    "threshold",
    "threshold_spike",
    "threshold_voltage",
    "ASCurrents",
    "I_syn",
    "spike",
)


class Pinned(NamedTuple):
    """The pinned run, on the times of the picture; NaN after its end.

    Attributes:
        choices: what it is of.
        V_m, threshold, threshold_spike, threshold_voltage: mV, shape (n,), float32 as all traces.
        ASCurrents: pA, shape (K, n).
        I_syn: pA, shape (m,).
        I: injected, pA, shape (l,).
        difference: V_m of the picture less this, mV, shape (n,).
        spike_times: ms.
        spike_thresholds: the potential of the threshold that each spike crossed, mV.
        input_times: arrivals for each part of its stimulus, ms; none for a current.
        psc_time: ms, shape (k,).
        psc: current of one event of the port, pA, shape (k,).
    """

    choices: Choices
    V_m: np.ndarray
    threshold: np.ndarray
    threshold_spike: np.ndarray
    threshold_voltage: np.ndarray
    ASCurrents: np.ndarray
    I_syn: np.ndarray
    I: np.ndarray  # noqa: E741  # NEST's name
    difference: np.ndarray
    spike_times: np.ndarray
    spike_thresholds: np.ndarray
    input_times: tuple[np.ndarray, ...]
    psc_time: np.ndarray
    psc: np.ndarray


def run_of(pinned: Driven) -> Traces:
    """The run of a neuron, with what is compared."""
    return simulate(pinned.choices.cell, pinned.stimulus, dt=DT, record=RECORD)


def stretched(trace: np.ndarray, n: int) -> np.ndarray:
    """The first `n` samples of a trace; NaN after its end."""
    found = np.full((n, *trace.shape[1:]), np.nan)
    found[: len(trace)] = trace[:n]
    return found


def drawn(kept: np.ndarray, trace: np.ndarray) -> np.ndarray:
    """These samples as a picture has them, time last."""
    return np.ascontiguousarray(trace[kept].T, np.float32)


class Kept(NamedTuple):
    """Indices of the samples that a picture shows: of the neuron, and of both that arrives."""

    neuron: np.ndarray
    synaptic: np.ndarray
    injected: np.ndarray


def compare(pinned: Driven, run: Traces, port: int, V_m: np.ndarray, kept: Kept) -> Pinned:
    """Bring a run to the times of a picture.

    Args:
        pinned: what the run is of.
        run: all its samples.
        port: whose event is shown.
        V_m: of the picture, all samples, mV.
        kept: which of them it shows.
    """
    choices, stimulus = pinned

    def at(kept: np.ndarray, trace: np.ndarray) -> np.ndarray:
        return drawn(kept, stretched(trace, len(V_m)))

    shape = shape_of(choices, min(port, choices.n_ports - 1))
    psc_time = np.linspace(0.0, 12.0 * max(shape.tau_syn_fast, shape.tau_syn_slow), 400)
    return Pinned(
        choices,
        V_m=at(kept.neuron, run.V_m),
        threshold=at(kept.neuron, run.threshold),
        threshold_spike=at(kept.neuron, run.threshold_spike),
        threshold_voltage=at(kept.neuron, run.threshold_voltage),
        ASCurrents=at(kept.neuron, run.ASCurrents),
        I_syn=at(kept.synaptic, run.I_syn),
        I=at(kept.injected, np.asarray(stimulus.current)),
        difference=at(kept.neuron, V_m[: len(run.V_m)] - run.V_m[: len(V_m)]),
        spike_times=spike_times(run, DT),
        spike_thresholds=thresholds_of(run),
        input_times=arrivals_of(choices),
        psc_time=psc_time,
        psc=np.asarray(psc_waveform(shape, psc_time)),
    )


def thresholds_of(run: Traces) -> np.ndarray:
    """The potential of the threshold that each spike crossed, mV."""
    return run.threshold[np.maximum(np.flatnonzero(run.spike) - 1, 0)]


def arrivals_of(choices: Choices) -> tuple[np.ndarray, ...]:
    """Presynaptic spikes for each part of the stimulus, ms; none for a current."""
    return tuple(
        part.times_until(choices.duration) if isinstance(part, Train) else np.zeros(0)
        for part in choices.stimulus
    )

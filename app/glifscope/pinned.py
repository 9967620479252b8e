"""The pinned run, on the times of the picture that it is compared with. No Panel, no plots."""

from typing import NamedTuple

import numpy as np

from glifcore import Traces, psc_waveform, simulate, spike_times

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
        difference: V_m of the picture less this, mV, shape (n,).
        spike_times: ms.
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
    difference: np.ndarray
    spike_times: np.ndarray
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


def compare(
    choices: Choices,
    run: Traces,
    port: int,
    V_m: np.ndarray,
    kept: np.ndarray,
    arriving: np.ndarray,
) -> Pinned:
    """Bring a run to the times of a picture.

    Args:
        choices: what the run is of.
        run: all its samples.
        port: whose event is shown.
        V_m: of the picture, all samples, mV.
        kept: indices of the samples that the picture shows.
        arriving: of those of its synaptic current.
    """

    def at(kept: np.ndarray, trace: np.ndarray) -> np.ndarray:
        return np.ascontiguousarray(stretched(trace, len(V_m))[kept].T, np.float32)

    shape = shape_of(choices, min(port, choices.n_ports - 1))
    psc_time = np.linspace(0.0, 12.0 * max(shape.tau_syn_fast, shape.tau_syn_slow), 400)
    return Pinned(
        choices,
        V_m=at(kept, run.V_m),
        threshold=at(kept, run.threshold),
        threshold_spike=at(kept, run.threshold_spike),
        threshold_voltage=at(kept, run.threshold_voltage),
        ASCurrents=at(kept, run.ASCurrents),
        I_syn=at(arriving, run.I_syn),
        difference=at(kept, V_m[: len(run.V_m)] - run.V_m[: len(V_m)]),
        spike_times=spike_times(run, DT),
        psc_time=psc_time,
        psc=np.asarray(psc_waveform(shape, psc_time)),
    )

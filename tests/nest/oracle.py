"""Run NEST's own model on what `glifcore.simulate` takes, and read back what it recorded."""

from typing import Any

import nest
import numpy as np

from glifcore import GlifParameters, Stimulus

RECORDABLES = (
    "V_m",
    "threshold",
    "threshold_spike",
    "threshold_voltage",
    "ASCurrents_sum",
    "I",
    "I_syn",
)


def nest_parameters(params: GlifParameters) -> dict[str, Any]:
    """The dict that makes NEST's neuron this one; V_m and ASCurrents set by hand."""
    given = params.to_dict()
    del given["I_e"]  # not a parameter of NEST's model
    given["V_m"] = params.E_L
    if params.model.after_spike_currents:  # asc_init alone does not set them
        given["ASCurrents"] = params.asc_init
    return given


def run_nest(params: GlifParameters, stimulus: Stimulus, dt: float) -> dict[str, np.ndarray]:
    """Every recordable of one neuron, shape (T,), and `spike_steps`.

    The whole cycle that a change of one parameter costs a NEST user: reset, create, connect,
    simulate, read.
    """
    n_steps = len(stimulus.current)
    nest.ResetKernel()
    nest.verbosity = nest.VerbosityLevel.ERROR
    nest.resolution = dt
    neuron = nest.Create("glif_psc_double_alpha", params=nest_parameters(params))
    changes = np.flatnonzero(np.diff(stimulus.current, prepend=0.0))
    if len(changes):
        generator = nest.Create(
            "step_current_generator",
            params={
                "amplitude_times": _times(changes, dt),
                "amplitude_values": stimulus.current[changes],
            },
        )
        nest.Connect(generator, neuron, syn_spec={"delay": dt})
    for port, weights in enumerate(np.asarray(stimulus.weights).T):
        steps = np.flatnonzero(weights)
        if not len(steps):
            continue
        generator = nest.Create(
            "spike_generator",
            params={"spike_times": _times(steps, dt), "spike_weights": weights[steps]},
        )
        nest.Connect(generator, neuron, syn_spec={"delay": dt, "receptor_type": port + 1})
    meter = nest.Create("multimeter", params={"record_from": list(RECORDABLES), "interval": dt})
    recorder = nest.Create("spike_recorder")
    nest.Connect(meter, neuron, syn_spec={"delay": dt})
    nest.Connect(neuron, recorder, syn_spec={"delay": dt})
    # Devices answer one step later, so two more steps are run and cut off.
    nest.Simulate(round((n_steps + 2) * dt, 6))
    events = meter.get("events")
    traces = {name: np.asarray(events[name])[:n_steps] for name in RECORDABLES}
    steps = np.rint(np.asarray(recorder.get("events")["times"]) / dt).astype(int) - 1
    assert np.array_equal(np.rint(events["times"][:n_steps] / dt), np.arange(1, n_steps + 1))
    return traces | {"spike_steps": steps[steps < n_steps]}


def _times(steps: np.ndarray, dt: float) -> np.ndarray:
    # On NEST's grid of 1 us, where n * dt may be off by a rounding error.
    return np.round(steps * dt, 3)

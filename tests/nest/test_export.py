"""Scripts that glifcore writes, run as a user would run them: in NEST, brainpy.state and NumPy."""

import subprocess
import sys

import nest
import numpy as np
import pytest

from glifcore import (
    GlifModel,
    GlifParameters,
    NoiseCurrent,
    ParameterError,
    SpikeTrain,
    StepCurrent,
    Stimulus,
    draw_population,
    from_nest,
    load_preset,
    make_stimulus,
    nest_recordables,
    simulate,
    to_brainpy,
    to_nest,
    to_numpy,
)
from tests import tolerances
from tests.nest.oracle import nest_parameters

# mV and pA
TOOLS = {to_nest: tolerances.V_M, to_brainpy: tolerances.BRAINPY, to_numpy: tolerances.NUMPY}

THREE_PORTS = GlifParameters(
    model=GlifModel.GLIF5,
    E_L=-75.0,
    I_e=30.0,
    t_ref=1.12,  # which is 56 steps, and 57 where it is divided in floating point
    asc_init=(12.0, -5.0, 2.0),
    asc_decay=(0.003, 0.1, 0.02),
    asc_amps=(-9.18, -198.94, 5.0),
    asc_r=(1.0, 0.5, 0.9),
    tau_syn_fast=(2.0, 1.1, 0.7),
    tau_syn_slow=(6.0, 8.3, 31.0),
    amp_slow=(0.3, 0.45, 0.1),
)


def events_from_the_first_step_on(dt):
    return make_stimulus(
        StepCurrent(250.0, 0.0, 80.0),
        NoiseCurrent(20.0, 40.0, 3.0, seed=3, start=40.0),
        SpikeTrain([0.0, 30.0, 30.02], 90.0, 0),
        SpikeTrain([0.02, 60.0, 61.0], -40.0, 1),
        SpikeTrain([90.0], 300.0, 2),
        duration=120.0,
        dt=dt,
        n_receptors=3,
    )


def every_level_with_its_own_input():
    cells = draw_population(GlifParameters(), 5, {"g": 0.5, "C_m": 4.0, "asc_amps": 20.0}, seed=1)
    cells = cells.replace(model=tuple(GlifModel), I_e=[0.0, 10.0, 0.0, 20.0, 5.0])
    rng = np.random.default_rng(2)
    current = np.zeros((1000, 5))
    current[100:800] = rng.uniform(280.0, 420.0, 5)
    return cells, Stimulus(current, 60.0 * (rng.random((1000, 5, 1)) < 0.02))


CASES = {
    "one": (THREE_PORTS, events_from_the_first_step_on(0.02), 0.02, 3),
    "levels": (*every_level_with_its_own_input(), 0.1, 10),
    "shared": (
        draw_population(load_preset("488701127", GlifModel.GLIF4), 2, {"V_th": 1.0}),
        make_stimulus(StepCurrent(300.0, 10.0), duration=100.0),
        0.1,
        2,
    ),
}


def run(script, folder):
    """The `traces` that a script leaves, run by a Python of its own."""
    path, result = folder / "script.py", folder / "traces.npz"
    path.write_text(script + f"\nnp.savez({str(result)!r}, **traces)\n", encoding="utf-8")
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return dict(np.load(result)), done.stdout


@pytest.mark.parametrize("export", TOOLS, ids=lambda export: export.__name__)
@pytest.mark.parametrize("case", CASES)
def test_a_script_gives_our_numbers(export, case, tmp_path):
    params, stimulus, dt, least_spikes = CASES[case]
    found, printed = run(export(params, stimulus, dt), tmp_path)
    ours = simulate(params, stimulus, dt=dt)
    if export is to_nest:
        ours = nest_recordables(ours, params, dt)
    assert {"V_m", "threshold", "I_syn", "spike"} <= found.keys()
    for name, theirs in found.items():
        expected = getattr(ours, name).reshape(theirs.shape)
        assert np.abs(theirs * 1.0 - expected).max() <= TOOLS[export], name
    assert ours.spike.sum() >= least_spikes
    first = (np.flatnonzero(ours.spike.reshape(len(stimulus.current), -1)[:, 0])[0] + 1) * dt
    assert f"neuron 0: spikes at [{first:.4g}"[:26] in printed.replace("[ ", "[")


@pytest.mark.parametrize("export", TOOLS, ids=lambda export: export.__name__)
def test_without_a_stimulus_a_neuron_is_left_alone(export, tmp_path):
    found, _ = run(export(GlifParameters(I_e=100.0)), tmp_path)
    assert found["V_m"].shape == (5000, 1)
    assert found["V_m"][-1, 0] == pytest.approx(-78.85 + 100.0 / 9.43)


@pytest.mark.parametrize("export", [to_nest, to_brainpy])
def test_what_another_tool_cannot_run_is_told(export):
    with pytest.warns(UserWarning, match="reject"):
        refused = load_preset("518750800", GlifModel.GLIF4)
    with pytest.raises(ParameterError, match="cannot run this neuron: `voltage_reset_fraction`"):
        export(refused)
    nan_there = GlifParameters(model=GlifModel.GLIF5, th_voltage_decay=9.43 / 58.72)
    with pytest.raises(ParameterError, match="equal to `g / C_m` makes the threshold NaN"):
        export(nan_there)
    export(nan_there.replace(model=GlifModel.GLIF4))  # plays no part there


@pytest.mark.parametrize("export", TOOLS)
def test_a_broken_rule_is_told_before_anything_is_written(export):
    with pytest.raises(ParameterError, match="`g` is -1 nS"):
        export(GlifParameters(g=-1.0))
    with pytest.raises(ParameterError, match="is for 2 ports and the neuron has 1"):
        export(GlifParameters(), make_stimulus(duration=1.0, n_receptors=2))


@pytest.mark.parametrize("model", GlifModel)
def test_a_nest_neuron_is_read(model):
    params = THREE_PORTS.replace(model=model, I_e=0.0)
    nest.ResetKernel()
    neuron = nest.Create("glif_psc_double_alpha", params=nest_parameters(params))
    if not model.after_spike_currents:
        params = params.replace(asc_init=neuron.get("ASCurrents"))
    assert from_nest(neuron.get()) == params


def test_nest_neurons_are_read_as_a_population():
    nest.ResetKernel()
    neurons = nest.Create("glif_psc_double_alpha", 3)
    neurons.set([{"g": 8.0}, {"spike_dependent_threshold": True}, {"asc_amps": [1.0, 2.0]}])
    params = from_nest(neurons.get())
    assert params.size == (3,)
    assert params.g.tolist() == [8.0, 9.43, 9.43]
    assert params.model == (GlifModel.GLIF1, GlifModel.GLIF2, GlifModel.GLIF1)
    assert params.asc_amps[2].tolist() == [1.0, 2.0]

"""The same numbers as NEST: fifteen cases it computed earlier, and NEST itself, live."""

import json
from pathlib import Path

import numpy as np
import pytest

from glifcore import (
    GlifModel,
    GlifParameters,
    SpikeTrain,
    StepCurrent,
    Stimulus,
    make_stimulus,
    nest_recordables,
    simulate,
)
from tests import tolerances
from tests.nest.oracle import run_nest

REFERENCE = sorted((Path(__file__).parent / "reference").glob("*.npz"))
TOLERANCES = {
    "V_m": tolerances.V_M,
    "threshold": tolerances.THRESHOLD,
    "threshold_spike": tolerances.THRESHOLD,
    "threshold_voltage": tolerances.THRESHOLD,
    "ASCurrents_sum": tolerances.ASC,
    "I": 0.0,
    "I_syn": tolerances.I_SYN,
}


def assert_same(params, stimulus, dt, expected, least_spikes=1):
    traces = nest_recordables(simulate(params, stimulus, dt=dt), params, dt)
    steps = np.flatnonzero(traces.spike)
    assert np.array_equal(steps, expected["spike_steps"])
    assert len(steps) >= least_spikes
    for name, tolerance in TOLERANCES.items():
        assert np.abs(getattr(traces, name) - expected[name]).max() <= tolerance, name


@pytest.mark.parametrize("path", REFERENCE, ids=lambda p: p.stem)
def test_a_case_that_nest_computed_earlier(path):
    case = np.load(path)
    config = json.loads(str(case["config"]))
    params = GlifParameters.from_dict(config["parameters"])
    stimulus = Stimulus(case["current"], case["spikes"])
    assert_same(params, stimulus, config["dt"], case, least_spikes=8)


def test_all_fifteen_are_here():
    assert len(REFERENCE) == 15


def busy(dt, n_receptors, duration=150.0):
    """Current and trains that make any of the cells below spike, inhibition included."""
    rng = np.random.default_rng(7)
    trains = [
        SpikeTrain(np.sort(rng.choice(np.arange(2, 140), 12)), -40.0 if k == 1 else 120.0, k)
        for k in range(n_receptors)
    ]
    return make_stimulus(
        StepCurrent(300.0, 5.0, 120.0),
        StepCurrent(-150.0, 60.0, 80.0),
        *trains,
        duration=duration,
        dt=dt,
        n_receptors=n_receptors,
    )


@pytest.mark.parametrize("model", GlifModel)
@pytest.mark.parametrize("dt", [0.01, 0.05, 0.1, 0.2])
def test_every_level_at_every_step(model, dt):
    params = GlifParameters(
        model=model,
        tau_syn_fast=(2.0, 1.1, 0.7),
        tau_syn_slow=(6.0, 8.3, 31.0),
        amp_slow=(0.3, 0.45, 0.1),
        asc_init=(12.0, -5.0),
    )
    stimulus = busy(dt, 3)
    assert_same(params, stimulus, dt, run_nest(params, stimulus, dt), least_spikes=3)


@pytest.mark.parametrize("offset", [0.0, 1e-12, 1e-9, 1e-6, 1e-3])
@pytest.mark.parametrize("model", [GlifModel.GLIF1, GlifModel.GLIF5])
def test_a_synapse_as_fast_as_the_membrane(offset, model):
    tau_m = 58.72 / 9.43
    params = GlifParameters(model=model, tau_syn_fast=(tau_m + offset,), tau_syn_slow=(tau_m,))
    stimulus = busy(0.1, 1)
    assert_same(params, stimulus, 0.1, run_nest(params, stimulus, 0.1))


@pytest.mark.parametrize("t_ref", [0.004, 0.07, 1.23, 3.75, 3.751, 5.03])
@pytest.mark.parametrize("dt", [0.05, 0.1])
def test_a_refractory_period_off_the_grid(t_ref, dt):
    params = GlifParameters(model=GlifModel.GLIF4, t_ref=t_ref)
    stimulus = busy(dt, 1)
    assert_same(params, stimulus, dt, run_nest(params, stimulus, dt))


@pytest.mark.parametrize("seed", range(10))
def test_random_neurons(seed):
    rng = np.random.default_rng(seed)
    ports, ascs = rng.integers(1, 6, 2).tolist()
    dt = float(rng.choice([0.02, 0.05, 0.1, 0.125, 0.2]))
    params = GlifParameters(
        model=GlifModel[f"GLIF{seed % 5 + 1}"],
        g=rng.uniform(5, 20),
        E_L=rng.uniform(-80, -65),
        V_th=rng.uniform(-55, -40),
        C_m=rng.uniform(50, 300),
        t_ref=rng.uniform(0.5, 6),
        th_spike_add=rng.uniform(0, 5),
        th_spike_decay=rng.uniform(0.005, 0.1),
        voltage_reset_fraction=rng.uniform(0, 0.5),
        voltage_reset_add=rng.uniform(-5, 5),
        th_voltage_index=rng.uniform(-0.01, 0.02),
        th_voltage_decay=rng.uniform(0.01, 0.3),
        asc_init=rng.uniform(-20, 20, ascs),
        asc_decay=rng.uniform(0.002, 0.3, ascs),
        asc_amps=rng.uniform(-100, 50, ascs),
        asc_r=rng.uniform(0, 1, ascs),
        tau_syn_fast=rng.uniform(0.2, 8, ports),
        tau_syn_slow=rng.uniform(3, 50, ports),
        amp_slow=rng.uniform(0.05, 1.5, ports),
    )
    current, weights = busy(dt, ports)
    stimulus = Stimulus(current * 3, weights)
    assert_same(params, stimulus, dt, run_nest(params, stimulus, dt))


def test_a_threshold_that_decays_like_the_membrane_works_here():
    params = GlifParameters(model=GlifModel.GLIF5, th_voltage_decay=9.43 / 58.72)
    near = params.replace(th_voltage_decay=9.43 / 58.72 * (1 + 1e-7))
    stimulus = busy(0.1, 1)
    ours = simulate(params, stimulus)
    assert np.abs(ours.threshold - run_nest(near, stimulus, 0.1)["threshold"]).max() < 1e-5
    # NEST itself divides zero by zero there and never spikes.
    assert np.isnan(run_nest(params, stimulus, 0.1)["threshold"][1:]).all()
    assert ours.spike.any()

"""The differences that docs/guide.md lists: what the others do, and what glifcore does instead.

What NEST does at `th_voltage_decay` equal to `g / C_m`, and near tau_m, is held in test_nest.py.
"""

import json
import subprocess
import sys

import jax
import jax.numpy as jnp
import nest
import numpy as np
import pytest

import glifcore as gc
from glifcore.propagators import refractory_steps
from tests import tolerances
from tests.nest.oracle import run_nest


@pytest.fixture(scope="module")
def brainpy():
    done = subprocess.run(
        [sys.executable, "-m", "tests.nest.brainpy_facts"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("label", [None, "excitatory_receptor_0"])
def test_an_input_without_a_plain_port_goes_to_port_0(brainpy, label):
    assert brainpy["charge"]["receptor_0"] > 1000.0
    assert brainpy["charge"][str(label)] == 0.0
    ours = gc.glif_psc_double_alpha(1)
    ours.add_delta_input(label, 100.0)
    charge = sum((ours.update(), ours.get_I_syn()[0])[1] for _ in range(20))
    assert charge == pytest.approx(brainpy["charge"]["receptor_0"], abs=tolerances.BRAINPY)


def test_an_unknown_port_is_told(brainpy):
    assert brainpy["charge"]["receptor_7"] == 0.0
    with pytest.raises(gc.ParameterError, match="the ports here are receptor_0"):
        gc.glif_psc_double_alpha(1).add_delta_input("receptor_7", 100.0)


def test_arrays_and_units_are_taken(brainpy):
    assert brainpy["error"]["array"] == brainpy["error"]["unit of tau_syn"] == "TypeError"
    import saiunit as u

    ours = gc.glif_psc_double_alpha(2, g=np.array([9.0, 10.0]), tau_syn_fast=(1.0,) * u.ms)
    assert ours.params.g.tolist() == [9.0, 10.0]


def test_a_batch_is_an_axis(brainpy):
    assert brainpy["batch"] == [2]
    ours = gc.glif_psc_double_alpha(2)
    ours.init_state(batch_size=4)
    assert ours.V.shape == (4, 2)


def test_an_update_needs_no_clock(brainpy):
    assert brainpy["error"]["update without time"] == "KeyError"
    assert gc.glif_psc_double_alpha(1).update().tolist() == [0.0]


def test_gradients_flow_through_every_step(brainpy):
    def V(current):
        stimulus = gc.Stimulus(jnp.full(50, current), jnp.zeros((50, 1)))
        return gc.simulate(gc.GlifParameters(), stimulus, record="V_m").V_m[-1]

    cell = gc.GlifParameters()
    rate = cell.g / cell.C_m
    # A current acts one step late: 49 steps of 0.1 ms.
    exact = -np.expm1(-49 * 0.1 * rate) / cell.g
    assert jax.grad(V)(100.0) == pytest.approx(exact)
    # Theirs is the derivative of the last step alone.
    assert brainpy["gradient of V"] == pytest.approx(-np.expm1(-0.1 * rate) / cell.g)


def test_gradients_flow_through_spikes(brainpy):
    def spikes(current):
        stimulus = gc.Stimulus(jnp.full(500, current), jnp.zeros((500, 1)))
        how = {"surrogate": gc.ReluGrad(), "record": "spikes"}
        return gc.simulate(gc.GlifParameters(), stimulus, **how).spike.sum()

    assert brainpy["gradient of spikes"] == {"hard": 0.0, "soft": 0.0}
    assert spikes(400.0) == brainpy["spikes"] > 2
    assert jax.grad(spikes)(400.0) > 0


def test_the_refractory_period_is_counted_in_microseconds(brainpy):
    assert brainpy["refractory"] == 57
    assert refractory_steps(0.56, 0.01) == 56


def test_what_nobody_else_runs(brainpy):
    assert brainpy["error"]["th_voltage_decay"] == "ZeroDivisionError"
    assert brainpy["error"]["voltage_reset_fraction"] == "ValueError"
    rules = {"spike_dependent_threshold": True, "voltage_reset_fraction": 1.2}
    with pytest.raises(Exception, match="within"):
        nest.Create("glif_psc_double_alpha", params=rules)
    strange = gc.GlifParameters(
        model=gc.GlifModel.GLIF5, th_voltage_decay=9.43 / 58.72, voltage_reset_fraction=1.2
    )
    assert [p.severity for p in gc.problems(strange)] == ["warning", "warning"]
    stimulus = gc.make_stimulus(gc.StepCurrent(300.0), duration=20.0)
    assert np.isfinite(gc.simulate(strange, stimulus).threshold).all()


def test_lengths_are_checked(brainpy):
    assert brainpy["error"]["lengths"] == "ValueError"
    nest.ResetKernel()
    nest.Create("glif_psc_double_alpha", params={"tau_syn_fast": [2.0, 1.0]})  # unchecked there
    with pytest.raises(gc.ParameterError, match="`tau_syn_slow` has 1 values"):
        gc.validate(gc.GlifParameters(tau_syn_fast=(2.0, 1.0)))


def test_asc_init_is_the_state_at_time_0(brainpy):
    assert brainpy["asc_init"] == [5.0, 6.0]
    nest.ResetKernel()
    params = {"after_spike_currents": True, "asc_init": [5.0, 6.0]}
    assert nest.Create("glif_psc_double_alpha", params=params).get("ASCurrents").tolist() == [0, 0]
    cell = gc.GlifParameters(model=gc.GlifModel.GLIF3, asc_init=(5.0, 6.0))
    first = gc.simulate(cell, gc.make_stimulus(duration=1.0), record="ASCurrents").ASCurrents[0]
    assert first == pytest.approx(np.array([5.0, 6.0]) * np.exp(-0.1 * cell.asc_decay))


def test_a_neuron_starts_at_rest():
    nest.ResetKernel()
    assert nest.Create("glif_psc_double_alpha", params={"E_L": -70.0}).get("V_m") == -78.85
    cell = gc.GlifParameters(E_L=-70.0)
    assert gc.simulate(cell, gc.make_stimulus(duration=1.0)).V_m.tolist() == [-70.0] * 10


def test_the_record_of_the_synaptic_current_is_not_late():
    stimulus = gc.make_stimulus(gc.SpikeTrain([1.0], 100.0), duration=20.0)
    theirs = run_nest(gc.GlifParameters(), stimulus, 0.1)["I_syn"]
    ours = gc.simulate(gc.GlifParameters(), stimulus).I_syn
    assert np.abs(theirs[1:] - ours[:-1]).max() < tolerances.I_SYN
    assert np.abs(theirs - ours).max() > 1.0

"""What `simulate` takes, returns, refuses and compiles."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from glifcore import (
    RECORDABLES,
    GlifModel,
    GlifParameters,
    ParameterError,
    RegularTrain,
    SpikeTrain,
    StepCurrent,
    make_stimulus,
    simulate,
    spike_times,
)
from glifcore.padding import padded_size
from glifcore.simulation import _run
from tests.tolerances import GRADIENT

TWO_PORTS = GlifParameters(
    model=GlifModel.GLIF5, tau_syn_fast=(2.0, 1.0), tau_syn_slow=(6.0, 8.0), amp_slow=(0.3, 0.4)
)


def drive(dt=0.1, n_receptors=2, duration=100.0):
    return make_stimulus(
        StepCurrent(350.0, 10.0, 80.0),
        RegularTrain(5.0, 100.0, 5, 60.0, n_receptors - 1),
        duration=duration,
        dt=dt,
        n_receptors=n_receptors,
    )


def test_every_recordable_has_a_number_a_step():
    traces = simulate(TWO_PORTS, drive())
    for name in (*RECORDABLES, "time"):
        trace = getattr(traces, name)
        assert isinstance(trace, np.ndarray)
        assert trace.shape == ((1000, 2) if trace.ndim == 2 else (1000,))
        assert trace.dtype == (bool if name == "spike" else np.float64)
    assert traces.time[0] == 0.1 and traces.time[-1] == pytest.approx(100.0)


def test_parts_of_a_sum_add_up_to_it():
    t = simulate(TWO_PORTS, drive())
    assert np.allclose(t.I_syn, t.I_syn_fast + t.I_syn_slow, rtol=0, atol=1e-12)
    assert np.allclose(t.I_syn_fast, t.I_syn_fast_ports.sum(1), rtol=0, atol=1e-12)
    assert np.allclose(t.I_syn_slow, t.I_syn_slow_ports.sum(1), rtol=0, atol=1e-12)
    whole = TWO_PORTS.V_th + t.threshold_spike + t.threshold_voltage
    assert np.allclose(t.threshold, whole, rtol=0, atol=1e-12)


def test_only_what_is_asked_for_is_recorded():
    traces = simulate(TWO_PORTS, drive(), record=["V_m", "spike"])
    assert traces.threshold is None and traces.V_m is not None
    assert spike_times(simulate(TWO_PORTS, drive(), record="spikes"), 0.1).size > 0
    with pytest.raises(ParameterError, match="hold no `spike`"):
        spike_times(simulate(TWO_PORTS, drive(), record="V_m"), 0.1)
    with pytest.raises(ParameterError, match=r"'v_m' can be recorded.*V_m"):
        simulate(TWO_PORTS, drive(), record="v_m")


def test_spike_times_are_the_ends_of_the_steps():
    traces = simulate(TWO_PORTS, drive())
    assert np.allclose(spike_times(traces, 0.1), traces.time[traces.spike])


def test_I_e_acts_like_an_injected_current_that_came_a_step_earlier():
    held = simulate(TWO_PORTS.replace(I_e=300.0), make_stimulus(duration=100.0, n_receptors=2))
    current = make_stimulus(StepCurrent(300.0), duration=100.0, n_receptors=2)
    injected = simulate(TWO_PORTS, current)
    assert np.allclose(held.V_m[:-1], injected.V_m[1:], rtol=0, atol=1e-9)
    assert np.all(held.I == 300.0)


@pytest.mark.parametrize(
    ("stimulus", "sentence"),
    [
        ((np.zeros(10), np.zeros((10, 1))), "for 1 ports and the neuron has 2"),
        ((np.zeros(10), np.zeros((9, 2))), "same number of steps"),
        ((np.zeros((10, 1, 1)), np.zeros((10, 2))), r"must be \(T,\) and \(T, R\)"),
        ((np.zeros(0), np.zeros((0, 2))), "no steps"),
    ],
)
def test_shapes_that_do_not_fit_are_named(stimulus, sentence):
    with pytest.raises(ParameterError, match=sentence):
        simulate(TWO_PORTS, stimulus)


def test_padding_costs_at_most_an_eighth():
    for n in range(1, 5000):
        assert n <= padded_size(n) <= max(n * 9 / 8, n + 1)
        assert n <= padded_size(n, 4) <= max(n * 5 / 4, n + 1)
    assert len({padded_size(n) for n in range(1024, 2049)}) == 9
    assert len({padded_size(n, 4) for n in range(1024, 2049)}) == 5


def test_nothing_that_a_user_changes_compiles_again():
    for model in GlifModel:
        for dt in (0.1, 0.05):
            simulate(TWO_PORTS.replace(model=model), drive(), dt=dt)
    before = _run._cache_size()
    rng = np.random.default_rng(1)
    for model in GlifModel:
        cell = TWO_PORTS.replace(
            model=model,
            g=rng.uniform(5, 15),
            t_ref=rng.uniform(1, 5),
            tau_syn_fast=rng.uniform(1, 5, 2),
            asc_amps=rng.uniform(-100, 0, 2),
            I_e=int(rng.integers(10)),
        )
        current, weights = drive()
        simulate(cell, (current * 1.1, weights * rng.uniform(0, 2)), dt=0.05)
        simulate(cell, (current[:990], weights[:990]), dt=0.2)
    simulate(TWO_PORTS, (np.ones(1000, dtype=int), np.ones((1000, 2), dtype=int)))
    one_port = GlifParameters(asc_init=0, asc_decay=0.1, asc_amps=5, asc_r=1)
    simulate(one_port, drive(n_receptors=1))
    assert _run._cache_size() == before


@pytest.mark.parametrize(
    "name", ["g", "E_L", "C_m", "tau_syn_fast", "tau_syn_slow", "amp_slow", "I_e", "asc_init"]
)
def test_gradients_of_the_potential_below_threshold_are_exact(name):
    cell = GlifParameters(model=GlifModel.GLIF5, asc_init=(20.0, -30.0))
    stimulus = make_stimulus(
        StepCurrent(100.0, 5.0, 30.0), SpikeTrain([10.0, 20.0], 50.0), duration=50.0
    )

    def loss(value):
        V_m = simulate(cell.replace(**{name: value}), stimulus, record="V_m").V_m
        return jnp.sum(jnp.sin(V_m))

    point = jnp.asarray(getattr(cell, name), float)
    gradient = jax.grad(loss)(point)
    for i in range(point.size):
        e = 1e-5 * max(1.0, abs(float(point.ravel()[i])))
        shift = jnp.zeros_like(point).ravel().at[i].set(e).reshape(point.shape)
        slope = float(loss(point + shift) - loss(point - shift)) / (2 * e)
        assert float(gradient.ravel()[i]) == pytest.approx(slope, rel=10 * GRADIENT, abs=1e-7)


def test_gradients_are_finite_where_rates_meet():
    cell = GlifParameters(model=GlifModel.GLIF5)

    def loss(tau, decay):
        changed = cell.replace(tau_syn_fast=tau, th_voltage_decay=decay)
        traces = simulate(changed, drive(n_receptors=1))
        return jnp.sum(traces.V_m) + jnp.sum(traces.threshold)

    gradient = jax.grad(loss, argnums=(0, 1))(cell.C_m / cell.g, cell.g / cell.C_m)
    assert np.all(np.isfinite(gradient))


def test_jax_in_gives_jax_out():
    assert isinstance(simulate(TWO_PORTS.replace(g=jnp.float64(9.0)), drive()).V_m, jax.Array)

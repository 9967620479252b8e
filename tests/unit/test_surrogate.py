"""Spike functions: a step forwards, the promised derivative backwards, and the same numbers."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from glifcore import (
    ArctanGrad,
    GaussianGrad,
    GlifModel,
    GlifParameters,
    ReluGrad,
    SigmoidGrad,
    SpikeTrain,
    StepCurrent,
    make_stimulus,
    simulate,
)

SURROGATES = [ReluGrad(), SigmoidGrad(), ArctanGrad(), GaussianGrad()]
X = np.linspace(-2.0, 2.0, 41)


def drive(duration=100.0):
    return make_stimulus(
        StepCurrent(350.0, 10.0), SpikeTrain([20.0, 40.0, 60.0], 80.0), duration=duration
    )


@pytest.mark.parametrize("surrogate", SURROGATES)
def test_forwards_it_is_a_step(surrogate):
    assert np.array_equal(surrogate(jnp.asarray(X)), (X > 0).astype(float))


@pytest.mark.parametrize(
    ("surrogate", "integral"),
    [
        (ReluGrad(), lambda x: np.where(np.abs(x) < 1, 0.3 * (1 - np.abs(x)), 0.0)),
        (SigmoidGrad(), lambda x: 1.0 / np.cosh(2 * x) ** 2),
        (ArctanGrad(), lambda x: 1.0 / (1 + (np.pi * x) ** 2)),
        (GaussianGrad(), lambda x: np.exp(-2 * x**2) / np.sqrt(2 * np.pi)),
    ],
)
def test_backwards_it_is_what_its_name_says(surrogate, integral):
    slopes = jax.vmap(jax.grad(surrogate))(jnp.asarray(X))
    assert np.allclose(slopes, integral(X), rtol=1e-12, atol=1e-15)


def test_the_default_is_that_of_the_specification():
    assert (ReluGrad().alpha, ReluGrad().width) == (0.3, 1.0)


@pytest.mark.parametrize("model", GlifModel)
@pytest.mark.parametrize("surrogate", SURROGATES)
def test_no_number_of_a_simulation_changes(model, surrogate):
    cell = GlifParameters(model=model)
    plain, soft = simulate(cell, drive()), simulate(cell, drive(), surrogate=surrogate)
    assert plain.spike.sum() > 2
    for name in ("V_m", "threshold", "ASCurrents", "I_syn"):
        assert np.array_equal(getattr(plain, name), getattr(soft, name))
    assert np.array_equal(plain.spike, soft.spike > 0)
    assert set(soft.spike) == {0.0, 1.0}


@pytest.mark.parametrize("model", GlifModel)
@pytest.mark.parametrize("surrogate", SURROGATES)
def test_gradients_reach_every_parameter_through_spikes(model, surrogate):
    cell = GlifParameters(model=model)

    def spikes(params):
        traces = simulate(params, drive(), surrogate=surrogate, record="spikes")
        return jnp.sum(traces.spike)

    gradient = jax.grad(spikes)(jax.tree.map(jnp.asarray, cell))
    leaves = [np.asarray(leaf) for leaf in jax.tree.leaves(gradient)]
    assert all(np.all(np.isfinite(leaf)) for leaf in leaves)
    assert gradient.I_e > 0  # more current, more spikes
    # Surrogate gradients are approximate: elsewhere only whether they arrive is promised.
    assert gradient.V_th != 0
    assert np.all(np.asarray(gradient.asc_amps) != 0) == model.after_spike_currents
    assert (gradient.th_spike_add != 0) == model.spike_dependent_threshold
    assert (gradient.th_voltage_index != 0) == model.adapting_threshold


def test_without_a_surrogate_spikes_have_no_gradient():
    cell = GlifParameters()

    def spikes(I_e):
        traces = simulate(cell.replace(I_e=I_e), drive(), record="spikes")
        return jnp.sum(traces.spike * 1.0)

    assert jax.grad(spikes)(10.0) == 0.0


def test_three_parameters_are_recovered_from_a_voltage_trace():
    """Gauss-Newton on g, C_m and tau_syn_fast, from 25 % off, by forward-mode Jacobians."""
    truth = np.array([9.43, 58.72, 2.0])
    stimulus = make_stimulus(
        StepCurrent(100.0, 5.0, 40.0), SpikeTrain([50.0, 60.0], 80.0), duration=90.0
    )

    def voltage(log_values):
        g, C_m, tau = jnp.exp(log_values)
        cell = GlifParameters().replace(g=g, C_m=C_m, tau_syn_fast=tau)
        return simulate(cell, stimulus, record="V_m").V_m

    recorded = voltage(jnp.log(truth))
    guess = jnp.log(truth * np.array([1.25, 0.8, 1.25]))
    jacobian = jax.jit(jax.jacfwd(voltage))
    for _ in range(8):
        residual = recorded - voltage(guess)
        guess = guess + jnp.linalg.lstsq(jacobian(guess), residual)[0]
    assert np.allclose(np.exp(guess), truth, rtol=1e-8)


@pytest.mark.parametrize("start", [200.0, 330.0])
def test_a_weight_is_recovered_from_spike_times(start):
    """Descent on the distance of smoothed spike trains, by the sign of the surrogate gradient."""
    cell = GlifParameters()
    train = SpikeTrain(np.arange(10.0, 280.0, 9.0), 1.0)
    current, weights = make_stimulus(train, duration=300.0)
    kernel = jnp.exp(-jnp.arange(0.0, 60.0, 0.1) / 10.0)

    def smoothed(weight):
        stimulus = (current, weight * weights)
        spike = simulate(cell, stimulus, surrogate=ReluGrad(), record="spikes").spike
        return jnp.convolve(spike, kernel)

    target = smoothed(jnp.asarray(260.0))
    loss = jax.jit(jax.value_and_grad(lambda weight: jnp.mean((smoothed(weight) - target) ** 2)))
    tried, weight, size = {}, start, 16.0
    for _ in range(80):
        value, slope = loss(jnp.asarray(weight))
        tried[weight] = float(value)
        weight -= size * float(jnp.sign(slope))
        size *= 0.94
    best = min(tried, key=tried.__getitem__)
    assert tried[best] == 0.0  # the same spikes to the step
    assert best == pytest.approx(260.0, rel=0.003)

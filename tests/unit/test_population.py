"""A population is as many single neurons, computed together."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from glifcore import (
    FIELDS,
    RECORDABLES,
    GlifModel,
    GlifParameters,
    ParameterError,
    RegularTrain,
    StepCurrent,
    Stimulus,
    make_stimulus,
    nest_recordables,
    problems,
    simulate,
    spike_times,
)
from glifcore.simulation import CHUNK, _run
from tests.tolerances import LAW

N = 7
TWO_PORTS = GlifParameters(
    model=GlifModel.GLIF5, tau_syn_fast=(2.0, 1.0), tau_syn_slow=(6.0, 8.0), amp_slow=(0.3, 0.4)
)


def heterogeneous(n=N, seed=0):
    rng = np.random.default_rng(seed)
    return TWO_PORTS.replace(
        g=rng.uniform(8, 12, n),
        t_ref=rng.uniform(1, 5, n),
        asc_amps=rng.uniform(-100, 0, (n, 2)),
        tau_syn_fast=rng.uniform(1, 5, (n, 2)),
    )


def one_of(params, i):
    """Neuron i of a population, alone."""
    values = {}
    for name, info in FIELDS.items():
        value = getattr(params, name)
        many = np.ndim(value) == (1 if info.per == "neuron" else 2)
        values[name] = value[i] if many else value
    model = params.model if isinstance(params.model, GlifModel) else params.model[i]
    return GlifParameters(model=model, **values)


def drive(duration=60.0):
    return make_stimulus(
        StepCurrent(350.0, 5.0, 50.0),
        RegularTrain(5.0, 100.0, 5, 60.0, 1),
        duration=duration,
        n_receptors=2,
    )


def private(n, seed=1):
    current, weights = drive()
    rng = np.random.default_rng(seed)
    factors = rng.uniform(0.5, 1.5, n)
    return Stimulus(current[:, None] * factors, weights[:, None, :] * factors[:, None])


@pytest.mark.parametrize("stimulus", [drive(), private(N)], ids=["shared", "private"])
def test_every_neuron_does_what_it_does_alone(stimulus):
    params = heterogeneous()
    together = simulate(params, stimulus)
    for i in range(N):
        own = stimulus
        if stimulus.current.ndim == 2:
            own = Stimulus(stimulus.current[:, i], stimulus.weights[:, i])
        alone = simulate(one_of(params, i), own)
        for name in RECORDABLES:
            assert np.allclose(
                getattr(together, name)[:, i], getattr(alone, name), rtol=0, atol=LAW
            ), name


def test_shapes_have_the_neurons_after_the_steps():
    traces = simulate(heterogeneous(), drive())
    assert traces.V_m.shape == (600, N)
    assert traces.ASCurrents.shape == (600, N, 2)
    assert traces.I_syn_fast_ports.shape == (600, N, 2)
    assert traces.time.shape == (600,)
    assert len(spike_times(traces, 0.1)) == N


def test_a_private_stimulus_makes_a_population_of_equal_neurons():
    traces = simulate(TWO_PORTS, private(3))
    assert traces.V_m.shape == (600, 3)
    assert not np.allclose(traces.V_m[:, 0], traces.V_m[:, 1])


def test_chunks_and_their_padding_leave_no_trace():
    n = 2 * CHUNK + 3
    params = heterogeneous(n)
    traces = simulate(params, drive(), record=["V_m", "spike"])
    for i in (0, CHUNK - 1, CHUNK, 2 * CHUNK, n - 1):
        alone = simulate(one_of(params, i), drive(), record=["V_m", "spike"])
        assert np.array_equal(alone.spike, traces.spike[:, i])
        assert np.allclose(alone.V_m, traces.V_m[:, i], rtol=0, atol=LAW)


def test_neurons_may_differ_in_level():
    models = (GlifModel.GLIF1, GlifModel.GLIF5, GlifModel.GLIF3, GlifModel.GLIF2, GlifModel.GLIF4)
    params = TWO_PORTS.replace(model=models)
    traces = simulate(params, drive())
    for i in range(len(models)):
        alone = simulate(one_of(params, i), drive())
        assert np.array_equal(alone.spike, traces.spike[:, i])
        assert np.allclose(alone.threshold, traces.threshold[:, i], rtol=0, atol=LAW)
    assert GlifParameters.from_dict(params.to_dict()) == params


def test_nests_record_of_a_population_is_that_of_its_neurons():
    params = heterogeneous()
    together = nest_recordables(simulate(params, drive()), params, 0.1)
    for i in range(N):
        own = one_of(params, i)
        alone = nest_recordables(simulate(own, drive()), own, 0.1)
        assert np.allclose(together.I_syn[:, i], alone.I_syn, rtol=0, atol=LAW)
        assert np.allclose(
            together.I_syn_fast_ports[:, i], alone.I_syn_fast_ports, rtol=0, atol=LAW
        )


def test_other_numbers_in_a_population_compile_nothing():
    simulate(heterogeneous(), drive())
    before = _run._cache_size()
    simulate(heterogeneous(seed=5), drive(59.0), dt=0.05)
    assert _run._cache_size() == before


def test_a_population_flows_gradients():
    params = heterogeneous()

    def loss(g):
        return jnp.sum(simulate(params.replace(g=g), drive(), record="V_m").V_m)

    quiet = make_stimulus(StepCurrent(50.0), duration=20.0, n_receptors=2)

    def quiet_loss(g):
        return jnp.sum(simulate(params.replace(g=g), quiet, record="V_m").V_m)

    g = jnp.asarray(params.g)
    assert np.all(np.isfinite(jax.grad(loss)(g)))
    gradient = jax.grad(quiet_loss)(g)
    e = 1e-5
    slope = (quiet_loss(g.at[2].add(e)) - quiet_loss(g.at[2].add(-e))) / (2 * e)
    assert float(gradient[2]) == pytest.approx(float(slope), rel=1e-6)


def test_the_broken_neuron_is_named():
    (problem,) = problems(TWO_PORTS.replace(g=np.array([9.0, -1.0, 9.0])))
    assert "`g[1]` is -1 nS" in problem.message
    (problem,) = problems(TWO_PORTS.replace(V_reset=np.array([-80.0, -40.0])))
    assert "-40 mV" in problem.message


def test_a_rule_counts_only_for_neurons_whose_level_uses_the_parameter():
    models = (GlifModel.GLIF1, GlifModel.GLIF5)
    decay = np.array([-1.0, 0.09])
    assert problems(TWO_PORTS.replace(model=models, th_voltage_decay=decay)) == ()
    (problem,) = problems(TWO_PORTS.replace(model=models, th_voltage_decay=decay[::-1]))
    assert "`th_voltage_decay[1]` is -1 1/ms" in problem.message


def test_levels_that_are_none_are_refused():
    with pytest.raises(ParameterError, match="one for each neuron"):
        TWO_PORTS.replace(model=["GLIF1", "GLIF2"])


@pytest.mark.parametrize(
    ("params", "stimulus"),
    [
        (heterogeneous(3), private(4)),
        (TWO_PORTS, Stimulus(np.zeros((10, 3)), np.zeros((10, 4, 2)))),
    ],
)
def test_populations_that_do_not_fit_are_refused(params, stimulus):
    with pytest.raises(ParameterError, match="counted differently"):
        simulate(params, stimulus)

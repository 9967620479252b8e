"""The object API: what its specification promises, and the numbers of `simulate`, step for step."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import saiunit as u

from glifcore import (
    GlifModel,
    GlifParameters,
    ParameterError,
    ReluGrad,
    SigmoidGrad,
    SpikeTrain,
    StepCurrent,
    draw_population,
    glif_psc_double_alpha,
    make_stimulus,
    simulate,
)
from tests.tolerances import LAW

GLIF5 = {
    "spike_dependent_threshold": True,
    "after_spike_currents": True,
    "adapting_threshold": True,
}
TWO_PORTS = {"tau_syn_fast": (2.0, 1.0), "tau_syn_slow": (6.0, 8.0), "amp_slow": (0.3, 0.4)}


def stimulus():
    return make_stimulus(
        StepCurrent(350.0, 2.0, 25.0),
        SpikeTrain([3.0, 9.0, 9.5], 80.0, 0),
        SpikeTrain([5.0, 12.0], -40.0, 1),
        duration=30.0,
        n_receptors=2,
    )


def test_every_step_is_that_of_simulate():
    population = glif_psc_double_alpha(3, **GLIF5, **TWO_PORTS)
    current, weights = stimulus()
    params = GlifParameters(model=GlifModel.GLIF5, **TWO_PORTS)
    traces = simulate(params, (current, weights))
    for n in range(len(current)):
        for port in (0, 1):
            population.add_delta_input(f"receptor_{port}", weights[n, port])
        spike = population.update(current[n])
        assert spike.shape == (3,)
        assert np.all(spike == traces.spike[n])
        for ours, theirs in (
            (population.V, traces.V_m),
            (population.threshold, traces.threshold),
            (population.threshold_spike, traces.threshold_spike),
            (population.threshold_voltage, traces.threshold_voltage),
            (population.get_I_syn(), traces.I_syn),
            (population.get_I_syn_fast(), traces.I_syn_fast),
            (population.get_I_syn_slow(), traces.I_syn_slow),
        ):
            assert np.allclose(ours, theirs[n], rtol=0, atol=LAW)
        assert np.allclose(population.ASCurrents, traces.ASCurrents[n], rtol=0, atol=LAW)
    assert traces.spike.any()


def test_it_runs_inside_jit_and_scan():
    current, weights = stimulus()
    population = glif_psc_double_alpha(2, **GLIF5, **TWO_PORTS)

    @jax.jit
    def run(state, current, weights):
        def body(state, arriving):
            population.state = state
            population.add_delta_input("receptor_0", arriving[1][0])
            population.add_delta_input("receptor_1", arriving[1][1])
            spike = population.update(arriving[0])
            return population.state, (spike, population.V)

        return jax.lax.scan(body, state, (current, weights))[1]

    spikes, V = run(population.state, current, weights)
    params = GlifParameters(model=GlifModel.GLIF5, **TWO_PORTS)
    traces = simulate(params, (current, weights))
    assert np.array_equal(spikes[:, 0], traces.spike)
    assert np.allclose(V[:, 1], traces.V_m, rtol=0, atol=LAW)


def test_the_defaults_are_those_of_the_specification():
    population = glif_psc_double_alpha(1)
    assert population.params == GlifParameters()
    assert population.spk_fun == ReluGrad(alpha=0.3, width=1.0)
    assert (population.spk_reset, population.n_receptors) == ("hard", 1)
    assert population.V[0] == -78.85
    assert glif_psc_double_alpha(1, gsl_error_tol=1e-6).params == population.params


@pytest.mark.parametrize("in_size", [4, (4,), (2, 3), (2, 3, 2)])
@pytest.mark.parametrize("batch_size", [None, 5])
def test_shapes_are_batch_and_in_size(in_size, batch_size):
    population = glif_psc_double_alpha(in_size, after_spike_currents=True)
    population.init_state(batch_size)
    shape = (() if batch_size is None else (batch_size,)) + tuple(np.atleast_1d(in_size))
    assert population.varshape == tuple(np.atleast_1d(in_size))
    assert population.update(10.0).shape == shape
    assert population.V.shape == population.get_I_syn().shape == shape
    assert population.ASCurrents.shape == (*shape, 2)
    assert population.get_spike().shape == shape


def test_parameters_are_broadcast_to_the_population():
    g = np.array([[8.0], [10.0]])
    population = glif_psc_double_alpha((2, 3), g=g)
    population.init_state(4)
    for _ in range(50):
        population.update(100.0)
    alone = [
        simulate(GlifParameters(g=x), (np.full(50, 100.0), np.zeros((50, 1)))).V_m[-1]
        for x in (8.0, 10.0)
    ]
    expected = np.broadcast_to(np.reshape(alone, (2, 1)), (4, 2, 3))
    assert np.allclose(population.V, expected, rtol=0, atol=LAW)
    with pytest.raises(ParameterError, match="cannot be broadcast"):
        glif_psc_double_alpha((2, 3), g=np.ones(4))


def test_a_drawn_population_can_be_given():
    drawn = draw_population(GlifParameters(), 3, {"g": 0.5, "asc_amps": 5.0})
    population = glif_psc_double_alpha(3, g=drawn.g, asc_amps=drawn.asc_amps)
    assert np.array_equal(population.params.asc_amps, drawn.asc_amps)


def test_the_start_can_be_given():
    seen = []

    def start(shape, batch_size):
        seen.append((shape, batch_size))
        return np.array([-70.0, -60.0])

    population = glif_psc_double_alpha(2, V_initializer=start)
    assert population.V.tolist() == pytest.approx([-70.0, -60.0])
    population.init_state(batch_size=3)
    assert population.V.shape == (3, 2)
    assert seen == [((2,), None), ((2,), 3)]


@pytest.mark.parametrize(
    ("label", "port"),
    [(None, 0), ("excitation", 0), ("receptor_0", 0), ("receptor_1", 1), ("inh_receptor_1_b", 1)],
)
def test_a_label_names_its_port_anywhere_in_it(label, port):
    population = glif_psc_double_alpha(1, **TWO_PORTS)
    population.add_delta_input(label, 10.0)
    population.update()
    y1 = np.asarray(population.state.y1)[0, :, 0]
    assert np.flatnonzero(y1).tolist() == [port]


def test_an_unknown_port_is_refused_and_the_known_ones_listed():
    population = glif_psc_double_alpha(1, **TWO_PORTS)
    with pytest.raises(ParameterError, match=r"port 2; the ports here are receptor_0, receptor_1"):
        population.add_delta_input("receptor_2", 1.0)


def test_a_number_arrives_once_and_a_function_is_asked_every_time():
    once, always = glif_psc_double_alpha(1), glif_psc_double_alpha(1)
    once.add_delta_input("receptor_0", 10.0)
    always.add_delta_input("receptor_0", lambda: 10.0)
    for population in (once, always):
        population.update()
        population.update()
    assert always.state.y1[0, 0, 0] > 1.9 * once.state.y1[0, 0, 0]


def test_the_spike_function_is_scaled_by_threshold_and_reset():
    population = glif_psc_double_alpha(3, spk_fun=SigmoidGrad())
    spike = population.get_spike(np.array([-78.85, -51.68, -51.0]))
    assert spike.tolist() == [0.0, 0.0, 1.0]
    slope = jax.grad(lambda V: jnp.sum(population.get_spike(V)))(jnp.full(3, -51.68))
    assert np.allclose(slope, 1.0 / (-51.68 + 78.85))


def test_hard_and_soft_resets_differ_in_gradients_only():
    def run(mode, I_e):
        population = glif_psc_double_alpha(1, I_e=0.0, spk_reset=mode)
        for _ in range(120):
            population.update(400.0 + I_e)
        return population.V[0]

    assert run("hard", 0.0) == run("soft", 0.0)
    gradients = [float(jax.grad(lambda x, m=m: run(m, x))(0.0)) for m in ("hard", "soft")]
    assert np.all(np.isfinite(gradients))
    assert gradients[0] != gradients[1]
    with pytest.raises(ParameterError, match="'hard' or 'soft'"):
        glif_psc_double_alpha(1, spk_reset="none")


def test_an_unknown_parameter_is_refused():
    with pytest.raises(ParameterError, match=r"'tau_m'.*tau_syn_fast"):
        glif_psc_double_alpha(1, tau_m=10.0)


def test_the_first_example_of_the_specification():
    neurons = glif_psc_double_alpha(
        in_size=100,
        g=10.0 * u.nS,
        E_L=-70.0 * u.mV,
        V_th=-55.0 * u.mV,
        C_m=250.0 * u.pF,
        t_ref=2.0 * u.ms,
        V_reset=-70.0 * u.mV,
        tau_syn_fast=(2.0,) * u.ms,
        tau_syn_slow=(6.0,) * u.ms,
        amp_slow=(0.5,),
        dt=0.1 * u.ms,
    )
    neurons.init_all_states()
    spikes = neurons.update(10.0 * u.pA)
    assert spikes.shape == (100,) and not spikes.any()
    plain = GlifParameters(g=10, E_L=-70, V_th=-55, C_m=250, t_ref=2, V_reset=-70, amp_slow=(0.5,))
    assert neurons.params == plain


def test_the_second_example_of_the_specification():
    neurons = glif_psc_double_alpha(
        in_size=50,
        **GLIF5,
        tau_syn_fast=(1.0, 3.0) * u.ms,
        tau_syn_slow=(5.0, 10.0) * u.ms,
        amp_slow=(0.3, 0.4),
        asc_decay=(0.01, 0.05) / u.ms,
        asc_amps=(-10.0, -100.0) * u.pA,
    )
    neurons.init_all_states()
    neurons.add_delta_input("excitatory_receptor_0")
    neurons.add_delta_input("inhibitory_receptor_1")
    assert neurons.n_receptors == 2
    assert neurons.params.model is GlifModel.GLIF5
    assert neurons.params.asc_decay.tolist() == [0.01, 0.05]


def test_the_third_example_of_the_specification():
    neurons = glif_psc_double_alpha(2)
    neurons.add_delta_input(weight=100.0 * u.pA)
    for _ in range(25):
        neurons.update()
    total, fast, slow = neurons.get_I_syn(), neurons.get_I_syn_fast(), neurons.get_I_syn_slow()
    assert np.allclose(total, fast + slow)
    assert np.all(total > 100.0) and np.all(slow > 0)

"""The parts of the potential at a spike: what they add up to, and what each of them is alone."""

import jax
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from glifcore import (
    GlifModel,
    GlifParameters,
    ParameterError,
    RegularTrain,
    StepCurrent,
    make_stimulus,
    simulate,
    spike_times,
)
from glifcore.autopsy import autopsy
from glifcore.neuron import initial_state, step
from glifcore.propagators import pack, propagators
from tests.tolerances import LAW

PORTS = {"tau_syn_fast": (2.0, 1.0, 3.0), "tau_syn_slow": (6.0, 8.0, 4.0)}
CELL = GlifParameters(**PORTS, amp_slow=(0.3, 0.4, 0.2), I_e=40.0, asc_init=(25.0, -10.0))
OUT_OF_REACH = {"V_th": 1e6, "th_voltage_index": 0.0}
models = pytest.mark.parametrize("model", list(GlifModel))


def drive():
    parts = [RegularTrain(3.0, 80.0, 20, 40.0 - 20.0 * port, port) for port in range(3)]
    return make_stimulus(StepCurrent(300.0, 5.0, 180.0), *parts, duration=200.0, n_receptors=3)


@jax.jit
def states_had_none_spiked(packed, current, weights, dt):
    """The state that each step leaves if the threshold moves out of reach for that step only."""
    p = propagators(packed, dt)
    far = p._replace(theta_inf=p.theta_inf + 1e9)

    def advance(state, arriving):
        return step(p, state, *arriving), step(far, state, *arriving)

    return jax.lax.scan(advance, initial_state(p), (current, weights))[1]


def potential_without_reset(cell, stimulus, n, dt=0.1):
    """U, theta_s and theta_v of step n, made by the model's own step, as if it did not spike."""
    packed = pack(cell)
    weights = np.zeros((len(stimulus.weights), packed.ports.shape[1]))
    weights[:, : stimulus.weights.shape[1]] = stimulus.weights
    after = states_had_none_spiked(packed, stimulus.current, weights, dt)
    return [float(x[n]) for x in (after.U, after.theta_s, after.theta_v)]


def assert_explains(cell, stimulus, k, traces, dt=0.1):
    found = autopsy(cell, stimulus, k, dt=dt, traces=traces)
    n = np.flatnonzero(traces.spike)[k]
    U, theta_s, theta_v = potential_without_reset(cell, stimulus, n, dt)
    near = {"rel": 1e-12, "abs": LAW}
    pieces = (cell.V_th - cell.E_L, theta_s, theta_v)
    assert (found.U, found.threshold) == pytest.approx((U, sum(pieces)), **near)
    assert (found.theta_inf, found.threshold_spike, found.threshold_voltage) == pytest.approx(
        pieces, **near
    )
    assert found.threshold < found.U + LAW
    return found


@models
def test_the_parts_add_up_to_the_potential_that_the_step_finds(model):
    cell, stimulus = CELL.replace(model=model), drive()
    traces = simulate(cell, stimulus)
    assert traces.spike.sum() >= 3
    for k in range(traces.spike.sum()):
        found = assert_explains(cell, stimulus, k, traces)
        assert found.threshold < found.U
        assert found.fast.shape == found.slow.shape == (3,)
        assert found.ASCurrents.shape == (2,)


@st.composite
def runs(draw):
    """A neuron of any level, with up to three ports and after-spike currents, driven to spike."""
    n_ports, n_ascs = draw(st.integers(1, 3)), draw(st.integers(0, 3))

    def several(n, low, high):
        return [draw(st.floats(low, high)) for _ in range(n)]

    cell = GlifParameters(
        model=draw(st.sampled_from(list(GlifModel))),
        g=draw(st.floats(1.0, 40.0)),
        C_m=draw(st.floats(20.0, 200.0)),
        t_ref=draw(st.sampled_from([0.0004, 0.1, 1.0, 3.75])),
        voltage_reset_add=draw(st.floats(-20.0, 60.0)),
        I_e=draw(st.floats(-100.0, 100.0)),
        tau_syn_fast=several(n_ports, 0.1, 20.0),
        tau_syn_slow=several(n_ports, 0.1, 40.0),
        amp_slow=several(n_ports, 0.01, 2.0),
        asc_init=several(n_ascs, -200.0, 200.0),
        asc_decay=several(n_ascs, 0.001, 0.5),
        asc_amps=several(n_ascs, -200.0, 200.0),
        asc_r=several(n_ascs, 0.0, 1.0),
    )
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    weights = rng.uniform(-300.0, 600.0, (500, n_ports)) * (rng.random((500, n_ports)) < 0.05)
    current = rng.uniform(0.0, 2.0 * draw(st.floats(0.0, 1500.0)), 500)
    return cell, make_stimulus(duration=50.0, n_receptors=n_ports)._replace(
        current=current, weights=weights
    )


@given(runs(), st.sampled_from([0.1, 0.05, 0.5]), st.floats(0.0, 1.0))
@settings(deadline=None, max_examples=60)
def test_every_spike_of_any_neuron_is_explained(run, dt, which):
    traces = simulate(*run, dt=dt)
    count = int(traces.spike.sum())
    assume(count > 0)
    assert_explains(*run, round(which * (count - 1)), traces, dt)


@models
def test_the_step_before_a_spike_was_at_or_below_its_threshold(model):
    cell, stimulus = CELL.replace(model=model), drive()
    traces = simulate(cell, stimulus)
    for k, n in enumerate(np.flatnonzero(traces.spike)):
        assert autopsy(cell, stimulus, k, traces=traces).since < n * 0.1 - LAW
        assert traces.V_m[n - 1] <= traces.threshold[n - 1]


@models
def test_a_part_is_what_its_cause_alone_does_to_a_neuron_that_cannot_spike(model):
    cell, (current, weights) = CELL.replace(model=model), drive()
    traces = simulate(cell, (current, weights))
    quiet = cell.replace(**OUT_OF_REACH, I_e=0.0, asc_init=(0.0, 0.0))
    nothing = (0.0 * current, 0.0 * weights)
    ports = [weights * (np.arange(3) == port) for port in range(3)]
    fast_only = quiet.replace(amp_slow=(1e-30, 1e-30, 1e-30))  # as good as none; 0 is refused

    def alone(one, stimulus):
        return np.concatenate([[0.0], simulate(one, stimulus).V_m - one.E_L])

    stimulus = alone(quiet, (current, nothing[1]))
    constant = alone(quiet.replace(I_e=cell.I_e), nothing)
    fast = np.stack([alone(fast_only, (nothing[0], port)) for port in ports], axis=-1)
    slow = np.stack([alone(quiet, (nothing[0], port)) for port in ports], axis=-1) - fast
    for k in range(traces.spike.sum()):
        found = autopsy(cell, (current, weights), k, traces=traces)
        begin, end = round(found.since / 0.1), round(found.time / 0.1)
        kept = np.exp(-(end - begin) * 0.1 * cell.g / cell.C_m)
        assert found.stimulus == pytest.approx(stimulus[end] - kept * stimulus[begin], abs=LAW)
        assert found.I_e == pytest.approx(constant[end] - kept * constant[begin], abs=LAW)
        assert found.fast == pytest.approx(fast[end] - kept * fast[begin], abs=LAW)
        assert found.slow == pytest.approx(slow[end] - kept * slow[begin], abs=LAW)


@models
def test_before_the_first_spike_an_after_spike_current_is_what_asc_init_left(model):
    cell, stimulus = CELL.replace(model=model), drive()
    found = autopsy(cell, stimulus, 0)
    n = round(found.time / 0.1) - 1
    for j in range(2):
        own = cell.replace(**OUT_OF_REACH, I_e=0.0, asc_init=cell.asc_init * (np.arange(2) == j))
        V_m = simulate(own, make_stimulus(duration=200.0, n_receptors=3)).V_m
        assert found.ASCurrents[j] == pytest.approx(V_m[n] - own.E_L, abs=LAW)
    assert found.ASCurrents.any() == model.after_spike_currents
    assert found.since == 0.0 and found.reset == 0.0


@models
def test_a_port_split_in_two_splits_its_part_in_proportion(model):
    one = GlifParameters(model=model, tau_syn_fast=(2.0,), tau_syn_slow=(6.0,), amp_slow=(0.3,))
    two = one.replace(tau_syn_fast=(2.0, 2.0), tau_syn_slow=(6.0, 6.0), amp_slow=(0.3, 0.3))
    current, weights = make_stimulus(
        StepCurrent(200.0), RegularTrain(5.0, 100.0, 10, 80.0), duration=120.0
    )
    shares = np.array([0.25, 0.75])
    for k in range(2):
        whole = autopsy(one, (current, weights), k)
        split = autopsy(two, (current, weights * shares), k)
        assert split.time == whole.time
        assert split.fast == pytest.approx(shares * whole.fast, abs=LAW)
        assert split.slow == pytest.approx(shares * whole.slow, abs=LAW)


@models
def test_a_spike_from_a_synapse_alone_has_no_other_part(model):
    found = autopsy(
        GlifParameters(model=model),
        make_stimulus(RegularTrain(5.0, 200.0, 10, 800.0), duration=50.0),
        0,
    )
    assert (found.reset, found.stimulus, found.I_e, *found.ASCurrents) == (0.0,) * 5
    assert found.U == found.fast.sum() + found.slow.sum() > found.threshold


@models
def test_the_reset_and_the_last_refractory_step_are_where_an_interval_begins(model):
    cell, stimulus = CELL.replace(model=model), drive()
    traces = simulate(cell, stimulus)
    times = spike_times(traces, 0.1)
    for k in range(1, len(times)):
        found = autopsy(cell, stimulus, k, traces=traces)
        assert found.time == pytest.approx(times[k], abs=1e-12)
        assert found.since == pytest.approx(times[k - 1] + 3.8, abs=1e-9)  # 3.75 ms in whole steps
        start = traces.V_m[np.flatnonzero(traces.spike)[k - 1]] - cell.E_L
        kept = np.exp(-(found.time - found.since) * cell.g / cell.C_m)
        assert found.reset == pytest.approx(start * kept, abs=LAW)


@models
def test_a_spike_of_step_0_comes_from_what_is_there_at_the_start(model):
    cell = GlifParameters(model=model, I_e=1e5)
    stimulus = make_stimulus(StepCurrent(500.0), duration=20.0)
    found = assert_explains(cell, stimulus, 0, simulate(cell, stimulus))
    assert (found.time, found.since, found.stimulus) == (0.1, 0.0, 0.0)
    assert found.I_e == found.U


@pytest.mark.parametrize("model", [m for m in GlifModel if m.spike_dependent_threshold])
def test_spikes_back_to_back_are_explained_by_their_reset(model):
    # 0.0004 ms is less than half a tic: no refractory step at all.
    cell = GlifParameters(model=model, voltage_reset_add=60.0, th_spike_add=0.0, t_ref=0.0004)
    stimulus = make_stimulus(StepCurrent(3000.0), duration=10.0)
    traces = simulate(cell, stimulus)
    assert traces.spike[-20:].all()
    for k in range(1, traces.spike.sum()):
        found = assert_explains(cell, stimulus, k, traces)
        assert found.time - found.since == pytest.approx(0.1)
        assert found.reset > found.threshold


@models
def test_without_traces_the_neuron_is_simulated(model):
    cell, stimulus = CELL.replace(model=model), drive()
    from_traces = autopsy(cell, stimulus, 2, traces=simulate(cell, stimulus))
    made = autopsy(cell, stimulus, 2)
    assert all(np.array_equal(a, b) for a, b in zip(from_traces, made, strict=True))


@pytest.mark.parametrize("spike", [7, 3, -1])
def test_an_unknown_spike_is_told_how_many_there_are(spike):
    stimulus = make_stimulus(StepCurrent(500.0, 5.0, 30.0), duration=40.0)
    cell = GlifParameters()
    assert simulate(cell, stimulus).spike.sum() == 3
    sentence = rf"`spike` is {spike}; this run has 3 spikes, counted from 0\. Choose 0 to 2\."
    with pytest.raises(ParameterError, match=sentence):
        autopsy(cell, stimulus, spike)


def test_a_run_with_one_spike_or_none_says_so():
    cell = GlifParameters()
    with pytest.raises(ParameterError, match=r"has no spikes\. Raise the current"):
        autopsy(cell, make_stimulus(duration=10.0), 0)
    with pytest.raises(ParameterError, match=r"has 1 spike, counted from 0\. Choose 0\."):
        autopsy(cell, make_stimulus(StepCurrent(500.0), duration=6.0), 1)


def test_what_is_not_a_run_of_one_neuron_is_refused():
    cell, stimulus = GlifParameters(), make_stimulus(StepCurrent(500.0), duration=20.0)
    with pytest.raises(ParameterError, match="population of 2; an autopsy is of one"):
        autopsy(cell.replace(g=[9.0, 10.0]), stimulus, 0)
    with pytest.raises(ParameterError, match=r"hold no `V_m`, .*record='all'"):
        autopsy(cell, stimulus, 0, traces=simulate(cell, stimulus, record="spikes"))
    with pytest.raises(ParameterError, match=r"\(200,\) in steps of 0.05 ms, and .* of 0.1 ms"):
        autopsy(cell, stimulus, 0, traces=simulate(cell, stimulus, dt=0.05))
    longer = make_stimulus(StepCurrent(500.0), duration=30.0)
    with pytest.raises(ParameterError, match=r"\(300,\) .* has 200 steps"):
        autopsy(cell, stimulus, 0, traces=simulate(cell, longer))

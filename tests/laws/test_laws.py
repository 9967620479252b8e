"""Laws that hold for every neuron; Hypothesis looks for one that breaks them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from glifcore import FIELDS, GlifModel, GlifParameters, SpikeTrain, make_stimulus, simulate
from tests.tolerances import LAW

settings.register_profile("laws", deadline=None, max_examples=40)
settings.load_profile("laws")

TIMES = st.lists(st.integers(0, 60).map(float), min_size=1, max_size=6)
WEIGHTS = st.floats(-200.0, 200.0)
MODELS = st.sampled_from(list(GlifModel))


def typical(name):
    low, high = FIELDS[name].typical
    return st.floats(max(low, 0.05), high)


@st.composite
def cells(draw, ports=1, spiking=False):
    """A neuron with typical membrane and synapses; with a threshold out of reach unless asked."""
    synapse = {
        name: [draw(typical(name)) for _ in range(ports)]
        for name in ("tau_syn_fast", "tau_syn_slow", "amp_slow")
    }
    return GlifParameters(
        model=draw(MODELS),
        g=draw(typical("g")),
        C_m=draw(typical("C_m")),
        **({} if spiking else {"V_th": 1e6, "th_voltage_index": 0.0}),
        **synapse,
    )


def run(cell, *trains, duration=80.0, dt=0.1):
    ports = len(cell.tau_syn_fast)
    stimulus = make_stimulus(*trains, duration=duration, dt=dt, n_receptors=ports)
    return simulate(cell, stimulus, dt=dt)


@given(cells(), TIMES, WEIGHTS, st.floats(-3.0, 3.0))
def test_below_threshold_the_potential_is_linear_in_the_weight(cell, times, weight, factor):
    one = run(cell, SpikeTrain(times, weight)).V_m - cell.E_L
    other = run(cell, SpikeTrain(times, factor * weight)).V_m - cell.E_L
    assert np.allclose(other, factor * one, rtol=1e-12, atol=LAW)


@given(cells(), TIMES, WEIGHTS, TIMES, WEIGHTS)
def test_below_threshold_two_trains_add_up(cell, times, weight, others, other_weight):
    first = run(cell, SpikeTrain(times, weight)).V_m - cell.E_L
    second = run(cell, SpikeTrain(others, other_weight)).V_m - cell.E_L
    both = run(cell, SpikeTrain(times, weight), SpikeTrain(others, other_weight)).V_m - cell.E_L
    assert np.allclose(both, first + second, rtol=1e-12, atol=LAW)


@given(cells(spiking=True), TIMES, st.floats(0.0, 2000.0), st.integers(1, 200))
def test_a_stimulus_that_comes_later_is_answered_as_much_later(cell, times, weight, steps):
    now = run(cell, SpikeTrain(times, weight), duration=80.0)
    later = run(cell, SpikeTrain(np.add(times, 0.1 * steps), weight), duration=100.0)
    n = len(now.V_m)
    assert np.array_equal(later.spike[steps : steps + n], now.spike)
    assert np.allclose(later.V_m[steps : steps + n], now.V_m, rtol=0, atol=LAW)


@given(cells(ports=3), st.permutations(range(3)), TIMES, WEIGHTS)
def test_the_order_of_the_ports_does_not_matter(cell, order, times, weight):
    trains = [SpikeTrain(times, (k + 1) * weight, k) for k in range(3)]
    moved = cell.replace(
        **{
            name: getattr(cell, name)[list(order)]
            for name in ("tau_syn_fast", "tau_syn_slow", "amp_slow")
        }
    )
    there = [SpikeTrain(times, (k + 1) * weight, order.index(k)) for k in range(3)]
    assert np.allclose(run(cell, *trains).V_m, run(moved, *there).V_m, rtol=0, atol=LAW)


@given(cells(ports=1, spiking=True), TIMES, st.floats(0.0, 500.0), st.floats(0.0, 1.0))
def test_two_equal_ports_share_what_one_would_take(cell, times, weight, share):
    twins = cell.replace(
        **{
            name: np.repeat(getattr(cell, name), 2)
            for name in ("tau_syn_fast", "tau_syn_slow", "amp_slow")
        }
    )
    one = run(cell, SpikeTrain(times, weight))
    two = run(twins, SpikeTrain(times, share * weight), SpikeTrain(times, (1 - share) * weight, 1))
    assert np.allclose(one.I_syn, two.I_syn, rtol=1e-12, atol=LAW)
    if np.array_equal(one.spike, two.spike):  # rounding may move a spike by a step
        assert np.allclose(one.V_m, two.V_m, rtol=0, atol=LAW)
    else:
        first = np.flatnonzero(one.spike != two.spike)[0]
        assert abs(one.V_m[first - 1] - two.V_m[first - 1]) < LAW


@given(cells(), TIMES, WEIGHTS)
def test_halving_the_step_changes_no_current(cell, times, weight):
    whole = run(cell, SpikeTrain(times, weight), dt=0.1)
    half = run(cell, SpikeTrain(np.add(times, 0.05), weight), dt=0.05)
    # An event acts one step after its time, so half a step later here.
    assert np.allclose(half.I_syn[1::2], whole.I_syn, rtol=1e-12, atol=LAW)
    assert np.allclose(half.V_m[1::2], whole.V_m, rtol=0, atol=LAW)


@given(cells(spiking=True), TIMES, WEIGHTS)
def test_while_refractory_the_potential_stands_still_and_the_current_goes_on(cell, times, weight):
    traces = run(cell.replace(I_e=3000.0, t_ref=2.0), SpikeTrain(times, weight))
    for n in np.flatnonzero(traces.spike)[:3]:
        held = traces.V_m[n : n + 21]
        assert np.all(held == held[0])

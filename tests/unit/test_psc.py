"""The closed form of one event, and the features read off it."""

import jax
import numpy as np
import pytest

from glifcore import (
    GlifParameters,
    PscShape,
    SpikeTrain,
    make_stimulus,
    psc_components,
    psc_features,
    psc_waveform,
    psp_waveform,
    simulate,
)
from tests.tolerances import GRADIENT, LAW

SHAPES = [
    PscShape(100.0, 2.0, 6.0, 0.3),
    PscShape(-50.0, 0.4, 2.8, 0.17),
    PscShape(10.0, 5.0, 5.0, 1.0),
    PscShape(10.0, 6.0, 2.0, 0.5),
    PscShape(20.0, 1.0, 40.0, 0.05),
    PscShape(20.0, 0.1, 50.0, 1.2),
]


def test_each_part_peaks_at_its_time_constant_with_its_amplitude():
    fast, slow = psc_components(PscShape(100.0, 2.0, 6.0, 0.3), np.array([2.0, 6.0]))
    assert fast[0] == pytest.approx(100.0, rel=1e-15)
    assert slow[1] == pytest.approx(30.0, rel=1e-15)


def test_nothing_flows_before_the_event():
    assert np.all(psc_waveform(SHAPES[0], np.linspace(-10.0, 0.0, 11)) == 0.0)


@pytest.mark.parametrize("shape", SHAPES)
def test_features_agree_with_a_finely_sampled_curve(shape):
    f = psc_features(shape)
    far = 60.0 * max(shape.tau_syn_fast, shape.tau_syn_slow)
    t = np.unique(np.concatenate([np.linspace(0, far, 400_001), np.geomspace(1e-4, far, 400_001)]))
    y = np.asarray(psc_waveform(shape, t)) / shape.weight
    peak = y.argmax()
    step = 2 * far / 400_000
    assert float(f.peak) == pytest.approx(shape.weight * y.max(), rel=1e-8)
    assert float(f.time_to_peak) == pytest.approx(t[peak], abs=step)

    def last_below(level):
        return t[np.flatnonzero(y[:peak] <= level * y[peak])[-1]]

    def first_below(level):
        return t[peak + np.flatnonzero(y[peak:] <= level * y[peak])[0]]

    assert float(f.rise_time) == pytest.approx(last_below(0.9) - last_below(0.1), abs=2 * step)
    assert float(f.half_width) == pytest.approx(first_below(0.5) - last_below(0.5), abs=2 * step)
    assert float(f.decay_time) == pytest.approx(first_below(1 / np.e) - t[peak], abs=2 * step)
    assert float(f.tail) == pytest.approx(first_below(0.1) - t[peak], abs=2 * step)
    assert float(f.charge) == pytest.approx(shape.weight * np.trapezoid(y, t), rel=1e-6)
    tail = np.trapezoid(y[peak:], t[peak:]) / y[peak]
    assert float(f.weighted_decay) == pytest.approx(tail, abs=2 * step)
    slow = np.trapezoid(np.asarray(psc_components(shape, t)[1]), t)
    assert float(f.slow_fraction) == pytest.approx(slow / float(f.charge), rel=1e-5)


def test_the_peak_of_the_sum_is_neither_the_weight_nor_at_a_time_constant():
    f = psc_features(PscShape(100.0, 2.0, 6.0, 0.3))
    assert float(f.peak) == pytest.approx(120.30106, abs=1e-5)
    assert float(f.time_to_peak) == pytest.approx(2.26489, abs=1e-5)


@pytest.mark.parametrize("shape", SHAPES)
def test_features_are_differentiable(shape):
    gradient = jax.jacfwd(psc_features)(shape)
    for i, name in enumerate(PscShape._fields):
        e = 1e-5 * abs(shape[i])
        above = psc_features(shape._replace(**{name: shape[i] + e}))
        below = psc_features(shape._replace(**{name: shape[i] - e}))
        for feature in above._fields:
            slope = (float(getattr(above, feature)) - float(getattr(below, feature))) / (2 * e)
            ours = float(getattr(getattr(gradient, feature), name))
            assert ours == pytest.approx(slope, rel=10 * GRADIENT, abs=1e-7)


@pytest.mark.parametrize("dt", [0.01, 0.1, 0.5])
def test_the_simulated_current_is_the_closed_form_at_any_step(dt):
    cell = GlifParameters(V_th=1000.0)
    stimulus = make_stimulus(SpikeTrain([5.0], 100.0), duration=60.0, dt=dt)
    traces = simulate(cell, stimulus, dt=dt)
    # An event at t acts from t + dt on.
    closed = psc_waveform(PscShape(100.0, 2.0, 6.0, 0.3), traces.time - 5.0 - dt)
    assert np.abs(traces.I_syn - closed).max() < LAW


@pytest.mark.parametrize("tau", [1.0, 58.72 / 9.43, 30.0])
def test_the_simulated_potential_is_the_closed_form(tau):
    cell = GlifParameters(V_th=1000.0, tau_syn_fast=(tau,))
    stimulus = make_stimulus(SpikeTrain([5.0], 100.0), duration=80.0, dt=0.1)
    traces = simulate(cell, stimulus, dt=0.1)
    closed = psp_waveform(PscShape(100.0, tau, 6.0, 0.3), cell, traces.time - 5.1)
    assert np.abs(traces.V_m - cell.E_L - closed).max() < LAW

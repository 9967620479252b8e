"""Drawn populations."""

import numpy as np
import pytest

from glifcore import (
    GlifModel,
    GlifParameters,
    ParameterError,
    StepCurrent,
    draw_population,
    make_stimulus,
    simulate,
    spike_times,
)

CENTRE = GlifParameters(model=GlifModel.GLIF5)


def test_the_draw_has_its_centre_and_spread():
    drawn = draw_population(CENTRE, 20_000, {"g": 1.0, "asc_amps": 10.0})
    assert drawn.g.shape == (20_000,) and drawn.asc_amps.shape == (20_000, 2)
    assert drawn.g.mean() == pytest.approx(CENTRE.g, abs=0.03)
    assert drawn.g.std() == pytest.approx(1.0, abs=0.03)
    assert drawn.asc_amps.mean(0) == pytest.approx(CENTRE.asc_amps, abs=0.3)
    assert abs(np.corrcoef(drawn.g, drawn.asc_amps[:, 0])[0, 1]) < 0.03
    assert drawn.C_m == CENTRE.C_m


def test_the_same_seed_draws_the_same_and_another_does_not():
    draws = [draw_population(CENTRE, 5, {"g": 1.0}, seed=seed).g for seed in (3, 3, 4)]
    assert np.array_equal(draws[0], draws[1])
    assert not np.array_equal(draws[0], draws[2])


def test_bounds_and_rules_hold_for_every_neuron():
    drawn = draw_population(
        CENTRE,
        1000,
        {"g": 20.0, "voltage_reset_fraction": 0.5, "V_th": 5.0},
        bounds={"V_th": (-55.0, -50.0)},
    )
    assert np.all(drawn.g > 0)
    assert np.all((drawn.voltage_reset_fraction >= 0) & (drawn.voltage_reset_fraction <= 1))
    assert np.all((drawn.V_th >= -55.0) & (drawn.V_th <= -50.0))


def test_neurons_that_differ_spike_at_different_times():
    drawn = draw_population(CENTRE, 4, {"C_m": 5.0})
    traces = simulate(drawn, make_stimulus(StepCurrent(400.0), duration=50.0), record="spikes")
    firsts = [times[0] for times in spike_times(traces, 0.1)]
    assert len(set(firsts)) > 1


@pytest.mark.parametrize(
    ("spread", "bounds", "sentence"),
    [
        ({"tau_m": 1.0}, None, "'tau_m'"),
        ({"g": -1.0}, None, "spread of `g` is -1 nS"),
        ({"g": 0.1}, {"g": (90.0, 91.0)}, "Widen the bounds"),
    ],
)
def test_a_draw_that_cannot_be_made_is_refused(spread, bounds, sentence):
    with pytest.raises(ParameterError, match=sentence):
        draw_population(CENTRE, 3, spread, bounds=bounds)

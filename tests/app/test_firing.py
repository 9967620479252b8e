"""How fast the cell fires for how much current."""

from functools import cache

import numpy as np
import pytest
from glifscope.choices import DT, Choices, fitted
from glifscope.export.firing import firing_csv, firing_figure
from glifscope.firing import compute_firing
from glifscope.views.firing import FiringView

from glifcore import GlifModel, GlifParameters, StepCurrent, make_stimulus, simulate, spike_times

CELL = "467003163"


@cache
def firing_of(model=GlifModel.GLIF5, **changes):
    return compute_firing(Choices(preset=CELL, cell=fitted(CELL, model).replace(**changes)))


def spikes_under(cell, amplitude):
    """Spikes of a plain simulation; a current acts one step after it arrives."""
    stimulus = make_stimulus(StepCurrent(amplitude), duration=1000.0 + DT, dt=DT)
    return spike_times(simulate(cell, stimulus, dt=DT), DT)


@pytest.mark.parametrize("model", GlifModel)
def test_nothing_fires_below_the_rheobase(model):
    firing = firing_of(model)
    below = firing.currents < firing.rheobase
    assert below.any()
    assert (firing.rates.count[below] == 0).all()
    assert np.isnan(firing.rates.first[below]).all()


@pytest.mark.parametrize("model", GlifModel)
def test_rates_are_those_of_a_current_step(model):
    firing = firing_of(model)
    for i in (int(np.argmax(firing.rates.count > 1)), -1):
        times = spikes_under(fitted(CELL, model), float(firing.currents[i]))
        intervals = np.diff(times)
        assert firing.rates.count[i] == len(times)
        assert firing.rates.first[i] == pytest.approx(1000.0 / intervals[0], rel=1e-9)
        assert firing.rates.last[i] == pytest.approx(1000.0 / intervals[-1], rel=1e-9)


def test_a_cell_without_memory_fires_faster_for_more_current_and_does_not_adapt():
    firing = firing_of(GlifModel.GLIF1)
    assert (np.diff(firing.rates.count) >= 0).all()
    assert firing.gain.slope > 0
    assert firing.gain.adaptation == pytest.approx(1.0, abs=0.01)


def test_after_spike_currents_make_it_adapt():
    assert firing_of(GlifModel.GLIF3).gain.adaptation < 0.8


def test_the_gain_is_read_where_the_cell_fires():
    firing = firing_of()
    assert min(firing.gain.counts) > 0
    (low, high), (few, many) = firing.gain.currents, firing.gain.counts
    assert firing.gain.slope == pytest.approx((many - few) / (high - low))


def test_a_threshold_that_outruns_the_potential_has_neither_onset_nor_gain():
    firing = firing_of(th_voltage_index=0.5, th_voltage_decay=0.25)
    assert (firing.rates.count == 0).all()
    assert firing.measured is None
    assert firing.gain is None
    view = FiringView()
    view.draw(firing)
    assert len(view.gain.data["current"]) == 0


def test_the_measured_onset_lies_at_the_rheobase_where_the_threshold_stands_still():
    firing = firing_of(GlifModel.GLIF1)
    silent, fires = firing.measured
    assert firing.rheobase - 0.01 <= fires < 1.01 * firing.rheobase
    cell = fitted(CELL, GlifModel.GLIF1)
    assert len(spikes_under(cell, silent)) == 0
    assert len(spikes_under(cell, fires)) > 0


def test_a_threshold_that_follows_the_potential_raises_the_onset():
    firing = firing_of(GlifModel.GLIF5)
    assert firing.measured[0] > 1.2 * firing.rheobase


def test_a_constant_current_of_the_cell_moves_the_curve_to_the_left():
    plain, driven = firing_of(), firing_of(I_e=50.0)
    assert driven.rheobase == pytest.approx(plain.rheobase - 50.0)
    np.testing.assert_array_equal(driven.rates.count, plain.rates.count)


def test_the_other_levels_are_run_by_their_flags():
    firing = firing_of(GlifModel.GLIF3)
    assert set(firing.others) == set(GlifModel) - {GlifModel.GLIF3}
    alone = compute_firing(
        Choices(cell=fitted(CELL, GlifModel.GLIF3).replace(model=GlifModel.GLIF1))
    )
    np.testing.assert_array_equal(firing.others[GlifModel.GLIF1], alone.rates.count)


def test_the_other_levels_can_be_left_out():
    assert compute_firing(Choices(), others=False).others == {}


def test_a_level_that_cannot_be_run_is_left_out():
    firing = firing_of(GlifModel.GLIF1, th_spike_decay=-1.0)
    assert set(firing.others) == {GlifModel.GLIF3}


def test_a_cell_that_fires_by_itself_has_a_curve_and_no_onset():
    firing = firing_of(GlifModel.GLIF1, E_L=-30.0)
    assert firing.rheobase < 0
    assert firing.measured is None or firing.measured[1] < 0
    assert np.isfinite(firing.currents).all()


def test_errors_of_the_cell_are_told():
    firing = compute_firing(Choices(cell=GlifParameters(C_m=-1.0)))
    assert [problem.field for problem in firing.problems] == ["C_m"]
    assert len(firing.currents) == 0


def test_steps_of_the_stimulus_are_known():
    stimulus = (StepCurrent(10.0), StepCurrent(-5.0, 3.0))
    assert compute_firing(Choices(stimulus=stimulus)).steps == (10.0, -5.0)


# The view


def test_the_view_draws_the_curve_with_rheobase_and_step():
    view, firing = FiringView(), firing_of()
    view.draw(firing)
    np.testing.assert_array_equal(view.curve.data["count"], firing.rates.count)
    assert view.rheobase.data["current"] == [firing.rheobase]
    assert view.steps.data["current"] == [320.0]
    assert len(view.others.data["count"]) == 4
    assert view.figure.y_range.start == 0.0
    assert view.figure.y_range.end > np.nanmax(firing.rates.first)


def test_curves_that_end_together_share_one_name():
    view = FiringView()
    view.draw(firing_of(GlifModel.GLIF1, asc_amps=(0.0, 0.0)))
    assert "GLIF1, 3" in view.ends.data["name"]


def test_the_last_curve_stays_while_the_cell_has_an_error():
    view = FiringView()
    view.draw(firing_of())
    before = view.curve.data
    view.draw(firing_of(C_m=-1.0))
    assert view.curve.data is before


def test_a_pinned_cell_is_run_under_the_same_currents_and_drawn_with_the_difference():
    pinned = Choices(cell=GlifParameters(I_e=20.0))
    firing = compute_firing(Choices(preset=CELL, cell=fitted(CELL, GlifModel.GLIF5)), pinned=pinned)
    assert firing.pinned.cell == pinned.cell
    some = [0, 20, -1]
    expected = [len(spikes_under(pinned.cell, float(firing.currents[i]))) for i in some]
    assert firing.pinned.count[some].tolist() == expected and max(expected) > 0
    view = FiringView()
    view.draw(firing_of())
    assert not view._difference.column.visible
    view.draw(firing)
    assert view._difference.column.visible
    apart = firing.rates.count - firing.pinned.count
    np.testing.assert_array_equal(view.pinned.data["difference"], apart)
    assert "pinned" in firing_csv(firing).splitlines()[0]
    assert b"Pinned, GLIF1" in firing_figure(firing, "svg")
    view.draw(firing_of())
    assert not view._difference.column.visible and not len(view.pinned.data["count"])


def test_a_pinned_cell_that_cannot_be_run_is_left_out():
    assert compute_firing(Choices(), pinned=Choices(cell=GlifParameters(g=-1.0))).pinned is None

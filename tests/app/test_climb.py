"""The same stimulus in GLIF1 to GLIF5: by each level's own fit, and by the flags."""

import numpy as np
import pytest
from bokeh.models import Range1d
from glifscope.choices import DT, Choices, fitted, with_synapses
from glifscope.climb import captions, compute_climb, introduction, told
from glifscope.results import Asked, compute
from glifscope.views.climb import ClimbView

from glifcore import GlifModel, StepCurrent, load_preset, simulate, spike_times

MOUSE, HUMAN = "467003163", "488386504"
"""A cell with a fit at each level, and one with fits at GLIF1 and GLIF3 only."""


def chosen(name, model=GlifModel.GLIF5, **changes):
    """Choices with an Allen cell, whose synapse is another than the fit's."""
    cell = fitted(name, model).replace(tau_syn_slow=(11.0,), **changes)
    return Choices(preset=name, cell=cell)


def test_all_five_levels_are_run_both_ways():
    climb = compute_climb(chosen(MOUSE))
    for runs in (climb.refitted, climb.flags):
        assert [run.level for run in runs] == list(GlifModel)
        assert all(len(run.time) for run in runs)


@pytest.mark.parametrize("model", GlifModel)
def test_the_chosen_level_by_its_flags_is_what_the_rest_of_the_page_shows(model):
    choices = chosen(MOUSE, model, g=8.0)
    (run,) = [run for run in compute_climb(choices).flags if run.is_chosen]
    assert run.level is model
    np.testing.assert_array_equal(run.spike_times, compute(Asked(choices)).spike_times)


@pytest.mark.parametrize("model", GlifModel)
def test_a_refitted_level_is_the_presets_fit_with_the_sessions_synapse(model):
    choices = chosen(MOUSE, GlifModel.GLIF3, g=8.0)
    run = compute_climb(choices).refitted[list(GlifModel).index(model)]
    cell = with_synapses(load_preset(MOUSE, model), choices.cell)
    traces = simulate(cell, choices.arriving(), dt=DT)
    np.testing.assert_array_equal(run.spike_times, spike_times(traces, DT))
    assert run.V_m.max() == np.float32(traces.V_m.max())


def test_flags_keep_the_numbers_of_the_present_cell():
    choices = chosen(MOUSE)
    for run in compute_climb(choices).flags:
        assert run.cell == choices.cell.replace(model=run.level)


def test_thinned_traces_keep_every_spike():
    for run in compute_climb(chosen(MOUSE)._replace(duration=2000.0)).runs:
        assert len(run.time) < 1500
        assert np.isin(run.spike_times.astype(np.float32), run.time).all()


def test_a_cell_as_fitted_is_chosen_in_both_columns_and_an_edited_one_by_its_flags_only():
    as_fitted, edited = compute_climb(chosen(MOUSE)), compute_climb(chosen(MOUSE, g=8.0))
    assert [run.kind for run in as_fitted.runs if run.is_chosen] == ["refitted", "flags"]
    assert [run.kind for run in edited.runs if run.is_chosen] == ["flags"]
    assert any("differs from every fit" in text for text in captions(edited))
    assert not any("differs from every fit" in text for text in captions(as_fitted))


def test_explained_variance_is_given_for_fits_only():
    climb = compute_climb(chosen(MOUSE))
    assert climb.refitted[0].explained == pytest.approx(0.70583)
    assert [run.level for run in climb.flags if run.explained] == [GlifModel.GLIF5]
    assert all(run.explained is None for run in compute_climb(chosen(MOUSE, g=8.0)).flags)


def test_levels_without_a_fit_are_told():
    climb = compute_climb(chosen(HUMAN, GlifModel.GLIF3))
    assert [run.level.name for run in climb.refitted if run.cell is None] == [
        "GLIF2",
        "GLIF4",
        "GLIF5",
    ]
    assert "This cell was not fitted at GLIF2, GLIF4 and GLIF5." in captions(climb)
    assert all(len(run.time) for run in climb.flags)


def test_flags_that_switch_on_nests_values_are_told():
    climb = compute_climb(chosen(HUMAN, GlifModel.GLIF3))
    assert "voltage_reset_add" in climb.borrowed
    assert any("NEST's default values" in text for text in captions(climb))
    assert compute_climb(chosen(MOUSE)).borrowed == ()


def test_nests_default_has_no_refits_and_says_why():
    climb = compute_climb(Choices())
    assert climb.refitted == ()
    assert "one set of parameters" in introduction(climb)
    assert len(climb.flags) == 5


def test_an_error_of_the_choices_is_told_and_nothing_is_run():
    climb = compute_climb(chosen(MOUSE, C_m=-1.0))
    assert climb.runs == ()
    assert "C_m" in told(climb)[0].message


def test_a_level_that_cannot_be_run_is_told_with_its_name():
    climb = compute_climb(chosen(MOUSE, GlifModel.GLIF1, th_spike_decay=-1.0))
    assert [run.level.name for run in climb.flags if len(run.time)] == ["GLIF1", "GLIF3"]
    (problem,) = told(climb)
    assert problem.message.startswith("GLIF2, GLIF4 and GLIF5 by the flags: `th_spike_decay`")


def test_a_potential_without_bounds_is_told():
    climb = compute_climb(chosen(MOUSE)._replace(stimulus=(StepCurrent(1e12),)))
    assert all("pictures end at" in problem.message for problem in told(climb))


# The view


@pytest.fixture
def view():
    taken = []
    view = ClimbView(Range1d(0.0, 500.0), lambda *choice: taken.append(choice))
    view.taken = taken
    return view


def test_the_view_labels_each_band_with_what_was_counted(view):
    climb = compute_climb(chosen(HUMAN, GlifModel.GLIF3))
    view.draw(climb)
    labels = list(view.refitted.figure.yaxis[0].major_label_overrides.values())
    n = len(climb.refitted[0].spike_times)
    assert labels == [
        f"GLIF1\n{n} spikes\nEV 91%",
        "GLIF2\nno fit",
        f"GLIF3\n{len(climb.refitted[2].spike_times)} spikes\nEV 91%",
        "GLIF4\nno fit",
        "GLIF5\nno fit",
    ]
    assert len(view.refitted.traces.data["t"]) == 2
    assert len(view.flags.spikes.data["t"]) == sum(len(run.spike_times) for run in climb.flags)


def test_traces_stay_in_their_bands(view):
    view.draw(compute_climb(chosen(MOUSE)))
    bands, traces = view.flags.bands.data, view.flags.traces.data
    for i in range(5):
        for name in ("V_m", "threshold"):
            assert bands["low"][i] <= np.nanmin(traces[name][i])
            assert np.nanmax(traces[name][i]) <= bands["high"][i]


@pytest.mark.parametrize("refitted", [True, False])
def test_a_click_on_a_band_chooses_its_level(view, refitted):
    view.draw(compute_climb(chosen(MOUSE)))
    bands = view.refitted if refitted else view.flags
    bands.bands.selected.indices = [1]
    assert view.taken == [(GlifModel.GLIF2, refitted)]


def test_the_menu_above_the_bands_offers_what_a_click_can_choose(view):
    view.draw(compute_climb(chosen(HUMAN, GlifModel.GLIF3)))
    assert view.refitted.menu.items == [{"label": "GLIF1"}, {"label": "GLIF3"}]
    assert len(view.flags.menu.items) == 5
    view.flags.menu._handle_msg({"type": "click", "item": 3})
    assert view.taken == [(GlifModel.GLIF4, False)]


def test_a_click_on_a_level_without_a_fit_chooses_nothing(view):
    view.draw(compute_climb(chosen(HUMAN, GlifModel.GLIF3)))
    view.refitted.bands.selected.indices = [1]
    assert view.taken == []


def test_the_last_picture_stays_while_the_choices_have_an_error(view):
    view.draw(compute_climb(chosen(MOUSE)))
    before = view.flags.traces.data
    view.draw(compute_climb(chosen(MOUSE, C_m=-1.0)))
    assert view.flags.traces.data is before


def test_a_pinned_climb_lies_behind_at_the_same_level_by_the_same_way():
    pinned = chosen(MOUSE)._replace(duration=300.0)
    climb = compute_climb(chosen(MOUSE, g=12.0), pinned=pinned)
    alone = compute_climb(pinned)
    for run in climb.runs:
        before = climb.behind(run)
        (same,) = (r for r in alone.runs if (r.kind, r.level) == (run.kind, run.level))
        np.testing.assert_array_equal(before.V_m, same.V_m)
    view = ClimbView(Range1d(start=0, end=500), lambda *_: None)
    view.draw(climb)
    assert len(view.flags.behind.data["t"]) == 5 and "pinned" in view._legend.object
    labels = view.flags.figure.yaxis[0].major_label_overrides.values()
    assert [
        f"pinned {len(run.spike_times)}" in text
        for run, text in zip(alone.flags, labels, strict=True)
    ] == [True] * 5
    view.draw(climb._replace(pinned=None))
    assert not view.flags.behind.data["t"] and "pinned" not in view._legend.object


def test_the_climb_of_nests_default_has_no_refits_behind_those_of_a_cell():
    climb = compute_climb(chosen(MOUSE), pinned=Choices())
    assert [climb.behind(run) for run in climb.refitted] == [None] * 5
    assert all(climb.behind(run) is not None for run in climb.flags)


def test_a_pinned_climb_that_cannot_be_run_is_told():
    climb = compute_climb(Choices(), pinned=Choices(weights=(np.nan,)))
    assert any("pinned runs are not drawn" in problem.message for problem in told(climb))
    assert len(climb.flags) == 5

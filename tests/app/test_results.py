"""What follows from the choices, without a browser."""

import numpy as np
import pytest
from glifscope.choices import DT, OFFERED, Choices, fitted, presets, shape_of
from glifscope.results import Asked, Frame, compute, results_of
from glifscope.session import Session
from glifscope.views.synaptic import SynapticView

from glifcore import (
    GlifModel,
    GlifParameters,
    PoissonTrain,
    RegularTrain,
    psc_features,
    simulate,
)


@pytest.mark.parametrize("model", GlifModel)
def test_a_picture_shows_samples_of_the_simulation_and_all_its_extremes(model):
    session = Session(cell=GlifParameters(model=model))
    frame = compute(Asked(session.choices))
    assert isinstance(frame, Frame)
    traces = simulate(session.cell, session.choices.arriving(), dt=DT)
    steps = np.rint(frame.time / DT).astype(int) - 1
    assert np.all(np.diff(steps) > 0)
    assert len(steps) < len(traces.V_m) / 2
    for name in ("V_m", "threshold", "threshold_spike", "threshold_voltage"):
        assert np.array_equal(getattr(frame, name), getattr(traces, name)[steps].astype("f4"))
    assert frame.V_m.max() == traces.V_m.max().astype("f4")
    assert frame.V_m.min() == traces.V_m.min().astype("f4")
    assert set(np.flatnonzero(traces.spike)) <= set(steps)
    assert np.array_equal(frame.ASCurrents, traces.ASCurrents[steps].T.astype("f4"))


LONG = Choices(
    duration=20_000.0,
    stimulus=(
        *Choices().stimulus,
        PoissonTrain(rate=200.0, weight=60.0, seed=3),
        PoissonTrain(rate=100.0, weight=-90.0, seed=4, receptor=1),
    ),
    cell=GlifParameters(
        model=GlifModel.GLIF5,
        tau_syn_fast=(0.6, 3.0),
        tau_syn_slow=(9.0, 20.0),
        amp_slow=(0.1, 0.4),
    ),
    weights=(60.0, -90.0),
)
"""Twenty seconds with input at two ports, from a shape that is over within a thinned step."""

WINDOW = (9_870.03, 10_110.0)


SEEN = slice(*(round(ms / DT) for ms in WINDOW))


@pytest.mark.parametrize(
    ("time", "values", "recorded", "port"),
    [
        ("time", "V_m", "V_m", ()),
        ("time", "threshold_voltage", "threshold_voltage", ()),
        ("I_syn_time", "I_syn_fast", "I_syn_fast_ports", 1),
        ("I_syn_time", "I_syn_slow", "I_syn_slow_ports", 0),
    ],
)
def test_what_is_seen_of_a_long_run_is_drawn_as_finely_as_a_short_one(time, values, recorded, port):
    traces = simulate(LONG.cell, LONG.arriving(), dt=DT)
    true = getattr(traces, recorded)[SEEN]
    true = true if port == () else true[:, port]

    def away(window):
        """How far the drawn line is from the run within the window, as a share of its extent."""
        frame = compute(Asked(LONG, window=window))
        drawn = getattr(frame, values)
        drawn = drawn if port == () else drawn[port]
        line = np.interp(traces.time[SEEN], getattr(frame, time), drawn)
        return np.abs(line - true).max() / np.ptp(true)

    assert away(WINDOW) < 0.02 < away(None)


def test_a_window_costs_a_picture_at_most_as_many_points_again_and_has_its_edges():
    seen = compute(Asked(LONG, window=WINDOW))
    assert len(seen.time) < 8500 and len(seen.I_syn_time) < 8500
    first, last = np.searchsorted(seen.time, WINDOW)
    assert seen.time[first - 1] > WINDOW[0] - 2 * DT and seen.time[last] < WINDOW[1] + 2 * DT


def test_what_is_not_seen_is_drawn_as_before():
    whole, seen = compute(Asked(LONG)), compute(Asked(LONG, window=WINDOW))
    assert set(whole.time) <= set(seen.time) and set(whole.I_time) <= set(seen.I_time)


def test_the_extremes_of_each_line_are_kept_however_long_the_run():
    frame = compute(Asked(LONG))
    traces = simulate(LONG.cell, LONG.arriving(), dt=DT)
    for bins in np.array_split(np.arange(len(traces.time)), 100):
        drawn = (frame.I_syn_time >= traces.time[bins[0]].astype("f4")) & (
            frame.I_syn_time <= traces.time[bins[-1]].astype("f4")
        )
        for port in (0, 1):
            for name in ("I_syn_fast", "I_syn_slow"):
                true = getattr(traces, f"{name}_ports")[bins, port]
                shown = getattr(frame, name)[port, drawn]
                room = 0.02 * np.ptp(getattr(frame, name)[port])
                assert shown.max() >= true.max() - room and shown.min() <= true.min() + room


def test_the_first_picture_spikes_and_has_inputs():
    frame = compute(Asked(Choices()))
    assert isinstance(frame, Frame)
    assert len(frame.spike_times) >= 3
    assert [len(times) for times in frame.input_times] == [0, 5]


def test_the_measures_are_those_of_the_psc():
    choices = Choices()
    frame = compute(Asked(choices))
    assert isinstance(frame, Frame)
    assert frame.psc == tuple(float(x) for x in psc_features(shape_of(choices)))


def test_an_error_gives_its_problems_and_no_picture():
    found = compute(Asked(Choices(cell=GlifParameters(C_m=-5.0))))
    assert not isinstance(found, Frame)
    assert [p.field for p in found] == ["C_m"]


@pytest.mark.parametrize("weight", [-1e9, -1e8, -2e7])
def test_a_potential_off_every_scale_is_told_and_not_drawn(weight):
    session = Session()
    session.choose("weight", weight)
    (problem,) = compute(Asked(session.choices))
    assert problem.severity == "error" and "pictures end at 1e+06 mV" in problem.message


def test_a_warning_gives_a_picture_that_carries_it():
    cell = GlifParameters(model=GlifModel.GLIF2, voltage_reset_add=30.0)
    frame = compute(Asked(Choices(cell=cell)))
    assert isinstance(frame, Frame)
    assert [p.severity for p in frame.problems] == ["warning"]


def test_every_preset_can_be_drawn_at_every_level():
    for name in OFFERED:
        for model in presets()[name].levels:
            cell = fitted(name, model)
            assert isinstance(compute(Asked(Choices(cell=cell))), Frame)


@pytest.mark.parametrize(
    ("start", "count", "expected"), [(490.0, 5, 1), (-100.0, 5, 0), (600.0, 5, 0), (10.0, 0, 0)]
)
def test_inputs_outside_the_simulation_are_left_out(start, count, expected):
    choices = Choices(stimulus=(RegularTrain(start, 60.0, count, 1.0),))
    frame = compute(Asked(choices))
    assert isinstance(frame, Frame)
    (times,) = frame.input_times
    assert len(times) == expected
    assert np.all((times >= 0) & (times < choices.duration))


def test_each_port_has_its_own_currents_and_they_are_the_simulations():
    session = Session()
    session.add_port()
    session.choose("tau_syn_fast", 0.7, 1)
    session.stimulus = tuple(RegularTrain(20.0, 50.0, 9, 1.0, port) for port in (0, 1))
    frame = compute(Asked(session.choices, port=1))
    assert isinstance(frame, Frame)
    traces = simulate(session.cell, session.choices.arriving(), dt=DT)
    steps = np.rint(frame.I_syn_time / DT).astype(int) - 1
    assert np.array_equal(frame.I_syn_fast, traces.I_syn_fast_ports[steps].T.astype("f4"))
    assert np.array_equal(frame.I_syn_slow, traces.I_syn_slow_ports[steps].T.astype("f4"))
    assert frame.psc == tuple(float(x) for x in psc_features(shape_of(session.choices, 1)))


def test_the_spike_that_is_asked_for_is_taken_apart():
    frame = compute(Asked(Choices(), spike=2))
    assert isinstance(frame, Frame) and frame.autopsy is not None
    assert frame.autopsy.time == pytest.approx(frame.spike_times[2])
    assert frame.autopsy.threshold < frame.autopsy.U
    none = compute(Asked(Choices(), spike=1000))
    assert isinstance(none, Frame) and none.autopsy is None


def test_a_pinned_run_stands_beside_the_picture_and_the_difference_is_theirs():
    session = Session()
    pinned = session.choices
    session.choose("g", 12.0)
    session.choose("duration", 700.0)
    frame = compute(Asked(session.choices, pinned=pinned))
    own, other = compute(Asked(session.choices)), compute(Asked(pinned))
    assert isinstance(frame, Frame) and isinstance(own, Frame) and isinstance(other, Frame)
    assert frame.pinned is not None
    assert (frame.V_m.min(), frame.V_m.max()) == (own.V_m.min(), own.V_m.max())
    assert np.nanmax(frame.pinned.V_m) == other.V_m.max()
    assert np.nanmax(frame.pinned.I_syn) == (other.I_syn_fast + other.I_syn_slow).sum(0).max()
    assert np.array_equal(frame.pinned.spike_times, other.spike_times)
    assert np.array_equal(frame.pinned.spike_thresholds, other.spike_thresholds)
    assert np.nanmax(frame.pinned.I) == other.I.max()
    assert [list(times) for times in frame.pinned.input_times] == [
        list(times) for times in other.input_times
    ]
    inside = frame.time <= pinned.duration
    assert (
        np.isnan(frame.pinned.V_m[~inside]).all() and not np.isnan(frame.pinned.V_m[inside]).any()
    )
    apart = frame.V_m[inside] - frame.pinned.V_m[inside]
    assert np.abs(frame.pinned.difference[inside] - apart).max() < 1e-4
    same = compute(Asked(pinned, pinned=pinned))
    assert isinstance(same, Frame) and same.pinned is not None
    assert np.abs(same.pinned.difference).max() == 0.0


def test_what_arrives_is_the_same_array_for_array_while_only_the_neuron_changes():
    session = Session()
    before = compute(Asked(session.choices))
    session.choose("E_L", -75.0)
    after = compute(Asked(session.choices))
    assert isinstance(before, Frame) and isinstance(after, Frame)
    assert not np.array_equal(before.time, after.time)
    for name in ("I_time", "I", "I_syn_time", "I_syn_fast", "I_syn_slow"):
        assert np.array_equal(getattr(before, name), getattr(after, name))
    assert after.I.max() == 320.0 and after.I_syn_fast.max() > 100.0


def test_a_pinned_run_off_every_scale_is_told_and_not_drawn():
    session = Session()
    wild = session.choices._replace(cell=session.cell.replace(voltage_reset_fraction=1e12))
    frame = compute(Asked(session.choices, pinned=wild))
    assert isinstance(frame, Frame) and frame.pinned is None
    assert any("pinned run is not drawn" in problem.message for problem in frame.problems)
    assert np.isfinite(frame.V_m).all()


def test_the_synaptic_sum_is_drawn_above_its_parts_and_within_its_plot():
    session = Session()
    view = SynapticView(results_of(session))
    session.add_port()
    lines = view.figure.renderers
    columns = [line.glyph.y for line in lines if hasattr(line.glyph, "y")]
    assert len(columns) == 6 and columns[-1] == "total"  # that of a pinned run is behind
    assert {line.level for line in lines} == {"glyph"}  # what lies above it is not clipped

"""What follows from the choices, without a browser."""

import numpy as np
import pytest
from glifscope.results import Frame, compute, shape_of, stimulus_of, train_of
from glifscope.session import DT, DURATION, PRESETS, Choices, Session

from glifcore import GlifModel, GlifParameters, load_preset, psc_features, simulate


@pytest.mark.parametrize("model", GlifModel)
def test_a_picture_shows_samples_of_the_simulation_and_all_its_extremes(model):
    session = Session(cell=GlifParameters(model=model))
    frame = compute(session.choices)
    assert isinstance(frame, Frame)
    traces = simulate(session.cell, stimulus_of(session.stimulus), dt=DT)
    steps = np.rint(frame.time / DT).astype(int) - 1
    assert np.all(np.diff(steps) > 0)
    assert len(steps) < len(traces.V_m) / 2
    for name in ("V_m", "threshold", "threshold_spike", "threshold_voltage"):
        assert np.array_equal(getattr(frame, name), getattr(traces, name)[steps].astype("f4"))
    assert frame.V_m.max() == traces.V_m.max().astype("f4")
    assert frame.V_m.min() == traces.V_m.min().astype("f4")
    assert set(np.flatnonzero(traces.spike)) <= set(steps)
    assert np.array_equal(frame.ASCurrents, traces.ASCurrents[steps].T.astype("f4"))


def test_the_first_picture_spikes_and_has_inputs():
    frame = compute(Session().choices)
    assert isinstance(frame, Frame)
    assert len(frame.spike_times) >= 3
    assert len(frame.input_times) == 5


def test_the_measures_are_those_of_the_psc():
    choices = Session().choices
    frame = compute(choices)
    assert isinstance(frame, Frame)
    assert frame.psc == tuple(float(x) for x in psc_features(shape_of(choices)))


def test_an_error_gives_its_problems_and_no_picture():
    found = compute(Choices(GlifParameters(C_m=-5.0), Session().stimulus))
    assert not isinstance(found, Frame)
    assert [p.field for p in found] == ["C_m"]


@pytest.mark.parametrize("weight", [-1e9, -1e100, -1.7e308])
def test_a_potential_off_every_scale_is_told_and_not_drawn(weight):
    session = Session()
    session.choose("weight", weight)
    (problem,) = compute(session.choices)
    assert problem.severity == "error" and "pictures end at 1e+06 mV" in problem.message


def test_a_warning_gives_a_picture_that_carries_it():
    cell = GlifParameters(model=GlifModel.GLIF2, voltage_reset_add=30.0)
    frame = compute(Choices(cell, Session().stimulus))
    assert isinstance(frame, Frame)
    assert [p.severity for p in frame.problems] == ["warning"]


def test_every_preset_can_be_drawn_at_every_level():
    for preset in PRESETS.values():
        for model in preset.levels:
            cell = load_preset(preset.name, model)
            assert isinstance(compute(Choices(cell, Session().stimulus)), Frame)


@pytest.mark.parametrize(
    ("start", "count", "expected"), [(490.0, 5, 1), (-100.0, 5, 0), (600.0, 5, 0), (10.0, 0, 0)]
)
def test_inputs_outside_the_simulation_are_left_out(start, count, expected):
    session = Session()
    session.choose("train_start", start)
    session.choose("train_count", count)
    times = train_of(session.stimulus).times_until(DURATION)
    assert len(times) == expected
    assert np.all((times >= 0) & (times < DURATION))
    assert isinstance(compute(session.choices), Frame)

"""A visitor's choices, without a browser."""

import numpy as np
import pytest
from glifscope.session import PRESETS, STIMULUS_FIELDS, Choices, Session, problems_of

from glifcore import FIELDS, GlifModel, GlifParameters, load_preset


def test_a_choice_replaces_the_value_and_leaves_earlier_choices_as_they_were():
    session = Session()
    before = session.choices
    session.choose("asc_amps", -50.0, 1)
    session.choose("weight", 30)
    assert session.value("asc_amps", 1) == -50.0
    assert session.value("weight") == 30.0
    assert before == Choices(Session().cell, Session().stimulus)


@pytest.mark.parametrize("name", FIELDS)
def test_every_parameter_can_be_chosen(name):
    session = Session()
    index = None if FIELDS[name].per == "neuron" else 0
    session.choose(name, 0.123, index)
    assert session.value(name, index) == 0.123


def test_choosing_the_same_again_changes_nothing():
    session = Session()
    seen = []
    session.param.watch(seen.append, ["cell", "stimulus"])
    session.choose("g", session.cell.g)
    session.choose_model(session.cell.model)
    assert seen == []


def test_climbing_with_a_fitted_cell_takes_each_levels_own_fit():
    session = Session()
    session.choose_preset("467003163")
    for model in GlifModel:
        session.choose_model(model)
        assert session.cell == load_preset("467003163", model)
        assert session.is_as_fitted


def test_climbing_with_an_edited_cell_switches_mechanisms_only():
    session = Session()
    session.choose_preset("467003163")
    session.choose("g", 12.0)
    edited = session.cell
    session.choose_model(GlifModel.GLIF1)
    assert not session.is_as_fitted
    assert session.cell == edited.replace(model=GlifModel.GLIF1)


def test_the_synapse_stays_when_the_cell_changes():
    session = Session()
    session.choose("tau_syn_slow", 17.0, 0)
    session.choose_preset("515305346")
    session.choose_model(GlifModel.GLIF3)
    assert session.value("tau_syn_slow", 0) == 17.0
    assert session.is_as_fitted


def test_every_preset_is_offered():
    assert list(PRESETS) == ["nest_default", *list(PRESETS)[1:]]
    assert len(PRESETS) > 12


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("train_rate", 0.0, "must be above 0 1/s"),
        ("train_count", 1000.0, "between 0 and 500"),
        ("train_count", 2.5, "whole number"),
        ("step_amplitude", np.nan, "finite"),
        ("weight", np.inf, "finite"),
    ],
)
def test_a_stimulus_that_cannot_be_made_is_told(name, value, sentence):
    session = Session()
    session.choose(name, value)
    (problem,) = problems_of(session.choices)
    assert problem.field == name and problem.severity == "error"
    assert sentence in problem.message and "Try" in problem.message


def test_problems_of_cell_and_stimulus_are_told_together():
    session = Session(cell=GlifParameters(g=-1.0))
    session.choose("train_rate", -1.0)
    assert [p.field for p in problems_of(session.choices)] == ["g", "train_rate"]


def test_fields_of_the_stimulus_have_a_default_in_their_range():
    for name, info in STIMULUS_FIELDS.items():
        assert info.typical[0] <= Session().value(name) <= info.typical[1]

"""A visitor's choices, without a browser."""

import numpy as np
import pytest
from glifscope.choices import NAMES, OFFERED, OWN_FIELDS, Choices, fitted, presets, problems_of
from glifscope.session import Session
from glifscope.stimuli import KINDS, part_with

from glifcore import FIELDS, GlifModel, GlifParameters, PoissonTrain, RegularTrain


def test_a_choice_replaces_the_value_and_leaves_earlier_choices_as_they_were():
    session = Session()
    before = session.choices
    session.choose("asc_amps", -50.0, 1)
    session.choose("weight", 30)
    session.replace_part(0, part_with(session.stimulus[0], amplitude=5.0))
    assert session.value("asc_amps", 1) == -50.0
    assert session.value("weight") == 30.0
    assert before == Choices() == Session().choices


@pytest.mark.parametrize("name", FIELDS | OWN_FIELDS)
def test_every_number_can_be_chosen(name):
    session = Session()
    index = (
        None if name == "duration" or FIELDS.get(name, OWN_FIELDS.get(name)).per == "neuron" else 0
    )
    session.choose(name, 0.123, index)
    assert session.value(name, index) == 0.123


def test_choosing_the_same_again_changes_nothing():
    session = Session()
    seen = []
    session.param.watch(seen.append, ["cell", "stimulus", "weights"])
    session.choose("g", session.cell.g)
    session.choose("weight", 100)
    session.choose_model(session.cell.model)
    assert seen == []


def test_climbing_with_a_fitted_cell_takes_each_levels_own_fit():
    session = Session()
    session.choose_preset("467003163")
    for model in GlifModel:
        session.choose_model(model)
        assert session.cell == fitted("467003163", model)
        assert session.choices.is_as_fitted


def test_climbing_with_an_edited_cell_switches_mechanisms_only():
    session = Session()
    session.choose_preset("467003163")
    session.choose("g", 12.0)
    edited = session.cell
    session.choose_model(GlifModel.GLIF1)
    assert not session.choices.is_as_fitted
    assert session.cell == edited.replace(model=GlifModel.GLIF1)


def test_the_synapse_stays_when_the_cell_changes():
    session = Session()
    session.choose("tau_syn_slow", 17.0, 0)
    session.add_port()
    session.choose_preset("515305346")
    session.choose_model(GlifModel.GLIF3)
    assert [session.value("tau_syn_slow", port) for port in (0, 1)] == [17.0, 17.0]
    assert session.choices.is_as_fitted


def test_a_cell_without_the_present_level_comes_at_the_nearest_below():
    name = next(p.name for p in presets().values() if GlifModel.GLIF5 not in p.levels)
    session = Session()
    session.choose_preset(name)
    assert session.cell.model is presets()[name].levels[-1]
    assert session.choices.is_as_fitted


def test_every_cell_of_the_menu_exists():
    assert len(OFFERED) == 15 and set(OFFERED) <= set(presets())


# Ports


def test_a_new_port_has_the_synapse_of_the_one_that_was_shown():
    session = Session()
    session.choose("amp_slow", 0.7, 0)
    session.add_port()
    assert session.port == 1
    assert session.value("amp_slow", 1) == 0.7 and session.weights == (100.0, 100.0)
    assert problems_of(session.choices) == ()


def test_there_are_at_most_four_ports_and_at_least_one():
    session = Session()
    for _ in range(6):
        session.add_port()
    assert len(session.weights) == 4
    for _ in range(6):
        session.remove_port()
    assert len(session.weights) == 1 and session.port == 0


def test_trains_move_with_their_port_and_those_of_a_port_that_goes_arrive_at_the_first():
    session = Session()
    for _ in range(2):
        session.add_port()
    session.stimulus = tuple(RegularTrain(10.0, 20.0, 3, 1.0, port) for port in range(3))
    session.port = 1
    session.remove_port()
    assert [part.receptor for part in session.stimulus] == [0, 0, 1]
    assert problems_of(session.choices) == ()


def test_a_train_arrives_with_the_weight_of_its_port():
    session = Session()
    session.add_port()
    session.choose("weight", -30.0, 1)
    session.stimulus = (RegularTrain(10.0, 20.0, 1, 1.0, 0), RegularTrain(10.0, 20.0, 1, 1.0, 1))
    weights = session.choices.arriving().weights
    assert weights.sum(axis=0).tolist() == [100.0, -30.0]


# Problems


def changed(**values):
    stimulus = tuple(
        part_with(part, **{k: v for k, v in values.items() if hasattr(part, k)})
        for part in Choices().stimulus
    )
    return Choices(stimulus=stimulus)


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"rate": 0.0}, "stimulus[1].rate", "must be above 0 1/s"),
        ({"count": 1000.0}, "stimulus[1].count", "between 0 and 500"),
        ({"amplitude": np.nan}, "stimulus[0].amplitude", "finite"),
        ({"receptor": 3}, "stimulus[1].receptor", "add a port"),
    ],
)
def test_a_stimulus_that_cannot_be_made_is_told(values, field, sentence):
    (problem,) = problems_of(changed(**values))
    assert problem.field == field and problem.severity == "error"
    assert sentence in problem.message


@pytest.mark.parametrize("value", [np.inf, np.nan, -np.inf])
def test_a_weight_that_is_no_number_is_told(value):
    (problem,) = problems_of(Choices(weights=(value,)))
    assert problem.field == "weight[0]" and "finite" in problem.message


@pytest.mark.parametrize("value", [0.0, 1e9, np.nan])
def test_a_duration_that_cannot_be_simulated_is_told(value):
    (problem,) = problems_of(Choices(duration=value))
    assert problem.field == "duration" and "Try" in problem.message


def test_problems_of_cell_and_stimulus_are_told_together():
    choices = changed(rate=-1.0)._replace(cell=GlifParameters(g=-1.0))
    assert [p.field for p in problems_of(choices)] == ["g", "stimulus[1].rate"]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_part_begins_without_a_problem_and_in_its_ranges(kind):
    part = KINDS[kind].start
    assert problems_of(Choices(stimulus=(part,))) == ()
    for name, info in KINDS[kind].numbers.items():
        assert info.typical[0] <= getattr(part, name) <= info.typical[1]
        assert info.meaning


# Undo and redo


def test_undo_goes_back_through_every_choice_and_redo_forward_again():
    session = Session()
    seen = [session.choices]
    steps = [
        lambda: session.choose("g", 12.0),
        lambda: session.choose_preset("515305346"),
        lambda: session.choose_model(GlifModel.GLIF2),
        session.add_port,
        lambda: session.add_part(PoissonTrain(20.0, 1.0)),
        lambda: session.choose("duration", 700.0),
        session.remove_port,
    ]
    for step in steps:
        step()
        seen.append(session.choices)
    for choices in reversed(seen[:-1]):
        assert session.can_undo
        session.undo()
        assert session.choices == choices
    assert not session.can_undo and session.can_redo
    session.undo()
    assert session.choices == seen[0]
    for choices in seen[1:]:
        session.redo()
        assert session.choices == choices
    assert not session.can_redo


def test_a_drag_is_one_step():
    session = Session()
    for value in np.linspace(1.0, 5.0, 40):
        session.choose("tau_syn_fast", value, 0)
    session.choose("amp_slow", 0.9, 0)
    session.undo()
    assert session.value("tau_syn_fast", 0) == 5.0
    session.undo()
    assert session.choices == Choices() and not session.can_undo


def test_a_new_choice_after_undo_forgets_what_was_undone():
    session = Session()
    session.choose("g", 12.0)
    session.undo()
    session.choose("g", 13.0)
    assert not session.can_redo
    session.undo()
    assert session.value("g") == 9.43


def test_the_port_that_is_shown_exists_after_undo():
    session = Session()
    session.add_port()
    session.undo()
    assert session.port == 0 and len(session.weights) == 1


def test_the_port_the_spike_and_the_lesson_are_steps_too():
    session = Session()
    session.add_port()
    session.forget()
    for name, value in (("port", 0), ("spike", 2), ("lesson", "one-alpha")):
        setattr(session, name, value)
    for name, value in (("lesson", ""), ("spike", None), ("port", 1)):
        session.undo()
        assert getattr(session, name) == value
    assert not session.can_undo
    for _ in range(3):
        session.redo()
    assert (session.port, session.spike, session.lesson) == (0, 2, "one-alpha")


def test_undo_leads_to_where_a_step_was_made_and_to_go_somewhere_is_none():
    session = Session(workspace="Synapse")
    session.choose("amp_slow", 0.9, 0)
    session.param.update(workspace="Neuron", pane="Climb")
    session.choose("g", 12.0)
    session.workspace = "Cells"
    session.undo()
    assert (session.workspace, session.pane, session.value("g")) == ("Neuron", "Climb", 9.43)
    session.undo()
    assert session.workspace == "Synapse" and session.value("amp_slow", 0) != 0.9
    assert not session.can_undo
    session.undo()
    session.workspace = "Lessons"
    session.redo()
    session.redo()
    assert (session.workspace, session.pane, session.value("g")) == ("Neuron", "Climb", 12.0)
    session.redo()


def test_what_is_chosen_at_once_is_one_step_and_nothing_is_none():
    session = Session()
    with session.one_step():
        session.workspace = "Cells"
    assert not session.can_undo
    with session.one_step():
        session.choose("g", 12.0)
        session.spike = 1
        session.choose("duration", 700.0)
    session.undo()
    assert session.choices == Choices() and session.spike is None and not session.can_undo


def test_a_step_that_moves_leads_back_to_where_it_began_and_forth_to_where_it_led():
    session = Session(workspace="Lessons")
    with session.one_step():
        session.workspace = "Neuron"
        session.choose("g", 12.0)
    session.undo()
    assert (session.workspace, session.value("g")) == ("Lessons", 9.43)
    session.redo()
    assert (session.workspace, session.value("g")) == ("Neuron", 12.0)


def test_undo_tells_only_of_what_it_changes():
    session, told = Session(), []
    session.spike = 2
    session.param.watch(lambda *events: told.extend(event.name for event in events), [*NAMES])
    session.undo()
    assert session.spike is None and told == []

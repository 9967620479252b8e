"""Every rule of the model, each broken once; the sentence names value, rule and remedy."""

import numpy as np
import pytest

from glifcore import FIELDS, GlifModel, GlifParameters, ParameterError, make_stimulus, simulate
from glifcore.validation import problems, validate

POSITIVE = [name for name, info in FIELDS.items() if info.above == 0.0]
FRACTIONS = [name for name, info in FIELDS.items() if info.within == (0.0, 1.0)]


def glif5(**changes):
    return GlifParameters(model=GlifModel.GLIF5).replace(**changes)


def as_field(name, value):
    """The value in the shape that the field has by default."""
    return np.full(np.shape(getattr(GlifParameters(), name)), value)


def test_the_defaults_have_no_problem():
    for model in GlifModel:
        assert problems(GlifParameters(model=model)) == ()


@pytest.mark.parametrize("name", POSITIVE)
@pytest.mark.parametrize("value", [0.0, -1.5])
def test_what_must_be_positive_is_refused_at_and_below_zero(name, value):
    (problem,) = problems(glif5(**{name: as_field(name, value)}))
    assert problem.field == name
    assert problem.severity == "error"
    assert f"is {value:g}" in problem.message
    assert "must be above 0" in problem.message
    assert "Try" in problem.message


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("model", [GlifModel.GLIF1, GlifModel.GLIF5])
def test_what_is_not_finite_is_refused_at_every_level(name, value, model):
    found = problems(GlifParameters(model=model, **{name: as_field(name, value)}))
    assert [p.field for p in found] == [name]
    assert "finite" in found[0].message and found[0].severity == "error"


@pytest.mark.parametrize("name", FRACTIONS)
@pytest.mark.parametrize("value", [-0.1, 1.1])
def test_fractions_lie_between_0_and_1(name, value):
    (problem,) = problems(glif5(**{name: as_field(name, value)}, voltage_reset_add=-20.0))
    assert problem.field == name
    assert "between 0 and 1" in problem.message


def test_a_reset_fraction_that_only_nest_refuses_is_a_warning():
    (problem,) = problems(glif5(voltage_reset_fraction=1.2, voltage_reset_add=-20.0))
    assert problem.severity == "warning"
    assert "NEST refuses" in problem.message


def test_a_reset_above_threshold_is_a_warning_that_tells_both_potentials():
    (problem,) = problems(glif5(voltage_reset_add=40.0))
    assert problem.severity == "warning"
    assert "-33.42 mV" in problem.message and "-51.31 mV" in problem.message
    assert problems(GlifParameters(model=GlifModel.GLIF1, voltage_reset_add=40.0)) == ()


def test_a_neuron_that_resets_above_threshold_fires_after_every_refractory_period():
    cell = glif5(voltage_reset_add=200.0, I_e=1000.0, t_ref=1.0)
    spikes = simulate(cell, make_stimulus(duration=50.0), record="spikes").spike
    assert set(np.diff(np.flatnonzero(spikes))) == {11}


def test_ranges_of_unused_parameters_are_not_checked():
    assert problems(GlifParameters(th_voltage_decay=0.0, asc_r=(2.0, 2.0))) == ()


def test_the_threshold_must_lie_above_the_reset():
    (problem,) = problems(GlifParameters(V_reset=-40.0))
    assert problem.field == "V_reset"
    assert "-40 mV" in problem.message and "-51.68 mV" in problem.message


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"tau_syn_fast": (1.0, 2.0), "tau_syn_slow": (3.0, 4.0)}, "amp_slow"),
        ({"asc_decay": (0.1,), "asc_amps": (1.0,), "asc_init": (0.0,)}, "asc_r"),
    ],
)
def test_lengths_must_agree(changes, field):
    (problem,) = problems(glif5(**changes))
    assert problem.field == field
    assert "has" in problem.message and "Give" in problem.message


def test_a_neuron_has_at_least_one_port():
    empty = np.zeros(0)
    (problem,) = problems(glif5(tau_syn_fast=empty, tau_syn_slow=empty, amp_slow=empty))
    assert "at least one receptor port" in problem.message


def test_a_population_has_one_size():
    found = problems(glif5(g=np.full(3, 9.0), C_m=np.full(4, 60.0)))
    assert any("one size" in p.message for p in found)


def test_the_offending_element_is_named():
    (problem,) = problems(glif5(asc_decay=(0.1, -2.0)))
    assert "`asc_decay[1]` is -2 1/ms" in problem.message


def test_all_problems_are_told_at_once():
    with pytest.raises(ParameterError) as caught:
        validate(glif5(g=-1.0, t_ref=0.0, tau_syn_fast=(np.nan,)))
    assert len(str(caught.value).splitlines()) == 3


@pytest.mark.parametrize("dt", [0.0, -0.1, np.nan, np.inf, 0.0005, 0.1003])
def test_a_step_off_the_grid_of_nest_is_refused(dt):
    with pytest.raises(ParameterError, match=r"multiple of 0\.001 ms"):
        simulate(GlifParameters(), (np.zeros(5), np.zeros((5, 1))), dt=dt)

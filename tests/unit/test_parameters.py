"""What a `GlifParameters` promises: NEST's names and defaults, conversion, round trips."""

import jax
import numpy as np
import pytest

from glifcore import FIELDS, GlifModel, GlifParameters, ParameterError, load_preset


@pytest.mark.parametrize("model", GlifModel)
def test_flags_and_level_name_each_other(model):
    assert GlifModel.from_flags(**model.flags) is model


def test_a_combination_of_flags_that_is_no_level_names_the_five_that_are():
    with pytest.raises(ParameterError, match=r"adapting_threshold=True.*GLIF5 is"):
        GlifModel.from_flags(False, False, True)


@pytest.mark.parametrize("model", GlifModel)
def test_a_dict_is_read_back_as_the_same_neuron(model):
    cell = load_preset("490376252", model)
    assert GlifParameters.from_dict(cell.to_dict()) == cell
    assert set(cell.to_dict()) == {*FIELDS, *model.flags}


def test_an_unknown_key_is_refused_and_the_known_ones_listed():
    with pytest.raises(ParameterError, match=r"'tau_m'.*tau_syn_fast"):
        GlifParameters.from_dict({"tau_m": 10.0})


def test_a_value_that_is_no_number_is_named():
    with pytest.raises(ParameterError, match="`g` is 'large'"):
        GlifParameters(g="large")


def test_too_many_axes_are_named():
    with pytest.raises(ParameterError, match=r"`C_m` has shape \(2, 2\)"):
        GlifParameters(C_m=np.ones((2, 2)))


def test_a_neuron_cannot_be_changed_in_place():
    cell = GlifParameters()
    with pytest.raises(AttributeError):
        cell.g = 1.0  # pyright: ignore
    with pytest.raises(ValueError, match="read-only"):
        cell.asc_amps[0] = 1.0


def test_replace_leaves_the_other_fields():
    cell = GlifParameters(model=GlifModel.GLIF4)
    changed = cell.replace(g=20)
    assert changed.g == 20.0 and isinstance(changed.g, float)
    assert changed.replace(g=cell.g) == cell


def test_jax_sees_the_numbers_as_leaves_and_the_level_as_structure():
    leaves, tree = jax.tree.flatten(GlifParameters(model=GlifModel.GLIF3))
    assert len(leaves) == len(FIELDS)
    assert jax.tree.unflatten(tree, leaves).model is GlifModel.GLIF3


@pytest.mark.parametrize("name", FIELDS)
def test_every_default_lies_in_its_typical_range(name):
    low, high = FIELDS[name].typical
    assert np.all(np.asarray(getattr(GlifParameters(), name)) >= low)
    assert np.all(np.asarray(getattr(GlifParameters(), name)) <= high)

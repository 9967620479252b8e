"""The shipped cells."""

import pytest

from glifcore import GlifModel, GlifParameters, ParameterError, list_presets, load_preset


def test_nests_default_comes_first_and_is_the_default():
    assert list_presets()[0].name == "nest_default"
    assert load_preset("nest_default", GlifModel.GLIF3) == GlifParameters(model=GlifModel.GLIF3)


def test_a_dozen_cells_at_every_level_they_have():
    cells = list_presets()[1:]
    assert len(cells) >= 12
    for cell in cells:
        assert cell.levels == tuple(GlifModel)
        for model in cell.levels:
            assert load_preset(cell.name, model).model is model
            assert 0 < cell.explained_variance[model] <= 1


def test_levels_were_fitted_on_their_own():
    thresholds = {load_preset("467003163", model).V_th for model in GlifModel}
    assert len(thresholds) == 5


def test_an_unknown_cell_is_refused_and_the_known_ones_listed():
    with pytest.raises(ParameterError, match=r"'12345'.*nest_default"):
        load_preset("12345")

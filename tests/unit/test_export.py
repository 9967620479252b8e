"""Parameters written down and read back."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glifcore import GlifModel, GlifParameters, ParameterError, draw_population, from_json, to_json

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@given(FINITE, st.lists(FINITE, min_size=1, max_size=4), st.sampled_from(list(GlifModel)))
def test_a_round_trip_is_exact(number, numbers, model):
    params = GlifParameters(model=model, g=number, asc_amps=numbers)
    assert from_json(to_json(params)) == params


def test_a_population_of_several_levels_makes_it_too():
    params = draw_population(GlifParameters(), 3, {"g": 1.0, "asc_amps": 5.0}).replace(
        model=(GlifModel.GLIF1, GlifModel.GLIF5, GlifModel.GLIF3)
    )
    assert from_json(to_json(params)) == params


def test_it_says_what_it_is():
    document = json.loads(to_json(GlifParameters()))
    assert (document["format"], document["version"]) == ("glifcore", 1)
    assert document["parameters"]["tau_syn_fast"] == [2.0]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "not JSON.*line 1"),
        ("[]", "not glifcore's"),
        ('{"format": "nest"}', "not glifcore's"),
        ('{"format": "glifcore", "version": 99, "parameters": {}}', "`version` is 99"),
        ('{"format": "glifcore", "version": 1}', "`parameters` is missing"),
        ('{"format": "glifcore", "version": 1, "parameters": {"tau_m": 1}}', "'tau_m'"),
        ('{"format": "glifcore", "version": 1, "parameters": {"g": "x"}}', "`g` is 'x'"),
    ],
)
def test_what_cannot_be_read_is_told(text, sentence):
    with pytest.raises(ParameterError, match=sentence):
        from_json(text)


def test_numbers_that_json_lacks_are_refused():
    with pytest.raises(ParameterError, match="not a finite number"):
        to_json(GlifParameters(g=np.nan))

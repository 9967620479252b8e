"""Parameters in the words of other programs."""

import copy
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glifcore import (
    FIELDS,
    GlifModel,
    GlifParameters,
    ParameterError,
    draw_population,
    from_allen,
    from_json,
    from_nest,
    load_preset,
    to_json,
)

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


def allen_config(model: GlifModel) -> dict:
    """Figures of cell 488701127 as the Allen Institute's file has them.

    Source: github.com/AllenInstitute/GLIF_Teeter_et_al_2018, human_struc_data_dir, commit dcb2323.
    """
    rules, currents, adapting = model.value
    spike = {"a_spike": 0.003470984610390996, "b_spike": 71.56021100875185}
    follow = {"a_voltage": 34.73498970405376, "b_voltage": 199.25242384490116}
    refitted = {
        GlifModel.GLIF2: (232747771.5085854, 1.312881332102592),
        GlifModel.GLIF3: (262496487.07758772, 1.0192017877309016),
        GlifModel.GLIF5: (262496487.07758772, 0.8927411910571514),
    }
    resistance, th_inf = refitted[model]
    dynamics = "three_components_exact" if adapting else "spike_component" if rules else "inf"
    return {
        "El_reference": -0.06976716232299802,
        "El": 0.0,
        "C": 1.133356604529124e-10,
        "R_input": resistance,
        "th_inf": 0.026712342586744438,
        "spike_cut_length": 84,
        "dt": 5e-05,
        "init_AScurrents": [0.0, 0.0],
        "asc_amp_array": [-3.0714120274848236e-11, -3.6101433464465866e-11],
        "asc_tau_array": [0.1, 0.03333333333333334],
        "AScurrent_dynamics_method": {"name": "exp" if currents else "none", "params": {}},
        "AScurrent_reset_method": {"params": {"r": [1.0, 1.0]} if currents else {}},
        "voltage_reset_method": {
            "name": "v_before" if rules else "zero",
            "params": {"a": 0.5068155399964859, "b": 0.004122839817054552} if rules else {},
        },
        "threshold_reset_method": {"params": spike if rules else {}},
        "threshold_dynamics_method": {
            "name": dynamics,
            "params": (spike | follow) if adapting else spike if rules else {},
        },
        "coeffs": {"a": 1, "b": 1, "C": 1, "G": 1, "th_inf": th_inf, "asc_amp_array": [1.0, 1.0]},
    }


@pytest.mark.parametrize("model", [GlifModel.GLIF2, GlifModel.GLIF3, GlifModel.GLIF5])
def test_a_file_of_the_allen_institute_is_the_preset_of_that_cell(model):
    params = from_allen(allen_config(model))
    preset = load_preset("488701127", model)
    assert params.model == preset.model
    for name in FIELDS:
        # The presets were tabulated with seven digits.
        assert np.allclose(getattr(params, name), getattr(preset, name), rtol=5e-7), name


def test_the_factors_of_the_optimiser_are_applied():
    config = allen_config(GlifModel.GLIF5)
    plain = from_allen(config)
    config["coeffs"] = {
        "a": 2.0,
        "b": 3.0,
        "C": 4.0,
        "G": 5.0,
        "th_inf": 1.0,
        "asc_amp_array": [6.0, 7.0],
    }
    scaled = from_allen(config)
    assert scaled.th_voltage_index == pytest.approx(2 * plain.th_voltage_index)
    assert scaled.th_voltage_decay == pytest.approx(3 * plain.th_voltage_decay)
    assert scaled.C_m == pytest.approx(4 * plain.C_m)
    assert scaled.g == pytest.approx(5 * plain.g)
    assert scaled.asc_amps == pytest.approx(plain.asc_amps * [6.0, 7.0])
    assert scaled.V_th == pytest.approx(1e3 * (config["El_reference"] + config["th_inf"]))


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (("C",), None, "an entry is odd"),
        (("coeffs",), {}, "'th_inf' is missing"),
        (("threshold_dynamics_method", "name"), "fancy", "'fancy'; the GLIF levels know 'inf'"),
        (("voltage_reset_method", "name"), "zero", "no GLIF level has both"),
        (("AScurrent_dynamics_method", "name"), "none", "none of the five GLIF levels"),
    ],
)
def test_what_is_no_file_of_the_allen_institute_is_told(path, value, sentence):
    config = copy.deepcopy(allen_config(GlifModel.GLIF5))
    *parents, last = path
    inner = config
    for key in parents:
        inner = inner[key]
    inner[last] = value
    with pytest.raises(ParameterError, match=sentence):
        from_allen(config)


def test_what_nest_create_takes_is_read():
    given = {"g": 7.0, "after_spike_currents": True, "ASCurrents": [3.0, -4.0], "V_m": -78.85}
    params = from_nest(given)
    assert (params.g, params.model) == (7.0, GlifModel.GLIF3)
    assert params.asc_init.tolist() == [3.0, -4.0]


def test_a_typing_error_in_a_nest_dict_is_told():
    with pytest.raises(ParameterError, match=r"'tau_syn'.*Known: g, E_L"):
        from_nest({"tau_syn": [2.0]})


def test_the_status_of_another_nest_model_is_told():
    with pytest.raises(ParameterError, match="status of iaf_psc_alpha; give that of a glif_psc_d"):
        from_nest({"model": "iaf_psc_alpha", "C_m": 250.0})


def test_a_potential_that_a_simulation_would_not_start_from_is_told():
    with pytest.warns(UserWarning, match="`V_m` is -60.0 mV; simulations start at `E_L`"):
        from_nest({"V_m": -60.0})

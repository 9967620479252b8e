"""The shipped cells and synapses."""

import warnings

import pytest

from glifcore import (
    GlifModel,
    GlifParameters,
    ParameterError,
    list_presets,
    list_synapses,
    load_preset,
    load_synapse,
    problems,
    psc_features,
)


def test_nests_default_comes_first_and_is_the_default():
    assert list_presets()[0].name == "nest_default"
    assert load_preset("nest_default", GlifModel.GLIF3) == GlifParameters(model=GlifModel.GLIF3)


def test_all_cells_and_sets_are_there():
    cells = list_presets()[1:]
    assert len(cells) == 789
    assert sum(len(cell.levels) for cell in cells) == 2441
    assert len(list_presets(species="human")) == 144


def test_every_set_loads_and_only_those_with_a_caveat_have_a_problem():
    refused = 0
    for cell in list_presets():
        for model in cell.levels:
            with warnings.catch_warnings(record=True) as told:
                warnings.simplefilter("always")
                params = load_preset(cell.name, model)
            found = problems(params)
            assert all(p.severity == "warning" for p in found)
            assert bool(told) == any(p.field == "voltage_reset_fraction" for p in found)
            refused += bool(told)
            if found:
                assert cell.caveats[model]
    assert refused == 132


def test_a_set_that_nest_refuses_says_so():
    cell = list_presets(level=GlifModel.GLIF4, caveat="NEST")[0]
    with pytest.warns(UserWarning, match=r"GLIF4: voltage_reset_fraction outside \[0,1\]"):
        load_preset(cell.name, GlifModel.GLIF4)


def test_filters_work_together():
    some = list_presets(species="mouse", line="Sst-IRES-Cre", level=GlifModel.GLIF5, caveat=False)
    assert 0 < len(some) < 64
    for cell in some:
        assert cell.line == "Sst-IRES-Cre" and GlifModel.GLIF5 in cell.levels
        assert not cell.caveats[GlifModel.GLIF5]
    assert len(list_presets(line="Sst-IRES-Cre")) == 64
    depolarizing = list_presets(caveat="depolarizing")
    assert 0 < len(depolarizing) < len(list_presets(caveat=True))


def test_figures_are_those_of_the_source():
    # Frozen 2026-11-24 from the converted neuron_config.json files of cell 490626718.
    assert load_preset("490626718", GlifModel.GLIF3).to_dict() | {} == (
        GlifParameters(
            model=GlifModel.GLIF3,
            E_L=-78.84504,
            V_th=-49.99153,
            g=9.434078,
            C_m=58.72101,
            V_reset=-78.84504,
            asc_amps=(-9.177544, -198.9425),
        ).to_dict()
    )


def test_levels_were_fitted_on_their_own():
    thresholds = {load_preset("467003163", model).V_th for model in GlifModel}
    assert len(thresholds) == 5


def test_what_is_not_there_is_refused():
    with pytest.raises(ParameterError, match=r"'12345'.*nest_default.*789"):
        load_preset("12345")
    with pytest.raises(ParameterError, match=r"not fitted at GLIF5; it has GLIF1, GLIF3"):
        load_preset("490626718", GlifModel.GLIF5)
    with pytest.raises(ParameterError, match=r"'exc_to_moon'.*exc_to_e23"):
        load_synapse("exc_to_moon")


def test_every_synapse_has_a_waveform_with_its_sign():
    synapses = list_synapses()
    assert len(synapses) == 121
    for synapse in synapses:
        peak = float(psc_features(synapse.shape).peak)
        assert (peak > 0) == (synapse.sign == "excitatory")
        assert load_synapse(synapse.name) == synapse
    assert {s.pre for s in list_synapses(post="e23")} >= {"exc", "inh"}


def test_a_synapse_has_the_features_that_were_computed_for_it():
    # By brute force on a 1 us grid when the table was made.
    features = psc_features(load_synapse("exc_to_e23").shape)
    assert float(features.peak) == pytest.approx(1.45501, abs=1e-5)
    assert float(features.time_to_peak) == pytest.approx(2.148, abs=6e-4)
    assert float(features.rise_time) == pytest.approx(1.196, abs=2e-3)
    assert float(features.half_width) == pytest.approx(6.365, abs=2e-3)
    assert float(features.decay_time) == pytest.approx(6.438, abs=2e-3)
    assert float(features.charge) == pytest.approx(11.7102, abs=1e-4)

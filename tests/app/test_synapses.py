"""The V1 synapse explorer, without a browser."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from glifscope.choices import shape_of
from glifscope.session import Session
from glifscope.synapses.card import fallback_in_words, near_in_words, remarks, shared_in_words
from glifscope.synapses.catalogue import (
    CLASSES,
    MISFIT,
    QUANTITIES,
    RATIO,
    SHAPE,
    SLOW_SHARE,
    TIME_TO_PEAK,
    catalogue,
    numbers_of,
)
from glifscope.synapses.choices import Asked, ExplorerChoices, compute
from glifscope.synapses.heat_map import _tiles
from glifscope.synapses.one_alpha import one_alpha
from glifscope.synapses.scatter import LOOKS, following, look_of
from glifscope.synapses.workspace import Explorer, warm_up

from glifcore import (
    GlifParameters,
    PscShape,
    list_synapses,
    load_synapse,
    psc_features,
    psc_waveform,
    psp_waveform,
)

NEURON = GlifParameters(tau_syn_fast=[2.0, 1.0], tau_syn_slow=[6.0, 3.0], amp_slow=[0.3, 0.2])


@pytest.fixture
def explorer():
    session = Session(cell=NEURON, weights=(100.0, 50.0))
    with ThreadPoolExecutor(1) as pool:
        yield Explorer(session, pool)


# The numbers


def test_every_pair_of_classes_has_one_synapse_and_a_title():
    pairs = {(synapse.pre, synapse.post) for synapse in list_synapses()}
    assert pairs == {(pre, post) for pre in CLASSES for post in CLASSES}
    assert len(list_synapses()) == len(pairs)


def test_the_columns_hold_what_load_synapse_gives():
    found = catalogue()
    for i, synapse in enumerate(found.synapses):
        assert synapse == load_synapse(synapse.name)
        assert [found.numbers[name][i] for name in SHAPE] == list(synapse.shape[1:])


def test_the_features_are_those_of_the_waveform_whatever_its_weight():
    found = catalogue()
    for name in ("e4_to_pv", "vip_to_e5et"):
        psc = psc_features(load_synapse(name).shape)
        i = found.index(name)
        assert found.numbers[TIME_TO_PEAK][i] == psc.time_to_peak
        assert found.numbers[SLOW_SHARE][i] == 100.0 * psc.slow_fraction
    assert all(np.isfinite(column).all() for column in found.numbers.values())
    assert set(found.numbers) == set(QUANTITIES)


def test_a_column_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        catalogue().numbers[RATIO][0] = 0.0


def test_what_is_called_a_fallback_equals_the_pooled_class():
    for synapse in list_synapses():
        source = "exc" if synapse.sign == "excitatory" else "inh"
        pooled = load_synapse(f"{source}_to_{synapse.post}").shape
        assert all(getattr(synapse.shape, n) == getattr(pooled, n) for n in synapse.pooled)


def test_classes_are_alike_where_all_three_numbers_are():
    found = catalogue()
    for synapse, alike in zip(found.synapses, found.alike, strict=True):
        same = [s.name for s in list_synapses() if s.shape == synapse.shape]
        assert sorted([*alike, synapse.name]) == sorted(same)


# One alpha function in the place of two


@pytest.mark.parametrize("shape", [PscShape(1.0, 2.0, 2.0, 0.7), PscShape(1.0, 2.0, 5.0, 0.0)])
def test_one_alpha_function_is_found_where_there_is_but_one(shape):
    tau, misfit = one_alpha(shape)
    assert tau == pytest.approx(2.0)
    assert misfit < 1e-12


def test_no_other_alpha_function_comes_nearer():
    shape = load_synapse("pv_to_pv").shape
    best = one_alpha(shape)
    t = np.linspace(0.0, 8.0 * shape.tau_syn_slow, 1000)
    double = np.asarray(psc_waveform(shape._replace(weight=1.0), t))

    def squares(tau):
        single = t / tau * np.exp(1.0 - t / tau)
        height = single @ double / (single @ single)
        return ((double - height * single) ** 2).sum()

    assert min(map(squares, np.linspace(0.5, 6.0, 300))) > 0.999 * squares(best.tau)


def test_the_farther_apart_the_time_constants_the_worse_one_alpha_fits():
    ratios = [1.1, 1.5, 2.0, 3.0, 5.0]
    misfits = [one_alpha(PscShape(1.0, 1.0, ratio, 0.5)).misfit for ratio in ratios]
    assert misfits == sorted(misfits)
    assert numbers_of(PscShape(1.0, 1.0, 1.1, 0.5))[MISFIT] == 100.0 * misfits[0]


# The picture


@pytest.mark.parametrize(("name", "sign"), [("e4_to_pv", 1.0), ("pv_to_e4", -1.0)])
def test_the_class_gives_the_weight_its_sign(name, sign):
    picture = compute(Asked(name, 80.0), NEURON, 0)
    assert picture.shape.weight == sign * 80.0
    assert picture.psp is not None
    total = np.asarray(psc_waveform(picture.shape, picture.t))
    np.testing.assert_allclose(picture.fast + picture.slow, total)
    assert np.sign(picture.psp.peak[1]) == sign


def test_the_psp_is_that_of_the_chosen_cell():
    cell = NEURON.replace(g=30.0)
    psp = compute(Asked(), cell, 0).psp
    assert psp is not None
    shape = load_synapse(Asked().synapse).shape._replace(weight=100.0)
    np.testing.assert_allclose(psp.voltage, psp_waveform(shape, cell, psp.t), rtol=1e-9)
    assert abs(psp.voltage[-1]) < 0.02 * abs(psp.peak[1])


def test_a_membrane_with_a_problem_has_a_sentence_and_no_psp():
    picture = compute(Asked(), NEURON.replace(g=-1.0), 0)
    assert picture.psp is None and picture.port_place is None
    assert "`g` is -1 nS" in picture.problems[0].message


def test_the_synapse_on_the_shown_port_stands_among_the_classes():
    asked = Asked(x="tau_syn_fast", y="amp_slow")
    assert compute(asked, NEURON, 0).port_place == (2.0, 0.3)
    assert compute(asked, NEURON, 1).port_place == (1.0, 0.2)


def test_picking_one_cell_leaves_the_other():
    choices = ExplorerChoices()
    choices.pick(pre="sst")
    assert choices.asked.synapse == "sst_to_pv"
    choices.pick(post="e6")
    assert choices.asked.synapse == "sst_to_e6"


# What is told


def told_of(name):
    return " ".join(remarks(catalogue(), load_synapse(name)))


def test_a_fallback_is_told_in_words():
    whole = fallback_in_words(load_synapse("e23_to_e4"))
    assert whole.startswith("All three numbers equal those of exc → e4, where all excitatory cells")
    part = fallback_in_words(load_synapse("e23_to_vip"))
    assert part.startswith("`tau_syn_slow` equals that of exc → vip")
    assert "grave" in told_of("e23_to_e4") and "grave" not in told_of("e23_to_vip")
    assert "fallback" not in told_of("e4_to_pv")


def test_numbers_that_agree_to_the_last_digit_are_told():
    found = catalogue()
    shared = shared_in_words(found, load_synapse("sst_to_e4"))
    assert "`tau_syn_slow` (" in shared and "`tau_syn_fast`" not in shared
    assert shared_in_words(found, load_synapse("e4_to_pv")) == ""
    assert "e6 → pv" in told_of("e5np_to_pv")


def test_a_class_that_is_nearly_one_alpha_function_is_told():
    shape = load_synapse("e4_to_e4").shape
    nearest = one_alpha(shape)
    words = near_in_words(shape, nearest.tau, nearest.misfit)
    assert "factor of 1.32" in words and "2.07 ms" in words
    assert "Nearly a single" in told_of("e4_to_e4")
    assert "Nearly a single" not in told_of("pv_to_e4")


def test_every_class_can_be_told_and_every_pooled_one_says_so():
    for synapse in list_synapses():
        told = told_of(synapse.name)
        pooled = {synapse.pre, synapse.post} & {"exc", "inh"}
        assert ("Pooled over" in told) == bool(pooled)


# Tiles and points


def test_a_tile_stands_in_the_row_of_its_pre_and_the_column_of_its_post():
    picture = compute(Asked(tint=MISFIT), NEURON, 0)
    classes = list(CLASSES)
    frame = _tiles(picture).dframe()
    for synapse, row in zip(picture.catalogue.synapses, frame.itertuples(), strict=True):
        assert classes[int(row.x0)] == synapse.post and classes[int(row.y0)] == synapse.pre
        assert (
            row.number == picture.catalogue.numbers[MISFIT][picture.catalogue.index(synapse.name)]
        )


def test_clicking_a_point_again_goes_through_the_classes_at_its_place(explorer):
    picture = explorer.picture
    first = picture.catalogue.index("exc_to_e23")
    names = ["exc_to_e23", *picture.catalogue.alike[first]]
    x, y = (picture.catalogue.numbers[key][first] for key in picture.asked[2:4])
    seen = []
    for _ in (*names, ""):
        explorer.scatter.tapped(x + 0.005, y)
        seen.append(explorer.choices.asked.synapse)
    assert seen == [*names, names[0]]
    explorer.scatter.tapped(3.0, 12.0)  # nothing is near
    assert explorer.choices.asked.synapse == names[0]
    assert following(["a", "b"], "c") == "a"


def test_the_looks_tell_the_presynaptic_classes_apart():
    assert {look_of(pre) for pre in CLASSES} == set(LOOKS.values())


# The workspace


def test_a_clicked_tile_is_looked_at_everywhere(explorer):
    classes = list(CLASSES)
    explorer.heat_map.tapped(classes.index("e4") + 0.9, classes.index("pv") + 0.1)
    assert (explorer.controls.pre.value, explorer.controls.post.value) == ("pv", "e4")
    assert explorer.picture.synapse.name == "pv_to_e4"
    assert explorer.waveform.current.data["total"].min() < -100.0
    assert "pv → e4" in explorer.card._facts.object
    explorer.heat_map.tapped(-0.1, 3.0)  # beside the tiles
    assert explorer.choices.asked.synapse == "pv_to_e4"


def test_the_class_goes_onto_the_shown_port_and_undo_brings_the_old_one_back(explorer):
    session = explorer._session
    before = session.choices
    session.port = 1
    explorer.controls.pre.value = "sst"
    explorer.controls.size.slider.value = 40.0
    assert explorer.card.put.label == "Put it on port 1 of the neuron"
    explorer.card.put.clicks += 1
    shape = load_synapse("sst_to_pv").shape._replace(weight=-40.0)
    assert shape_of(session.choices, 1) == shape
    assert shape_of(session.choices, 0) == shape_of(before, 0)
    assert explorer.card.put.disabled and explorer.card.look.visible
    assert explorer.picture.port_place == explorer.picture.place
    session.undo()
    assert session.choices == before
    assert not explorer.card.put.disabled and not explorer.card.look.visible


def test_a_weight_that_cannot_be_says_so_and_leaves_the_picture(explorer):
    picture = explorer.picture
    explorer.controls.size.slider.value = -5.0
    assert "must be above 0" in explorer.controls.size._problem.object
    assert explorer.card.put.disabled and explorer.picture is picture
    explorer.controls.size.slider.value = 60.0
    assert explorer.controls.size._problem.object == ""
    assert not explorer.card.put.disabled and explorer.picture.shape.weight == 60.0


def test_a_membrane_with_a_problem_is_told_in_the_place_of_its_curve(explorer):
    explorer._session.choose("g", -1.0)
    assert "must be above 0" in explorer.waveform._membrane.object
    assert len(explorer.waveform.voltage.data["t"]) == 0
    explorer._session.choose("g", 10.0)
    assert len(explorer.waveform.voltage.data["t"]) > 0


def test_hidden_it_computes_nothing_and_shown_it_catches_up(explorer):
    explorer.shown(False)
    picture = explorer.picture
    explorer._session.choose("C_m", 200.0)
    assert explorer.picture is picture
    explorer.shown(True)
    assert explorer.picture.cell.C_m == 200.0
    picture = explorer.picture
    explorer.shown(False)
    explorer.shown(True)
    assert explorer.picture is picture


def test_overviews_are_sent_only_what_changed(explorer, monkeypatch):
    sent = []
    for view in (explorer.heat_map, explorer.scatter):
        for name in ("_tiles", "_chosen", "_points", "_marks"):
            if hasattr(view, name):
                pipe = getattr(view, name)
                monkeypatch.setattr(pipe, "send", lambda _, name=name: sent.append(name))
    explorer.controls.size.slider.value = 70.0
    assert sent == []
    explorer.controls.post.value = "e4"
    assert sent == ["_chosen", "_marks"]
    sent.clear()
    explorer.controls.tint.value = RATIO
    assert sent == ["_tiles"]
    sent.clear()
    explorer.controls.x.value = RATIO
    assert sent == ["_points", "_marks"]


def test_it_can_be_warmed_up_without_a_visitor():
    warm_up()

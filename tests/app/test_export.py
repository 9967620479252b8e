"""Files of what is on the page."""

import json
from xml.etree import ElementTree

import numpy as np
import pytest
from glifscope.choices import DT, Choices, Driven
from glifscope.export.neuron import psc_figure, told_of, traces_figure
from glifscope.export.run import choices_json, traces_csv
from glifscope.export.words import caption
from glifscope.session import Session
from glifscope.stimuli import KINDS
from glifscope.url_state import open_query

from glifcore import GlifModel, GlifParameters, PoissonTrain, from_json, simulate, to_json
from glifcore.stimulus import from_dict


def two_ports():
    session = Session()
    session.add_port()
    session.choose("tau_syn_fast", 0.7, 1)
    session.add_part(PoissonTrain(80.0, 1.0, 1, 0.0, 300.0, 2))
    return session.choices


def columns_of(csv):
    head, *rows = (line.split(",") for line in csv.splitlines())
    return {
        name: np.array([float(row[i]) for row in rows if row[i]]) for i, name in enumerate(head)
    }


def drawn(choices, form, pinned=None):
    """The figure of a run, as the page makes it."""
    other = pinned and Driven.by(pinned)
    return traces_figure(Driven.by(choices), form, told_of(choices, pinned), other)


def test_the_csv_holds_every_step_of_every_trace_with_units():
    choices = two_ports()
    found = columns_of(traces_csv(Driven.by(choices)))
    stimulus = choices.arriving()
    traces = simulate(choices.cell, stimulus, dt=DT)
    assert np.allclose(found["time (ms)"], traces.time, rtol=1e-9)
    for name in ("V_m", "threshold", "threshold_spike", "threshold_voltage"):
        assert np.array_equal(found[f"{name} (mV)"], getattr(traces, name)), name
    for j in range(2):
        assert np.array_equal(found[f"ASCurrents[{j}] (pA)"], traces.ASCurrents[:, j])
        assert np.array_equal(found[f"arriving weight port {j} (pA)"], stimulus.weights[:, j])
        for part in ("I_syn_fast", "I_syn_slow"):
            ports = getattr(traces, f"{part}_ports")
            assert np.array_equal(found[f"{part} port {j} (pA)"], ports[:, j])
    assert np.array_equal(found["injected (pA)"], stimulus.current)
    assert found["spike"].sum() == traces.spike.sum() > 0


def test_the_csv_and_the_figure_hold_the_pinned_run_and_the_difference():
    choices, pinned = two_ports(), Choices(duration=300.0)
    found = columns_of(traces_csv(Driven.by(choices), Driven.by(pinned)))
    other = simulate(pinned.cell, pinned.arriving(), dt=DT)
    assert np.array_equal(found["pinned V_m (mV)"], other.V_m)
    difference = found["V_m less pinned V_m (mV)"]
    assert np.array_equal(difference, found["V_m (mV)"][: len(other.V_m)] - other.V_m)
    assert found["pinned spike"].sum() == other.spike.sum()
    text = " ".join(ElementTree.fromstring(drawn(choices, "svg", pinned)).itertext())
    for piece in ("pinned V_m", "V_m less pinned V_m", "port 1, slow", "arriving spike", "300 ms"):
        assert piece in text
    assert "pinned" not in drawn(choices, "svg").decode()


def test_the_json_brings_back_the_cell_the_stimulus_and_the_page():
    session = Session()
    session.choose_preset("515305346")
    session.choose("g", 7.0)
    session.add_port()
    session.stimulus = tuple(
        kind.start for name, kind in KINDS.items() if name in ("SineCurrent", "BurstTrain")
    )
    content = json.loads(choices_json(session.choices))
    cell = GlifParameters.from_dict(content["parameters"])
    assert cell == session.cell == from_json(to_json(cell))
    parts = [from_dict(part) for part in content["stimulus"]]
    assert parts[0] == session.stimulus[0] and parts[1].weight == session.weights[0]
    again = Session()
    assert open_query(again, content["link"]) == []
    assert again.choices == session.choices


def test_the_caption_names_every_number_that_has_an_effect():
    session = Session()
    session.choose("g", 7.125)
    text = caption(session.choices)
    for piece in ("GLIF5", "edited", "g 7.125 nS", "Port 0: weight 100 pA", "tau_syn_slow 6 ms"):
        assert piece in text
    assert "Current step: amplitude 320 pA" in text and "th_voltage_decay" in text
    session.choose_model(GlifModel.GLIF1)
    assert "th_voltage_decay" not in caption(session.choices)


@pytest.mark.parametrize("model", GlifModel)
def test_figures_are_svg_with_the_caption_in_them_and_png(model):
    session = Session()
    session.choose_model(model)
    for svg in (drawn(session.choices, "svg"), psc_figure(session.choices, 0, "svg")):
        assert ElementTree.fromstring(svg).tag.endswith("svg")
    assert drawn(session.choices, "png").startswith(b"\x89PNG")
    assert psc_figure(session.choices, 0, "png").startswith(b"\x89PNG")

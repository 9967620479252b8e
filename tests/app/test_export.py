"""Files of what is on the page."""

import json
from xml.etree import ElementTree

import numpy as np
import pytest
from glifscope.choices import DT, Choices
from glifscope.export.neuron import psc_figure, traces_figure
from glifscope.export.run import choices_json, traces_csv
from glifscope.export.words import caption
from glifscope.session import Session
from glifscope.stimuli import KINDS
from glifscope.url_state import open_query

from glifcore import GlifModel, GlifParameters, from_json, simulate, to_json
from glifcore.stimulus import from_dict


def test_the_csv_holds_every_step_with_units():
    choices = Choices()
    head, *rows = traces_csv(choices).splitlines()
    names = head.split(",")
    assert names[:3] == ["time (ms)", "V_m (mV)", "threshold (mV)"] and names[-1] == "spike"
    table = np.array([[float(x) for x in row.split(",")] for row in rows])
    traces = simulate(choices.cell, choices.arriving(), dt=DT)
    assert np.allclose(table[:, 1], traces.V_m, rtol=1e-9)
    assert table[:, -1].sum() == traces.spike.sum()


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
    for svg in (traces_figure(session.choices, "svg"), psc_figure(session.choices, 0, "svg")):
        assert ElementTree.fromstring(svg).tag.endswith("svg")
    assert traces_figure(session.choices, "png").startswith(b"\x89PNG")
    assert psc_figure(session.choices, 0, "png").startswith(b"\x89PNG")

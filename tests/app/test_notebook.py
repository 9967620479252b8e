"""The example notebook, run by a kernel; and the views that it shows, alone."""

from pathlib import Path

import nbformat
import panel as pn
import panel_material_ui as pmui
import pytest
from bokeh.models import Range1d
from glifscope import (
    CurrentsView,
    MembraneView,
    PscView,
    Session,
    autopsy_of,
    climb_of,
    firing_of,
    results_of,
    stimulus_of,
    workspace_of,
)
from nbclient import NotebookClient

from glifcore import GlifModel, GlifParameters, ParameterError

NOTEBOOK = Path(__file__).parents[2] / "docs" / "glifscope.ipynb"


@pytest.mark.filterwarnings("default")  # the kernel's own libraries warn about themselves
def test_the_example_notebook_runs_and_shows_its_views():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    shown = [
        output["data"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output["output_type"] in ("display_data", "execute_result")
    ]
    drawn = [data for data in shown if "bokeh" in data.get("text/html", "").lower()]
    assert len(drawn) >= 4
    link = next(data["text/plain"] for data in shown if "v=1" in data.get("text/plain", ""))
    assert "cell=515305346" in link


def test_a_view_alone_follows_the_session():
    session = Session()
    results = results_of(session)
    view, currents = MembraneView(results), CurrentsView(results, Range1d(start=0, end=100))
    before = view.source.data["V_m"]
    session.choose("g", 12.0)
    assert view.source.data["V_m"] is results.frame.V_m is not before
    assert currents.figure.x_range.end == 100
    psc = PscView(results)
    session.choose("weight", 50.0)
    assert psc._shape.data["weight"] == [50.0]


def test_climb_curve_autopsy_and_stimulus_alone_follow_the_session():
    session = Session(spike=0)
    climb, firing, autopsy, stimulus = (
        make(session) for make in (climb_of, firing_of, autopsy_of, stimulus_of)
    )
    before = climb._last, firing._last, autopsy._last
    assert before[2].autopsy.time == before[2].spike_times[0]
    session.choose("g", 12.0)
    after = climb._last, firing._last, autopsy._last
    assert all(now is not then for now, then in zip(after, before, strict=True))
    assert firing._last.cell.g == 12.0
    session.pinned = session.choices
    assert firing._difference.column.visible
    climb.flags._take("GLIF2")
    assert session.cell.model is GlifModel.GLIF2
    stimulus._paint("data", None, {"t": [5.0], "port": [0], "part": [-1]})
    assert session.stimulus[-1].times == (5.0,)


@pytest.mark.parametrize("name", ["Population", "Cells", "V1 synapses", "Workshop"])
def test_a_workspace_alone_stands_with_its_controls(name):
    controls, main = workspace_of(Session(), name)
    assert controls.select(pmui.Select) or controls.select(pmui.EditableFloatSlider)
    assert len(main.select(pn.pane.Bokeh)) + len(main.select(pn.pane.HoloViews)) > 0


def test_an_unknown_workspace_is_told():
    with pytest.raises(ValueError, match="choose from: Population, Cells"):
        workspace_of(Session(), "Attic")


def test_a_bad_choice_keeps_the_last_picture_and_a_bad_start_is_told():
    session = Session()
    results = results_of(session)
    frame = results.frame
    session.choose("g", -1.0)
    assert results.frame is frame and results.problems[0].field == "g"
    with pytest.raises(ParameterError, match="must be above 0"):
        results_of(Session(cell=GlifParameters(g=-1.0)))

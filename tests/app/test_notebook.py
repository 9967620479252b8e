"""The example notebook, run by a kernel; and the views that it shows, alone."""

from pathlib import Path

import nbformat
import pytest
from bokeh.models import Range1d
from glifscope import CurrentsView, MembraneView, PscView, Session, results_of
from nbclient import NotebookClient

from glifcore import GlifParameters, ParameterError

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
    assert len(drawn) >= 2
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


def test_a_bad_choice_keeps_the_last_picture_and_a_bad_start_is_told():
    session = Session()
    results = results_of(session)
    frame = results.frame
    session.choose("g", -1.0)
    assert results.frame is frame and results.problems[0].field == "g"
    with pytest.raises(ParameterError, match="must be above 0"):
        results_of(Session(cell=GlifParameters(g=-1.0)))

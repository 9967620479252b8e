"""A view that fails: the others go on, and the fault is logged once with its cause."""

import pytest
from glifscope import Dashboard
from glifscope.views.autopsy import AutopsyView
from glifscope.views.currents import CurrentsView
from glifscope.views.difference import DifferenceView
from glifscope.views.membrane import MembraneView
from glifscope.views.psc import PscView
from glifscope.views.spiking import SpikingView
from glifscope.views.stimulus import StimulusView
from glifscope.views.synaptic import SynapticView
from glifscope.views.take_away import TakeAwayView
from glifscope.views.thresholds import ThresholdsView

VIEWS = [
    *(AutopsyView, CurrentsView, DifferenceView, MembraneView, PscView, SpikingView),
    *(StimulusView, SynapticView, TakeAwayView, ThresholdsView),
]


@pytest.mark.parametrize("broken", VIEWS)
def test_a_view_that_fails_leaves_the_others_and_the_session_alone(broken, monkeypatch, caplog):
    page = Dashboard()
    page.session.pinned = page.session.choices  # so that the difference is shown

    def fail(view, frame):
        raise RuntimeError("the cause")

    monkeypatch.setattr(broken, "draw", fail)
    drawn = []
    for kind in VIEWS:
        if kind is not broken:
            whole = kind.draw
            monkeypatch.setattr(
                kind, "draw", lambda v, f, whole=whole: (drawn.append(type(v)), whole(v, f))
            )
    for g in (8.0, 9.0):
        page.session.choose("g", g)
    assert set(drawn) == set(VIEWS) - {broken}
    (record,) = [r for r in caplog.records if r.levelname == "ERROR"]
    assert record.message == f"{broken.title} could not be drawn"
    assert "the cause" in str(record.exc_info[1])
    monkeypatch.undo()
    page.session.choose("g", 10.0)
    assert page.results.frame.choices.cell.g == 10.0

"""The page without a browser, taken to each of its states, and what was met on the way."""

import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

import glifscope
import panel as pn
import panel_material_ui as pmui
import pytest
from glifscope import Dashboard
from glifscope.session import PANES, SYNAPSE_PARTS, WORKSPACES
from glifscope.stimuli import KINDS, MOST_PARTS
from panel.widgets.base import WidgetBase
from panel_material_ui.widgets.base import MaterialWidget

SOURCE = Path(glifscope.__file__).parent

LEADS_ON = "arrow_forward"
"""The icon of a push button that carries the name of what it opens."""


class Met(NamedTuple):
    """What was met in any state.

    Attributes:
        controls: every widget.
        places: file and line of the source where each was made, by its id.
        cards: text of every card that has a plot, by its title.
    """

    controls: list
    places: dict
    cards: dict


@cache
def met():
    """Take a dashboard to all of its states; once for all tests, as it takes half a minute."""
    controls, places, cards, begin = {}, {}, {}, MaterialWidget.__init__

    def noted(widget, **params):
        frame = sys._getframe(1)
        while frame and SOURCE not in Path(frame.f_code.co_filename).parents:
            frame = frame.f_back
        if frame:
            places[id(widget)] = (Path(frame.f_code.co_filename), frame.f_lineno)
        begin(widget, **params)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MaterialWidget, "__init__", noted)
        for layout in states():
            controls |= {id(widget): widget for widget in layout.select(WidgetBase)}
            cards |= dict(filter(None, map(_plotted, layout.select(pmui.Paper))))
    return Met(list(controls.values()), places, cards)


def _plotted(paper):
    """Title and text of a card with a plot."""
    texts = [pane.object for pane in paper.select(pn.pane.HTML)]
    titles = [text for text in texts if 'class="card-title"' in text]
    if not titles or not paper.select(_is_plot):
        return None
    return titles[0].split('card-title">')[1].split("<")[0], "".join(texts)


def _is_plot(part):
    if isinstance(part, pn.pane.Bokeh):
        return hasattr(part.object, "renderers")
    return isinstance(part, pn.pane.HoloViews)


def states():
    """Take a dashboard to its states, one after the other, and yield its layout after each."""
    page = Dashboard()
    session, layout = page.session, page.__panel__()

    def opened():
        for groups in layout.select(pmui.Accordion):
            groups.active = list(range(len(groups)))
        return layout

    def push(is_wanted):
        next(widget for widget in opened().select(WidgetBase) if is_wanted(widget)).clicks += 1

    for session.workspace in WORKSPACES:
        yield opened()
    session.workspace = "Neuron"
    session.add_port()
    session.pinned = session.choices
    for kind in KINDS.values():
        if len(session.stimulus) == MOST_PARTS:
            session.stimulus = ()
        session.add_part(kind.start)
        yield opened()
    for session.pane in PANES:
        yield opened()
    session.workspace = "Synapse"
    for session.part in SYNAPSE_PARTS:
        yield opened()
    session.part = SYNAPSE_PARTS[0]
    page.made["Synapse"].made[session.part].open_example(
        "Synthetic: excitatory to Pvalb, 12 sweeps"
    )
    push(lambda widget: widget.label == "Hide a synapse")
    yield opened()
    page.shelf.clicks += 1
    push(lambda widget: widget.label == "Keep")
    yield opened()
    session.workspace = "Lessons"
    push(lambda widget: getattr(widget, "end_icon", None) == LEADS_ON)
    yield opened()

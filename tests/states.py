"""The page without a browser, taken to each of its states."""

import panel_material_ui as pmui
from glifscope.session import PANES, SYNAPSE_PARTS, WORKSPACES
from glifscope.stimuli import KINDS, MOST_PARTS
from panel.widgets.base import WidgetBase


def states(page):
    """Take a dashboard to its states, one after the other, and yield its layout after each."""
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


LEADS_ON = "arrow_forward"
"""The icon of a push button that carries the name of what it opens."""

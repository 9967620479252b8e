"""The page: controls at the side, plots in the middle, and the wire between them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import panel as pn
import panel_material_ui as pmui
from panel.util import edit_readonly

from .address import Address, open_address
from .buttons import switch
from .cells.workspace import Cells
from .lessons import Course, LessonPanel, Lessons
from .neuron import NeuronWorkspace
from .page import page_template
from .page_text import html, notices, show
from .pools import Pools, visitor_pools
from .population.results import PopulationResults
from .population.workspace import Population
from .results import first_results, renew
from .session import WORKSPACES, Session
from .snapshots import SnapshotsView
from .synapse import SynapseWorkspace
from .trouble import forget_with_the_session

_HERE = Path(__file__).parent

_TYPE = {"fontSize": 13}
_COMPONENTS = {
    "MuiButton": {"styleOverrides": {"sizeSmall": {"fontSize": "12.5px", "textTransform": "none"}}},
    # A tooltip must not catch the click that is meant for what it covers, nor break short words.
    "MuiTooltip": {
        "defaultProps": {"disableInteractive": True},
        "styleOverrides": {"tooltip": {"width": "max-content", "maxWidth": 280}},
    },
    # On a narrow page the switch has a row of the bar for itself, and the name has no room.
    "MuiToolbar": {
        "styleOverrides": {
            "root": {
                "@media (max-width: 899px)": {
                    "minHeight": 100,
                    "flexWrap": "wrap",
                    "alignContent": "center",
                    "& .title": {"display": "none"},
                    "& > .MuiBox-root": {"display": "contents"},
                    "& > [aria-label='Toggle theme']": {"marginLeft": "auto"},
                    "& .child-wrapper > *": {"margin": "0 2px !important"},
                    "& .child-wrapper:first-of-type > *": {"order": 1, "flex": "1 0 100%"},
                }
            }
        }
    },
    # A tooltip that finds no room at either side, as in the sidebar, is above or below.
    "MuiPopper": {
        "defaultProps": {
            "modifiers": [
                {"name": "flip", "options": {"fallbackPlacements": ["top", "bottom", "left"]}}
            ]
        }
    },
    # The mark in a label that stands in an empty field can be pointed at, too.
    "MuiInputLabel": {"styleOverrides": {"root": {"& svg": {"pointerEvents": "auto"}}}},
    "MuiAppBar": {"styleOverrides": {"root": {"backgroundColor": "#246ba3", "color": "#fff"}}},
}


def _theme(primary: str) -> dict[str, Any]:
    return {
        "chart_style": "standard",
        "palette": {"primary": {"main": primary}},
        "typography": _TYPE,
        "shape": {"borderRadius": 6},
        "components": _COMPONENTS,
    }


# The same blue, light enough for text on the dark page.
THEME = {"light": _theme("#246ba3"), "dark": _theme("#6cb0e6")}


# White on the page's coloured bar.
_BUTTON = "& .MuiToggleButton-root.MuiToggleButton-root"
_SWITCH = {
    _BUTTON: {
        "color": "#fff",
        "borderColor": "rgba(255, 255, 255, 0.55)",
        "textTransform": "none",
        "fontSize": "14px",
        "padding": "4px 13px",
    },
    f"{_BUTTON}:hover": {"backgroundColor": "rgba(255, 255, 255, 0.16)"},
    f"{_BUTTON}.Mui-selected": {"color": "#1f5f93", "backgroundColor": "#fff"},
    f"{_BUTTON}.Mui-selected:hover": {"backgroundColor": "#e8f1f8"},
    "@media (max-width: 899px)": {"width": "100%", _BUTTON: {"flexGrow": 1, "padding": "4px 5px"}},
}

# The lesson beside the workspace, or above it where the page is narrow.
_LESSON = {
    "flex": "1 1 300px",
    "max-width": "min(420px, calc(100vw - 12px))",
    "padding": "12px 0 0 12px",
}
_BODY = {"flex": "999 1 62%", "min-width": "0"}

_WHITE = {"color": "#fff", "&.Mui-disabled": {"color": "rgba(255, 255, 255, 0.45)"}}


class Dashboard(pn.viewable.Viewer):
    """One visitor's page, or a cell of a notebook."""

    def __init__(self, session: Session | None = None) -> None:
        super().__init__()
        self.session = session or Session()
        told = open_address(self.session)
        self.results = first_results(self.session)
        self._course = Course()
        self._populations = PopulationResults()
        pools = visitor_pools()
        self._makers: dict[str, Callable[[], Any]] = {
            "Synapse": lambda: SynapseWorkspace(self.session, pools),
            "Neuron": lambda: self._make_neuron(pools),
            "Population": lambda: Population(self.session, pools, self._populations),
            "Cells": lambda: Cells(self.session, pools.live),
            "Lessons": lambda: Lessons(self.session, self._course),
        }
        self.made: dict[str, Any] = {}
        self._address = Address(self.session)
        self._told = html(visible=False, margin=(8, 12, 0, 12))
        show(self._told, notices(told, "warning"))
        self._drawer: pmui.Drawer | None = None
        self._header = self._make_header()
        self._sidebar = pn.Column(sizing_mode="stretch_width", margin=0)
        self._waiting = html(visible=False, margin=(16, 24))
        self._body = pn.Column(self._waiting, sizing_mode="stretch_width", margin=0, styles=_BODY)
        self._lesson = pn.Column(styles=_LESSON, visible=False)
        self._main = pn.Column(
            self._told,
            pn.FlexBox(self._lesson, self._body, flex_wrap="wrap", sizing_mode="stretch_width"),
            self._address,
            sizing_mode="stretch_width",
            margin=0,
        )
        self.session.param.watch(lambda *_: self._show_lesson(), ["lesson", "workspace"])
        self._show_lesson()
        self.session.param.watch(lambda *_: self._go(), "workspace")
        self._make()

    def _make_neuron(self, pools: Pools) -> NeuronWorkspace:
        """The plots are built with what is chosen now, since meanwhile they miss what is sent."""
        if self.made:  # else the results were made for this
            renew(self.results, self.session)
        return NeuronWorkspace(self.session, self.results, pools)

    def _go(self) -> None:
        """Go to the workspace that is chosen; where it is yet to be built, say so first."""
        chosen = self.session.workspace
        doc = pn.state.curdoc
        self.workspace.value = chosen
        if chosen in self.made or doc is None:
            self._make()
        else:
            opening = f'<p class="caption" role="status">Opening {chosen} …</p>'
            self._waiting.param.update(object=opening, visible=True)
            self._arrange()
            doc.add_next_tick_callback(self._make)

    def _make(self) -> None:
        """Show the workspace that is chosen; each is built when it is first asked for."""
        chosen = self.session.workspace
        if chosen not in self.made:
            made = self.made[chosen] = self._makers[chosen]()
            self._sidebar.append(made.sidebar)
            self._body.append(made.main)
        self._waiting.visible = False
        self._arrange()

    def _arrange(self) -> None:
        chosen = self.session.workspace
        for workspace, made in self.made.items():
            made.sidebar.visible = made.main.visible = workspace == chosen
            made.shown(workspace == chosen)

    def _show_lesson(self) -> None:
        """A lesson stands beside the controls; in the list of lessons there is no need of it."""
        session = self.session
        wanted = bool(session.lesson) and session.workspace != "Lessons"
        if wanted and not self._lesson.objects:
            self._lesson.append(LessonPanel(session, self.results, self._course, self._populations))
        self._lesson.visible = wanted

    def _make_header(self) -> list[Any]:
        session = self.session
        self.workspace = switch(
            pmui.RadioButtonGroup,
            "Workspace",
            list(WORKSPACES),
            session.workspace,
            meaning="What is looked at: a synapse, one neuron, many neurons, fitted cells, lessons",
            look=_SWITCH,
            margin=(8, 0, 0, 20),
        )
        self.workspace.param.watch(lambda e: setattr(session, "workspace", e.new), "value")
        self.undo, self.redo, self.link, self.shelf = (
            pmui.IconButton(
                icon=icon, label=label, description=label + keys, size="medium", sx=_WHITE
            )
            for icon, label, keys in (
                ("undo", "Undo", " (Ctrl+Z)"),
                ("redo", "Redo", " (Ctrl+Y)"),
                ("link", "Copy the link", ""),
                ("bookmark_border", "Snapshots", ""),
            )
        )
        self.undo.on_click(lambda _: session.undo())
        self.redo.on_click(lambda _: session.redo())
        self.link.on_click(lambda _: self._address.copy())
        self.shelf.on_click(lambda _: self._open_drawer())
        session.param.watch(lambda *_: self._enable(), ["can_undo", "can_redo"])
        self._enable()
        return [self.workspace, self.undo, self.redo, self.link, self.shelf]

    def _open_drawer(self) -> None:
        if self._drawer is None:
            title = html('<h2 class="card-title">Snapshots</h2>', margin=(14, 10, 4, 10))
            view = SnapshotsView(self.session)
            self._drawer = pmui.Drawer(title, view, anchor="right", size=320)
            self._main.append(self._drawer)
        self._drawer.open = True

    def _enable(self) -> None:
        self.undo.disabled = not self.session.can_undo
        self.redo.disabled = not self.session.can_redo

    def page(self) -> pmui.Page:
        """The whole page, for a server."""
        if pn.state.curdoc is not None:
            # A session that begins without a request, since its page was left waiting too long,
            # would have its style sheets from Panel's CDN.
            local = f"{pn.state.rel_path or '.'}/static/extensions/panel/"
            pn.state.curdoc.template_variables.setdefault("dist_url", local)
        forget_with_the_session()
        page = pmui.Page(
            title="Glifscope",
            header=self._header,
            sidebar=[self._sidebar],
            main=[self._main],
            sidebar_width=340,
            theme_config=THEME,
            template=page_template(),
            favicon=_HERE / "logo.svg",
            meta_description="A GLIF neuron with double alpha-function synapses, live.",
            busy_indicator=None,
        )
        # Page watches whether the server is busy, and that watcher would keep it, and the whole
        # session with it, for ever; only another reference takes the watcher away.
        with edit_readonly(page):
            page.busy = page.param.loading
        page.param.watch(lambda event: setattr(self.session, "dark", event.new), "dark_theme")
        return page

    def __panel__(self) -> Any:
        return pn.Column(
            pn.Row(*self._header), pn.Row(pn.Column(self._sidebar, width=340), self._main)
        )

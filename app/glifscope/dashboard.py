"""The page: controls at the side, plots in the middle, and the wire between them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import panel as pn
import panel_material_ui as pmui
from panel.util import edit_readonly

from .address import Address, open_address
from .neuron import NeuronWorkspace
from .session import WORKSPACES, Session
from .view import html, sentence, show, switch
from .workshop import Workshop

# Shared by all visitors: a simulation takes a millisecond, so two threads serve many of them.
_POOL = ThreadPoolExecutor(max_workers=2, thread_name_prefix="glifscope")

_HERE = Path(__file__).parent

THEME = {
    "chart_style": "standard",
    "palette": {"primary": {"main": "#2b7bba"}},
    "typography": {"fontSize": 13},
    "shape": {"borderRadius": 6},
}


# White on the page's coloured bar.
_BUTTON = "& .MuiToggleButtonGroup-root .MuiToggleButton-root"
_SWITCH = {
    _BUTTON: {"color": "#fff", "borderColor": "rgba(255, 255, 255, 0.55)", "fontSize": "14px"},
    f"{_BUTTON}:hover": {"backgroundColor": "rgba(255, 255, 255, 0.16)"},
    f"{_BUTTON}.Mui-selected": {"color": "#1f5f93", "backgroundColor": "#fff"},
    f"{_BUTTON}.Mui-selected:hover": {"backgroundColor": "#e8f1f8"},
}
_WHITE = {"color": "#fff", "&.Mui-disabled": {"color": "rgba(255, 255, 255, 0.45)"}}


class Dashboard(pn.viewable.Viewer):
    """One visitor's page, or a cell of a notebook."""

    def __init__(self, session: Session | None = None) -> None:
        super().__init__()
        self.session = session or Session()
        told = open_address(self.session)
        self.neuron = NeuronWorkspace(self.session, _POOL)
        self.workshop: Workshop | None = None
        self._makers: dict[str, Callable[[], Any]] = {
            "Neuron": lambda: self.neuron,
            "Synapse": self._make_workshop,
        }
        self._made: dict[str, Any] = {}
        self._address = Address(self.session)
        self._told = html(visible=False, margin=(8, 12, 0, 12))
        show(self._told, _sentences(told))
        self._header = self._make_header()
        self._sidebar = pn.Column(sizing_mode="stretch_width", margin=0)
        self._main = pn.Column(self._told, self._address, sizing_mode="stretch_width", margin=0)
        self.session.param.watch(lambda *_: self._show(), "workspace")
        self._show()

    def _make_workshop(self) -> Workshop:
        self.workshop = Workshop(self.session, _POOL)
        return self.workshop

    def _show(self) -> None:
        """Show the workspace that is chosen; each is built when it is first asked for."""
        chosen = self.session.workspace
        self.workspace.value = chosen
        if chosen not in self._made:
            made = self._made[chosen] = self._makers[chosen]()
            self._sidebar.append(made.sidebar)
            self._main.append(made.main)
        for workspace, made in self._made.items():
            made.sidebar.visible = made.main.visible = workspace == chosen
            made.shown(workspace == chosen)

    def _make_header(self) -> list[Any]:
        session = self.session
        names = [name for name in WORKSPACES if name in self._makers]
        self.workspace = switch(
            pmui.RadioButtonGroup, "Workspace", names, session.workspace, sx=_SWITCH
        )
        self.workspace.param.watch(lambda e: setattr(session, "workspace", e.new), "value")
        self.undo, self.redo, self.link = (
            pmui.IconButton(icon=icon, label=label, description=label, size="medium", sx=_WHITE)
            for icon, label in (("undo", "Undo"), ("redo", "Redo"), ("link", "Copy the link"))
        )
        self.undo.on_click(lambda _: session.undo())
        self.redo.on_click(lambda _: session.redo())
        self.link.on_click(lambda _: self._address.copy())
        session.param.watch(lambda *_: self._enable(), ["can_undo", "can_redo"])
        self._enable()
        return [self.workspace, self.undo, self.redo, self.link]

    def _enable(self) -> None:
        self.undo.disabled = not self.session.can_undo
        self.redo.disabled = not self.session.can_redo

    def page(self) -> pmui.Page:
        """The whole page, for a server."""
        page = pmui.Page(
            title="Glifscope",
            header=self._header,
            sidebar=[self._sidebar],
            main=[self._main],
            sidebar_width=340,
            theme_config=THEME,
            template=_HERE / "page.html",
            favicon=_HERE / "logo.svg",
            meta_description="A GLIF neuron with double alpha-function synapses, live.",
            busy_indicator=None,
        )
        # Page watches whether the server is busy, and that watcher would keep it, and the whole
        # session with it, for ever; only another reference takes the watcher away.
        with edit_readonly(page):
            page.busy = page.param.loading
        return page

    def __panel__(self) -> Any:
        return pn.Column(
            pn.Row(*self._header), pn.Row(pn.Column(self._sidebar, width=340), self._main)
        )


def _sentences(told: list[str]) -> str:
    return "".join(f'<p class="problem warning">{sentence(message)}</p>' for message in told)

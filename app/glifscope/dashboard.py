"""The page: controls at the side, plots in the middle, and the wire between them."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import panel as pn
import panel_material_ui as pmui
from bokeh.models import Range1d
from panel.util import edit_readonly

from .controls import Controls
from .figures import cursor
from .live import Gate
from .results import Frame, Results, compute
from .session import DURATION, Session
from .view import card
from .views.currents import CurrentsView
from .views.membrane import MembraneView
from .views.psc import PscView
from .views.spiking import SpikingView
from .views.thresholds import ThresholdsView
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


WORKSPACES = ("Synapse", "Neuron")
"""What the page offers, in the order of its switch."""

# White on the page's coloured bar.
_SWITCH = {
    "& .MuiToggleButton-root": {
        "color": "#fff",
        "borderColor": "rgba(255, 255, 255, 0.55)",
        "textTransform": "none",
        "fontSize": "14px",
        "padding": "4px 14px",
    },
    "& .MuiToggleButton-root:hover": {"backgroundColor": "rgba(255, 255, 255, 0.16)"},
    "& .MuiToggleButton-root.Mui-selected": {"color": "#1f5f93", "backgroundColor": "#fff"},
    "& .MuiToggleButton-root.Mui-selected:hover": {"backgroundColor": "#e8f1f8"},
}


class Dashboard(pn.viewable.Viewer):
    """One visitor's page, or a cell of a notebook."""

    def __init__(self, session: Session | None = None) -> None:
        super().__init__()
        self.session = session or Session()
        self.controls = Controls(self.session)
        first = compute(self.session.choices)
        drawn = first if isinstance(first, Frame) else compute(Session().choices)
        self.results = Results(frame=drawn)
        time = Range1d(start=0.0, end=DURATION, bounds=(0.0, DURATION))
        self._psc = PscView(self.results)
        self._spiking = SpikingView(self.results)
        self._traces = [
            view(self.results, time) for view in (MembraneView, ThresholdsView, CurrentsView)
        ]
        self._apply(first)
        cursor([view.figure for view in self._traces])
        self._psc.follow({name: c.slider for (name, _), c in self.controls.controls.items()})
        self._gate = Gate(lambda: self.session.choices, compute, self._apply, _POOL)
        self.session.param.watch(lambda *_: self._gate.request(), ["cell", "stimulus"])
        self.workshop: Workshop | None = None
        self.workspace = pmui.RadioButtonGroup(
            label="", options=list(WORKSPACES), value="Neuron", size="small", sx=_SWITCH
        )
        neuron = pn.Column(self._plots(), sizing_mode="stretch_width", margin=0)
        self._sidebars: dict[str, Any] = {
            "Neuron": pn.Column(self.controls, sizing_mode="stretch_width", margin=0)
        }
        self._mains: dict[str, Any] = {"Neuron": neuron}
        self._sidebar = pn.Column(*self._sidebars.values(), sizing_mode="stretch_width", margin=0)
        self._main = pn.Column(*self._mains.values(), sizing_mode="stretch_width", margin=0)
        self.workspace.param.watch(lambda event: self._show(event.new), "value")

    def _show(self, name: str) -> None:
        """Show a workspace; the workshop is built when it is first asked for."""
        if name == "Synapse" and self.workshop is None:
            self.workshop = Workshop(self.session, _POOL)
            self._sidebars[name], self._mains[name] = self.workshop.sidebar, self.workshop.main
            self._sidebar.append(self._sidebars[name])
            self._main.append(self._mains[name])
        for parts in (self._sidebars, self._mains):
            for workspace, part in parts.items():
                part.visible = workspace == name

    def _apply(self, picture: Any) -> None:
        """Draw a picture, or keep the last one and tell what is wrong."""
        if isinstance(picture, Frame):
            self.results.param.update(frame=picture, problems=picture.problems)
        else:
            self.results.problems = picture
        self.controls.tell(self.results.problems)

    def page(self) -> pmui.Page:
        """The whole page, for a server."""
        page = pmui.Page(
            title="Glifscope",
            header=[self.workspace],
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
        return pn.Column(self.workspace, pn.Row(pn.Column(self._sidebar, width=340), self._main))

    def _plots(self) -> Any:
        synapse = pn.Column(
            self._psc,
            self._spiking,
            sizing_mode="stretch_width",
            styles={"flex": "2 1 340px", "gap": "12px"},
        )
        neuron = pn.Column(
            card("Neuron", *self._traces),
            sizing_mode="stretch_width",
            styles={"flex": "3 1 480px"},
        )
        return pn.FlexBox(
            synapse,
            neuron,
            self._gate.probe,
            gap="12px",
            align_items="flex-start",
            sizing_mode="stretch_width",
            margin=12,
        )

"""The Neuron workspace: the cell and its stimulus at the side, what they do in the middle."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import panel as pn
import panel_material_ui as pmui
from bokeh.events import Tap
from bokeh.models import Range1d

from glifcore import GlifModel, SpikeTrain

from .background import Background
from .choices import NAMES, Choices
from .climb import compute_climb, refit
from .cursor import cursor
from .firing import compute_firing
from .live import Gate
from .neuron_controls import Controls
from .results import Asked, Frame, Results, compute
from .session import Session
from .stimuli import KINDS, part_with
from .view import card, switch
from .views.autopsy import AutopsyView
from .views.climb import ClimbView
from .views.currents import CurrentsView
from .views.difference import DifferenceView
from .views.firing import FiringView
from .views.membrane import MembraneView
from .views.psc import PscView
from .views.spiking import SpikingView
from .views.stimulus import StimulusView
from .views.synaptic import SynapticView
from .views.take_away import TakeAwayView
from .views.thresholds import ThresholdsView

PANES = ("Traces", "Climb", "f–I curve")

_FOLLOWED = [*(name for name in NAMES if name != "population"), "port", "spike", "pinned"]
_NEAR = 0.012
"""How near a spike must be clicked, as a share of the time that is shown."""


class NeuronWorkspace:
    """One visitor's neuron: `sidebar` and `main` are what the page shows of it."""

    def __init__(self, session: Session, pool: ThreadPoolExecutor) -> None:
        self._session = session
        self._shown = True
        self.controls = Controls(session, Background(pool))
        first = compute(self._asked())
        drawn = first if isinstance(first, Frame) else compute(Asked(Choices()))
        self.results = Results(frame=drawn)
        self._build()
        self._apply(first)
        self._gate = Gate(self._asked, compute, self._apply, pool)
        self._climb_gate = Gate(lambda: session.choices, compute_climb, self.climb.draw, pool)
        self._firing_gate = Gate(lambda: session.choices, compute_firing, self.firing.draw, pool)
        session.param.watch(lambda *_: self._request(), _FOLLOWED)
        session.param.watch(lambda *_: self._show_rows(), "pinned")
        self.sidebar = pn.Column(self.controls, sizing_mode="stretch_width", margin=0)
        self.main = self._lay_out()
        self._show_pane()

    def _build(self) -> None:
        session, results = self._session, self.results
        time: Any = Range1d(start=0.0, end=session.duration, bounds=(0.0, session.duration))
        self._time = time
        self.psc = PscView(results)
        self.psc.follow({name: c.slider for name, c in self.controls.synapse.items()})
        self.spiking = SpikingView(results)
        self.autopsy = AutopsyView(results, self._choose_spike)
        self.take_away = TakeAwayView(results)
        self.stimulus = StimulusView(results, time, self._paint)
        self.membrane = MembraneView(results, time)
        self.rows = [
            self.membrane,
            DifferenceView(results, time),
            ThresholdsView(results, time),
            CurrentsView(results, time),
            SynapticView(results, time),
            self.stimulus,
        ]
        self.climb = ClimbView(time, self._choose_level)
        self.firing = FiringView()
        self.membrane.figure.on_event(Tap, self._tapped)
        plots = [*(view.figure for view in self.rows), self.stimulus.lane]
        self._readout = cursor(self.rows, plots)

    # What the visitor does

    def _choose_spike(self, spike: int | None) -> None:
        self._session.spike = spike

    def _tapped(self, event: Tap) -> None:
        """Take the nearest spike apart."""
        frame = self.results.frame
        assert frame is not None
        apart = abs(frame.spike_times - event.x)
        near = _NEAR * (self._time.end - self._time.start)
        if len(apart) and apart.min() <= near:
            self._choose_spike(int(apart.argmin()))

    def _choose_level(self, model: GlifModel, refitted: bool) -> None:
        session = self._session
        cell = refit(session.choices, model) if refitted else session.cell.replace(model=model)
        if cell is not None and cell != session.cell:
            session.cell = cell

    def _paint(self, times: tuple[float, ...]) -> None:
        """Let spikes arrive where they were painted: at the train that is painted, or a new one."""
        session = self._session
        for index, part in enumerate(session.stimulus):
            if isinstance(part, SpikeTrain):
                session.replace_part(index, part_with(part, times=times))
                return
        new = part_with(KINDS["SpikeTrain"].start, times=times, receptor=session.port)
        session.add_part(new)

    def _pin(self) -> None:
        session = self._session
        session.pinned = session.choices if session.pinned is None else None

    # What follows

    def shown(self, shown: bool) -> None:
        """Whether the workspace is on the screen; what is not is neither computed nor sent."""
        self._shown = shown
        self._request()

    def _asked(self) -> Asked:
        session = self._session
        port = min(session.port, len(session.weights) - 1)
        return Asked(session.choices, port, session.spike, session.pinned)

    def _request(self) -> None:
        if not self._shown:
            return
        self._gate.request()
        if self.pane.value == PANES[1]:
            self._climb_gate.request()
        elif self.pane.value == PANES[2]:
            self._firing_gate.request()

    def _apply(self, picture: Any) -> None:
        """Draw a picture, or keep the last one and tell what is wrong."""
        if isinstance(picture, Frame):
            end = picture.choices.duration
            if self._time.bounds != (0.0, end):
                self._time.update(start=0.0, end=end, bounds=(0.0, end))
            self.results.param.update(frame=picture, problems=picture.problems)
        else:
            self.results.problems = picture
        self.controls.tell(self.results.problems)

    # The page

    def _lay_out(self) -> Any:
        self.pane = switch(pmui.RadioButtonGroup, "What is shown", list(PANES), PANES[0])
        titles = [view.title for view in self.rows if not isinstance(view, DifferenceView)]
        self.chosen_rows = switch(pmui.CheckButtonGroup, "Plots", titles, titles)
        self.pin = pmui.Button(label="Pin this run", variant="outlined", size="small", margin=0)
        self.pin.on_click(lambda _: self._pin())
        self.pane.param.watch(lambda _: self._show_pane(), "value")
        self.chosen_rows.param.watch(lambda _: self._show_rows(), "value")
        self._panes = [pn.Column(view, sizing_mode="stretch_width", margin=0) for view in self.rows]
        readout = pn.pane.Bokeh(self._readout, sizing_mode="stretch_width", margin=0)
        traces = pn.Column(
            self.chosen_rows, readout, *self._panes, sizing_mode="stretch_width", margin=0
        )
        self._contents = [traces, pn.Column(self.climb), pn.Column(self.firing)]
        for part in self._contents:
            part.param.update(sizing_mode="stretch_width", margin=0)
        self._show_rows()
        head = pn.FlexBox(
            self.pane, self.pin, gap="8px", sizing_mode="stretch_width", margin=(4, 0, 10, 0)
        )
        left = pn.Column(
            self.psc,
            self.spiking,
            self.autopsy,
            self.take_away,
            sizing_mode="stretch_width",
            styles={"flex": "2 1 340px", "gap": "12px"},
        )
        right = pn.Column(
            card("Neuron", head, *self._contents),
            sizing_mode="stretch_width",
            styles={"flex": "3 1 480px"},
        )
        return pn.FlexBox(
            left,
            right,
            self._gate.probe,
            self._climb_gate.probe,
            self._firing_gate.probe,
            gap="12px",
            align_items="flex-start",
            sizing_mode="stretch_width",
            margin=12,
        )

    def _show_pane(self) -> None:
        for name, content in zip(PANES, self._contents, strict=True):
            content.visible = name == self.pane.value
        self._show_rows()
        self._request()

    def _show_rows(self) -> None:
        """Feed and show the plots that were asked for; the difference where a run is pinned."""
        pinned = self._session.pinned is not None
        self.pin.label = "Unpin the run" if pinned else "Pin this run"
        traces = self.pane.value == PANES[0]
        for view, pane in zip(self.rows, self._panes, strict=True):
            is_difference = isinstance(view, DifferenceView)
            wanted = pinned if is_difference else view.title in self.chosen_rows.value
            view.shown = wanted and traces
            pane.visible = wanted

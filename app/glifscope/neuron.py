"""The Neuron workspace: the cell and its stimulus at the side, what they do in the middle.

The page opens with what a visitor looks at first. What lies below is added once the page stands,
and the climb and the f-I curve when they are first asked for.
"""

from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import nullcontext
from functools import partial
from typing import Any

import panel as pn
import panel_material_ui as pmui

from .background import Background
from .buttons import switch
from .choices import NAMES
from .climb import compute_climb, take_level
from .firing import compute_firing
from .layout import around, stack
from .live import Gate
from .neuron_controls import Controls
from .page_text import html
from .pin import PinButton
from .pools import Pools
from .results import Frame, Results, asked_of, compute
from .session import PANES, Session
from .stimuli import MOST_PARTS, Mark, painted
from .time_axis import TimeAxis
from .traces_pane import TracesPane, rows_of, take_spikes
from .trouble import tell
from .views.autopsy import AutopsyView
from .views.climb import ClimbView
from .views.firing import FiringView
from .views.psc import PscView
from .views.spiking import SpikingView
from .views.stimulus import StimulusView
from .views.take_away import TakeAwayView

_FOLLOWED = [
    *(name for name in NAMES if name != "population"),
    *("port", "spike", "pinned", "window"),
]


class LatePane:
    """A pane that is built once its first picture is there.

    Args:
        asked: takes what it is asked for.
        compute: makes a picture of that.
        make: makes the view that draws it.
        pool: where pictures are computed.
    """

    def __init__(
        self,
        asked: Callable[[], Any],
        compute: Callable[[Any], Any],
        make: Callable[[], Any],
        pool: Executor,
    ) -> None:
        self._make, self._view = make, None
        self._gate = Gate(asked, compute, self._draw, pool, "This pane")
        waiting = html('<p class="caption" role="status">Computing …</p>')
        self.column = pn.Column(
            waiting, self._gate.probe, sizing_mode="stretch_width", margin=0, visible=False
        )

    def request(self) -> None:
        """Have the present choices drawn."""
        self._gate.request()

    def _draw(self, picture: Any) -> None:
        # A plot that is being built misses what it is sent, so it is drawn before it is added.
        first = self._view is None
        view = self._view = self._view or self._make()
        view.draw(picture)
        if first:
            self.column[0] = view


class NeuronWorkspace:
    """One visitor's neuron: `sidebar` and `main` are what the page shows of it."""

    def __init__(self, session: Session, results: Results, pools: Pools) -> None:
        self._session, self.results, self._heavy = session, results, pools.heavy
        self._shown, self._missed = True, False
        self.controls = Controls(session, Background(pools.heavy))
        self._time = TimeAxis(session)
        self.psc = PscView(results)
        self.psc.follow({name: c.slider for name, c in self.controls.synapse.items()})
        self._traces: TracesPane | None = None
        self._late: dict[str, LatePane] = {}
        self._gate = Gate(lambda: asked_of(session), compute, self._apply, pools.live, "The neuron")
        self.sidebar = pn.Column(self.controls, sizing_mode="stretch_width", margin=0)
        self.main = self._lay_out()
        self.controls.tell(results.problems)
        session.param.watch(lambda *_: self._request(), _FOLLOWED)
        if session.pane != PANES[0]:
            self._show_pane()
        pn.state.onload(self._complete)

    # What the visitor does

    def _choose_spike(self, spike: int | None) -> None:
        self._session.spike = spike

    def _paint(self, marks: list[Mark]) -> None:
        """Let spikes arrive where they were painted."""
        session = self._session
        stimulus = painted(session.stimulus, marks, session.choices.n_ports)
        if len(stimulus) > MOST_PARTS:
            tell(f"There are {MOST_PARTS} inputs already; remove one to paint another.", "warning")
            self.results.param.trigger("frame")
        else:
            session.stimulus = stimulus

    # What follows

    def shown(self, shown: bool) -> None:
        """Whether the workspace is on the screen; what is not is neither computed nor sent."""
        self._shown = shown
        if shown and self._missed:
            self._request()

    def _request(self) -> None:
        self._missed = not self._shown
        if self._shown:
            self._gate.request()
            self._request_late()

    def _request_late(self) -> None:
        if self.pane.value in self._late:
            self._late[self.pane.value].request()

    def _apply(self, picture: Any) -> None:
        """Draw a picture, or keep the last one and tell what is wrong."""
        if isinstance(picture, Frame):
            self._time.fit(picture.choices.duration)
            self.results.param.update(frame=picture, problems=picture.problems)
            if self._traces is not None:
                self._traces.arrange()
        else:
            self.results.problems = picture
        self.controls.tell(self.results.problems)

    # The page

    def _lay_out(self) -> Any:
        session = self._session
        self.pane = switch(
            pmui.RadioButtonGroup,
            "What is shown",
            list(PANES),
            session.pane,
            meaning="One run in time, the same input at all five levels, or firing rate against "
            "current",
        )
        self.pane.param.watch(lambda event: setattr(session, "pane", event.new), "value")
        session.param.watch(lambda event: setattr(self.pane, "value", event.new), "pane")
        self.pane.param.watch(lambda _: self._show_pane(), "value")
        pin = PinButton(session)
        head = pn.FlexBox(self.pane, pin, gap="8px", sizing_mode="stretch_width", margin=0)
        self._rest = stack()
        self._coming = html('<p class="coming" role="status">The traces are being drawn …</p>')
        self._right = stack(head, self._coming)
        return around(stack(self.psc), self._right, self._rest, self._gate.probe)

    def _complete(self) -> None:
        """Add the traces and what lies below, now that the page stands."""
        doc: Any = pn.state.curdoc
        # One message; and the document looks once for what has come, before it tells of it.
        with pn.io.hold(doc), doc.models.freeze() if doc else nullcontext():
            self.controls.complete()
            time = self._time.range
            stimulus = StimulusView(self.results, time, self._paint)
            rows = rows_of(self.results, time, stimulus)
            take_spikes(rows, self.results, self._choose_spike)
            traces = TracesPane(
                self._session, "shown_traces", self.results, rows, figures=[stimulus.lane]
            )
            traces.show(self.pane.value == PANES[0])
            self._traces = self._right[1] = traces
            self._rest.extend(
                [
                    SpikingView(self.results),
                    AutopsyView(self.results, self._choose_spike),
                    TakeAwayView(self.results),
                ]
            )

    def _show_pane(self) -> None:
        """Show a pane; it is made when it is first asked for."""
        chosen = self.pane.value
        if chosen not in self._late and chosen != PANES[0]:
            self._late[chosen] = self._make_pane(chosen)
            self._right.append(self._late[chosen].column)
        for name, late in self._late.items():
            late.column.visible = name == chosen
        if self._traces is not None:
            self._traces.show(chosen == PANES[0])
        self._coming.visible = chosen == PANES[0]
        self._request_late()

    def _make_pane(self, name: str) -> LatePane:
        session = self._session
        if name == PANES[1]:
            time, choose = self._time.range, partial(take_level, session)
            return LatePane(
                lambda: (session.choices, session.window, session.pinned),
                lambda asked: compute_climb(*asked),
                lambda: ClimbView(time, choose),
                self._heavy,
            )
        return LatePane(
            lambda: (session.choices, session.pinned),
            lambda asked: compute_firing(asked[0], pinned=asked[1]),
            FiringView,
            self._heavy,
        )

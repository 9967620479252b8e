"""The traces of the neuron on one time axis: which of them are shown, and one cursor for all."""

from collections.abc import Callable
from typing import Any

import panel as pn
import panel_material_ui as pmui
from bokeh.events import Tap

from .cursor import cursor
from .results import Frame, Results
from .session import Session
from .shown_traces import ROWS, ShownTraces
from .stimuli import Mark
from .view import TimeView, card, figure_pane, switch
from .views.currents import CurrentsView
from .views.difference import DifferenceView
from .views.membrane import MembraneView
from .views.stimulus import StimulusView
from .views.synaptic import SynapticView
from .views.thresholds import ThresholdsView

_NEAR = 0.012
"""How near a spike must be clicked, as a share of the time that is shown."""


class TracesPane(pn.viewable.Viewer):
    """Rows of traces, of which a visitor chooses.

    Args:
        session: keeps which rows are shown.
        results: what is drawn.
        time: the axis of all of them.
        on_spike: takes the number of a spike that was clicked.
        on_paint: takes the spikes of the lanes when some were painted, moved or taken away.
    """

    def __init__(
        self,
        session: Session,
        results: Results,
        time: Any,
        on_spike: Callable[[int], None],
        on_paint: Callable[[list[Mark]], None],
    ) -> None:
        super().__init__()
        self._session, self._results, self._time = session, results, time
        self._on_spike = on_spike
        self._on_screen = True
        membrane = MembraneView(results, time)
        membrane.figure.on_event(Tap, self._tapped)
        stimulus = StimulusView(results, time, on_paint)
        self.views: list[TimeView] = [
            membrane,
            DifferenceView(results, time),
            ThresholdsView(results, time),
            CurrentsView(results, time),
            SynapticView(results, time),
            stimulus,
        ]
        readout = cursor(self.views, [*(view.figure for view in self.views), stimulus.lane])
        self._columns = [_column(view) for view in self.views]
        self.rows = switch(
            pmui.CheckButtonGroup,
            "Plots",
            list(ROWS),
            list(session.shown_traces.rows),
            meaning="Which of the run's quantities are drawn below, all on one time axis",
        )
        self.rows.param.watch(lambda event: self._choose(event.new), "value")
        session.param.watch(lambda _: self._follow(), "shown_traces")
        self.arrange()
        self._part = card("Traces", self.rows, figure_pane(readout), *self._columns)

    def _choose(self, rows: list[str]) -> None:
        chosen = tuple(row for row in ROWS if row in rows)
        if chosen != self._session.shown_traces.rows:
            self._session.shown_traces = ShownTraces(chosen)

    def _follow(self) -> None:
        rows = list(self._session.shown_traces.rows)
        if sorted(self.rows.value) != sorted(rows):
            self.rows.value = rows
        self.arrange()

    def show(self, on_screen: bool) -> None:
        """Whether the pane is on the screen; rows that are not are not fed."""
        self._on_screen = on_screen
        self._part.visible = on_screen
        self.arrange()

    def arrange(self) -> None:
        """Show and feed the rows that are chosen; the difference where a run is pinned."""
        frame = self._results.frame
        pinned = isinstance(frame, Frame) and frame.pinned is not None
        rows = self._session.shown_traces.rows
        for view, column in zip(self.views, self._columns, strict=True):
            chosen = pinned if isinstance(view, DifferenceView) else view.title in rows
            view.shown = chosen and self._on_screen
            if column.visible != chosen:
                column.visible = chosen

    def _tapped(self, event: Tap) -> None:
        """Take the nearest spike."""
        frame = self._results.frame
        assert frame is not None
        apart = abs(frame.spike_times - event.x)
        near = _NEAR * (self._time.end - self._time.start)
        if len(apart) and apart.min() <= near:
            self._on_spike(int(apart.argmin()))

    def __panel__(self) -> Any:
        return self._part


def _column(view: TimeView) -> pn.Column:
    return pn.Column(view, sizing_mode="stretch_width", margin=0)

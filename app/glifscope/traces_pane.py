"""The traces of a neuron on one time axis: which of them are shown, and one cursor for all."""

from collections.abc import Callable, Sequence
from typing import Any

import panel as pn
import panel_material_ui as pmui
from bokeh.events import Tap
from bokeh.models import Range1d

from .buttons import switch
from .cursor import Readable, cursor
from .layout import card
from .results import Results
from .session import Session
from .shown_traces import ROWS
from .view import TimeView, figure_pane
from .views.currents import CurrentsView
from .views.difference import DifferenceView
from .views.membrane import MembraneView
from .views.synaptic import SynapticView
from .views.thresholds import ThresholdsView

_NEAR = 0.012
"""How near a spike must be clicked, as a share of the time that is shown."""


def rows_of(
    results: Results, time: Range1d, stimulus: TimeView, prefix: str = ""
) -> list[TimeView]:
    """The rows of traces, from above; that of what arrives is the last."""
    kinds = (MembraneView, DifferenceView, ThresholdsView, CurrentsView, SynapticView)
    return [*(kind(results, time, prefix) for kind in kinds), stimulus]


class TracesPane(pn.viewable.Viewer):
    """Rows of traces, of which a visitor chooses.

    Args:
        session: keeps which rows are shown.
        section: where it does, under `rows`.
        results: what is drawn.
        views: the rows.
        title: of the card.
        read: other views on the axis, whose numbers the cursor reads out too.
        figures: other plots on the axis, which its line goes through.
        above: what stands over the rows.
        below: what stands under them.
    """

    def __init__(
        self,
        session: Session,
        section: str,
        results: Results,
        views: Sequence[TimeView],
        *,
        title: str = "Traces",
        read: Sequence[Readable] = (),
        figures: Sequence[Any] = (),
        above: Sequence[Any] = (),
        below: Sequence[Any] = (),
    ) -> None:
        super().__init__()
        self._session, self._section, self._results = session, section, results
        self._on_screen = True
        self.views = views
        readout = cursor([*read, *views], [*figures, *(view.figure for view in views)])
        self._columns = [_column(view) for view in views]
        self.rows = switch(
            pmui.CheckButtonGroup,
            "Plots",
            list(ROWS),
            list(self._chosen),
            meaning="Which of the run's quantities are drawn below, all on one time axis",
        )
        self.rows.param.watch(lambda event: self._choose(event.new), "value")
        session.param.watch(lambda _: self._follow(), section)
        self.arrange()
        readings = figure_pane(readout)
        self._part = card(title, *above, self.rows, readings, *self._columns, *below)

    @property
    def _chosen(self) -> tuple[str, ...]:
        return getattr(self._session, self._section).rows

    def _choose(self, rows: list[str]) -> None:
        chosen = tuple(row for row in ROWS if row in rows)
        if chosen != self._chosen:
            kept = getattr(self._session, self._section)._replace(rows=chosen)
            setattr(self._session, self._section, kept)

    def _follow(self) -> None:
        if sorted(self.rows.value) != sorted(self._chosen):
            self.rows.value = list(self._chosen)
        self.arrange()

    def show(self, on_screen: bool) -> None:
        """Whether the pane is on the screen; rows that are not are not fed."""
        self._on_screen = on_screen
        self._part.visible = on_screen
        self.arrange()

    def arrange(self) -> None:
        """Show and feed the rows that are chosen; the difference where a run is pinned."""
        frame = self._results.frame
        pinned = frame is not None and frame.pinned is not None
        for view, column in zip(self.views, self._columns, strict=True):
            chosen = pinned if isinstance(view, DifferenceView) else view.title in self._chosen
            view.shown = chosen and self._on_screen
            if column.visible != chosen:
                column.visible = chosen

    def __panel__(self) -> Any:
        return self._part


def take_spikes(views: Sequence[TimeView], results: Results, take: Callable[[int], None]) -> None:
    """Hand on the number of a spike that is clicked in the plot of V_m."""
    (membrane,) = (view for view in views if isinstance(view, MembraneView))
    time = membrane.figure.x_range

    def tapped(event: Tap) -> None:
        assert results.frame is not None
        apart = abs(results.frame.spike_times - event.x)
        if len(apart) and apart.min() <= _NEAR * (time.end - time.start):
            take(int(apart.argmin()))

    membrane.figure.on_event(Tap, tapped)


def _column(view: TimeView) -> pn.Column:
    return pn.Column(view, sizing_mode="stretch_width", margin=0)

"""The whole recording in a strip, with the window that is fitted, the baseline, and the events.

The window is a tool of Bokeh's: its edges and its middle can be dragged. It goes to an event whose
mark is clicked, or to which one steps.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import panel as pn
from bokeh.models import (
    BasicTicker,
    BoxAnnotation,
    ColumnDataSource,
    CustomJS,
    HoverTool,
    Range1d,
    RangeTool,
    Scatter,
    TapTool,
)

from glifcore import ParameterError

from ..downloads import take_away
from ..figures import BLUE, GREEN, GREY, PURPLE, plot, set_range
from ..layout import card
from ..legend import legend
from ..page_text import html, sentence, show
from ..view import figure_pane
from .choices import WorkshopChoices
from .overview_export import Strip, recording_csv, recording_figure
from .results import Prepared, WorkshopResults
from .steps import Steps

_NOT_DRAWN = "The recording is not drawn yet. Wait until it is, then click again."


class OverviewView(pn.viewable.Viewer):
    """Strip with the whole recording."""

    def __init__(
        self, choices: WorkshopChoices, results: WorkshopResults, take: Callable[[int], None]
    ) -> None:
        super().__init__()
        self._choices, self._results = choices, results
        self._take = take
        self._following = False
        self._prepared: Prepared | None = None  # the last that was drawn
        self.times = self.sizes = np.zeros(0)
        self._whole = ColumnDataSource({"t": [], "y": []}, name="workshop-whole")
        self._events = ColumnDataSource({"t": [], "y": [], "size": []}, name="workshop-events")
        self._window = Range1d(start=0.0, end=50.0, name="workshop-window")
        self._quiet = BoxAnnotation(
            fill_color=GREEN, fill_alpha=0.15, line_color=None, level="underlay", visible=False
        )
        self.figure = self._draw_figure()
        self._caption = html()
        self.steps = Steps("event", self._choose)
        for end in ("start", "end"):
            self._window.on_change(end, lambda attr, old, new: self._dragged())
        self._events.selected.on_change("indices", lambda attr, old, new: self._tapped(new))
        results.param.watch(lambda event: self.draw(event.new), "prepared")
        choices.param.watch(lambda *_: self._follow(), ["window", "quiet"])
        # Those of the next recording are still looked for.
        choices.param.watch(lambda *_: self.mark(np.zeros(0), np.zeros(0)), "recording")
        if results.prepared is not None:
            self.draw(results.prepared)
        self._follow()

    def _draw_figure(self) -> Any:
        fig = plot(
            "workshop-overview",
            "pA",
            160,
            Range1d(start=0.0, end=50.0),
            x_label="time (ms)",
        )
        fig.toolbar_location = None
        fig.yaxis.ticker = BasicTicker(desired_num_ticks=3)
        whole = fig.line("t", "y", source=self._whole, line_color=GREY, line_width=1)
        events = fig.scatter(
            "t",
            "y",
            source=self._events,
            marker="inverted_triangle",
            size=10,
            color=PURPLE,
            nonselection_alpha=1.0,
            selection_alpha=1.0,
        )
        fig.add_layout(self._quiet)
        tool = RangeTool(x_range=self._window)
        tool.overlay.update(
            fill_color=BLUE, fill_alpha=0.12, line_color=BLUE, line_alpha=0.8, line_width=1.5
        )
        fig.add_tools(
            tool,
            TapTool(renderers=[events]),
            HoverTool(
                renderers=[events],
                tooltips="event at @t{0.0} ms, @size{0.0} pA: click to fit it",
            ),
        )
        self._entries = {
            "recording": whole.glyph,
            "window": _area(BLUE),
            "baseline": _area(GREEN),
            "event": events.glyph,
        }
        return fig

    def link(self, x_range: Range1d) -> None:
        """Let the large plot show the window while its edges are dragged."""
        show = CustomJS(
            args={"window": self._window, "shown": x_range},
            code="shown.setv({ start: window.start, end: window.end });",
        )
        for end in ("start", "end"):
            self._window.js_on_change(end, show)

    def draw(self, prepared: Prepared | None) -> None:
        """Show this recording."""
        if prepared is None:
            return
        self._prepared = prepared
        t, y = prepared.whole_time, prepared.whole
        self._whole.data = {"t": t.astype(np.float32), "y": y.astype(np.float32)}
        self.figure.x_range.update(start=float(t[0]), end=float(t[-1]))
        set_range(self.figure.y_range, float(y.min()), float(y.max()), 1e-3)
        marks = self._marks()
        if not np.array_equal(self._events.data["y"], marks["y"]):
            self._events.data = marks
        show(self._caption, _notes(prepared.notes))

    def mark(self, times: np.ndarray, sizes: np.ndarray) -> None:
        """Show events at these times, ms, of these amplitudes, pA."""
        self.times, self.sizes = times, sizes
        self._events.selected.indices = []
        self._events.data = self._marks()
        self.steps.tell(None, len(times))

    def _marks(self) -> dict[str, Any]:
        """The events, at the top of the plot, wherever that is now."""
        end: Any = self.figure.y_range.end
        return {"t": self.times, "y": np.full(len(self.times), float(end)), "size": self.sizes}

    @property
    def _strip(self) -> Strip | None:
        """What is drawn now; None before there is a recording."""
        choices = self._choices
        if choices.recording is None:
            return None
        if self._prepared is None:
            raise ParameterError(self._results.problem or _NOT_DRAWN)
        return Strip(self._prepared, choices.window, self.times)

    def _dragged(self) -> None:
        ends: Any = (self._window.start, self._window.end)
        start, end = (float(x) for x in ends)
        if not self._following and start < end and (start, end) != self._choices.window:
            self._choices.window = (start, end)

    def _tapped(self, indices: list[int]) -> None:
        if indices:
            self._choose(indices[0])

    def _choose(self, index: int) -> None:
        self._take(index)
        self.steps.tell(index, len(self.times))

    def _follow(self) -> None:
        self.steps.tell(None, len(self.times))  # until it is said which event this is
        start, end = self._choices.window
        if (self._window.start, self._window.end) != (start, end):
            self._following = True  # one end is set after the other, and neither by the visitor
            try:
                self._window.update(start=start, end=end)
            finally:
                self._following = False
        left, right = self._choices.quiet
        self._quiet.update(left=left, right=right, visible=right > left)

    def __panel__(self) -> Any:
        return card(
            "Recording",
            html(legend(self._entries)),
            figure_pane(self.figure),
            self.steps,
            self._caption,
            take_away("recording", lambda: self._strip, {"": recording_csv}, recording_figure),
        )


def _area(color: str) -> Scatter:
    return Scatter(marker="square", size=12, fill_color=color, fill_alpha=0.3, line_color=color)


def _notes(notes: tuple[str, ...]) -> str:
    return f'<p class="caption">{sentence(" ".join(notes))}</p>' if notes else ""

"""One cursor through all plots of a time axis, and what every trace is where it stands."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from bokeh.events import MouseMove, Tap
from bokeh.models import ColumnDataSource, CrosshairTool, CustomJS, Div, Span

from .figures import GREY
from .page_text import STYLESHEET
from .view import Reading

_CODE = Path(__file__).with_name("cursor.js").read_text(encoding="utf-8")
_HINT = (
    '<p class="caption">Point at a plot, or tap it: every trace is read out here. '
    "Or move the line from here: ← →, with Shift by ten, Home, End.</p>"
)


class Readable(Protocol):
    """A view whose numbers can be read out, at the times in column t of its source."""

    @property
    def source(self) -> ColumnDataSource:
        """Its traces."""
        ...

    @property
    def readings(self) -> tuple[Reading, ...]:
        """What is read out of them."""
        ...


def cursor(views: Sequence[Readable], figures: Sequence[Any]) -> Div:
    """Let a vertical line follow the pointer through the figures.

    Args:
        views: whose readings are read out; hidden ones have no data, and are left out.
        figures: every plot that the line goes through.

    Returns:
        The element that shows the numbers; the page writes it without asking Python.
    """
    line = Span(dimension="height", line_width=1, line_color=GREY, line_dash="dotted")
    readout = Div(text=_HINT, sizing_mode="stretch_width", name="cursor-readout")
    readout.stylesheets = [STYLESHEET, ".bk-clearfix { display: block !important; width: 100%; }"]
    readout.syncable = False
    readings = [(view.source, reading) for view in views for reading in view.readings]
    read = CustomJS(
        code=_CODE,
        args={
            "readout": readout,
            "line": line,
            "range": figures[0].x_range,
            "sources": [source for source, _ in readings],
            "columns": [reading.column for _, reading in readings],
            "labels": [reading.label for _, reading in readings],
            "units": [reading.unit for _, reading in readings],
            "digits": [reading.digits for _, reading in readings],
        },
    )
    for fig in figures:
        fig.add_tools(CrosshairTool(overlay=line))
        fig.js_on_event(MouseMove, read)
        fig.js_on_event(Tap, read)
        fig.js_on_change("inner_height", read)  # the first layout
    for source in {source.id: source for source, _ in readings}.values():
        source.js_on_change("data", read)
    return readout

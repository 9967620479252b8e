"""The raster of a population: a mark for each spike, a row for each neuron; tap a row to choose it.

Fed as a Bokeh source, not through HoloViews: spikes of a long run are appended as they are found.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import panel as pn
from bokeh.events import Tap
from bokeh.models import ColumnDataSource, HoverTool, Range1d, Span

from ..figures import BLUE, ORANGE, plot
from ..view import figure_pane, html, show
from .run import Picture

MOST_SHOWN = 50_000
"""Spikes that are sent to the page; of more, every second, third, ... is."""


class RasterView(pn.viewable.Viewer):
    """Spikes over time and neurons.

    Args:
        time: the axis, shared with others.
        choose: takes the row that was tapped.
    """

    def __init__(self, time: Range1d, choose: Callable[[int], None]) -> None:
        super().__init__()
        self._count = 1
        self._choose = choose
        self.source = ColumnDataSource(
            {"t": np.zeros(0, np.float32), "neuron": np.zeros(0, np.uint16)},
            name="population-raster",
        )
        fig = self.figure = plot("population-raster-figure", "neuron", 340, time)
        self._marks = fig.scatter(
            "t", "neuron", source=self.source, marker="square", size=4, color=BLUE, line_color=None
        )
        self._row = Span(dimension="width", line_color=ORANGE, line_width=1.5, line_alpha=0.8)
        fig.add_layout(self._row)
        fig.add_tools(
            HoverTool(
                renderers=[self._marks],
                tooltips="neuron @neuron, @t{0.0} ms: tap to see its traces",
                point_policy="snap_to_data",
            )
        )
        fig.on_event(Tap, self._tapped)
        self._caption = html(margin=(2, 0, 0, 0))

    def draw(self, picture: Picture) -> None:
        """Show the spikes of this picture."""
        spikes, count = picture.run.spikes, picture.run.members.count
        every = -(-len(spikes.step) // MOST_SHOWN) or 1
        start = picture.since if every == 1 else 0
        new = {
            "t": spikes.times[start::every].astype(np.float32),
            "neuron": spikes.neuron[start::every],
        }
        if start and len(new["t"]):
            self.source.stream(new)
        elif not start:
            self.source.data = new
        self._set_rows(count)
        show(self._caption, _caption(len(spikes.step), every))

    def _set_rows(self, count: int) -> None:
        ends = {"start": -0.5 - 0.02 * count, "end": count - 0.5 + 0.02 * count}
        if self.figure.y_range.end != ends["end"]:
            self.figure.y_range.update(**ends)
            self._marks.glyph.size = float(np.clip(340.0 / count, 2.5, 9.0))
        self._count = count

    def mark(self, index: int) -> None:
        """Show which neuron is looked at."""
        self._row.location = index

    def _tapped(self, event: Any) -> None:
        if event.y is not None:
            self._choose(int(np.clip(round(event.y), 0, self._count - 1)))

    def __panel__(self) -> Any:
        return pn.Column(
            figure_pane(self.figure),
            self._caption,
            sizing_mode="stretch_width",
            margin=0,
        )


def _caption(count: int, every: int) -> str:
    if not count:
        text = "No neuron spikes. Give more input: shared, or each neuron's own."
    elif every == 1:
        text = f"{count:,} spikes. Tap a row to see that neuron's traces below."
    else:
        text = (
            f"One of every {every} of {count:,} spikes is drawn; rates are of all. "
            "Tap a row to see that neuron's traces below."
        )
    return f'<p class="caption">{text}</p>'

"""The raster of a population: a mark for each spike, a row for each neuron; tap a row to choose it.

Fed as a Bokeh source, not through HoloViews: spikes of a long run are appended as they are found.
Neurons of one cell of a mix stand together, on a band with the cell's name and in its colour.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import panel as pn
from bokeh.core.properties import field, value
from bokeh.events import Tap
from bokeh.models import (
    BasicTicker,
    ColumnDataSource,
    CustomJSHover,
    FixedTicker,
    HoverTool,
    LinearColorMapper,
    Range1d,
    Scatter,
    Span,
)

from ..figures import BLUE, GREEN, GREY, ORANGE, PURPLE, plot
from ..legend import legend
from ..page_text import html, show
from ..view import figure_pane
from .draw import Members
from .rows import Rows, rows_of
from .run import Picture, Run

MOST_SHOWN = 50_000
"""Spikes that are sent to the page; of more, every second, third, ... is."""

COLOURS = (BLUE, ORANGE, GREEN, PURPLE)
"""Of the cells of a mix. More cells than these take turns with the first two, so that neighbours
differ and no colour seems to name a cell; their bands and names tell them apart."""

_ALONE: dict[str, Any] = {"spike": Scatter(marker="square", fill_color=BLUE, line_color=BLUE)}

_HINT = "Tap a row to see that neuron's traces below."


class RasterView(pn.viewable.Viewer):
    """Spikes over time and neurons.

    Args:
        time: the axis, shared with others.
        choose: takes the neuron whose row was tapped.
    """

    def __init__(self, time: Range1d, choose: Callable[[int], None]) -> None:
        super().__init__()
        self._choose = choose
        self._rows: Rows | None = None
        self._members: Members | None = None
        self.source = ColumnDataSource(_columns([], [], [], []), name="population-raster")
        fig = self.figure = plot("population-raster-figure", "neuron", 340, time)
        self._bands = ColumnDataSource({"low": [], "high": []})
        fig.hstrip(
            "low", "high", source=self._bands, fill_color=GREY, fill_alpha=0.14, line_color=None
        )
        self._behind = ColumnDataSource({"t": [], "row": []}, name="population-pinned-raster")
        self._pinned: Run | None = None
        before = self._before = fig.scatter(
            "t", "row", source=self._behind, marker="square", size=4, color=GREY, line_color=None
        )
        self._colours = LinearColorMapper(palette=[BLUE], low=-0.5, high=0.5)
        self._marks = fig.scatter(
            "t", "row", source=self.source, marker="square", size=4, color=BLUE, line_color=None
        )
        self._row = Span(dimension="width", line_color=ORANGE, line_width=1.5, line_alpha=0.8)
        fig.add_layout(self._row)
        self._origin = CustomJSHover(args={"names": []}, code="return names[value] ?? ''")
        fig.add_tools(
            HoverTool(
                renderers=[self._marks],
                tooltips="neuron @neuron@cell{custom}, @t{0.0} ms: tap to see its traces",
                formatters={"@cell": self._origin},
                point_policy="snap_to_data",
            )
        )
        fig.on_event(Tap, self._tapped)
        self._entries = _ALONE
        self._pinned_entry = {"pinned": before.glyph}
        self._legend = html(visible=False)
        self._caption = html(margin=(2, 0, 0, 0))

    def draw(self, picture: Picture) -> None:
        """Show the spikes of this picture."""
        spikes = picture.run.spikes
        rows = self._lay_out(picture.run.members)
        every = _every(len(spikes.step))
        start = picture.since if every == 1 else 0
        neuron = spikes.neuron[start::every]
        times = spikes.times[start::every]
        new = _columns(times, rows.row[neuron], neuron, rows.group[neuron])
        if start and len(neuron):
            self.source.stream(new)
        elif not start:
            self.source.data = new
        self.compare(picture)

    def compare(self, picture: Picture) -> None:
        """Show the spikes of the pinned population behind, where its rows are those of this one."""
        spikes = picture.run.spikes
        rows, pinned = self._lay_out(picture.run.members), picture.pinned
        run = None if pinned is None else pinned.run
        behind = None if run is None else rows_of(run.members)
        if run is None or behind is None or not behind.share_with(rows):
            if len(self._behind.data["t"]):
                self._behind.data = {"t": [], "row": []}
            self._pinned = None
        elif run is not self._pinned:
            self._pinned = run
            some = slice(None, None, _every(len(run.spikes.step)))
            at = behind.row[run.spikes.neuron[some]].astype(np.uint16)
            self._behind.data = {"t": run.spikes.times[some].astype(np.float32), "row": at}
        drawn = self._pinned is not None
        named = self._entries | (self._pinned_entry if drawn else {})
        show(self._legend, legend(named) if rows.cells or drawn else "")
        told = _caption(len(spikes.step), bool(rows.cells), run is not None and not drawn)
        show(self._caption, told)

    def _lay_out(self, members: Members) -> Rows:
        """The rows of these neurons, with the axis, bands and colours that belong to them."""
        if self._rows is None or members is not self._members:
            old, self._members = self._rows, members
            self._rows = rows_of(members)
            self._set_rows(members.count)
            if old is None or not old.stand_like(self._rows):
                self._set_groups(self._rows)
        return self._rows

    def _set_rows(self, count: int) -> None:
        ends = {"start": -0.5 - 0.02 * count, "end": count - 0.5 + 0.02 * count}
        if self.figure.y_range.end != ends["end"]:
            self.figure.y_range.update(**ends)
            size = float(np.clip(340.0 / count, 2.5, 9.0))
            self._marks.glyph.size = self._before.glyph.size = size

    def _set_groups(self, rows: Rows) -> None:
        colours = colours_of(len(rows.cells))
        self._colours.update(palette=colours, high=len(colours) - 0.5)
        # One colour for all is painted faster than a colour for each mark.
        look = field("cell", self._colours) if rows.cells else value(BLUE)
        self._marks.glyph.fill_color = look
        low, high = rows.edges[:-1] - 0.5, rows.edges[1:] - 0.5
        self._bands.data = {"low": low[1::2], "high": high[1::2]}
        self._origin.args = {"names": [f" of {title}" for title in rows.titles]}
        names = {
            float(0.5 * sum(ends)): name
            for *ends, name in zip(low, high, rows.short_titles, strict=False)
        }
        axis = self.figure.yaxis[0]
        axis.update(
            ticker=FixedTicker(ticks=list(names)) if names else BasicTicker(desired_num_ticks=5),
            major_label_overrides=names,
            axis_label=None if names else "neuron",  # with names there is no room for it
        )
        marks = {
            title: Scatter(marker="square", fill_color=colour, line_color=colour)
            for title, colour in zip(rows.titles, colours, strict=False)
        }
        self._entries = marks or _ALONE

    def mark(self, index: int) -> None:
        """Show which neuron is looked at."""
        rows = self._rows
        self._row.location = index if rows is None else int(rows.row[index])

    def _tapped(self, event: Any) -> None:
        if event.y is not None and self._rows is not None:
            row = int(np.clip(round(event.y), 0, len(self._rows.neuron) - 1))
            self._choose(int(self._rows.neuron[row]))

    def __panel__(self) -> Any:
        return pn.Column(
            self._legend,
            figure_pane(self.figure),
            self._caption,
            sizing_mode="stretch_width",
            margin=0,
        )


def colours_of(count: int) -> list[str]:
    """The colour of each of so many groups of rows; one colour where there are none."""
    if count <= len(COLOURS):
        return list(COLOURS[: count or 1])
    return [COLOURS[i % 2] for i in range(count)]


def _columns(times: Any, rows: Any, neurons: Any, groups: Any) -> dict[str, Any]:
    return {
        "t": np.asarray(times, np.float32),
        "row": np.asarray(rows, np.uint16),
        "neuron": np.asarray(neurons, np.uint16),
        "cell": np.asarray(groups, np.uint8),
    }


def _every(count: int) -> int:
    """Of so many spikes, one of how many is drawn."""
    return -(-count // MOST_SHOWN) or 1


def _caption(count: int, mixed: bool, unlike: bool) -> str:
    every = _every(count)
    if not count:
        text = "No neuron spikes. Give more input: shared, or each neuron's own."
    elif every == 1:
        text = f"{count:,} spikes. {_HINT}"
    else:
        text = f"One of every {every} of {count:,} spikes is drawn; rates are of all. {_HINT}"
    if mixed:
        text = f"Rows are grouped by cell. {text}"
    if unlike:
        text += " The pinned population has other cells in its rows; its spikes are not drawn."
    return f'<p class="caption">{text}</p>'

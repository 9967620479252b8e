"""The cells as points over two quantities, with the chosen one and the one on the neuron marked.

The HoloViews objects are built once; pictures and marks reach them through pipes.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import holoviews as hv
import holoviews.plotting.bokeh  # registers the renderer
import numpy as np
import panel as pn
from holoviews.streams import Pipe, Selection1D

from ..figures import BLUE, GREEN, GREY, ORANGE, PURPLE, legend
from ..view import card, html, show
from .atlas import EXCITATORY, HUMAN, OTHER, PVALB, SST, info_of, label_of
from .choices import Picture

LOOKS = {
    EXCITATORY: (BLUE, "circle", 6),
    PVALB: (ORANGE, "square", 7),
    SST: (GREEN, "triangle", 8),
    OTHER: (PURPLE, "diamond", 10),
    HUMAN: (GREY, "x", 7),
}
"""Colour, marker and size of each broad class."""

MARK = "#e0262c"
"""A colour that no class has, with a contrast of 3:1 on white and on the dark page."""

Place = tuple[float, float] | None

# No name in it may begin with x or y: HoloViews takes those for the axes.
_TOOLTIP = '<div style="font-size: 12.5px"><b>@title</b><br>@across<br>@up<br>@fit</div>'

# Not drawn; HoloViews forgets how points look where there is none of them.
_NOWHERE = (np.nan, np.nan)


class Marks(NamedTuple):
    """Where the marked cells stand on the axes; None for one that is not shown."""

    chosen: Place = None
    on_neuron: Place = None


class ScatterView(pn.viewable.Viewer):
    """Points over two quantities.

    Args:
        picture: the first to show.
        take: called with the name of the cell whose point was clicked.
    """

    def __init__(self, picture: Picture, take: Callable[[str], None]) -> None:
        super().__init__()
        self._picture, self._take = picture, take
        self._points = Pipe(data=picture)
        self._marks = Pipe(data=Marks())
        points = hv.DynamicMap(_points, streams=[self._points])
        self._tap = Selection1D(source=points)
        self._tap.add_subscriber(self._tapped)
        overlay = (points * hv.DynamicMap(_marked, streams=[self._marks])).opts(
            responsive=True,
            height=460,
            show_legend=False,
            apply_ranges=False,
            hooks=[self._finish],
            backend_opts={"plot.output_backend": "canvas"},
            backend="bokeh",
        )
        self.pane = pn.pane.HoloViews(
            overlay, linked_axes=False, sizing_mode="stretch_width", margin=0
        )
        self._caption = html()
        self._tell()

    def draw(self, picture: Picture) -> None:
        """Show this picture."""
        self._picture = picture
        self._points.send(picture)
        self._tell()

    def mark(self, marks: Marks) -> None:
        """Mark these places."""
        if marks != self._marks.data:
            self._marks.send(marks)
            self._tell()

    def _tapped(self, index: list[int]) -> None:
        if index:
            self._take(self._picture.names[index[0]])

    def _tell(self) -> None:
        asked = self._picture.asked
        meanings = [f"<b>{key}</b>: {info_of(key)[1]}." for key in dict.fromkeys(asked[1:3])]
        show(self._caption, f'<p class="caption">{" ".join(meanings)} {self._outside()}</p>')

    def _outside(self) -> str:
        """A sentence on points that the axes leave out."""
        columns = columns_of(self._picture)
        spans = [span(column) for column in columns]
        n = int((~within(columns, spans)).sum())
        if not n:
            return ""
        place = self._marks.data.chosen
        chosen = place is not None and not within(np.array([place]).T, spans)[0]
        too = ", the chosen one too" if chosen else ""
        return f"{n} far {'cell lies' if n == 1 else 'cells lie'} outside the axes{too}: zoom out."

    def _finish(self, plot: Any, element: Any) -> None:
        """What HoloViews leaves to us, after each of its frames; one plot a page that shows it."""
        fig, picture = plot.state, self._picture
        if "entries" not in plot.handles:
            plot.handles["entries"] = _style(fig)
        fig.legend[0].items = plot.handles["entries"]  # HoloViews empties the legend
        if plot.handles.get("picture") is not picture:  # a mark alone leaves the zoom as it is
            plot.handles["picture"] = picture
            _stand(fig, picture)
        for part in plot.subplots.values():
            # A point can be clicked again, and what was clicked is told by the ring alone.
            if part.handles["selected"].indices:
                part.handles["selected"].indices = []

    def __panel__(self) -> Any:
        return card("Every cell a point", self.pane, self._caption)


def columns_of(picture: Picture) -> tuple[np.ndarray, np.ndarray]:
    """The two quantities of the cells that pass."""
    asked, numbers = picture.asked, picture.atlas.numbers
    return numbers[asked.x][picture.shown], numbers[asked.y][picture.shown]


def span(column: np.ndarray) -> tuple[float, float]:
    """From where to where an axis goes: all of a column, but not to a few that lie far off."""
    if not len(column):
        return 0.0, 1.0
    low, high = float(column.min()), float(column.max())
    inner_low, inner_high = (float(x) for x in np.percentile(column, [1, 99]))
    room = 0.25 * (inner_high - inner_low)
    return max(low, inner_low - room), min(high, inner_high + room)


def within(columns: Any, spans: list[tuple[float, float]]) -> np.ndarray:
    """Which points the axes show."""
    inside = [
        (low <= column) & (column <= high)
        for column, (low, high) in zip(columns, spans, strict=True)
    ]
    return inside[0] & inside[1]


def _points(data: Picture) -> Any:
    shown = zip(data.shown, *columns_of(data), strict=True)
    rows = [_point(data, i, x, y) for i, x, y in shown] or [(*_NOWHERE, "", "circle", 1, *"    ")]
    names = ("x", "y", "color", "marker", "size", "title", "across", "up", "fit")
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    return hv.Points(columns, ["x", "y"], [*columns][2:]).opts(
        color="color",
        marker="marker",
        size="size",
        apply_ranges=False,
        alpha=0.75,
        nonselection_alpha=0.75,
        selection_alpha=0.75,
        tools=["tap", "hover"],
        hover_tooltips=_TOOLTIP,
        default_tools=["pan", "box_zoom", "zoom_in", "zoom_out", "reset"],
        active_tools=["tap"],
        backend="bokeh",
    )


def _point(data: Picture, i: int, x: float, y: float) -> tuple[Any, ...]:
    """Place, looks and words of one cell."""
    atlas, asked = data.atlas, data.asked
    words = (atlas.presets[i].title, _text(asked.x, x), _text(asked.y, y), _fit(atlas.explained[i]))
    return (x, y, *LOOKS[atlas.kinds[i]], *words)


def _fit(share: float) -> str:
    return "" if np.isnan(share) else f"explains {100 * share:.0f} % of the spiking"


def _marked(data: Marks) -> Any:
    looks = ((data.chosen, "circle", 20, 0.0), (data.on_neuron, "star", 17, 1.0))
    seen = [(*(place or _NOWHERE), *look) for place, *look in looks]
    names = ("x", "y", "marker", "size", "filled")
    columns = dict(zip(names, zip(*seen, strict=True), strict=True))
    return hv.Points(columns, ["x", "y"], [*names[2:]]).opts(
        marker="marker",
        size="size",
        fill_alpha="filled",
        color=MARK,
        line_width=3,
        apply_ranges=False,
        backend="bokeh",
    )


def _text(key: str, value: float) -> str:
    return f"{key} {value:.4g} {info_of(key)[0]}".rstrip()


def _style(fig: Any) -> list[Any]:
    """The page's own look and legend, which has every class even where none of it is shown."""
    fig.update(name="cells-scatter", min_border_left=64, min_border_right=12)
    fig.toolbar.update(autohide=True, logo=None)
    fig.grid.grid_line_alpha = 0.5
    nowhere = ([float("nan")], [float("nan")])
    entries = {
        kind: [fig.scatter(*nowhere, marker=marker, size=size, color=color)]
        for kind, (color, marker, size) in LOOKS.items()
    }
    ring = {"size": 13, "line_color": MARK, "line_width": 2.5, "fill_color": None}
    entries["chosen"] = [fig.scatter(*nowhere, marker="circle", **ring)]
    entries["on the neuron"] = [fig.scatter(*nowhere, marker="star", size=14, color=MARK)]
    return list(legend(fig, entries).items)


def _stand(fig: Any, picture: Picture) -> None:
    """Name the axes, and set their ranges and where the tool for going back leads."""
    asked = picture.asked
    fig.xaxis.axis_label, fig.yaxis.axis_label = label_of(asked.x), label_of(asked.y)
    for axis, column in zip((fig.x_range, fig.y_range), columns_of(picture), strict=True):
        if len(column):
            low, high = span(column)
            room = 0.04 * (high - low) or 1.0
            start, end = low - room, high + room
            axis.update(start=start, end=end, reset_start=start, reset_end=end)

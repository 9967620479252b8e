"""The cells as points over two quantities, with the chosen one and the one on the neuron marked."""

from collections.abc import Callable
from typing import Any, NamedTuple

import holoviews as hv
import numpy as np
import panel as pn
from holoviews.streams import Pipe, Selection1D

from ..downloads import take_away
from ..explored import NOWHERE, TOOLS, Place, dress, marked, names_of, set_axis, standing
from ..figures import BLUE, GREEN, GREY, ORANGE, PURPLE
from ..view import card, html, show
from .atlas import EXCITATORY, HUMAN, OTHER, PVALB, SST, info_of, label_of
from .choices import Picture
from .export import points_csv, scatter_figure

LOOKS = {
    EXCITATORY: (BLUE, "circle", 6),
    PVALB: (ORANGE, "square", 7),
    SST: (GREEN, "triangle", 8),
    OTHER: (PURPLE, "diamond", 10),
    HUMAN: (GREY, "x", 7),
}
"""Colour, marker and size of each broad class."""

_TOOLTIP = '<div style="font-size: 12.5px"><b>@title</b><br>@across<br>@up<br>@fit</div>'


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
        marks = hv.DynamicMap(_marked, streams=[self._marks])
        self.pane = standing(points * marks, 432, self._finish, apply_ranges=False)
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
        dress(fig, "cells-scatter")
        if plot.handles.get("picture") is not picture:  # a mark alone leaves the zoom as it is
            plot.handles["picture"] = picture
            _stand(fig, picture)
        for part in plot.subplots.values():
            # A point can be clicked again, and what was clicked is told by the ring alone.
            if part.handles["selected"].indices:
                part.handles["selected"].indices = []

    def __panel__(self) -> Any:
        named = html(names_of(LOOKS, "on the neuron"))
        tables = {"": lambda kept: points_csv(kept[0])}
        files = take_away("cells", self._kept, tables, _figure)
        return card("Every cell a point", named, self.pane, self._caption, files, equations="atlas")

    def _kept(self) -> tuple[Picture, Marks]:
        return self._picture, self._marks.data

    def figure(self, form: str) -> bytes:
        """The points as "svg" or "png", with the marks that are on them now."""
        return _figure(self._kept(), form)


def _figure(kept: tuple[Picture, Marks], form: str) -> bytes:
    picture, marks = kept
    return scatter_figure(
        picture,
        {kind: colour for kind, (colour, *_) in LOOKS.items()},
        [span(column) for column in columns_of(picture)],
        ((marks.chosen, "chosen"), (marks.on_neuron, "on the neuron")),
        form,
    )


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
    rows = [_point(data, i, x, y) for i, x, y in shown] or [(*NOWHERE, "", "circle", 1, *"    ")]
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
        default_tools=TOOLS,
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
    return marked(data.chosen, data.on_neuron)


def _text(key: str, value: float) -> str:
    return f"{key} {value:.4g} {info_of(key)[0]}".rstrip()


def _stand(fig: Any, picture: Picture) -> None:
    """Name the axes, and set their ranges and where the tool for going back leads."""
    asked = picture.asked
    fig.xaxis.axis_label, fig.yaxis.axis_label = label_of(asked.x), label_of(asked.y)
    for axis, column in zip((fig.x_range, fig.y_range), columns_of(picture), strict=True):
        if len(column):
            low, high = span(column)
            set_axis(axis, low, high, 0.04 * (high - low) or 1.0)

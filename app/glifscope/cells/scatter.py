"""The cells as points over two quantities, with the chosen one and the one on the neuron marked.

A box that is drawn over the points lists the cells in it; the others stay, faded.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import holoviews as hv
import numpy as np
import panel as pn
from bokeh.models import BoxAnnotation, BoxSelectTool
from holoviews.streams import BoundsXY, Pipe, Selection1D

from ..downloads import take_away
from ..explored import NOWHERE, TOOLS, Place, dress, marked, names_of, set_axis, standing
from ..figures import BLUE, GREEN, GREY, ORANGE, PURPLE
from ..layout import card
from ..page_text import html, show
from .atlas import EXCITATORY, HUMAN, OTHER, PVALB, SST, info_of, label_of
from .box import Box, drawn
from .choices import Picture
from .export import FADED, SEEN, points_csv, scatter_figure

LOOKS = {
    EXCITATORY: (BLUE, "circle", 6),
    PVALB: (ORANGE, "square", 7),
    SST: (GREEN, "triangle", 8),
    OTHER: (PURPLE, "diamond", 10),
    HUMAN: (GREY, "x", 7),
}
"""Colour, marker and size of each broad class."""

_NO_POINT = (*NOWHERE, "", "circle", 1, SEEN, *"    ")

_TOOL = "Box: list the cells in it"
_BOX = {
    "fill_color": GREY,
    "line_color": GREY,
    "line_alpha": 1.0,
    "line_width": 1.5,
    "line_dash": [6, 4],
}

# Beyond 98 % of the cells an axis goes on by this share of their range, if there are cells; and
# leaves this share of the whole free at its ends.
_REACH = 0.75
_ROOM = 0.04

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
        narrow: called with the box that was drawn.
    """

    def __init__(
        self,
        picture: Picture,
        take: Callable[[str], None],
        narrow: Callable[[Box], None] = lambda box: None,
    ) -> None:
        super().__init__()
        self._picture, self._take, self._narrow = picture, take, narrow
        self._points = Pipe(data=picture)
        self._marks = Pipe(data=Marks())
        points = hv.DynamicMap(_points, streams=[self._points])
        self._tap = Selection1D(source=points)
        self._tap.add_subscriber(self._tapped)
        self._bounds = BoundsXY(source=points)
        self._bounds.add_subscriber(self._boxed)
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

    def _boxed(self, bounds: tuple[float, float, float, float] | None) -> None:
        if bounds is not None:
            x0, y0, x1, y1 = bounds
            box = drawn(x0, x1, y0, y1)
            if box is not None:
                self._narrow(box)

    def _tell(self) -> None:
        asked = self._picture.asked
        meanings = [f"<b>{key}</b>: {info_of(key)[1]}." for key in dict.fromkeys(asked[1:3])]
        far = outside(self._picture, self._marks.data.chosen)
        told = [f'<p class="caption">{text}</p>' for text in (" ".join(meanings), far) if text]
        show(self._caption, "".join(told))

    def _finish(self, plot: Any, element: Any) -> None:
        """What HoloViews leaves to us, after each of its frames; one plot a page that shows it."""
        fig, picture = plot.state, self._picture
        dress(fig, "cells-scatter")
        if "box" not in plot.handles:
            plot.handles["box"] = _with_box(fig)
        _draw_box(plot.handles["box"], picture.asked.box)
        stands = picture.asked._replace(box=None)
        if plot.handles.get("stands") != stands:  # a mark or a box alone leaves the zoom as it is
            plot.handles["stands"] = stands
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
        [limits(column) for column in columns_of(picture)],
        ((marks.chosen, "chosen"), (marks.on_neuron, "on the neuron")),
        form,
    )


def columns_of(picture: Picture) -> tuple[np.ndarray, np.ndarray]:
    """The two quantities of the cells that pass."""
    asked, numbers = picture.asked, picture.atlas.numbers
    return numbers[asked.x][picture.shown], numbers[asked.y][picture.shown]


def limits(column: np.ndarray) -> tuple[float, float]:
    """From where to where an axis goes: around all of a column but a few that lie far off."""
    if not len(column):
        return 0.0, 1.0
    inner_low, inner_high = np.percentile(column, [1, 99])
    reach = _REACH * (inner_high - inner_low)
    near = column[(inner_low - reach <= column) & (column <= inner_high + reach)]
    low, high = float(near.min()), float(near.max())
    room = _ROOM * (high - low) or 1.0
    return low - room, high + room


def drawn_by(columns: Any, spans: list[tuple[float, float]]) -> np.ndarray:
    """Which points lie within the axes."""
    inside = [
        (low <= column) & (column <= high)
        for column, (low, high) in zip(columns, spans, strict=True)
    ]
    return inside[0] & inside[1]


def outside(picture: Picture, chosen: Place) -> str:
    """A sentence on the cells that the axes leave out; empty where there is none.

    Args:
        picture: what is shown.
        chosen: where the chosen cell stands.
    """
    columns = columns_of(picture)
    spans = [limits(column) for column in columns]
    n = int((~drawn_by(columns, spans)).sum())
    if not n:
        return ""
    far = chosen is not None and not drawn_by(np.array([chosen]).T, spans)[0]
    if n == 1:
        too = ", the chosen one" if far else ""
        return f"1 cell lies far outside of the axes{too}: zoom out or sort the table to find it."
    too = ", the chosen one too" if far else ""
    return f"{n} cells lie far outside of the axes{too}: zoom out or sort the table to find them."


def _points(data: Picture) -> Any:
    strengths = np.where(data.within, SEEN, FADED)
    shown = zip(data.shown, *columns_of(data), strengths, strict=True)
    rows = [_point(data, i, *rest) for i, *rest in shown] or [_NO_POINT]
    names = ("x", "y", "color", "marker", "size", "strength", "title", "across", "up", "fit")
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    return hv.Points(columns, ["x", "y"], [*columns][2:]).opts(
        color="color",
        marker="marker",
        size="size",
        apply_ranges=False,
        alpha="strength",
        nonselection_alpha="strength",
        selection_alpha="strength",
        tools=["tap", "hover", "box_select"],
        hover_tooltips=_TOOLTIP,
        default_tools=TOOLS,
        active_tools=["tap"],
        backend="bokeh",
    )


def _point(data: Picture, i: int, x: float, y: float, strength: float) -> tuple[Any, ...]:
    """Place, looks and words of one cell."""
    atlas, asked = data.atlas, data.asked
    words = (atlas.presets[i].title, _text(asked.x, x), _text(asked.y, y), _fit(atlas.explained[i]))
    return (x, y, *LOOKS[atlas.kinds[i]], strength, *words)


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
            set_axis(axis, *limits(column), 0.0)


def _with_box(fig: Any) -> BoxAnnotation:
    """Have the tool draw boxes and select nothing; the box that was drawn last, not seen yet."""
    for tool in fig.toolbar.tools:
        if isinstance(tool, BoxSelectTool):
            tool.update(renderers=[], description=_TOOL)
            tool.overlay.update(fill_alpha=0.15, **_BOX)
    box = BoxAnnotation(fill_alpha=0.06, level="underlay", visible=False, name="cells-box", **_BOX)
    fig.add_layout(box)
    return box


def _draw_box(shape: BoxAnnotation, box: Box | None) -> None:
    if box is None:
        shape.visible = False
    else:
        left, right, bottom, top = box
        shape.update(left=left, right=right, bottom=bottom, top=top, visible=True)

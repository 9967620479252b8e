"""The classes as points over two quantities, with the chosen one and the one on the port marked.

The HoloViews objects are built once; pictures reach them through pipes.
"""

from collections.abc import Callable
from typing import Any

import holoviews as hv
import holoviews.plotting.bokeh  # registers the renderer
import numpy as np
import panel as pn
from bokeh.models import HoverTool
from holoviews.streams import Pipe, Tap

from ..cells.scatter import MARK
from ..figures import BLUE, GREEN, GREY, ORANGE, PURPLE, legend
from ..view import card, html, show
from .catalogue import QUANTITIES, label_of, text_of, title_of
from .choices import Picture

_EXCITATORY = (BLUE, "circle", 7)
_INHIBITORY = {
    "pv": (ORANGE, "square", 8),
    "sst": (GREEN, "triangle", 9),
    "vip": (PURPLE, "diamond", 11),
    "inh": (GREY, "x", 9),
}
LOOKS = {"exc": _EXCITATORY} | _INHIBITORY
"""Colour, marker and size by the presynaptic class; all excitatory ones look alike."""

_REACH = 0.05
"""How far from a point a click still takes it, as a share of the extent of all points."""

# Columns of the points; none may begin with x or y: HoloViews takes those for the axes.
_TOOLTIP = '<div style="font-size: 12.5px"><b>@title</b><br>@across<br>@up<br>@others</div>'


class ScatterView(pn.viewable.Viewer):
    """Points over two quantities.

    Args:
        picture: the first to show.
        take: called with the name of the class whose point was clicked.
    """

    def __init__(self, picture: Picture, take: Callable[[str], None]) -> None:
        super().__init__()
        self._picture, self._take = picture, take
        self._points, self._marks = Pipe(data=picture), Pipe(data=picture)
        points = hv.DynamicMap(_points, streams=[self._points])
        self._tap = Tap(source=points, transient=True)  # a point can be clicked again
        self._tap.add_subscriber(self.tapped)
        overlay = (points * hv.DynamicMap(_marked, streams=[self._marks])).opts(
            responsive=True,
            height=400,
            show_legend=False,
            apply_ranges=False,
            hooks=[self._finish],
            backend_opts={"plot.output_backend": "canvas"},
            backend="bokeh",
        )
        self.pane = pn.pane.HoloViews(
            overlay, linked_axes=False, sizing_mode="stretch_width", margin=0
        )
        self._caption = html(margin=(6, 0, 0, 0))
        self._tell()

    def draw(self, picture: Picture) -> None:
        """Show this picture."""
        before, self._picture = self._picture, picture
        if before.asked[2:4] != picture.asked[2:4]:
            self._points.send(picture)
            self._tell()
        if (before.place, before.port_place) != (picture.place, picture.port_place):
            self._marks.send(picture)

    def tapped(self, x: float | None, y: float | None) -> None:
        """Take the class whose point is at this place, or the next of those at one point."""
        if x is not None and y is not None:
            names = nearest(self._picture, x, y)
            if names:
                self._take(following(names, self._picture.asked.synapse))

    def _tell(self) -> None:
        asked = self._picture.asked
        meanings = [
            f"<b>{key}</b>: {QUANTITIES[key].meaning}." for key in dict.fromkeys((asked.x, asked.y))
        ]
        show(
            self._caption,
            f'<p class="caption">{" ".join(meanings)} Colour and mark tell the presynaptic class. '
            "Many classes share their numbers, and so a point: click it again for the next.</p>",
        )

    def _finish(self, plot: Any, element: Any) -> None:
        """What HoloViews leaves to us, after each of its frames; one plot a page that shows it."""
        fig, picture = plot.state, self._picture
        if "entries" not in plot.handles:
            plot.handles["entries"] = _style(fig)
        fig.legend[0].items = plot.handles["entries"]  # HoloViews empties the legend
        axes = picture.asked[2:4]
        if plot.handles.get("axes") != axes:  # a mark alone leaves the zoom as it is
            plot.handles["axes"] = axes
            _stand(fig, picture)

    def __panel__(self) -> Any:
        return card("Every class a point", self.pane, self._caption)


def nearest(picture: Picture, x: float, y: float) -> list[str]:
    """The classes whose point is nearest to a place, all at one point; none where it is far off."""
    columns = [picture.catalogue.numbers[key] for key in picture.asked[2:4]]
    distances = np.hypot(
        *((column - at) / np.ptp(column) for column, at in zip(columns, (x, y), strict=True))
    )
    least = distances.min()
    if least > _REACH:
        return []
    at = np.flatnonzero(distances <= least + 1e-9)
    return [picture.catalogue.synapses[i].name for i in at]


def following(names: list[str], chosen: str) -> str:
    """Which of the classes at one place is looked at next."""
    at = names.index(chosen) + 1 if chosen in names else 0
    return names[at % len(names)]


def look_of(pre: str) -> tuple[str, str, int]:
    """Colour, marker and size of a point, by the presynaptic class."""
    return _INHIBITORY.get(pre, _EXCITATORY)


def _points(data: Picture) -> Any:
    found, (x, y) = data.catalogue, data.asked[2:4]
    rows = []
    for i, synapse in enumerate(found.synapses):
        across, up = float(found.numbers[x][i]), float(found.numbers[y][i])
        words = (title_of(synapse), text_of(x, across), text_of(y, up), _others(found.alike[i]))
        rows.append((across, up, *look_of(synapse.pre), *words))
    names = ("x", "y", "color", "marker", "size", "title", "across", "up", "others")
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    return hv.Points(columns, ["x", "y"], [*columns][2:]).opts(
        color="color",
        marker="marker",
        size="size",
        apply_ranges=False,
        alpha=0.75,
        line_width=1.5,
        tools=["hover"],
        hover_tooltips=_TOOLTIP,
        default_tools=["pan", "box_zoom", "zoom_in", "zoom_out", "reset"],
        active_tools=[],
        backend="bokeh",
    )


def _others(alike: tuple[str, ...]) -> str:
    if not alike:
        return ""
    return f"{len(alike)} other {'class has' if len(alike) == 1 else 'classes have'} these numbers"


def _marked(data: Picture) -> Any:
    nowhere = (np.nan, np.nan)  # not drawn; HoloViews forgets how points look where there is none
    looks = ((data.place, "circle", 20, 0.0), (data.port_place, "star", 17, 1.0))
    seen = [(*(place or nowhere), *look) for place, *look in looks]
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


def _style(fig: Any) -> list[Any]:
    """The page's own look and legend."""
    fig.update(name="synapses-scatter", min_border_left=64, min_border_right=12)
    fig.toolbar.update(autohide=True, logo=None)
    fig.grid.grid_line_alpha = 0.5
    for tool in fig.select(HoverTool):
        tool.limit = 1  # classes with the same numbers lie upon each other
    nowhere = ([float("nan")], [float("nan")])
    entries = {
        pre: [fig.scatter(*nowhere, marker=marker, size=size, color=color)]
        for pre, (color, marker, size) in LOOKS.items()
    }
    ring = {"size": 13, "line_color": MARK, "line_width": 2.5, "fill_color": None}
    entries["chosen"] = [fig.scatter(*nowhere, marker="circle", **ring)]
    entries["on port"] = [fig.scatter(*nowhere, marker="star", size=14, color=MARK)]
    return list(legend(fig, entries).items)


def _stand(fig: Any, picture: Picture) -> None:
    """Name the axes, and set their ranges and where the tool for going back leads."""
    for axis, range_, key in zip(
        (fig.xaxis, fig.yaxis), (fig.x_range, fig.y_range), picture.asked[2:4], strict=True
    ):
        axis.axis_label = label_of(key)
        column = picture.catalogue.numbers[key]
        low, high = float(column.min()), float(column.max())
        room = 0.05 * (high - low)
        start, end = low - room, high + room
        range_.update(start=start, end=end, reset_start=start, reset_end=end)

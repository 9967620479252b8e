"""The classes as points over two quantities, with the chosen one and the one on the port marked."""

from collections.abc import Callable
from typing import Any

import holoviews as hv
import numpy as np
import panel as pn
from bokeh.models import HoverTool
from holoviews.streams import Pipe, Tap

from ..downloads import take_away
from ..explored import TOOLS, dress, marked, names_of, set_axis, standing
from ..figures import BLUE, GREEN, GREY, ORANGE, PURPLE
from ..layout import card
from ..page_text import html, show
from .catalogue import QUANTITIES, label_of, text_of, title_of
from .choices import Picture
from .export import classes_csv, scatter_figure

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
        marks = hv.DynamicMap(_marked, streams=[self._marks])
        self.pane = standing(points * marks, 372, self._finish, apply_ranges=False)
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
        dress(fig, "synapses-scatter")
        for tool in fig.select(HoverTool):
            tool.limit = 1  # classes with the same numbers lie upon each other
        axes = picture.asked[2:4]
        if plot.handles.get("axes") != axes:  # a mark alone leaves the zoom as it is
            plot.handles["axes"] = axes
            _stand(fig, picture)

    def __panel__(self) -> Any:
        named = html(names_of(LOOKS, "on port"))
        files = take_away("classes", lambda: self._picture, {"": classes_csv}, _figure)
        return card(
            "Every class a point", named, self.pane, self._caption, files, equations="classes"
        )

    def figure(self, form: str) -> bytes:
        """The points as "svg" or "png"."""
        return _figure(self._picture, form)


def _figure(picture: Picture, form: str) -> bytes:
    return scatter_figure(picture, {kind: colour for kind, (colour, *_) in LOOKS.items()}, form)


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
        default_tools=TOOLS,
        active_tools=[],
        backend="bokeh",
    )


def _others(alike: tuple[str, ...]) -> str:
    if not alike:
        return ""
    return f"{len(alike)} other {'class has' if len(alike) == 1 else 'classes have'} these numbers"


def _marked(data: Picture) -> Any:
    return marked(data.place, data.port_place)


def _stand(fig: Any, picture: Picture) -> None:
    """Name the axes, and set their ranges and where the tool for going back leads."""
    for axis, range_, key in zip(
        (fig.xaxis, fig.yaxis), (fig.x_range, fig.y_range), picture.asked[2:4], strict=True
    ):
        axis.axis_label = label_of(key)
        column = picture.catalogue.numbers[key]
        low, high = float(column.min()), float(column.max())
        set_axis(range_, low, high, 0.05 * (high - low))

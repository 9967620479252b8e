"""All classes at a glance: a tile for each pair of cells, coloured by one quantity."""

from collections.abc import Callable
from typing import Any

import holoviews as hv
import numpy as np
import panel as pn
from bokeh.models import ColorBar
from bokeh.palettes import Viridis256
from holoviews.streams import Pipe, Tap

from glifcore import list_synapses

from ..downloads import take_away
from ..explored import MARK, standing
from ..layout import card
from ..page_text import html, show
from .catalogue import CLASSES, QUANTITIES, label_of, text_of, title_of
from .choices import Picture
from .export import heat_map_figure, tiles_csv

_CLASSES = tuple(CLASSES)

_TOOLTIP = '<div style="font-size: 12.5px"><b>@title</b><br>@told<br>@origin</div>'

_AXIS = [(i + 0.5, name) for i, name in enumerate(_CLASSES)]


class HeatMapView(pn.viewable.Viewer):
    """Tiles: one row for each presynaptic class, one column for each postsynaptic one.

    Args:
        picture: the first to show.
        take: called with the name of the class whose tile was clicked.
    """

    def __init__(self, picture: Picture, take: Callable[[str], None]) -> None:
        super().__init__()
        self._picture, self._take = picture, take
        self._tiles, self._chosen = Pipe(data=picture), Pipe(data=picture)
        tiles = hv.DynamicMap(_tiles, streams=[self._tiles])
        self._tap = Tap(source=tiles, transient=True)  # a tile can be clicked again
        self._tap.add_subscriber(self.tapped)
        dots = hv.DynamicMap(_dots, streams=[self._tiles])
        outer, inner = (
            hv.DynamicMap(outline, streams=[self._chosen])
            for outline in (_outline("white", 6), _outline(MARK, 3))
        )
        self.pane = standing(
            tiles * dots * outer * inner,
            470,
            self._finish,
            xlim=(0, len(_CLASSES)),
            ylim=(0, len(_CLASSES)),
            invert_yaxis=True,
            xticks=_AXIS,
            yticks=_AXIS,
            xrotation=45,
            xlabel="onto (postsynaptic class)",
            ylabel="from (presynaptic class)",
            fontsize={"labels": "13px", "ticks": "12px"},
        )
        self._caption = html(margin=(6, 0, 0, 0))
        self._tell()

    def draw(self, picture: Picture) -> None:
        """Show this picture."""
        before, self._picture = self._picture.asked, picture
        if before.tint != picture.asked.tint:
            self._tiles.send(picture)
            self._tell()
        if before.synapse != picture.asked.synapse:
            self._chosen.send(picture)

    def tapped(self, x: float | None, y: float | None) -> None:
        """Take the class of the tile at this place."""
        n = len(_CLASSES)
        if x is not None and y is not None and 0 <= x < n and 0 <= y < n:
            pre, post = _CLASSES[int(y)], _CLASSES[int(x)]
            (synapse,) = list_synapses(pre, post)
            self._take(synapse.name)

    def _tell(self) -> None:
        tint = self._picture.asked.tint
        n = int(self._picture.catalogue.fallback(tint).sum())
        total = len(self._picture.catalogue.synapses)
        show(
            self._caption,
            f'<p class="caption"><b>{label_of(tint)}</b>: {QUANTITIES[tint].meaning}. A dot, in {n}'
            f" of {total}: it rests on numbers that equal those of the pooled class, so it is "
            "probably a fallback of the dataset. Click a tile to look at it.</p>",
        )

    def _finish(self, plot: Any, element: Any) -> None:
        """What HoloViews leaves to us, after each of its frames."""
        fig = plot.state
        fig.update(name="synapses-heat-map", min_border_left=64)
        fig.toolbar.update(autohide=True, logo=None)
        fig.grid.visible = False
        fig.select_one(ColorBar).title = label_of(self._picture.asked.tint)

    def __panel__(self) -> Any:
        files = take_away("tiles", lambda: self._picture, {"": tiles_csv}, heat_map_figure)
        return card("Every class a tile", self.pane, self._caption, files, equations="classes")


def _corner(pre: str, post: str) -> tuple[int, int]:
    """Column and row of a tile."""
    return _CLASSES.index(post), _CLASSES.index(pre)


def _tiles(data: Picture) -> Any:
    tint = data.asked.tint
    numbers, fallback = data.catalogue.numbers[tint], data.catalogue.fallback(tint)
    rows = []
    for synapse, number, doubtful in zip(data.catalogue.synapses, numbers, fallback, strict=True):
        left, top = _corner(synapse.pre, synapse.post)
        words = title_of(synapse), text_of(tint, number), "probably a fallback" if doubtful else ""
        rows.append((left, top, left + 1, top + 1, number, *words))
    return hv.Rectangles(rows, vdims=["number", "title", "told", "origin"]).opts(
        color="number",
        cmap=Viridis256,
        clim=(float(numbers.min()), float(numbers.max())),
        colorbar=True,
        colorbar_position="top",
        colorbar_opts={"height": 12, "padding": 2},
        line_width=0,
        tools=["hover"],
        hover_tooltips=_TOOLTIP,
        default_tools=[],
        backend="bokeh",
    )


def _dots(data: Picture) -> Any:
    doubtful = np.flatnonzero(data.catalogue.fallback(data.asked.tint))
    synapses = [data.catalogue.synapses[i] for i in doubtful]
    corners = [_corner(synapse.pre, synapse.post) for synapse in synapses]
    return hv.Points([(left + 0.5, top + 0.5) for left, top in corners]).opts(
        size=5, color="white", line_color="black", line_width=0.8, backend="bokeh"
    )


def _outline(color: str, width: int) -> Callable[[Picture], Any]:
    """Draws the edge of the chosen tile."""

    def draw(data: Picture) -> Any:
        left, top = _corner(data.synapse.pre, data.synapse.post)
        return hv.Rectangles([(left, top, left + 1, top + 1)]).opts(
            fill_alpha=0.0, line_color=color, line_width=width, backend="bokeh"
        )

    return draw

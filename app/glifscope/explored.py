"""What HoloViews plots that one explores share: how they stand on the page, marks, legends, axes.

Their objects are built once, and pictures reach them through pipes. HoloViews takes columns whose
names begin with x or y for the axes, and forgets how points look where there is none of them.
"""

from collections.abc import Callable, Mapping
from typing import Any

import holoviews as hv
import holoviews.plotting.bokeh  # registers the renderer
import numpy as np
import panel as pn
from bokeh.models import Scatter

from .legend import legend

MARK = "#e0262c"
"""A colour that nothing else has, with a contrast of 3:1 on white and on the dark page."""

NOWHERE = (np.nan, np.nan)
"""A place that is not drawn."""

Look = tuple[str, str, int]
"""Colour, marker and size of points."""

Place = tuple[float, float] | None

TOOLS = ["pan", "box_zoom", "zoom_in", "zoom_out", "reset"]


def standing(overlay: Any, height: int, hook: Callable[[Any, Any], None], **more: Any) -> Any:
    """The pane of an overlay.

    Args:
        overlay: what is drawn.
        height: pixels.
        hook: called with the plot after each of its frames, for what HoloViews leaves to us.
        **more: further options of the overlay.
    """
    drawn = _Hook(hook)
    if pn.state.curdoc is not None:
        pn.state.curdoc.on_session_destroyed(drawn.let_go)
    overlay = overlay.opts(
        responsive=True,
        height=height,
        show_legend=False,
        hooks=[drawn],
        backend_opts={"plot.output_backend": "canvas"},
        backend="bokeh",
        **more,
    )
    return pn.pane.HoloViews(overlay, linked_axes=False, sizing_mode="stretch_width", margin=0)


class _Hook:
    """What is called with a plot, until its session ends.

    HoloViews keeps options, hooks among them, and what listens to a plot; and with them, for ever,
    what they hold.
    """

    def __init__(self, hook: Callable[[Any, Any], None]) -> None:
        self._hook: Callable[[Any, Any], None] | None = hook
        self._plots: dict[int, Any] = {}

    def __call__(self, plot: Any, element: Any) -> None:
        if self._hook is not None:
            self._plots[id(plot)] = plot
            self._hook(plot, element)

    def let_go(self, context: Any) -> None:
        """Hold nothing any more, and have nothing listen."""
        for plot in self._plots.values():
            for part in plot.traverse(lambda part: part):
                for callback in getattr(part, "callbacks", ()):
                    callback.cleanup()
        self._hook, self._plots = None, {}


def marked(chosen: Place, taken: Place) -> Any:
    """A ring around what is looked at, and a star on what is in use."""
    looks = ((chosen, "circle", 20, 0.0), (taken, "star", 17, 1.0))
    seen = [(*(place or NOWHERE), *look) for place, *look in looks]
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


def names_of(looks: Mapping[str, Look], taken: str) -> str:
    """The legend of a plot of points, as HTML.

    Args:
        looks: of each kind of point; all are told, shown or not.
        taken: what the star stands for.
    """
    entries = {
        kind: Scatter(marker=marker, size=size, fill_color=color, line_color=color)
        for kind, (color, marker, size) in looks.items()
    }
    entries["chosen"] = Scatter(
        marker="circle", size=13, line_color=MARK, line_width=2.5, fill_color=None
    )
    entries[taken] = Scatter(marker="star", size=14, fill_color=MARK, line_color=MARK)
    return legend(entries)


def dress(fig: Any, name: str) -> None:
    """Give a figure of HoloViews a name and the page's own look."""
    fig.update(name=name, min_border_left=64, min_border_right=12)
    fig.toolbar.update(autohide=True, logo=None)
    fig.grid.grid_line_alpha = 0.5


def set_axis(axis: Any, low: float, high: float, room: float) -> None:
    """Where an axis begins and ends, and where the tool for going back leads."""
    start, end = low - room, high + room
    axis.update(start=start, end=end, reset_start=start, reset_end=end)

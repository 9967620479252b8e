"""What all plots share: colours, axes, ranges, and the view that draws them."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import panel as pn
import panel_material_ui as pmui
from bokeh.models import BasicTicker, CrosshairTool, Label, Legend, Range1d, Span
from bokeh.plotting import figure

from .results import Frame, Results

# After Okabe and Ito's palette for every kind of colour vision (https://jfly.uni-koeln.de/color/),
# darkened or lightened to a contrast of 3:1 on white and on the dark page; lines that share a plot
# differ in dash or width too.
BLUE = "#2b7bba"
ORANGE = "#c26a00"
GREEN = "#0a8f6a"
PURPLE = "#b3589a"
GREY = "#808890"

SOLID = {"line_width": 1.8}
DASHED = {"line_width": 1.8, "line_dash": [7, 4]}
DOTTED = {"line_width": 1.8, "line_dash": [2, 3]}

STYLESHEET = Path(__file__).with_name("page.css").read_text(encoding="utf-8")


class View(pn.viewable.Viewer):
    """Something that draws the last picture of Results, built once and then only fed."""

    def __init__(self, results: Results) -> None:
        super().__init__()
        self._build()
        assert results.frame is not None
        self.draw(results.frame)
        results.param.watch(lambda event: self.draw(event.new), "frame")

    def _build(self) -> None:
        raise NotImplementedError

    def draw(self, frame: Frame) -> None:
        """Show this picture."""
        raise NotImplementedError


class TimeView(View):
    """A view of traces on a time axis that it shares with others."""

    figure: Any

    def __init__(self, results: Results, time: Range1d) -> None:
        self._time = time
        super().__init__(results)

    def __panel__(self) -> Any:
        return pn.pane.Bokeh(self.figure, sizing_mode="stretch_width", margin=0)


def plot(name: str, y_label: str, height: int, x_range: Range1d, **options: Any) -> Any:
    """An empty figure with time on its x axis and a range that is set, never found by itself."""
    fig = figure(
        name=name,
        height=height,
        sizing_mode="stretch_width",
        x_range=x_range,
        y_range=Range1d(start=0, end=1),
        tools="xpan,xbox_zoom,reset",
        active_drag=None,
        toolbar_location="right",
        y_axis_label=y_label,
        x_axis_label=options.pop("x_label", None),
        min_border_left=64,
        min_border_right=12,
        output_backend="canvas",
        **options,
    )
    fig.toolbar.autohide = True
    fig.toolbar.logo = None
    fig.grid.grid_line_alpha = 0.5
    fig.yaxis.ticker = BasicTicker(desired_num_ticks=5)
    return fig


def cursor(figures: list[Any]) -> None:
    """One vertical line that follows the pointer through all the figures."""
    line = Span(dimension="height", line_width=1, line_color=GREY, line_dash="dotted")
    for fig in figures:
        fig.add_tools(CrosshairTool(overlay=line))


def legend(fig: Any, entries: Mapping[str, list[Any]]) -> None:
    """A legend above the plot, where it hides no data."""
    fig.add_layout(
        Legend(
            items=list(entries.items()),
            orientation="horizontal",
            location="left",
            border_line_width=0,
            margin=0,
            spacing=16,
        ),
        "above",
    )


def set_range(axis: Range1d, low: float, high: float, least: float) -> None:
    """Widen to round numbers, so that the axis stands still while a value moves a little.

    Args:
        axis: the range to set.
        low: smallest value to show.
        high: largest value to show.
        least: the smallest extent that makes sense for the quantity.
    """
    if high - low < least:
        middle = 0.5 * (high + low)
        low, high = middle - 0.5 * least, middle + 0.5 * least
    step = 10.0 ** math.floor(math.log10(high - low))
    while (high - low) / step < 5:
        step /= 2
    start = math.floor((low - 0.04 * (high - low)) / step) * step
    end = math.ceil((high + 0.04 * (high - low)) / step) * step
    if (axis.start, axis.end) != (start, end):
        axis.update(start=start, end=end)


def readouts(values: Mapping[str, str]) -> str:
    """Named numbers with units, as HTML."""
    items = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in values.items())
    return f'<dl class="readouts">{items}</dl>'


def html(text: str = "", **options: Any) -> pn.pane.HTML:
    """A piece of text in the page's own type."""
    options = {"sizing_mode": "stretch_width", "margin": 0} | options
    return pn.pane.HTML(text, stylesheets=[STYLESHEET], **options)


def card(title: str, *parts: Any, **options: Any) -> pmui.Paper:
    """A titled surface that plots stand on."""
    heading = html(f'<h2 class="card-title">{title}</h2>')
    return pmui.Paper(
        pn.Column(heading, *parts, sizing_mode="stretch_width", margin=0),
        elevation=0,
        sizing_mode="stretch_width",
        sx={"p": 2, "border": "1px solid", "borderColor": "divider", "borderRadius": 2},
        **options,
    )


def absent(fig: Any) -> Label:
    """A sentence in the middle of a plot, for what the level does not have; hidden until needed."""
    label = Label(
        x=0.0,
        y=0.0,
        visible=False,
        text_align="center",
        text_baseline="middle",
        text_color=GREY,
        text_font_size="13px",
    )
    fig.add_layout(label)
    return label


def tell_absent(fig: Any, label: Label, text: str) -> None:
    """Show this sentence above the middle of the plot, or nothing where it is empty."""
    x, y = (
        axis.start + share * (axis.end - axis.start)
        for axis, share in ((fig.x_range, 0.5), (fig.y_range, 0.75))
    )
    label.update(x=x, y=y, text=text, visible=bool(text))

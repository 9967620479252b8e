"""What all plots share: colours, dashes, axes, ranges."""

import math
from pathlib import Path
from typing import Any

import numpy as np
from bokeh.models import BasicTicker, Label, Range1d
from bokeh.plotting import figure

# After Okabe and Ito's palette for every kind of colour vision (https://jfly.uni-koeln.de/color/),
# darkened or lightened to a contrast of 3:1 on white and on the dark page; lines that share a plot
# differ in dash or width too.
BLUE = "#2b7bba"
ORANGE = "#c26a00"
GREEN = "#0a8f6a"
PURPLE = "#b3589a"
GREY = "#808890"

AXIS_JS = Path(__file__).with_name("axis.js").read_text(encoding="utf-8")
"""`roundUp`, for scripts that set the end of an axis in the page."""

SOLID = {"line_width": 1.8}
DASHED = {"line_width": 1.8, "line_dash": [7, 4]}
DOTTED = {"line_width": 1.8, "line_dash": [2, 3]}

PINNED = {"line_color": GREY, "line_width": 1.8}
"""Of what is pinned: grey, and behind."""


def plot(name: str, y_label: str, height: int, x_range: Range1d, **options: Any) -> Any:
    """An empty figure with time on its x axis and a range that is set, never found by itself."""
    fig = figure(
        name=name,
        height=height,
        sizing_mode="stretch_width",
        x_range=x_range,
        y_range=Range1d(start=0, end=1),
        tools=options.pop("tools", "xpan,xbox_zoom,reset"),
        active_drag=None,
        toolbar_location="right",
        y_axis_label=y_label,
        x_axis_label=options.pop("x_label", None),
        min_border_left=72,
        min_border_right=12,
        output_backend="canvas",
        **options,
    )
    fig.toolbar.autohide = True
    fig.toolbar.logo = None
    fig.grid.grid_line_alpha = 0.5
    fig.yaxis.ticker = BasicTicker(desired_num_ticks=5)
    return fig


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


def draw_spikes(fig: Any, source: Any, times: Any, thresholds: Any) -> float:
    """Draw spikes as strokes from the threshold that each crossed to the plot's top.

    Args:
        fig: the plot, with its range set.
        source: columns t, low and high.
        times: ms.
        thresholds: mV.

    Returns:
        Where the strokes end, mV.
    """
    top, bottom = fig.y_range.end, fig.y_range.start
    end = top - 0.06 * (top - bottom)
    source.data = {"t": times, "low": thresholds, "high": np.full_like(times, end)}
    return end


def absent(fig: Any) -> Label:
    """A sentence in the middle of a plot, for what the level does not have; hidden until needed."""
    label = Label(
        x=0.0,
        y=0.0,
        visible=False,
        text_align="center",
        text_baseline="middle",
        text_font_size="13px",
    )
    fig.add_layout(label)
    write_as_axis(fig, label)
    return label


def write_as_axis(fig: Any, label: Any) -> None:
    """Give text the colour of the axis's numbers, which can be read in light and in dark.

    Args:
        fig: the plot.
        label: a label, labels of a source, or a glyph of text.
    """
    label.text_color = fig.xaxis[0].major_label_text_color
    fig.xaxis[0].js_link("major_label_text_color", label, "text_color")


def tell_absent(fig: Any, label: Label, text: str) -> None:
    """Show this sentence above the middle of the plot, or nothing where it is empty."""
    if not text:
        label.visible = False
        return
    x, y = (
        axis.start + share * (axis.end - axis.start)
        for axis, share in ((fig.x_range, 0.5), (fig.y_range, 0.75))
    )
    label.update(x=x, y=y, text=text, visible=True)

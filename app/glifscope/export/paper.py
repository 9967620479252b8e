"""How every figure looks as a file: its size, legend and form, and its caption with the numbers."""

import io
import threading
from textwrap import fill
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from ..figures import BLUE, GREEN, GREY, ORANGE

WIDTH = 7.0
"""Of every figure, inches: a page between its margins."""

_CAPTION_SIZE = 6.5
_LETTERS = 142
"""In a line of the caption, which the widest of them still fits."""

_POINTS = 72.0  # in an inch
_LINE = 1.25 * _CAPTION_SIZE / _POINTS  # inches

# Matplotlib's fonts are shared by all threads, and so is the setting that keeps text as text.
_ONE_AT_A_TIME = threading.Lock()


def sheet(height: float) -> Figure:
    """An empty figure whose plots take this height, inches; the caption is added to it."""
    return Figure(figsize=(WIDTH, height), layout="constrained")


def draw_parts(axes: Any, t: Any, fast: Any, slow: Any, total: Any) -> None:
    """Draw a synaptic current with its two parts, as the page does."""
    axes.plot(t, slow, color=ORANGE, ls=":", label="slow")
    axes.plot(t, fast, color=GREEN, ls="--", label="fast")
    axes.plot(t, total, color=BLUE, label="sum")


def above(axes: Any, columns: int = 6) -> None:
    """Put the legend, where there is something to name, above the plot."""
    if axes.get_legend_handles_labels()[0]:
        axes.legend(
            frameon=False,
            ncols=columns,
            fontsize=8,
            loc="lower left",
            bbox_to_anchor=(0, 1),
            borderpad=0,
            handletextpad=0.5,
            columnspacing=1.2,
        )


def bare(axes: Any) -> None:
    """Leave out the lines around a plot that are no axes."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8)
    axes.xaxis.label.set_size(9)
    axes.yaxis.label.set_size(9)


def grid(axes: Any) -> None:
    """Faint lines behind a plot, as on the page."""
    axes.grid(color=GREY, alpha=0.25, lw=0.6)
    axes.set_axisbelow(True)


def saved(figure: Figure, caption: str, form: str) -> bytes:
    """The figure with its caption below it, as "svg", in which text is text, or as "png"."""
    lines = fill(caption, _LETTERS)
    n = lines.count("\n") + 1
    width, height = figure.get_size_inches()
    figure.set_size_inches(width, height + (n + 1) * _LINE)
    figure.supxlabel(lines, fontsize=_CAPTION_SIZE, x=0.01, ha="left", linespacing=1.2)
    content = io.BytesIO()
    with _ONE_AT_A_TIME, mpl.rc_context({"svg.fonttype": "none"}):
        figure.savefig(content, format=form, dpi=200)
    return content.getvalue()

"""How fast a population fires: over time, and from neuron to neuron."""

from typing import Any

import numpy as np
import panel as pn
from bokeh.models import ColumnDataSource, HoverTool, Range1d

from ..difference_plot import DifferencePlot
from ..figures import BLUE, GREEN, ORANGE, PINNED, SOLID, plot, set_range
from ..legend import legend
from ..page_text import html, readouts, show
from ..thinning import Window, thinned
from ..view import Reading, figure_pane
from .run import Picture
from .statistics import Summary

_MOST_BARS = 24
_POINTS = 1600


class RateView(pn.viewable.Viewer):
    """The mean rate of a neuron over time: in bins (the PSTH over all neurons), and smoothed."""

    readings = (
        Reading("rate", "rate, smoothed", "/s", 1),
        Reading("pinned", "pinned rate", "/s", 1),
        Reading("difference", "rate − pinned", "/s", 1),
    )

    def __init__(self, time: Range1d) -> None:
        super().__init__()
        self.bins = ColumnDataSource({"left": [], "right": [], "rate": []}, name="population-psth")
        self.source = ColumnDataSource({"t": [], "rate": []}, name="population-rate")
        self.pinned = ColumnDataSource({"t": [], "rate": []}, name="population-pinned-rate")
        fig = self.figure = plot("population-rate-figure", "rate (1/s)", 142, time)
        bars = fig.quad(
            left="left",
            right="right",
            top="rate",
            bottom=0,
            source=self.bins,
            fill_color=GREEN,
            fill_alpha=0.3,
            line_color=None,
        )
        line = fig.line("t", "rate", source=self.source, line_color=GREEN, **SOLID)
        before = fig.line("t", "rate", source=self.pinned, **PINNED)
        self._entries = {"smoothed": line.glyph, "per bin": bars.glyph}
        self._pinned_entry = {"pinned, smoothed": before.glyph}
        self._legend = html(legend(self._entries))
        self._difference = DifferencePlot(
            "population-rate-difference-figure",
            "rate less that of the pinned population",
            self.source,
            "t",
            time,
            104,
            2.0,
        )
        self.difference = self._difference.figure
        fig.add_tools(
            HoverTool(
                renderers=[bars],
                mode="vline",
                tooltips="@left{0.0} to @right{0.0} ms: @rate{0.0} spikes/s per neuron",
            )
        )

    def draw(self, picture: Picture, window: Window | None = None) -> None:
        """Show the rate of the neurons that are done, and how it differs from a pinned one.

        Args:
            picture: what is drawn.
            window: what is seen, ms, which is drawn as finely as the whole would be.
        """
        summary, pinned = picture.summary, picture.pinned
        self.bins.data = {
            "left": summary.edges[:-1],
            "right": summary.edges[1:],
            "rate": summary.binned,
        }
        columns = {"rate": summary.smoothed}
        top = max(float(summary.binned.max()), float(summary.smoothed.max()))
        before: dict[str, Any] = {"t": [], "rate": []}
        if pinned is not None:
            columns |= beside(summary, pinned.summary)
            rate = pinned.summary.smoothed
            before = _thinned(pinned.summary.fine_time, {"rate": rate}, window)
            top = max(top, float(rate.max()))
        self.source.data = _thinned(summary.fine_time, columns, window)
        if pinned is not None or len(self.pinned.data["t"]):
            self.pinned.data = before
        show(self._legend, legend(self._entries | (self._pinned_entry if pinned else {})))
        self._difference.show(columns.get("difference"))
        set_range(self.figure.y_range, 0.0, top, 1.0)
        self.figure.y_range.start = 0.0

    def __panel__(self) -> Any:
        return pn.Column(
            self._legend,
            figure_pane(self.figure),
            self._difference,
            sizing_mode="stretch_width",
            margin=0,
        )


def _thinned(
    time: np.ndarray, columns: dict[str, np.ndarray], window: Window | None
) -> dict[str, Any]:
    kept = thinned(time, [np.nan_to_num(line) for line in columns.values()], _POINTS, window)
    return {name: line[kept].astype(np.float32) for name, line in ({"t": time} | columns).items()}


def beside(summary: Summary, pinned: Summary) -> dict[str, np.ndarray]:
    """The smoothed rate of a pinned population, and the difference from it, both 1/s.

    At the times of the present one; NaN where the pinned one is over.
    """
    n = min(len(summary.smoothed), len(pinned.smoothed))
    before = np.full(len(summary.smoothed), np.nan)
    before[:n] = pinned.smoothed[:n]
    return {"pinned": before, "difference": summary.smoothed - before}


class SpreadOfRatesView(pn.viewable.Viewer):
    """How many neurons fire how fast, and the numbers of the population."""

    def __init__(self) -> None:
        super().__init__()
        self.source = ColumnDataSource(
            {name: [] for name in ("left", "right", "first", "last", "count")},
            name="population-histogram",
        )
        self._mean = ColumnDataSource({"rate": [], "top": []})
        self.pinned = ColumnDataSource(
            {name: [] for name in ("left", "right", "count")}, name="population-pinned-histogram"
        )
        x_range = Range1d(start=0.0, end=1.0)
        fig = self.figure = plot(
            "population-histogram-figure", "neurons", 162, x_range, x_label="rate (1/s)"
        )
        bars = fig.quad(
            left="left",
            right="right",
            top="count",
            bottom=0,
            source=self.source,
            fill_color=BLUE,
            line_color=None,
        )
        mean = fig.segment(
            "rate", 0, "rate", "top", source=self._mean, line_color=ORANGE, line_width=2
        )
        before = fig.quad(
            left="left",
            right="right",
            top="count",
            bottom=0,
            source=self.pinned,
            fill_color=None,
            **PINNED,
        )
        self._entries = {"neurons": bars.glyph, "mean": mean.glyph}
        self._pinned_entry = {"pinned": before.glyph}
        self._legend = html(legend(self._entries), margin=(8, 0, 0, 0))
        fig.add_tools(
            HoverTool(
                renderers=[bars],
                tooltips="@first{0.0} to @last{0.0} spikes/s: @count neurons",
            )
        )
        self.numbers = html()

    def draw(self, picture: Picture) -> None:
        """Show the rates of the neurons that are done, and the numbers of a pinned population."""
        summary, pinned = picture.summary, picture.pinned
        unit = 1000.0 / float(summary.edges[-1])
        others = np.zeros(0) if pinned is None else pinned.summary.rates
        edges = bins_of_rates(np.concatenate([summary.rates, others]), unit)
        count, before = (np.histogram(rates, edges)[0] for rates in (summary.rates, others))
        gap = 0.05 * (edges[1] - edges[0])  # bars that stand apart read well in light and dark
        self.source.data = {
            "left": edges[:-1] + gap,
            "right": edges[1:] - gap,
            "first": edges[:-1] + 0.5 * unit,
            "last": edges[1:] - 0.5 * unit,
            "count": count,
        }
        drawn = before > 0
        if drawn.any() or len(self.pinned.data["left"]):
            ends = {"left": edges[:-1] + gap, "right": edges[1:] - gap, "count": before}
            self.pinned.data = {name: column[drawn] for name, column in ends.items()}
        set_range(self.figure.y_range, 0.0, float(max(count.max(), before.max())), 4.0)
        self.figure.y_range.start = 0.0
        self.figure.x_range.update(start=float(edges[0]), end=float(edges[-1]))
        mean = float(summary.rates.mean())
        self._mean.data = {"rate": [mean], "top": [self.figure.y_range.end]}
        numbers = _numbers(summary)
        if pinned is not None:
            then = _numbers(pinned.summary)
            numbers = {
                name: f"{now}<br><small>pinned {then[name]}</small>"
                for name, now in numbers.items()
            }
        show(self.numbers, readouts(numbers))
        show(self._legend, legend(self._entries | (self._pinned_entry if drawn.any() else {})))

    def __panel__(self) -> Any:
        return pn.Column(
            self.numbers,
            self._legend,
            figure_pane(self.figure),
            sizing_mode="stretch_width",
            margin=0,
        )


def bins_of_rates(rates: np.ndarray, unit: float) -> np.ndarray:
    """Edges of at most `_MOST_BARS` bins that hold every rate, each a round number of units wide.

    Args:
        rates: 1/s.
        unit: one spike within the simulation, 1/s; a bin between two multiples of it stays empty.
    """
    spikes = float(rates.max()) / unit
    width = next(
        w * 10**k for k in range(9) for w in (1, 2, 5) if spikes / (w * 10**k) < _MOST_BARS
    )
    # Half a unit below, so that rounding moves no neuron into the bin before its own.
    return unit * (width * np.arange(np.floor(spikes / width) + 2) - 0.5)


def _numbers(summary: Summary) -> dict[str, str]:
    silent = int(np.sum(summary.rates == 0))
    return {
        "mean rate": f"{summary.rates.mean():.1f} /s",
        "SD of rates": f"{summary.rates.std():.1f} /s",
        "silent": f"{silent} of {len(summary.rates)}",
        "CV of intervals": _or_dash(summary.cv),
        "synchrony": _or_dash(summary.synchrony),
    }


def _or_dash(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.2f}".replace("-", "\u2212")

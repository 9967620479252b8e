"""What arrives: the injected current, and the presynaptic spikes at each port."""

from collections.abc import Callable
from typing import Any

import numpy as np
import panel as pn
from bokeh.models import ColumnDataSource, FixedTicker, PointDrawTool, Range1d

from glifcore import SpikeTrain

from ..figures import BLUE, GREY, PURPLE, plot, set_range
from ..legend import legend
from ..results import Frame, Results
from ..view import Reading, TimeView, figure_pane, html

_LANE = 22
"""Pixels of a port's lane."""

_AROUND = 76
"""Pixels of the axis."""


class StimulusView(TimeView):
    """The current, and a lane a port in which spikes can be painted."""

    title = "Input"
    readings = (Reading("I", "injected", "pA", 1),)

    def __init__(
        self, results: Results, time: Range1d, on_paint: Callable[[tuple[float, ...]], None]
    ) -> None:
        self._on_paint = on_paint
        super().__init__(results, time)

    def _build(self) -> None:
        self.source = ColumnDataSource({"t": [], "I": []}, name="injected")
        self._arrivals = ColumnDataSource({"t": [], "port": []}, name="inputs")
        self._painted = ColumnDataSource({"t": [], "port": []}, name="painted")
        fig = self.figure = plot("injected-figure", "injected (pA)", 110, self._time)
        fig.xaxis.visible = False
        fig.line("t", "I", source=self.source, line_color=GREY, line_width=1.8)
        lane = self.lane = plot(
            "inputs-figure", "", _AROUND + _LANE, self._time, x_label="time (ms)", tools="xpan"
        )
        lane.ygrid.visible = False
        lane.y_range.update(start=-0.6, end=0.6)
        marks = lane.scatter(
            "t", "port", source=self._arrivals, marker="dash", angle=np.pi / 2, size=14, color=BLUE
        )
        marks.glyph.line_width = 2
        hand = lane.scatter(
            "t", "port", source=self._painted, marker="triangle", size=10, color=PURPLE
        )
        draw = PointDrawTool(renderers=[hand], add=True, drag=True)
        lane.add_tools(draw)
        lane.toolbar.active_tap = draw
        self._spikes = {"arriving spike": marks.glyph, "painted spike": hand.glyph}
        self._painted.on_change("data", self._paint)
        self._n_ports = 0

    def draw(self, frame: Frame) -> None:
        if not (
            np.array_equal(self.source.data["t"], frame.I_time)
            and np.array_equal(self.source.data["I"], frame.I)
        ):
            self.source.data = {"t": frame.I_time, "I": frame.I}
            set_range(self.figure.y_range, float(frame.I.min()), float(frame.I.max()), 10.0)
        n_ports = frame.choices.n_ports
        if n_ports != self._n_ports:
            self._n_ports = n_ports
            self.lane.y_range.update(start=n_ports - 0.4, end=-0.6)  # port 0 on top
            self.lane.yaxis.ticker = FixedTicker(ticks=list(range(n_ports)))
            self.lane.yaxis.major_label_overrides = {i: f"port {i}" for i in range(n_ports)}
            self.lane.height = _AROUND + _LANE * n_ports
        typed, other = [], []
        for part, times in zip(frame.choices.stimulus, frame.input_times, strict=True):
            port: int = getattr(part, "receptor", 0)
            target = typed if isinstance(part, SpikeTrain) else other
            target.append(np.stack([times, np.full(len(times), port)]))
        for source, found in ((self._arrivals, other), (self._painted, typed)):
            times, ports = np.concatenate([np.zeros((2, 0)), *found], axis=1)
            if not (
                np.array_equal(source.data["t"], times)
                and np.array_equal(source.data["port"], ports)
            ):
                source.data = {"t": times, "port": ports}

    def _paint(self, attr: str, old: Any, new: Any) -> None:
        """Hand on what was painted, moved or taken away."""
        times = tuple(sorted(round(float(t), 1) for t in new["t"] if np.isfinite(t)))
        frame = self._results.frame
        assert frame is not None
        parts = zip(frame.choices.stimulus, frame.input_times, strict=True)
        drawn = [t for part, ts in parts if isinstance(part, SpikeTrain) for t in ts]
        if times != tuple(sorted(round(float(t), 1) for t in drawn)):
            self._on_paint(times)

    def __panel__(self) -> Any:
        return pn.Column(
            figure_pane(self.figure),
            html(legend(self._spikes)),
            figure_pane(self.lane),
            sizing_mode="stretch_width",
            margin=0,
        )

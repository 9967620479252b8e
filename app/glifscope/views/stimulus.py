"""What arrives: the injected current, and the presynaptic spikes at each port."""

from collections.abc import Callable
from typing import Any

import numpy as np
import panel as pn
from bokeh.models import ColumnDataSource, FixedTicker, PointDrawTool, Range1d

from glifcore import SpikeTrain

from ..behind import Behind, extent
from ..equations import explained
from ..figures import BLUE, GREY, PURPLE, SOLID, plot, set_range
from ..legend import legend
from ..page_text import html
from ..pinned import Pinned
from ..results import Frame, Results
from ..stimuli import Mark
from ..view import Reading, TimeView, figure_pane

_LANE = 22
"""Pixels of a port's lane."""

_AROUND = 76
"""Pixels of the axis."""

_COLUMNS = ("t", "port", "part")
"""Of the spikes in the lanes; the part is the number of their train in the stimulus."""

_NEW = -1
"""The part of a spike that was painted and is of none yet."""


class InjectedView(TimeView):
    """The current."""

    title = "Input"
    equations = "stimulus"
    readings = (Reading("I", "injected", "pA", 1),)

    def _build(self) -> None:
        self.source = self._source("injected", "I")
        self.figure = self._plot("injected", "injected (pA)", 110)
        self.figure.xaxis.visible = False
        self._behind = Behind(self.figure, f"{self._prefix}injected-pinned", {"I": SOLID})
        current = self.figure.line("t", "I", source=self.source, line_color=BLUE, **SOLID)
        self._current = {"injected": current.glyph}

    def draw(self, frame: Frame) -> None:
        behind = frame.pinned and {"I": frame.pinned.I}
        if self._is_drawn(frame, behind):
            return
        self.source.data = {"t": frame.I_time, "I": frame.I}
        self._name(self._current | self._behind.draw(frame.I_time, behind))
        low, high = extent(frame.I, *(behind or {}).values())
        set_range(self.figure.y_range, low, high, 10.0)

    def _is_drawn(self, frame: Frame, behind: Any) -> bool:
        """Whether there is nothing to paint: the neuron alone has changed."""
        data, before = self.source.data, self._behind.source.data["I"]
        return (
            np.array_equal(data["t"], frame.I_time)
            and np.array_equal(data["I"], frame.I)
            and np.array_equal(before, behind["I"] if behind else [], equal_nan=True)
        )


class StimulusView(InjectedView):
    """The current, and a lane a port in which spikes can be painted."""

    equations = ""  # below, with the spikes

    def __init__(
        self, results: Results, time: Range1d | None, on_paint: Callable[[list[Mark]], None]
    ) -> None:
        self._on_paint = on_paint
        super().__init__(results, time)

    def _build(self) -> None:
        super()._build()
        columns: dict[str, Any] = {column: [] for column in _COLUMNS}
        self._arrivals = ColumnDataSource({**columns}, name="inputs")
        self._painted = ColumnDataSource({**columns}, name="painted")
        self._arrived = ColumnDataSource({**columns}, name="pinned-inputs")
        lane = self.lane = plot(
            "inputs-figure", "", _AROUND + _LANE, self._time, x_label="time (ms)", tools="xpan"
        )
        lane.ygrid.visible = False
        lane.y_range.update(start=-0.6, end=0.6)
        looks = {"marker": "dash", "angle": np.pi / 2, "size": 20, "color": GREY}
        lane.scatter("t", "port", source=self._arrived, **looks)
        marks = lane.scatter(
            "t", "port", source=self._arrivals, marker="dash", angle=np.pi / 2, size=14, color=BLUE
        )
        marks.glyph.line_width = 2
        hand = lane.scatter(
            "t", "port", source=self._painted, marker="triangle", size=10, color=PURPLE
        )
        draw = PointDrawTool(renderers=[hand], add=True, drag=True, empty_value=_NEW)
        lane.add_tools(draw)
        lane.toolbar.active_tap = draw
        self._spikes = {"arriving spike": marks.glyph, "painted spike": hand.glyph}
        self._painted.on_change("data", self._paint)
        self._n_ports = 0

    def draw(self, frame: Frame) -> None:
        super().draw(frame)
        n_ports = frame.choices.n_ports
        if n_ports != self._n_ports:
            self._n_ports = n_ports
            self.lane.y_range.update(start=n_ports - 0.4, end=-0.6)  # port 0 on top
            self.lane.yaxis.ticker = FixedTicker(ticks=list(range(n_ports)))
            self.lane.yaxis.major_label_overrides = {i: f"port {i}" for i in range(n_ports)}
            self.lane.height = _AROUND + _LANE * n_ports
        before = np.zeros((3, 0))
        if frame.pinned is not None:
            both = (_marks_of(frame.pinned, drawn) for drawn in (False, True))
            before = np.concatenate(list(both), axis=1)
            before = before[:, before[1] < n_ports]
        for source, marks in (
            (self._arrivals, _marks_of(frame, False)),
            (self._painted, _marks_of(frame, True)),
            (self._arrived, before),
        ):
            if not np.array_equal(marks, _marks_in(source.data)):
                source.data = dict(zip(_COLUMNS, marks, strict=True))

    def _paint(self, attr: str, old: Any, new: Any) -> None:
        """Hand on what was painted, moved or taken away."""
        frame = self._results.frame
        assert frame is not None
        marks = _marks_in(new)
        if not np.array_equal(marks, _marks_of(frame, True)):
            finite = marks[:, np.isfinite(marks).all(axis=0)]
            self._on_paint([Mark(time, lane, int(part)) for time, lane, part in finite.T.tolist()])

    def __panel__(self) -> Any:
        return pn.Column(
            self._head,
            figure_pane(self.figure),
            html(f'<div class="head">{legend(self._spikes)}{explained("stimulus")}</div>'),
            figure_pane(self.lane),
            sizing_mode="stretch_width",
            margin=0,
        )


def _marks_of(frame: Frame | Pinned, drawn: bool) -> np.ndarray:
    """The columns of a picture's spikes: of the trains that can be painted, or of all others."""
    found = [np.zeros((3, 0))]
    parts = zip(frame.choices.stimulus, frame.input_times, strict=True)
    for index, (part, times) in enumerate(parts):
        if isinstance(part, SpikeTrain) == drawn:
            port = getattr(part, "receptor", 0)
            found.append(np.stack([times, np.full(len(times), port), np.full(len(times), index)]))
    return np.concatenate(found, axis=1)


def _marks_in(data: Any) -> np.ndarray:
    """The columns of a source."""
    return np.array([data[column] for column in _COLUMNS], dtype=float)

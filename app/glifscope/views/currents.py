"""The after-spike currents, each for itself."""

import numpy as np
from bokeh.models import ColumnDataSource, HoverTool

from ..figures import BLUE, DASHED, ORANGE, SOLID, absent, legend, plot, set_range, tell_absent
from ..results import Frame
from ..view import TimeView

# One line for each current; every cell that can be chosen has two of them or fewer.
_LINES = {"asc_0": {"line_color": BLUE, **SOLID}, "asc_1": {"line_color": ORANGE, **DASHED}}


class CurrentsView(TimeView):
    """Each after-spike current."""

    def _build(self) -> None:
        self._traces = ColumnDataSource({"t": [], **{name: [] for name in _LINES}}, name="currents")
        fig = self.figure = plot(
            "currents-figure", "current (pA)", 215, self._time, x_label="time (ms)"
        )
        lines = [fig.line("t", name, source=self._traces, **how) for name, how in _LINES.items()]
        titles = [f"ASCurrents[{j}]" for j in range(len(lines))]
        legend(fig, {title: [line] for title, line in zip(titles, lines, strict=True)})
        values = [(t, f"@{name}{{0.0}} pA") for t, name in zip(titles, _LINES, strict=True)]
        fig.add_tools(
            HoverTool(renderers=lines[:1], mode="vline", tooltips=[("time", "@t{0.0} ms"), *values])
        )
        self._absent = absent(fig)

    def draw(self, frame: Frame) -> None:
        currents = np.zeros((len(_LINES), len(frame.time)), np.float32)
        currents[: len(frame.ASCurrents)] = frame.ASCurrents[: len(_LINES)]
        self._traces.data = {"t": frame.time, **dict(zip(_LINES, currents, strict=True))}
        low, high = float(currents.min(initial=0.0)), float(currents.max(initial=0.0))
        set_range(self.figure.y_range, low, high, 10.0)
        model = frame.choices.cell.model
        text = ""
        if not model.after_spike_currents:
            text = f"{model.name} has no after-spike currents; they come at GLIF3, 4 and 5"
        tell_absent(self.figure, self._absent, text)

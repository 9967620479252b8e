"""The after-spike currents, each for itself."""

import numpy as np
from bokeh.models import ColumnDataSource

from ..figures import BLUE, DASHED, ORANGE, SOLID, absent, plot, set_range, tell_absent
from ..results import Frame
from ..view import Reading, TimeView

# One line for each current; every cell that can be chosen has two of them.
_LINES = {"asc_0": {"line_color": BLUE, **SOLID}, "asc_1": {"line_color": ORANGE, **DASHED}}


class CurrentsView(TimeView):
    """Each after-spike current."""

    title = "ASCurrents"
    equations = "currents"
    readings = tuple(Reading(name, f"ASCurrents[{j}]", "pA", 1) for j, name in enumerate(_LINES))

    def _build(self) -> None:
        self.source = ColumnDataSource({"t": [], **{name: [] for name in _LINES}}, name="currents")
        fig = self.figure = plot("currents-figure", "current (pA)", 122, self._time)
        fig.xaxis.visible = False
        lines = {
            f"ASCurrents[{j}]": fig.line("t", name, source=self.source, **how).glyph
            for j, (name, how) in enumerate(_LINES.items())
        }
        self._name(lines)
        self._absent = absent(fig)

    def draw(self, frame: Frame) -> None:
        currents = np.zeros((len(_LINES), len(frame.time)), np.float32)
        currents[: len(frame.ASCurrents)] = frame.ASCurrents[: len(_LINES)]
        self.source.data = {"t": frame.time, **dict(zip(_LINES, currents, strict=True))}
        low, high = float(currents.min(initial=0.0)), float(currents.max(initial=0.0))
        set_range(self.figure.y_range, low, high, 10.0)
        model = frame.choices.cell.model
        text = ""
        if not model.after_spike_currents:
            text = f"{model.name} has no after-spike currents; they come at GLIF3, 4 and 5"
        tell_absent(self.figure, self._absent, text)

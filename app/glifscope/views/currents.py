"""The after-spike currents, each for itself."""

from typing import Any

import numpy as np
import panel as pn
import param
from bokeh.models import ColumnDataSource, HoverTool, Label, Range1d

from ..figures import BLUE, ORANGE, absent, legend, plot, set_range, tell_absent
from ..results import Results

_STYLES = (
    {"line_color": BLUE, "line_width": 1.8},
    {"line_color": ORANGE, "line_width": 1.8, "line_dash": [7, 4]},
)


class CurrentsView(pn.viewable.Viewer):
    """Each after-spike current on a time axis that other views share."""

    results = param.ClassSelector(class_=Results)

    def __init__(self, x_range: Range1d, **params: Any) -> None:
        super().__init__(**params)
        names = [f"asc_{j}" for j in range(len(_STYLES))]
        self._traces = ColumnDataSource({"t": [], **{name: [] for name in names}}, name="currents")
        fig = self.figure = plot(
            "currents-figure", "current (pA)", 190, x_range, x_label="time (ms)"
        )
        lines = [
            fig.line("t", name, source=self._traces, **style)
            for name, style in zip(names, _STYLES, strict=True)
        ]
        legend(fig, {f"ASCurrents[{j}]": [line] for j, line in enumerate(lines)})
        fig.add_tools(
            HoverTool(
                renderers=[lines[0]],
                mode="vline",
                tooltips=[("time", "@t{0.0} ms")]
                + [(f"ASCurrents[{j}]", f"@{name}{{0.0}} pA") for j, name in enumerate(names)],
            )
        )
        self._absent: Label = absent(fig)
        self._show()

    @param.depends("results.frame", watch=True)
    def _show(self) -> None:
        frame = self.results.frame
        if frame is None:
            return
        nothing = np.zeros_like(frame.time)
        currents = [*frame.ASCurrents, *[nothing] * len(_STYLES)][: len(_STYLES)]
        columns = {f"asc_{j}": current for j, current in enumerate(currents)}
        self._traces.data = {"t": frame.time, **columns}
        low = float(min(current.min() for current in currents))
        high = float(max(current.max() for current in currents))
        set_range(self.figure.y_range, min(low, 0.0), max(high, 0.0), 10.0)
        model = frame.choices.cell.model
        missing = f"{model.name} has no after-spike currents: they come at GLIF3, 4 and 5"
        text = "" if model.after_spike_currents else missing
        tell_absent(self.figure, self._absent, text)

    def __panel__(self) -> Any:
        return pn.pane.Bokeh(self.figure, sizing_mode="stretch_width", margin=0)

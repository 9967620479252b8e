"""The two components by which the threshold moves."""

from typing import Any

import panel as pn
import param
from bokeh.models import ColumnDataSource, HoverTool, Label, Range1d

from ..figures import GREEN, PURPLE, absent, legend, plot, set_range, tell_absent
from ..results import Results


class ThresholdsView(pn.viewable.Viewer):
    """threshold_spike and threshold_voltage on a time axis that other views share."""

    results = param.ClassSelector(class_=Results)

    def __init__(self, x_range: Range1d, **params: Any) -> None:
        super().__init__(**params)
        self._traces = ColumnDataSource({"t": [], "spike": [], "voltage": []}, name="thresholds")
        fig = self.figure = plot("thresholds-figure", "threshold (mV)", 170, x_range)
        lines = {
            "threshold_spike": fig.line(
                "t", "spike", source=self._traces, line_color=PURPLE, line_width=1.8
            ),
            "threshold_voltage": fig.line(
                "t", "voltage", source=self._traces, line_color=GREEN, line_dash=[7, 4], line_width=1.8
            ),
        }
        legend(fig, {name: [line] for name, line in lines.items()})
        fig.add_tools(
            HoverTool(
                renderers=[lines["threshold_spike"]],
                mode="vline",
                tooltips=[
                    ("time", "@t{0.0} ms"),
                    ("threshold_spike", "@spike{0.000} mV"),
                    ("threshold_voltage", "@voltage{0.000} mV"),
                ],
            )
        )
        self._absent: Label = absent(fig)
        self._show()

    @param.depends("results.frame", watch=True)
    def _show(self) -> None:
        frame = self.results.frame
        if frame is None:
            return
        parts = {"spike": frame.threshold_spike, "voltage": frame.threshold_voltage}
        self._traces.data = {"t": frame.time, **parts}
        low = float(min(part.min() for part in parts.values()))
        high = float(max(part.max() for part in parts.values()))
        set_range(self.figure.y_range, min(low, 0.0), high, 1.0)
        model = frame.choices.cell.model
        if model.adapting_threshold:
            text = ""
        elif model.spike_dependent_threshold:
            text = "threshold_voltage joins at GLIF5"
        else:
            text = f"{model.name} has a fixed threshold: spikes move it at GLIF2, 4 and 5"
        tell_absent(self.figure, self._absent, text)

    def __panel__(self) -> Any:
        return pn.pane.Bokeh(self.figure, sizing_mode="stretch_width", margin=0)

"""The two components by which the threshold moves."""

from bokeh.models import ColumnDataSource, HoverTool

from ..figures import DASHED, GREEN, PURPLE, SOLID, absent, legend, plot, set_range, tell_absent
from ..results import Frame
from ..view import TimeView


class ThresholdsView(TimeView):
    """threshold_spike and threshold_voltage."""

    def _build(self) -> None:
        self._traces = ColumnDataSource({"t": [], "spike": [], "voltage": []}, name="thresholds")
        fig = self.figure = plot("thresholds-figure", "threshold (mV)", 190, self._time)
        spike = fig.line("t", "spike", source=self._traces, line_color=PURPLE, **SOLID)
        voltage = fig.line("t", "voltage", source=self._traces, line_color=GREEN, **DASHED)
        legend(fig, {"threshold_spike": [spike], "threshold_voltage": [voltage]})
        fig.add_tools(
            HoverTool(
                renderers=[spike],
                mode="vline",
                tooltips=[
                    ("time", "@t{0.0} ms"),
                    ("threshold_spike", "@spike{0.000} mV"),
                    ("threshold_voltage", "@voltage{0.000} mV"),
                ],
            )
        )
        self._absent = absent(fig)

    def draw(self, frame: Frame) -> None:
        spike, voltage = frame.threshold_spike, frame.threshold_voltage
        self._traces.data = {"t": frame.time, "spike": spike, "voltage": voltage}
        low = float(min(spike.min(), voltage.min(), 0.0))
        set_range(self.figure.y_range, low, float(max(spike.max(), voltage.max())), 1.0)
        model = frame.choices.cell.model
        text = ""
        if not model.spike_dependent_threshold:
            text = f"{model.name} has a fixed threshold; spikes move it at GLIF2, 4 and 5"
        tell_absent(self.figure, self._absent, text)

"""The two components by which the threshold moves."""

from ..behind import Behind, extent
from ..figures import DASHED, GREEN, PURPLE, SOLID, absent, set_range, tell_absent
from ..results import Frame
from ..view import Reading, TimeView


class ThresholdsView(TimeView):
    """threshold_spike and threshold_voltage."""

    title = "Thresholds"
    equations = "thresholds"
    readings = (
        Reading("spike", "threshold_spike", "mV", 3),
        Reading("voltage", "threshold_voltage", "mV", 3),
    )

    def _build(self) -> None:
        self.source = self._source("thresholds", "spike", "voltage")
        fig = self.figure = self._plot("thresholds", "threshold (mV)", 122)
        fig.xaxis.visible = False
        lines = {"spike": SOLID, "voltage": DASHED}
        self._behind = Behind(fig, f"{self._prefix}thresholds-pinned", lines)
        spike = fig.line("t", "spike", source=self.source, line_color=PURPLE, **SOLID)
        voltage = fig.line("t", "voltage", source=self.source, line_color=GREEN, **DASHED)
        self._lines = {
            "threshold_spike (θ_s)": spike.glyph,
            "threshold_voltage (θ_v)": voltage.glyph,
        }
        self._absent = absent(fig)

    def draw(self, frame: Frame) -> None:
        spike, voltage = frame.threshold_spike, frame.threshold_voltage
        self.source.data = {"t": frame.time, "spike": spike, "voltage": voltage}
        pinned = frame.pinned
        behind = pinned and {"spike": pinned.threshold_spike, "voltage": pinned.threshold_voltage}
        self._name(self._lines | self._behind.draw(frame.time, behind))
        set_range(self.figure.y_range, *extent(0.0, spike, voltage, *(behind or {}).values()), 1.0)
        model = frame.choices.cell.model
        text = ""
        if not model.spike_dependent_threshold and not behind:
            text = f"{model.name} has a fixed threshold;\nspikes move it at GLIF2, 4 and 5"
        tell_absent(self.figure, self._absent, text)

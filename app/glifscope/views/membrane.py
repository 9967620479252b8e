"""The membrane potential, the threshold it runs into, and the spikes."""

from ..behind import Behind, extent
from ..figures import BLUE, DASHED, ORANGE, PINNED, SOLID, draw_spikes, set_range
from ..results import Frame
from ..view import Reading, TimeView


class MembraneView(TimeView):
    """V_m, threshold and spikes; those of the pinned run behind them."""

    title = "V_m"
    equations = "membrane"
    readings = (
        Reading("V_m", "V_m", "mV", 2),
        Reading("threshold", "threshold", "mV", 2),
    )

    def _build(self) -> None:
        self.source = self._source("membrane", "V_m", "threshold")
        self._spikes = self._source("spikes", "low", "high")
        self._chosen = self._source("chosen-spike", "y")
        fig = self.figure = self._plot("membrane", "potential (mV)", 272)
        lines = {"V_m": SOLID, "threshold": DASHED}
        self._behind = Behind(fig, f"{self._prefix}membrane-pinned", lines)
        self._spikes_behind = self._source("pinned-spikes", "low", "high")
        fig.segment("t", "low", "t", "high", source=self._spikes_behind, **PINNED)
        fig.segment("t", "low", "t", "high", source=self._spikes, line_color=BLUE, line_width=1.5)
        limit = fig.line("t", "threshold", source=self.source, line_color=ORANGE, **DASHED)
        potential = fig.line("t", "V_m", source=self.source, line_color=BLUE, **SOLID)
        fig.scatter(
            "t", "y", source=self._chosen, marker="inverted_triangle", size=11, color=ORANGE
        )
        self._lines = {"V_m": potential.glyph, "threshold": limit.glyph}

    def draw(self, frame: Frame) -> None:
        pinned = frame.pinned
        self.source.data = {"t": frame.time, "V_m": frame.V_m, "threshold": frame.threshold}
        behind = pinned and {"V_m": pinned.V_m, "threshold": pinned.threshold}
        self._name(self._lines | self._behind.draw(frame.time, behind))
        low, high = extent(frame.V_m, frame.threshold, *(behind or {}).values())
        # Room for the spikes above.
        set_range(self.figure.y_range, low, high + 0.3 * (high - low), 20.0)
        end = draw_spikes(self.figure, self._spikes, frame.spike_times, frame.spike_thresholds)
        if pinned is not None:
            draw_spikes(
                self.figure, self._spikes_behind, pinned.spike_times, pinned.spike_thresholds
            )
        elif len(self._spikes_behind.data["t"]):
            self._spikes_behind.data = {"t": [], "low": [], "high": []}
        chosen = [] if frame.autopsy is None else [frame.autopsy.time]
        if chosen or len(self._chosen.data["t"]):
            self._chosen.data = {"t": chosen, "y": [end] * len(chosen)}

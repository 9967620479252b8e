"""The membrane potential, the threshold it runs into, and what arrives from outside."""

import numpy as np
from bokeh.models import BoxAnnotation, ColumnDataSource, HoverTool

from ..figures import BLUE, DASHED, GREY, ORANGE, PURPLE, SOLID, legend, plot, set_range
from ..results import Frame
from ..session import DURATION
from ..view import TimeView


class MembraneView(TimeView):
    """V_m, threshold, spikes and arrivals."""

    def _build(self) -> None:
        self._traces = ColumnDataSource({"t": [], "V_m": [], "threshold": []}, name="membrane")
        self._spikes = ColumnDataSource({"t": [], "low": [], "high": []}, name="spikes")
        self._inputs = ColumnDataSource({"t": [], "y": []}, name="inputs")
        fig = self.figure = plot("membrane-figure", "potential (mV)", 330, self._time)
        self._step = BoxAnnotation(
            fill_color=GREY, fill_alpha=0.12, line_color=None, level="underlay"
        )
        fig.add_layout(self._step)
        # A legend draws glyphs only, so the band has one that is never seen elsewhere.
        band = fig.scatter([np.nan], [np.nan], marker="square", size=12, color=GREY, alpha=0.3)
        spikes = fig.segment(
            "t", "low", "t", "high", source=self._spikes, line_color=BLUE, line_width=1.5
        )
        limit = fig.line("t", "threshold", source=self._traces, line_color=ORANGE, **DASHED)
        potential = fig.line("t", "V_m", source=self._traces, line_color=BLUE, **SOLID)
        inputs = fig.scatter("t", "y", source=self._inputs, marker="triangle", size=9, color=PURPLE)
        legend(
            fig,
            {
                "V_m": [potential, spikes],
                "threshold": [limit],
                "input spike": [inputs],
                "current step": [band],
            },
        )
        fig.add_tools(
            HoverTool(
                renderers=[potential],
                mode="vline",
                tooltips=[
                    ("time", "@t{0.0} ms"),
                    ("V_m", "@V_m{0.00} mV"),
                    ("threshold", "@threshold{0.00} mV"),
                ],
            )
        )

    def draw(self, frame: Frame) -> None:
        self._traces.data = {"t": frame.time, "V_m": frame.V_m, "threshold": frame.threshold}
        low = float(min(frame.V_m.min(), frame.threshold.min()))
        high = float(max(frame.V_m.max(), frame.threshold.max()))
        # Room for the spikes above and for the arrivals below.
        set_range(self.figure.y_range, low - 0.1 * (high - low), high + 0.3 * (high - low), 20.0)
        top, bottom = self.figure.y_range.end, self.figure.y_range.start
        self._spikes.data = {
            "t": frame.spike_times,
            "low": frame.spike_thresholds,
            "high": np.full_like(frame.spike_times, top - 0.06 * (top - bottom)),
        }
        self._inputs.data = {
            "t": frame.input_times,
            "y": np.full_like(frame.input_times, bottom + 0.035 * (top - bottom)),
        }
        stimulus = frame.choices.stimulus
        start, stop = np.clip([stimulus.step_start, stimulus.step_stop], 0.0, DURATION).tolist()
        self._step.update(
            left=start,
            right=max(start, stop),
            visible=stop > start and stimulus.step_amplitude != 0.0,
        )

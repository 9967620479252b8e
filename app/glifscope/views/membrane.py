"""The membrane potential, the threshold it runs into, and what arrives from outside."""

from typing import Any

import numpy as np
import panel as pn
import param
from bokeh.models import BoxAnnotation, ColumnDataSource, HoverTool, Range1d

from ..figures import BLUE, GREY, ORANGE, PURPLE, html, legend, plot, readouts, set_range
from ..results import Frame, Results
from ..session import DURATION


class MembraneView(pn.viewable.Viewer):
    """V_m, threshold, spikes and arrivals on a time axis that other views share."""

    results = param.ClassSelector(class_=Results)

    def __init__(self, x_range: Range1d, **params: Any) -> None:
        super().__init__(**params)
        self._traces = ColumnDataSource({"t": [], "V_m": [], "threshold": []}, name="membrane")
        self._spikes = ColumnDataSource({"t": [], "low": [], "high": []}, name="spikes")
        self._inputs = ColumnDataSource({"t": [], "y": []}, name="inputs")
        fig = self.figure = plot("membrane-figure", "potential (mV)", 290, x_range)
        self._step = BoxAnnotation(fill_color=GREY, fill_alpha=0.12, line_color=None, level="underlay")
        fig.add_layout(self._step)
        # A legend draws glyphs only, so the band has one that is never seen elsewhere.
        band = fig.scatter([np.nan], [np.nan], marker="square", size=12, color=GREY, alpha=0.3)
        spikes = fig.segment(
            "t", "low", "t", "high", source=self._spikes, line_color=BLUE, line_width=1.5
        )
        limit = fig.line(
            "t", "threshold", source=self._traces, line_color=ORANGE, line_dash=[7, 4], line_width=1.5
        )
        potential = fig.line("t", "V_m", source=self._traces, line_color=BLUE, line_width=1.8)
        inputs = fig.scatter(
            "t", "y", source=self._inputs, marker="triangle", size=9, color=PURPLE
        )
        legend(
            fig,
            {
                "V_m with spikes": [potential, spikes],
                "threshold": [limit],
                "presynaptic spike": [inputs],
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
        self._numbers = html()
        self._show()

    @param.depends("results.frame", watch=True)
    def _show(self) -> None:
        frame = self.results.frame
        if frame is None:
            return
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
        self._step.update(
            left=min(max(stimulus.start, 0.0), DURATION),
            right=min(max(stimulus.stop, stimulus.start, 0.0), DURATION),
            visible=stimulus.amplitude != 0.0,
        )
        self._numbers.object = readouts(_numbers(frame))

    def __panel__(self) -> Any:
        picture = pn.pane.Bokeh(self.figure, sizing_mode="stretch_width", margin=0)
        return pn.Column(self._numbers, picture, sizing_mode="stretch_width", margin=0)


def _numbers(frame: Frame) -> dict[str, str]:
    times = frame.spike_times
    gaps = np.diff(times)
    cell = frame.choices.cell
    return {
        "Spikes": f"{len(times)}",
        "First spike": f"{times[0]:.1f} ms" if len(times) else "none",
        "First and last interval": f"{gaps[0]:.1f} and {gaps[-1]:.1f} ms" if len(gaps) else "none",
        "Highest threshold": f"{frame.threshold.max():.2f} mV",
        "tau_m": f"{cell.C_m / cell.g:.2f} ms",
        "Rheobase": f"{cell.g * (cell.V_th - cell.E_L):.0f} pA",
    }

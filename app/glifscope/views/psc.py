"""The postsynaptic current of one event: its sum, its two parts, its peak and its measures.

The page draws the curve itself (psc.js), so that it bends under the pointer; the measures beside it
come from glifcore.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from bokeh.core.properties import value
from bokeh.models import CustomJS, HoverTool, LabelSet, Range1d

from glifcore import PscFeatures, PscShape

from ..behind import Behind
from ..choices import shape_of
from ..figures import AXIS_JS, BLUE, DASHED, DOTTED, GREEN, ORANGE, SOLID, plot, write_as_axis
from ..layout import card
from ..legend import legend
from ..live_text import LiveText
from ..page_text import html, readouts, show
from ..results import Frame
from ..view import View, figure_pane, page_source

_CODE = AXIS_JS + Path(__file__).with_name("psc.js").read_text(encoding="utf-8")


class PscView(View):
    """Plot and measures of the synaptic current."""

    title = "Postsynaptic current of one event"

    def _build(self) -> None:
        # The page owns these three: what it draws is not sent back.
        self._shape = page_source("psc-shape", list(PscShape._fields))
        self._follows_sliders = False
        self._curve = page_source("psc", ["t", "total", "fast", "slow"])
        self._marks = page_source("psc-peak", ["t", "peak", "text"])
        x_range = Range1d(start=0, end=30)
        self._figure = plot("psc-figure", "current (pA)", 352, x_range, x_label="time (ms)")
        x_range.syncable = self._figure.y_range.syncable = False
        self._behind = Behind(self._figure, "psc-pinned", {"total": SOLID})
        lines = {
            name: self._figure.line("t", column, source=self._curve, **style)
            for name, column, style in (
                ("slow", "slow", {"line_color": ORANGE, **DOTTED}),
                ("fast", "fast", {"line_color": GREEN, **DASHED}),
                ("sum", "total", {"line_color": BLUE, "line_width": 2.5}),
            )
        }
        self._figure.scatter("t", "peak", source=self._marks, size=9, color=BLUE)
        self._label = LabelSet(
            x="t", y="peak", text="text", source=self._marks, x_offset=10, y_offset=4
        )
        self._label.text_font_size = "13px"
        self._label.text_font = value("Roboto, sans-serif")
        write_as_axis(self._figure, self._label)
        self._figure.add_layout(self._label)
        self._entries = {name: lines[name].glyph for name in reversed(lines)}
        self._legend = html()
        self._figure.add_tools(
            HoverTool(
                renderers=[lines["sum"]],
                mode="vline",
                tooltips=[
                    ("time", "@t{0.00} ms"),
                    ("sum", "@total{0.0} pA"),
                    ("fast", "@fast{0.0} pA"),
                    ("slow", "@slow{0.0} pA"),
                ],
            )
        )
        draw = CustomJS(
            code=_CODE,
            args={
                "shape": self._shape,
                "curve": self._curve,
                "marks": self._marks,
                "pinned": self._behind.source,
                "x_range": self._figure.x_range,
                "y_range": self._figure.y_range,
            },
        )
        for source in (self._shape, self._behind.source):
            source.js_on_change("data", draw)
        self._figure.js_on_change("inner_height", draw)  # the first layout
        self._measures = LiveText()

    def follow(self, sliders: Mapping[str, Any]) -> None:
        """Draw whatever these sliders, one for each field of `PscShape`, show; at once.

        Raises:
            KeyError: a slider is missing.
        """
        self._follows_sliders = True
        self._shape.data = {name: [sliders[name].value] for name in PscShape._fields}
        for name in PscShape._fields:
            sliders[name].jscallback(
                args={"shape": self._shape},
                value=f"shape.data = {{...shape.data, {name}: [source.value]}};",
            )

    def draw(self, frame: Frame) -> None:
        self._measures.text = readouts(_measures(frame.psc))
        if not self._follows_sliders:
            shape = shape_of(frame.choices, frame.port)
            self._shape.data = {name: [value] for name, value in shape._asdict().items()}
        time, behind = np.zeros(0), None
        if frame.pinned is not None:
            time, behind = frame.pinned.psc_time, {"total": frame.pinned.psc}
        show(self._legend, legend(self._entries | self._behind.draw(time, behind)))

    def __panel__(self) -> Any:
        return card(
            self.title,
            self._legend,
            figure_pane(self._figure),
            self._measures,
            equations="psc",
        )


def _measures(psc: PscFeatures) -> dict[str, str]:
    return {
        "Peak": f"{psc.peak:.2f} pA",
        "Time to peak": f"{psc.time_to_peak:.3f} ms",
        "Rise 10–90 %": f"{psc.rise_time:.3f} ms",
        "Half width": f"{psc.half_width:.2f} ms",
        "Decay to 1/e": f"{psc.decay_time:.2f} ms",
        "Charge": f"{psc.charge / 1000.0:.3f} pC",
        "Charge, slow part": f"{100.0 * psc.slow_fraction:.0f} %",
    }

"""The recording under the model curve, with handles on the curve, and the residuals below.

The page draws the curve itself (curve.js), so that it bends under the pointer; whatever moves it,
slider, handle or fit, the other two follow.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import panel as pn
from bokeh.events import Pan, PanEnd, PanStart
from bokeh.models import ColumnDataSource, CustomJS, Div, HoverTool, Label, Range1d, Span

from glifcore.fit_result import PARAMETERS

from ..figures import (
    AXIS_JS,
    BLUE,
    DASHED,
    DOTTED,
    GREEN,
    GREY,
    ORANGE,
    plot,
    set_range,
    write_as_axis,
)
from ..layout import card
from ..legend import legend
from ..page_text import STYLESHEET, html
from ..view import figure_pane, page_source
from .results import Prepared, WorkshopResults

_HERE = Path(__file__).parent
_CODE = AXIS_JS + "\n".join(
    (_HERE / name).read_text(encoding="utf-8") for name in ("inverse.js", "curve.js")
)
# Bokeh puts a Div's text in a box that is as narrow as it can be.
_FULL_WIDTH = ".bk-clearfix { display: block; width: 100%; }"


class CurveView(pn.viewable.Viewer):
    """Plot of recording, model and residuals."""

    def __init__(self, results: WorkshopResults) -> None:
        super().__init__()
        self._samples = ColumnDataSource(
            {"t": [], "y": [], "low": [], "high": []}, name="workshop-samples"
        )
        self._noise = ColumnDataSource({"value": [np.nan]}, name="workshop-noise")
        # The page owns these: what it draws is not sent back.
        self._shape = page_source("workshop-shape", list(PARAMETERS))
        self._curve = page_source("workshop-curve", ["t", "total", "fast", "slow", "residual"])
        self._handles = page_source("workshop-handles", ["x", "y", "name"])
        self._grabbed = page_source("workshop-grabbed", ["name"])
        self._grabbed.data = {"name": [""]}
        self.x_range = Range1d(start=0.0, end=50.0)
        self._window: tuple[float, float] | None = None
        self.figure = self._draw_figure()
        self.residuals = self._draw_residuals()
        self._numbers = Div(
            text="", stylesheets=[STYLESHEET, _FULL_WIDTH], sizing_mode="stretch_width"
        )
        self._connect()
        results.param.watch(lambda event: self.draw(event.new), "prepared")
        if results.prepared is not None:
            self.draw(results.prepared)

    def _draw_figure(self) -> Any:
        fig = plot("workshop-figure", "current (pA)", 352, self.x_range)
        fig.varea("t", "low", "high", source=self._samples, fill_color=GREY, fill_alpha=0.25)
        recorded = fig.line("t", "y", source=self._samples, line_color=GREY, line_width=1.2)
        lines = {
            name: fig.line("t", column, source=self._curve, **style)
            for name, column, style in (
                ("slow", "slow", {"line_color": ORANGE, **DOTTED}),
                ("fast", "fast", {"line_color": GREEN, **DASHED}),
                ("sum", "total", {"line_color": BLUE, "line_width": 2.5}),
            )
        }
        handles = fig.scatter(
            "x",
            "y",
            source=self._handles,
            size=13,
            line_color=BLUE,
            line_width=2.5,
            fill_color="white",
            name="handles",
        )
        fig.add_tools(
            HoverTool(renderers=[handles], tooltips="<b>@name</b>: drag it", attachment="above")
        )
        self._limit = Label(
            x=0,
            y=0,
            visible=False,
            x_offset=14,
            y_offset=10,
            text="no such shape beyond here",
            text_font_size="13px",
        )
        write_as_axis(fig, self._limit)
        fig.add_layout(self._limit)
        shown = {"recording": recorded} | {name: lines[name] for name in reversed(lines)}
        self._entries = {name: line.glyph for name, line in shown.items()}
        return fig

    def _draw_residuals(self) -> Any:
        fig = plot("workshop-residuals", "residual (pA)", 150, self.x_range, x_label="time (ms)")
        fig.line("t", "residual", source=self._curve, line_color=GREY, line_width=1.2)
        fig.add_layout(Span(location=0, dimension="width", line_color=BLUE, line_width=1))
        fig.y_range.syncable = False
        return fig

    def _connect(self) -> None:
        args = {
            "samples": self._samples,
            "shape": self._shape,
            "curve": self._curve,
            "handles": self._handles,
            "grabbed": self._grabbed,
            "residuals": self.residuals.y_range,
            "plot": self.figure,
            "limit": self._limit,
            "numbers": self._numbers,
            "noise": self._noise,
        }

        def script(call: str) -> CustomJS:
            return CustomJS(args=args, code=f"{_CODE}\n{call}")

        for source in (self._samples, self._shape, self._noise):
            source.js_on_change("data", script("draw();"))
        self.figure.js_on_change("inner_height", script("draw();"))  # the first layout
        self.figure.js_on_event(PanStart, script("grab(cb_obj);"))
        self.figure.js_on_event(Pan, script("move(cb_obj);"))
        self.figure.js_on_event(PanEnd, script("release();"))

    def follow(self, sliders: Mapping[str, Any]) -> None:
        """Draw whatever these sliders, one for each field of `PscParameters`, show; at once."""
        self._shape.data = {name: [slider.value] for name, slider in sliders.items()}
        for name, slider in sliders.items():
            slider.jscallback(
                args={"shape": self._shape},
                value=f"if (shape.data.{name}[0] !== source.value) "
                f"shape.data = {{...shape.data, {name}: [source.value]}};",
            )

    def draw(self, prepared: Prepared) -> None:
        """Show these samples."""
        t, y = prepared.time, prepared.current
        spread = np.zeros_like(y) if prepared.sem is None else prepared.sem
        self._noise.data = {"value": [prepared.noise]}
        self._samples.data = {
            "t": t.astype(np.float32),
            "y": y.astype(np.float32),
            "low": (y - spread).astype(np.float32),
            "high": (y + spread).astype(np.float32),
        }
        room = 0.08 * float(np.ptp(y))
        set_range(self.figure.y_range, float(y.min()) - room, float(y.max()) + room, 1e-3)
        window = prepared.preparation.window
        if window != self._window:  # or the visitor's own zoom stays
            self._window = window
            self.x_range.update(start=window[0], end=window[1])

    def __panel__(self) -> Any:
        return card(
            "Recording and model",
            html(legend(self._entries)),
            figure_pane(self.figure),
            figure_pane(self.residuals),
            figure_pane(self._numbers),
            equations="recording",
        )

"""What brought a spike about: each cause's share of the potential, and where the threshold was."""

from collections.abc import Callable
from typing import Any

import numpy as np
import panel as pn
import panel_material_ui as pmui
from bokeh.models import ColumnDataSource, FactorRange, LabelSet, Range1d
from bokeh.plotting import figure

from glifcore.autopsy import Autopsy

from ..downloads import take_away
from ..export.autopsy import autopsy_csv, autopsy_figure, parts_of
from ..figures import BLUE, GREY, ORANGE, set_range, write_as_axis
from ..layout import card
from ..live_text import LiveText
from ..page_text import readouts
from ..results import Frame, Results
from ..view import View, figure_pane

_ROW = 25
_HINT = (
    '<p class="caption">Click a spike in the plot of V_m, or step through them here, to see what '
    "brought the potential to the threshold.</p>"
)


class AutopsyView(View):
    """The parts of U at one spike as bars that follow each other, up to the threshold."""

    title = "Spike autopsy"

    def __init__(self, results: Results, choose: Callable[[int | None], None]) -> None:
        self._choose = choose
        self._last: Frame | None = None  # the last with a spike in it
        super().__init__(results)

    def _build(self) -> None:
        self._bars = ColumnDataSource(
            {name: [] for name in ("part", "left", "right", "text", "at")}, name="autopsy"
        )
        self._figure: Any = figure(
            name="autopsy-figure",
            height=250,
            sizing_mode="stretch_width",
            y_range=FactorRange(),
            x_range=Range1d(start=0, end=1),
            x_axis_label="potential above E_L (mV)",
            tools="",
            toolbar_location=None,
            output_backend="canvas",
        )
        fig = self._figure
        fig.ygrid.visible = False
        fig.hbar(y="part", left="left", right="right", height=0.6, source=self._bars, color=BLUE)
        self._limit: Any = fig.vspan(x=[0.0], line_color=ORANGE, line_width=1.8, line_dash=[7, 4])
        label = LabelSet(
            x="at", y="part", text="text", source=self._bars, x_offset=6, name="autopsy-values"
        )
        label.update(text_baseline="middle", text_font_size="12px", text_color=GREY)
        write_as_axis(fig, label)
        fig.add_layout(label)
        options: dict[str, Any] = {"variant": "outlined", "size": "small", "margin": (4, 4)}
        self.previous = pmui.Button(label="Previous spike", **options)
        self.next = pmui.Button(label="Next spike", **options)
        self.previous.on_click(lambda _: self._step(-1))
        self.next.on_click(lambda _: self._step(1))
        self._numbers = LiveText()
        pane = figure_pane(fig)
        self._take_away = self._files()
        self._take_away.visible = False
        self._plot = pn.Column(pane, sizing_mode="stretch_width", margin=0, visible=False)

    def _files(self) -> pn.Column:
        return take_away(
            "autopsy",
            lambda: self._last,
            {"": lambda frame: autopsy_csv(frame.autopsy)},
            lambda frame, form: autopsy_figure(frame.choices, frame.spike, frame.autopsy, form),
        )

    def _step(self, by: int) -> None:
        frame = self._results.frame
        assert frame is not None
        count = len(frame.spike_times)
        if count:
            now = frame.spike if frame.spike is not None else (-1 if by > 0 else count)
            self._choose(int(np.clip(now + by, 0, count - 1)))

    def draw(self, frame: Frame) -> None:
        self._last = frame if frame.autopsy is not None else None
        found, count = frame.autopsy, len(frame.spike_times)
        number = frame.spike
        self.previous.disabled = not count or number == 0
        self.next.disabled = not count or (number is not None and number >= count - 1)
        self._plot.visible = self._take_away.visible = found is not None
        if found is None:
            self._numbers.text = _HINT if count else "<p class='caption'>There is no spike.</p>"
            return
        parts = parts_of(found)
        ends = np.cumsum(list(parts.values()))
        starts = np.concatenate([[0.0], ends[:-1]])
        fig = self._figure
        fig.y_range.factors = [*reversed(parts)]
        fig.height = 60 + _ROW * len(parts)
        self._bars.data = {
            "part": list(parts),
            "left": starts,
            "right": ends,
            "text": [f"{value:+.2f}".replace("-", "−") for value in parts.values()],
            "at": np.maximum(starts, ends),
        }
        self._limit.data_source.data = {"x": [found.threshold]}
        everything = [*ends, found.threshold, 0.0]
        low, high = min(everything), max(everything)
        set_range(fig.x_range, low, high + 0.36 * (high - low), 1.0)
        self._numbers.text = readouts(_told(found, number, count))

    def __panel__(self) -> Any:
        return card(
            self.title,
            pn.Row(self.previous, self.next, margin=0),
            self._plot,
            self._numbers,
            self._take_away,
            equations="autopsy",
        )


def _told(found: Autopsy, number: int | None, count: int) -> dict[str, str]:
    return {
        "Spike": f"{(number or 0) + 1} of {count}",
        "At": f"{found.time:.1f} ms",
        "Explained since": f"{found.since:.1f} ms",
        "U, sum of the parts": f"{found.U:.3f} mV",
        "Threshold above E_L": f"{found.threshold:.3f} mV",
        "of it V_th − E_L": f"{found.theta_inf:.3f} mV",
        "moved by θ_s": f"{found.threshold_spike:+.3f} mV",
        "moved by θ_v": f"{found.threshold_voltage:+.3f} mV",
    }

"""The chosen class over time: its current with both parts, and what it does to the membrane."""

from typing import Any

import panel as pn
from bokeh.models import ColumnDataSource, HoverTool, Range1d

from ..downloads import take_away
from ..figures import BLUE, DASHED, DOTTED, GREEN, ORANGE, PURPLE, plot, set_range
from ..layout import card, stack
from ..legend import legend
from ..page_text import html, problems_as_html, readouts, sentence, show
from ..view import figure_pane
from .choices import PSC_END, Picture
from .export import waveform_csv, waveform_document, waveform_figure, waveform_script


class WaveformView(pn.viewable.Viewer):
    """Two plots and their measures."""

    def __init__(self) -> None:
        super().__init__()
        self._last: Picture | None = None
        self.current = ColumnDataSource(
            {"t": [], "total": [], "fast": [], "slow": []}, name="synapse-psc"
        )
        self.voltage = ColumnDataSource({"t": [], "voltage": []}, name="synapse-psp")
        self._psc, self._psp = self._psc_plot(), self._psp_plot()
        self._psc_measures, self._psp_measures = html(), html()
        self._membrane = html(margin=(4, 0, 0, 0))

    def _psc_plot(self) -> Any:
        axis = Range1d(start=0.0, end=PSC_END)
        fig = plot("synapse-psc-figure", "current (pA)", 202, axis, x_label="time (ms)")
        lines = {
            label: fig.line("t", column, source=self.current, **style)
            for label, column, style in (
                ("slow", "slow", {"line_color": ORANGE, **DOTTED}),
                ("fast", "fast", {"line_color": GREEN, **DASHED}),
                ("sum", "total", {"line_color": BLUE, "line_width": 2.5}),
            )
        }
        self._entries = {label: lines[label].glyph for label in reversed(lines)}
        told = [(name, f"@{name}{{0.0}} pA") for name in ("fast", "slow")]
        _hover(fig, lines["sum"], [("time", "@t{0.00} ms"), ("sum", "@total{0.0} pA"), *told])
        return fig

    def _psp_plot(self) -> Any:
        axis = Range1d(start=0.0, end=100.0)
        fig = plot("synapse-psp-figure", "from rest (mV)", 190, axis, x_label="time (ms)")
        line = fig.line("t", "voltage", source=self.voltage, line_color=PURPLE, line_width=2.5)
        _hover(fig, line, [("time", "@t{0.0} ms"), ("from rest", "@voltage{0.000} mV")])
        return fig

    def draw(self, picture: Picture, title: str) -> None:
        """Show this picture; the cell has this title."""
        self._last = picture
        total = picture.fast + picture.slow
        self.current.data = {
            "t": picture.t,
            "total": total,
            "fast": picture.fast,
            "slow": picture.slow,
        }
        set_range(self._psc.y_range, min(0.0, total.min()), max(0.0, total.max()), 1e-3)
        show(self._psc_measures, readouts(psc_measures(picture)))
        psp = picture.psp
        if psp is None:
            self.voltage.data = {"t": [], "voltage": []}
            show(self._psp_measures, "")
            show(self._membrane, problems_as_html(picture.problems))
            return
        self.voltage.data = psp._asdict()
        self._psp.x_range.update(end=float(psp.t[-1]), reset_end=float(psp.t[-1]))
        set_range(self._psp.y_range, min(0.0, psp.voltage.min()), max(0.0, psp.voltage.max()), 1e-6)
        show(self._psp_measures, readouts(psp_measures(picture)))
        show(self._membrane, f'<p class="caption">{_membrane(picture, title)}</p>')

    def __panel__(self) -> Any:
        named = html(legend(self._entries))
        return stack(
            card(
                "Current of one event",
                named,
                figure_pane(self._psc),
                self._psc_measures,
                equations="psc",
            ),
            card(
                "What it does to the membrane",
                figure_pane(self._psp),
                self._psp_measures,
                self._membrane,
                take_away(
                    "synapse",
                    lambda: self._last,
                    {"": waveform_csv},
                    waveform_figure,
                    waveform_script,
                    waveform_document,
                ),
                equations="psp",
            ),
        )


def psc_measures(picture: Picture) -> dict[str, str]:
    """What an electrophysiologist measures on the current."""
    psc = picture.features
    measures = {
        "Peak": f"{psc.peak:.4g} pA",
        "Time to peak": f"{psc.time_to_peak:.2f} ms",
        "Half width": f"{psc.half_width:.2f} ms",
        "Decay to 1/e": f"{psc.decay_time:.2f} ms",
        "Charge": f"{psc.charge / 1000.0:.3g} pC",
        "Charge, slow part": f"{100.0 * psc.slow_fraction:.0f} %",
    }
    return {name: _minus(text) for name, text in measures.items()}


def psp_measures(picture: Picture) -> dict[str, str]:
    """Where the membrane is farthest from rest."""
    assert picture.psp is not None
    time, voltage = picture.psp.peak
    return {"Peak": _minus(f"{voltage:+.3g} mV"), "Time to peak": f"{time:.1f} ms"}


def _membrane(picture: Picture, title: str) -> str:
    capacitance, conductance = float(picture.cell.C_m), float(picture.cell.g)
    return sentence(
        f"On {title}: `C_m` {capacitance:.4g} pF and `g` {conductance:.4g} nS, so the membrane's "
        f"time constant is {capacitance / conductance:.3g} ms. In closed form: from rest, with no "
        "spike."
    )


def _minus(text: str) -> str:
    return text.replace("-", "−")


def _hover(fig: Any, line: Any, tooltips: list[tuple[str, str]]) -> None:
    fig.add_tools(HoverTool(renderers=[line], mode="vline", tooltips=tooltips))

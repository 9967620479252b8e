"""How fast the cell fires for how much current, with its rheobase and the present current step."""

from typing import Any

import numpy as np
import panel as pn
from bokeh.models import ColumnDataSource, HoverTool, Range1d

from ..difference_plot import DifferencePlot
from ..downloads import take_away
from ..export.firing import (
    ends_of,
    firing_csv,
    firing_document,
    firing_figure,
    firing_script,
)
from ..figures import (
    BLUE,
    DASHED,
    DOTTED,
    GREEN,
    GREY,
    ORANGE,
    PINNED,
    PURPLE,
    plot,
    set_range,
    write_as_axis,
)
from ..firing import Firing
from ..layout import card
from ..legend import legend
from ..page_text import html, problems_as_html, readouts, sentence, show
from ..view import figure_pane

_PINNED: Any = {**PINNED, "line_width": 2.2, "line_dash": [9, 3, 2, 3]}
"""Else it would be one of the other levels."""

_NEAR = 0.08
"""Of the axis: names of curves that end closer than this are written as one."""

_NOT_KNOWN = "&ndash;"


class FiringView(pn.viewable.Viewer):
    """The f-I curve."""

    def __init__(self) -> None:
        super().__init__()
        self._last: Firing | None = None
        self.curve = ColumnDataSource(
            {key: [] for key in ("current", "count", "first", "last")}, name="firing-curve"
        )
        self.others = ColumnDataSource({"current": [], "count": []}, name="firing-others")
        self.ends = ColumnDataSource(
            {key: [] for key in ("current", "count", "name", "style")}, name="firing-ends"
        )
        self.rheobase = ColumnDataSource({"current": []}, name="firing-rheobase")
        self.steps = ColumnDataSource({"current": []}, name="firing-steps")
        self.pinned = ColumnDataSource(
            {"current": [], "count": [], "difference": []}, name="firing-pinned"
        )
        self.gain = ColumnDataSource({"current": [], "count": []}, name="firing-gain")
        self.figure = plot(
            "firing-figure",
            "rate (spikes/s)",
            302,
            Range1d(start=0.0, end=1000.0),
            x_label="constant current (pA)",
        )
        self._add_glyphs()
        self._difference = DifferencePlot(
            "firing-difference-figure",
            "count less that of the pinned cell",
            self.pinned,
            "current",
            self.figure.x_range,
            124,
            4.0,
            x_label="constant current (pA)",
        )
        self._legend = html(legend(self._entries))
        self._readouts = html()
        self._notes = html(visible=False, margin=(6, 0, 0, 0))

    def _add_glyphs(self) -> None:
        fig = self.figure
        fig.multi_line("current", "count", source=self.others, line_color=GREY, line_width=1)
        names = fig.text(
            "current",
            "count",
            "name",
            source=self.ends,
            text_font_size="12px",
            text_font_style="style",
            text_align="right",
            text_baseline="bottom",
            y_offset=-1,
        )
        write_as_axis(fig, names.glyph)
        rheobase = fig.vspan(
            "current", source=self.rheobase, line_color=GREY, line_width=1.5, line_dash=[2, 3]
        )
        step = fig.vspan(
            "current", source=self.steps, line_color=PURPLE, line_width=1.5, line_dash=[8, 4]
        )
        first = fig.line("current", "first", source=self.curve, line_color=ORANGE, **DASHED)
        last = fig.line("current", "last", source=self.curve, line_color=GREEN, **DOTTED)
        before = fig.line("current", "count", source=self.pinned, **_PINNED)
        self._pinned_entry = {"pinned count": before.glyph}
        count = fig.line("current", "count", source=self.curve, line_color=BLUE, line_width=2.4)
        fig.scatter("current", "count", source=self.gain, size=8, color=BLUE)
        self._entries = {
            "count": count.glyph,
            "first ISI": first.glyph,
            "last ISI": last.glyph,
            "rheobase": rheobase.glyph,
            "step": step.glyph,
        }
        fig.add_tools(
            HoverTool(
                renderers=[count],
                mode="vline",
                tooltips=[
                    ("current", "@current{0.0} pA"),
                    ("spikes in 1 s", "@count{0}"),
                    ("first ISI", "@first{0.0} /s"),
                    ("last ISI", "@last{0.0} /s"),
                ],
            )
        )

    def draw(self, firing: Firing) -> None:
        """Show this curve."""
        show(self._notes, _notes(firing))
        if firing.problems:  # the last curve stays
            return
        self._last = firing
        currents, rates = firing.currents, firing.rates
        self.curve.data = {"current": currents, **rates._asdict()}
        self._draw_others(firing)
        self._draw_pinned(firing)
        self._set_ranges(firing)
        self._name_ends(firing)
        self.rheobase.data = {"current": [firing.rheobase]}
        self.steps.data = {"current": list(firing.steps)}
        gain = firing.gain
        self.gain.data = {
            "current": gain.currents if gain else (),
            "count": gain.counts if gain else (),
        }
        show(self._readouts, readouts(_numbers(firing)))

    def _draw_others(self, firing: Firing) -> None:
        self.others.data = {
            "current": [firing.currents] * len(firing.others),
            "count": list(firing.others.values()),
        }

    def _draw_pinned(self, firing: Firing) -> None:
        before = None if firing.pinned is None else firing.pinned.count
        show(
            self._legend, legend(self._entries | (self._pinned_entry if before is not None else {}))
        )
        if before is None:
            self._difference.show(None)
            self.pinned.data = {"current": [], "count": [], "difference": []}
            return
        apart = firing.rates.count - before
        self.pinned.data = {"current": firing.currents, "count": before, "difference": apart}
        self._difference.show(apart)

    def _set_ranges(self, firing: Firing) -> None:
        low, high = float(firing.currents[0]), float(firing.currents[-1])
        self.figure.x_range.update(start=low, end=high + 0.01 * (high - low))
        pinned = () if firing.pinned is None else (firing.pinned.count,)
        rates = np.concatenate([*firing.rates, *firing.others.values(), *pinned])
        set_range(self.figure.y_range, 0.0, 1.06 * float(np.nanmax(rates)), 20.0)
        self.figure.y_range.start = 0.0

    def _name_ends(self, firing: Firing) -> None:
        """Write the names of the levels at the ends of their curves."""
        ends = ends_of(firing, _NEAR * self.figure.y_range.end)
        self.ends.data = {
            "current": np.full(len(ends), firing.currents[-1]),
            "count": [end.count for end in ends],
            "name": [end.name for end in ends],
            "style": ["bold" if end.is_own else "normal" for end in ends],
        }

    def __panel__(self) -> Any:
        return card(
            "f-I curve",
            self._legend,
            figure_pane(self.figure),
            self._difference,
            self._readouts,
            self._notes,
            take_away(
                "f-I-curve",
                lambda: self._last,
                {"": firing_csv},
                firing_figure,
                firing_script,
                firing_document,
            ),
            equations="firing",
        )


def _numbers(firing: Firing) -> dict[str, str]:
    gain, measured = firing.gain, firing.measured
    adaptation = gain.adaptation if gain else None
    return {
        "rheobase": f"{firing.rheobase:.1f} pA",
        "fires from": _NOT_KNOWN if measured is None else f"{measured[1]:.1f} pA",
        "gain": _NOT_KNOWN if gain is None else f"{gain.slope:.3f} Hz/pA",
        "last / first": _NOT_KNOWN if adaptation is None else f"{adaptation:.2f}",
    }


def _notes(firing: Firing) -> str:
    told = problems_as_html(firing.problems)
    if not told:
        text = (
            "Each point: spikes in 1 s of constant current from rest, on top of `I_e`, without "
            "synapses; first and last ISI: one over the interval. Other levels by their flags. "
            "Rheobase: g (V_th - E_L) - `I_e`, which takes the potential to the resting threshold. "
            "Gain: slope between the two dots. Last / first: ratio of the two rates at the right "
            "dot; 1 is no adaptation."
        )
        low, high = firing.currents[[0, -1]]
        beyond = [f"{step:g} pA" for step in firing.steps if not low <= step <= high]
        if beyond:
            text += f" A current step of {', '.join(beyond)} lies beyond the axis."
        told = f'<p class="caption">{sentence(text)}</p>'
    return told

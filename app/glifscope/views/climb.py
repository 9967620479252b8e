"""The climb: five levels in bands, once refitted and once by their flags.

All bands share one scale, so heights compare within a figure and between the two; a click on a band
chooses its level, and so does the menu above it.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import panel as pn
import panel_material_ui as pmui
from bokeh.models import (
    ColumnDataSource,
    FixedTicker,
    HoverTool,
    Line,
    LinearAxis,
    Range1d,
    TapTool,
)

from glifcore import GlifModel

from ..climb import Climb, Kind, Run, captions, introduction, told
from ..downloads import take_away
from ..export.climb import TITLES, climb_csv, climb_document, climb_figure, climb_script
from ..figures import BLUE, GREY, ORANGE, plot
from ..legend import legend
from ..view import card, figure_pane, html, problems_as_html, sentence, show

_MENUS: dict[Kind, str] = {"refitted": "Take a refit", "flags": "Take by flags"}

_TAKEN: dict[Kind, str] = {
    "refitted": "the neuron becomes the cell's own fit at that level",
    "flags": "the neuron keeps its numbers and has that level's mechanisms",
}

_THRESHOLD: Any = {"line_color": ORANGE, "line_width": 1, "line_dash": [4, 3]}
_ENTRIES = {
    "V_m": Line(line_color=GREY, line_width=1.3),
    "V_m of the run that the page shows": Line(line_color=BLUE, line_width=1.8),
    "threshold": Line(**_THRESHOLD),
}
"""What the lines stand for; a stroke above them is a spike."""

_ROOM = 0.34
"""Of a band's height, above its potential: for the ticks of its spikes."""


class ClimbView(pn.viewable.Viewer):
    """Both ways up, next to each other or, on a narrow page, below each other.

    Args:
        time: the time axis, shared with other plots.
        on_choose: takes the level that was clicked, and whether its refit was.
    """

    def __init__(self, time: Range1d, on_choose: Callable[[GlifModel, bool], None]) -> None:
        super().__init__()
        self._last: Climb | None = None
        self._intro = html(visible=False)
        self.refitted = Bands("refitted", time, lambda level: on_choose(level, True))
        self.flags = Bands("flags", time, lambda level: on_choose(level, False))
        self._notes = html(visible=False, margin=(6, 0, 0, 0))
        self._columns = [
            pn.Column(
                pn.Row(bands.title, bands.menu, sizing_mode="stretch_width", margin=0),
                bands.pane,
                sizing_mode="stretch_width",
                styles={"flex": "1 1 300px"},
                margin=0,
            )
            for bands in (self.refitted, self.flags)
        ]

    def draw(self, climb: Climb) -> None:
        """Show this climb."""
        show(self._notes, _notes(climb))
        if climb.problems:  # the last picture stays
            return
        self._last = climb
        low, high = _extent(climb.runs)
        for bands, runs in ((self.refitted, climb.refitted), (self.flags, climb.flags)):
            bands.draw(runs, low, high)
        self._columns[0].visible = bool(climb.refitted)
        show(self._intro, f'<p class="caption">{sentence(introduction(climb))}</p>')

    def __panel__(self) -> Any:
        return card(
            "The climb",
            self._intro,
            html(legend(_ENTRIES)),
            pn.FlexBox(*self._columns, gap="12px", sizing_mode="stretch_width", margin=0),
            self._notes,
            take_away(
                "climb",
                lambda: self._last,
                {"": climb_csv},
                climb_figure,
                climb_script,
                climb_document,
            ),
            equations="climb",
        )


class Bands:
    """One figure with a band for each level.

    Args:
        kind: which way up.
        time: the time axis.
        on_choose: takes the level that was clicked.
    """

    def __init__(self, kind: Kind, time: Range1d, on_choose: Callable[[GlifModel], None]) -> None:
        name = f"climb-{kind}"
        self.title = html(f"<h3>{TITLES[kind]}</h3>")
        self.menu = pmui.MenuButton(
            label=_MENUS[kind],
            description=f"{_MENUS[kind]}: {_TAKEN[kind]}",
            items=[],
            variant="text",
            size="small",
            margin=0,
        )
        self.menu.on_click(self._picked)
        self.traces = ColumnDataSource(
            {key: [] for key in ("t", "V_m", "threshold", "color", "width")}, name=f"{name}-traces"
        )
        self.spikes = ColumnDataSource(
            {key: [] for key in ("t", "low", "high", "color")}, name=f"{name}-spikes"
        )
        self.bands = ColumnDataSource({"low": [], "high": [], "shade": []}, name=f"{name}-bands")
        self.figure = plot(name, "", 430, time, x_label="time (ms)", min_border_top=6)
        self.pane = figure_pane(self.figure)
        self._ruler = LinearAxis(
            axis_line_width=3,
            major_tick_in=0,
            major_tick_out=0,
            minor_tick_out=0,
            major_label_orientation="vertical",
            major_label_standoff=4,
        )
        self.figure.add_layout(self._ruler, "right")
        self._style()
        self._add_glyphs()
        self._choose = on_choose
        self._runs: tuple[Run, ...] = ()
        self.bands.selected.on_change("indices", lambda attr, old, new: self._tapped(new))

    def _style(self) -> None:
        fig = self.figure
        fig.toolbar_location = None  # the time axis is zoomed where it is shared
        fig.ygrid.grid_line_color = None
        fig.yaxis[0].update(
            major_tick_in=0,
            major_tick_out=0,
            minor_tick_out=0,
            major_label_text_font_size="12px",
            major_label_text_line_height=1.25,
        )

    def _add_glyphs(self) -> None:
        fig = self.figure
        # Faint under the pointer: a band can be clicked.
        band = fig.hstrip(
            "low",
            "high",
            source=self.bands,
            fill_color=BLUE,
            fill_alpha="shade",
            line_color=GREY,
            line_alpha=0.35,
            hover_fill_color=BLUE,
            hover_fill_alpha=0.16,
            hover_line_color=GREY,
            hover_line_alpha=0.35,
        )
        band.nonselection_glyph = band.selection_glyph = None
        fig.add_tools(HoverTool(renderers=[band], tooltips=None))
        fig.add_tools(TapTool(renderers=[band]))
        fig.multi_line("t", "threshold", source=self.traces, **_THRESHOLD)
        fig.multi_line("t", "V_m", source=self.traces, line_color="color", line_width="width")
        fig.segment("t", "low", "t", "high", source=self.spikes, line_color="color", line_width=1.5)

    def _tapped(self, indices: list[int]) -> None:
        if indices:
            run = self._runs[indices[0]]
            self.bands.selected.indices = []
            self._take(run.level.name)

    def _picked(self, item: Any) -> None:
        self._take(item["label"])

    def _take(self, name: str) -> None:
        if any(run.level.name == name and run.cell is not None for run in self._runs):
            self._choose(GlifModel[name])

    def draw(self, runs: tuple[Run, ...], low: float, high: float) -> None:
        """Show these runs, all of them between the same potentials, mV."""
        self._runs = runs
        items = [{"label": run.level.name} for run in runs if run.cell is not None]
        if self.menu.items != items:
            self.menu.items = items
        pitch = (1 + _ROOM) * (high - low)
        floors = {run.level: (len(runs) - 1 - i) * pitch for i, run in enumerate(runs)}
        self.figure.y_range.update(start=-0.06 * pitch, end=max(len(runs), 1) * pitch)
        self.bands.data = {
            "low": list(floors.values()),
            "high": [floor + pitch for floor in floors.values()],
            "shade": [0.1 if run.is_chosen else 0.0 for run in runs],
        }
        drawn = [run for run in runs if len(run.time)]
        self.traces.data = {
            "t": [run.time for run in drawn],
            "V_m": [run.V_m + np.float32(floors[run.level] - low) for run in drawn],
            "threshold": [
                _within(run.threshold, low, high + 0.1 * pitch)
                + np.float32(floors[run.level] - low)
                for run in drawn
            ],
            "color": [BLUE if run.is_chosen else GREY for run in drawn],
            "width": [1.8 if run.is_chosen else 1.3 for run in drawn],
        }
        self._draw_spikes(drawn, floors, pitch)
        self._label(runs, floors, pitch, high - low)

    def _draw_spikes(self, runs: list[Run], floors: dict[GlifModel, float], pitch: float) -> None:
        counts = [len(run.spike_times) for run in runs]
        floor = np.repeat([floors[run.level] for run in runs], counts)
        self.spikes.data = {
            "t": np.concatenate([np.zeros(0), *(run.spike_times for run in runs)]),
            "low": floor + 0.84 * pitch,
            "high": floor + 0.95 * pitch,
            "color": [BLUE if run.is_chosen else GREY for run in runs for _ in run.spike_times],
        }

    def _label(
        self, runs: tuple[Run, ...], floors: dict[GlifModel, float], pitch: float, span: float
    ) -> None:
        middles = {run.level: floors[run.level] + 0.5 * pitch for run in runs}
        axis = self.figure.yaxis[0]
        axis.ticker = FixedTicker(ticks=list(middles.values()))
        axis.major_label_overrides = {middles[run.level]: _label_of(run) for run in runs}
        length = max(step for step in _LENGTHS if step <= max(0.6 * span, _LENGTHS[0]))
        self._ruler.update(
            bounds=(0.0, length),
            ticker=FixedTicker(ticks=[0.5 * length]),
            major_label_overrides={0.5 * length: f"{length:g} mV"},
        )


_LENGTHS = (2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1e3, 1e4, 1e5)
"""Of the bar that shows the scale, mV."""


def _extent(runs: tuple[Run, ...]) -> tuple[float, float]:
    """Lowest and highest potential of all runs, mV, in steps of 5 so that it seldom moves."""
    drawn = [run for run in runs if len(run.time)]
    low = min((float(run.V_m.min()) for run in drawn), default=-80.0)
    high = max((float(max(run.V_m.max(), run.threshold[0])) for run in drawn), default=-50.0)
    return 5.0 * np.floor(low / 5.0), 5.0 * np.ceil(high / 5.0 + 0.1)


def _within(trace: np.ndarray, low: float, high: float) -> np.ndarray:
    """The trace with gaps where it leaves its band."""
    return np.where((trace >= low) & (trace <= high), trace, np.float32(np.nan))


def _label_of(run: Run) -> str:
    if run.cell is None:
        return f"{run.level.name}\nno fit"
    if not len(run.time):
        return f"{run.level.name}\nno run"
    n = len(run.spike_times)
    lines = [run.level.name, f"{n} spike{'' if n == 1 else 's'}"]
    if run.explained is not None:
        lines.append(f"EV {run.explained:.0%}")
    return "\n".join(lines)


def _notes(climb: Climb) -> str:
    lines = [f'<p class="caption">{sentence(text)}</p>' for text in captions(climb)]
    return "".join(lines) + problems_as_html(told(climb))

"""The bands of the climb: a plot with a run a level, one above the other, on one scale."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
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

from .climb import Kind, Run
from .export.climb import TITLES
from .figures import BLUE, GREY, ORANGE, PINNED, plot
from .page_text import html
from .view import figure_pane

_MENUS: dict[Kind, str] = {"refitted": "Take a refit", "flags": "Take by flags"}

_TAKEN: dict[Kind, str] = {
    "refitted": "the neuron becomes the cell's own fit at that level",
    "flags": "the neuron keeps its numbers and has that level's mechanisms",
}

_THRESHOLD: Any = {"line_color": ORANGE, "line_width": 1, "line_dash": [4, 3]}
_WIDTH, _CHOSEN_WIDTH = 1.2, 2.2
ENTRIES = {
    "V_m": Line(line_color=BLUE, line_width=_WIDTH),
    "V_m of the run that the page shows": Line(line_color=BLUE, line_width=_CHOSEN_WIDTH),
    "threshold": Line(**_THRESHOLD),
}
"""What the lines stand for; a stroke above them is a spike."""

PINNED_ENTRY = {"pinned": Line(**PINNED)}

_ROOM = 0.34
"""Of a band's height, above its potential: for the ticks of its spikes."""


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
            {key: [] for key in ("t", "V_m", "threshold", "width")}, name=f"{name}-traces"
        )
        self.behind = ColumnDataSource({"t": [], "V_m": []}, name=f"{name}-pinned")
        self.spikes = ColumnDataSource(
            {key: [] for key in ("t", "low", "high", "width")}, name=f"{name}-spikes"
        )
        self._before = ColumnDataSource({"t": [], "low": [], "high": []})
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
        fig.multi_line("t", "V_m", source=self.behind, **PINNED)
        fig.segment("t", "low", "t", "high", source=self._before, **PINNED)
        fig.multi_line("t", "V_m", source=self.traces, line_color=BLUE, line_width="width")
        fig.segment(
            "t", "low", "t", "high", source=self.spikes, line_color=BLUE, line_width="width"
        )

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

    def draw(
        self, runs: tuple[Run, ...], behind: Sequence[Run | None], low: float, high: float
    ) -> None:
        """Show these runs and the pinned ones, all between the same potentials, mV."""
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
            "width": [_width(run) for run in drawn],
        }
        pinned = [run for run in behind if run is not None]
        if pinned or len(self.behind.data["t"]):
            self.behind.data = {
                "t": [run.time for run in pinned],
                "V_m": [run.V_m + np.float32(floors[run.level] - low) for run in pinned],
            }
        self._draw_spikes(drawn, pinned, floors, pitch)
        self._label(runs, behind, floors, pitch, high - low)

    def _draw_spikes(
        self, runs: list[Run], pinned: list[Run], floors: dict[GlifModel, float], pitch: float
    ) -> None:
        strokes = _strokes(runs, floors, pitch)
        widths = [_width(run) for run in runs for _ in run.spike_times]
        self.spikes.data = {**strokes, "width": widths}
        if pinned or len(self._before.data["t"]):
            self._before.data = _strokes(pinned, floors, pitch)

    def _label(
        self,
        runs: tuple[Run, ...],
        behind: Sequence[Run | None],
        floors: dict[GlifModel, float],
        pitch: float,
        span: float,
    ) -> None:
        middles = {run.level: floors[run.level] + 0.5 * pitch for run in runs}
        axis = self.figure.yaxis[0]
        axis.ticker = FixedTicker(ticks=list(middles.values()))
        axis.major_label_overrides = {
            middles[run.level]: _label_of(run, before)
            for run, before in zip(runs, behind, strict=True)
        }
        length = max(step for step in _LENGTHS if step <= max(0.6 * span, _LENGTHS[0]))
        self._ruler.update(
            bounds=(0.0, length),
            ticker=FixedTicker(ticks=[0.5 * length]),
            major_label_overrides={0.5 * length: f"{length:g} mV"},
        )


_LENGTHS = (2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1e3, 1e4, 1e5)
"""Of the bar that shows the scale, mV."""


def _strokes(runs: list[Run], floors: dict[GlifModel, float], pitch: float) -> dict[str, Any]:
    """A stroke for each spike, above the potential of its band."""
    floor = np.repeat([floors[run.level] for run in runs], [len(run.spike_times) for run in runs])
    times = np.concatenate([np.zeros(0), *(run.spike_times for run in runs)])
    return {"t": times, "low": floor + 0.84 * pitch, "high": floor + 0.95 * pitch}


def _within(trace: np.ndarray, low: float, high: float) -> np.ndarray:
    """The trace with gaps where it leaves its band."""
    return np.where((trace >= low) & (trace <= high), trace, np.float32(np.nan))


def _width(run: Run) -> float:
    return _CHOSEN_WIDTH if run.is_chosen else _WIDTH


def _label_of(run: Run, before: Run | None) -> str:
    if run.cell is None:
        return f"{run.level.name}\nno fit"
    if not len(run.time):
        return f"{run.level.name}\nno run"
    n = len(run.spike_times)
    lines = [run.level.name, f"{n} spike{'' if n == 1 else 's'}"]
    if run.explained is not None:
        lines.append(f"EV {run.explained:.0%}")
    if before is not None:
        lines.append(f"pinned {len(before.spike_times)}")
    return "\n".join(lines)

"""The climb as files: its levels in rows, the cell's refits and its flags in columns."""

from typing import Any

import numpy as np

from glifcore import GlifModel, GlifParameters, simulate

from ..choices import DT, presets
from ..climb import Climb, Kind, Run, captions
from ..figures import BLUE, GREY, ORANGE
from .paper import bare, saved, sheet
from .run import document_of
from .scripts import SCRIPTS, stacked, summarised
from .table import csv_of
from .words import caption, in_grey, input_of, made_by, numbers_of, sentences

TITLES: dict[Kind, str] = {
    "refitted": "Refitted at each level",
    "flags": "Same parameters, mechanisms switched",
}
"""Of both ways up."""


def climb_csv(climb: Climb) -> str:
    """Every step of every run: three columns a run, beside the time that they share."""
    stimulus = climb.choices.arriving()
    n = len(stimulus.current)
    columns = {"time (ms)": np.round(DT * np.arange(1, n + 1), 6)}
    for name, cell in _cells_of(climb).items():
        traces = simulate(cell, stimulus, dt=DT, record=("V_m", "threshold", "spike"))
        columns[f"{name}: V_m (mV)"] = traces.V_m
        columns[f"{name}: threshold (mV)"] = traces.threshold
        columns[f"{name}: spike"] = np.asarray(traces.spike, int)
    if climb.pinned is not None:
        before = climb.pinned.choices.arriving()
        for name, cell in _cells_of(climb.pinned).items():
            traces = simulate(cell, before, dt=DT, record=("V_m", "spike"))
            columns[f"pinned, {name}: V_m (mV)"] = traces.V_m[:n]
            columns[f"pinned, {name}: spike"] = np.asarray(traces.spike[:n], int)
    return csv_of(columns)


def _cells_of(climb: Climb) -> dict[str, GlifParameters]:
    """The neuron of every run, by the name of the run."""
    return {
        f"{run.level.name} {_WAYS[run.kind]}": run.cell
        for run in climb.runs
        if run.cell is not None and len(run.time)
    }


def climb_script(program: str, climb: Climb) -> str:
    """All runs as source text that runs: a neuron for each, under the same stimulus.

    Raises:
        ParameterError: the program refuses one of the neurons.
    """
    runs = _cells_of(climb)
    text = SCRIPTS[program](stacked([*runs.values()]), climb.choices.arriving(), DT)
    return summarised(text, "runs", [*runs], "{value}: {count} spikes")


def climb_document(climb: Climb) -> dict[str, Any]:
    """The choices, and each run with its parameters and spikes."""
    return document_of(climb.choices) | {
        "runs": [
            {
                "way_up": run.kind,
                "level": run.level.name,
                "parameters": None if run.cell is None else run.cell.to_dict(),
                "spike_times_ms": np.round(run.spike_times, 6),
                "explained_variance": run.explained,
            }
            for run in climb.runs
        ]
    }


_WAYS: dict[Kind, str] = {"refitted": "refitted", "flags": "by its flags"}


def climb_figure(climb: Climb, form: str) -> bytes:
    """A plot for each run, all between the same potentials, as "svg" or "png"."""
    columns = [runs for runs in (climb.refitted, climb.flags) if runs]
    figure = sheet(7.0)
    grid = figure.subplots(5, len(columns), sharex=True, sharey=True, squeeze=False)
    low, high = _span(climb)
    for column, runs in zip(grid.T, columns, strict=True):
        column[0].set_title(TITLES[runs[0].kind], fontsize=9, loc="left", pad=16)
        for axes, run in zip(column, runs, strict=True):
            _draw(axes, run, climb.behind(run), high)
        column[-1].set_xlabel("time (ms)", fontsize=9)
    grid[0, 0].set(xlim=(0.0, climb.choices.duration), ylim=(low, high + 0.25 * (high - low)))
    for axes in grid[:, 0]:
        axes.set_ylabel("V_m (mV)", fontsize=8)
    return saved(figure, _caption(climb), form)


def _draw(axes: Any, run: Run, before: Run | None, high: float) -> None:
    label = _label(run)
    if before is not None:
        axes.plot(before.time, before.V_m, color=GREY, lw=0.9)
        label += f", pinned {len(before.spike_times)}"
    axes.plot(run.time, run.threshold, color=ORANGE, ls="--", lw=0.8)
    axes.plot(run.time, run.V_m, color=BLUE, lw=1.5 if run.is_chosen else 0.8)
    axes.plot(run.spike_times, np.full_like(run.spike_times, high), "|", color=BLUE, ms=5)
    axes.text(1.0, 1.0, label, transform=axes.transAxes, fontsize=7.5, ha="right", va="bottom")
    bare(axes)


def _label(run: Run) -> str:
    if not len(run.time):
        return f"{run.level.name}: {'no fit' if run.cell is None else 'no run'}"
    n = len(run.spike_times)
    explained = "" if run.explained is None else f", EV {run.explained:.0%}"
    return f"{run.level.name}: {n} spike{'' if n == 1 else 's'}{explained}"


def _span(climb: Climb) -> tuple[float, float]:
    pinned = () if climb.pinned is None else climb.pinned.runs
    drawn = [run for run in (*climb.runs, *pinned) if len(run.time)]
    low = min((float(run.V_m.min()) for run in drawn), default=-80.0)
    high = max((float(max(run.V_m.max(), run.threshold[0])) for run in drawn), default=-50.0)
    return low - 0.05 * (high - low), high + 0.2 * (high - low)


def _caption(climb: Climb) -> str:
    choices = climb.choices
    refits = [
        f"{run.level.name} refitted: {numbers_of(run.cell, (run.level,))}"
        for run in climb.refitted
        if run.cell is not None
    ]
    return sentences(
        f"{presets()[choices.preset].title} at every level: V_m, the threshold dashed, spikes as "
        "strokes; the run that the page shows is the thick one",
        *refits,
        f"By the flags, as far as each level uses it: {numbers_of(choices.cell, GlifModel)}",
        *(text.replace("`", "") for text in captions(climb)),
        *input_of(choices),
        made_by(choices.duration),
        in_grey(caption(climb.pinned.choices)) if climb.pinned else "",
    )

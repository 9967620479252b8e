"""A population as files: its spikes and rates in one figure, the chosen neuron in another."""

from typing import Any

import numpy as np

from glifcore import FIELDS

from ..choices import presets
from ..export.paper import above, bare, saved, sheet
from ..export.run import run_columns
from ..export.table import csv_of
from ..export.words import input_of, made_by, name_of, number, numbers_of, sentences
from ..figures import BLUE, GREEN, GREY, ORANGE
from .choice import POPULATION_FIELDS
from .detail import Detail, Look
from .draw import OWN_TAU
from .raster import colours_of
from .rates import beside, bins_of_rates
from .rows import Rows, rows_of
from .run import Asked, Picture
from .scripts import arriving_alone

_DOTS = 20_000
"""Spikes from which on the raster of an SVG is a picture in it: as paths it would be megabytes."""


def spikes_csv(picture: Picture) -> str:
    """A row for each spike, neuron by neuron."""
    spikes = picture.run.spikes
    return csv_of({"time (ms)": np.round(spikes.times, 6), "neuron": spikes.neuron})


def rate_csv(picture: Picture) -> str:
    """The rate over time: in bins, smoothed, and less that of a pinned population."""
    summary, pinned = picture.summary, picture.pinned
    columns = {} if pinned is None else beside(summary, pinned.summary)
    names = {"pinned": "pinned rate, smoothed (1/s)", "difference": "rate less pinned rate (1/s)"}
    return csv_of(
        {
            "bin starts (ms)": summary.edges[:-1],
            "bin ends (ms)": summary.edges[1:],
            "rate in the bin (1/s)": summary.binned,
            "time (ms)": summary.fine_time,
            "rate, smoothed (1/s)": summary.smoothed,
        }
        | {names[key]: column for key, column in columns.items()}
    )


def rates_csv(picture: Picture) -> str:
    """The rate of each neuron, and the Allen cell that it is around, where there is a mix."""
    members, rates = picture.run.members, picture.summary.rates
    neurons = np.arange(len(rates))
    cells = {"cell": [members.cell_of(i) for i in neurons.tolist()]} if members.cells else {}
    return csv_of({"neuron": neurons, **cells, "rate (1/s)": rates})


def population_figure(picture: Picture, form: str) -> bytes:
    """Raster, rate over time, and how many neurons fire how fast, as "svg" or "png"."""
    run, summary = picture.run, picture.summary
    figure = sheet(7.4)
    raster, rate, histogram = figure.subplots(3, 1, height_ratios=(3, 1, 1.1))
    rate.sharex(raster)
    _draw_raster(raster, picture, form)
    rate.stairs(summary.binned, summary.edges, fill=True, color=GREY, alpha=0.5, label="per bin")
    rate.plot(summary.fine_time, summary.smoothed, color=GREEN, lw=1.4, label="smoothed")
    if picture.pinned is not None:
        before = picture.pinned.summary
        rate.plot(before.fine_time, before.smoothed, color=GREEN, ls="--", lw=1.2, label="pinned")
    raster.set_xlim(0.0, run.asked.choices.duration)
    rate.set(xlabel="time (ms)", ylabel="rate (1/s)")
    rate.set_ylim(bottom=0.0)
    _draw_histogram(histogram, picture)
    for axes in (raster, rate, histogram):
        bare(axes)
    for axes in (rate, histogram):
        above(axes)
    figure.align_ylabels()
    return saved(figure, _caption(picture), form)


def neuron_csv(kept: tuple[Look, Detail]) -> str:
    """Every step of its run, with all that the neuron does and all that arrives at it."""
    detail = kept[1]
    return csv_of(run_columns(detail.members.one(detail.index), arriving_alone(kept)))


def neuron_figure(kept: tuple[Look, Detail], form: str) -> bytes:
    """V_m, threshold and spikes of one neuron of what was asked for, as "svg" or "png"."""
    look, detail = kept
    figure = sheet(3.2)
    axes = figure.subplots()
    axes.plot(detail.time, detail.V_m, color=BLUE, lw=1.2, label="V_m")
    axes.plot(detail.time, detail.threshold, color=ORANGE, ls="--", lw=1.2, label="threshold")
    if len(detail.time):
        top = float(max(detail.V_m.max(), detail.threshold.max()))
        axes.plot(
            detail.spike_times,
            np.full_like(detail.spike_times, top + 4.0),
            "|",
            color=BLUE,
            label="spike",
        )
    axes.set(xlabel="time (ms)", ylabel="potential (mV)")
    axes.set_xlim(0.0, look.asked.choices.duration)
    bare(axes)
    above(axes)
    return saved(figure, _caption_of_one(look, detail), form)


def _draw_raster(axes: Any, picture: Picture, form: str) -> None:
    spikes, rows = picture.run.spikes, rows_of(picture.run.members)
    colours = np.array(colours_of(len(rows.cells)))
    look = {"c": colours[rows.group[spikes.neuron]]} if rows.cells else {"color": BLUE}
    count = len(rows.neuron)
    axes.scatter(
        spikes.times,
        rows.row[spikes.neuron],
        s=float(np.clip(400.0 / count, 0.8, 14.0)),
        marker="s",
        linewidths=0,
        rasterized=form == "svg" and len(spikes.step) > _DOTS,
        **look,
    )
    axes.set_ylim(-0.5 - 0.02 * count, count - 0.5 + 0.02 * count)
    axes.set_ylabel("neuron")
    _name_rows(axes, rows)


def _name_rows(axes: Any, rows: Rows) -> None:
    """Where there is a mix, the cell of each band of rows."""
    if rows.cells:
        low, high = rows.edges[:-1] - 0.5, rows.edges[1:] - 0.5
        for ends in zip(low[1::2], high[1::2], strict=True):
            axes.axhspan(*ends, color=GREY, alpha=0.14, lw=0)
        axes.set_yticks(0.5 * (low + high), rows.short_titles)


def _draw_histogram(axes: Any, picture: Picture) -> None:
    rates = picture.summary.rates
    edges = bins_of_rates(rates, 1000.0 / float(picture.summary.edges[-1]))
    axes.hist(rates, edges, color=BLUE, rwidth=0.9, label="neurons")
    axes.axvline(float(rates.mean()), color=ORANGE, lw=1.6, label="mean")
    axes.set(xlabel="rate of a neuron (1/s)", ylabel="neurons", xlim=(edges[0], edges[-1]))


def _caption(picture: Picture) -> str:
    run, summary = picture.run, picture.summary
    rates = summary.rates
    width = float(summary.edges[1] - summary.edges[0])
    done = "" if run.finished else f"the first {run.done} are simulated, "
    silent = int(np.sum(rates == 0))
    return sentences(
        f"{run.members.count} neurons: {done}{len(run.spikes.step)} spikes, mean rate "
        f"{rates.mean():.4g} /s, SD {rates.std():.4g} /s, {silent} silent, CV of intervals "
        f"{_or_dash(summary.cv)}, synchrony {_or_dash(summary.synchrony)}; bins of {width:g} ms, "
        "and a Gaussian of as much standard deviation",
        *_made_of(run.asked, run.members.cells, run.members.left_out),
        made_by(run.asked.choices.duration),
        f"Pinned, dashed: {_caption(picture.pinned)}" if picture.pinned else "",
    )


def _caption_of_one(look: Look, detail: Detail) -> str:
    neuron = detail.members.one(detail.index)
    cell = detail.members.cell_of(detail.index)
    middle = presets()[cell].title if cell else "the neuron below"
    numbers = numbers_of(neuron, (look.asked.choices.cell.model,))
    return sentences(
        f"Neuron {detail.index}, around {middle}: {numbers}",
        *_made_of(look.asked, detail.members.cells, detail.members.left_out),
        made_by(look.asked.choices.duration),
    )


def _made_of(asked: Asked, cells: tuple[str, ...], left_out: tuple[str, ...]) -> list[str]:
    """How the population was drawn, and what arrives at it."""
    choices, population = asked.choices, asked.choices.population
    numbers = [
        number(name, getattr(population, name), info.unit)
        for name, info in POPULATION_FIELDS.items()
    ]
    spread = [number(name, value, FIELDS[name].unit) for name, value in population.spread]
    titles = ", ".join(presets()[name].title for name in cells)
    centre = f"In turns around {titles}, each as fitted at {choices.cell.model.name}"
    return [
        f"Population: {', '.join(numbers)}; own spikes at port {asked.port}, own noise with a "
        f"correlation time of {OWN_TAU:g} ms",
        f"Spread (SD): {', '.join(spread) or 'none'}",
        centre if cells else f"Around {name_of(choices)}",
        f"Not fitted at this level: {', '.join(left_out)}" if left_out else "",
        *input_of(choices),
    ]


def _or_dash(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.3g}"

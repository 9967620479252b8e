"""A population as files: its spikes and rates in one figure, the rates and a neuron in others."""

from typing import Any

import numpy as np

from glifcore import FIELDS

from ..choices import Driven, presets
from ..export.neuron import traces_figure
from ..export.paper import above, bare, saved, sheet
from ..export.run import traces_csv
from ..export.table import csv_of
from ..export.words import in_grey, input_of, made_by, name_of, number, numbers_of, sentences
from ..figures import BLUE, GREEN, GREY, ORANGE
from .choice import POPULATION_FIELDS
from .detail import Detail, Look
from .draw import OWN_TAU
from .raster import colours_of
from .rates import beside, bins_of_rates
from .rows import Rows, rows_of
from .run import Asked, Picture
from .statistics import Spikes

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
    """The rate of each neuron, and the Allen cell that it is around, where there is a mix.

    Beside it that of the pinned neuron with the same number; empty where there is none.
    """
    count = len(picture.summary.rates)
    columns = {"neuron": np.arange(count), **_rates_of(picture, count)}
    if picture.pinned is not None:
        before = _rates_of(picture.pinned, count)
        columns |= {f"pinned {name}": column for name, column in before.items()}
    return csv_of(columns)


def _rates_of(picture: Picture, count: int) -> dict[str, Any]:
    """The columns of the first `count` neurons, or of as many as there are."""
    members, rates = picture.run.members, picture.summary.rates[:count]
    cells = {"cell": [members.cell_of(i) for i in range(len(rates))]} if members.cells else {}
    return {**cells, "rate (1/s)": rates}


def population_figure(picture: Picture, form: str) -> bytes:
    """Raster, rate over time, and how many neurons fire how fast, as "svg" or "png"."""
    run, summary = picture.run, picture.summary
    figure = sheet(7.4)
    raster, rate, histogram = figure.subplots(3, 1, height_ratios=(3, 1, 1.1))
    rate.sharex(raster)
    _draw_raster(raster, picture, form)
    rate.stairs(summary.binned, summary.edges, fill=True, color=GREEN, alpha=0.3, label="per bin")
    rate.plot(summary.fine_time, summary.smoothed, color=GREEN, lw=1.4, label="smoothed")
    if picture.pinned is not None:
        before = picture.pinned.summary
        rate.plot(before.fine_time, before.smoothed, color=GREY, lw=1.2, label="pinned")
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


def rates_figure(picture: Picture, form: str) -> bytes:
    """How many neurons fire how fast, alone, as "svg" or "png"."""
    figure = sheet(2.6)
    axes = figure.subplots()
    _draw_histogram(axes, picture)
    bare(axes)
    above(axes)
    return saved(figure, _caption(picture), form)


def neuron_csv(detail: Detail) -> str:
    """Every step of its run and of the pinned neuron's, with all that arrives at it."""
    return traces_csv(*_runs(detail))


def neuron_figure(detail: Detail, form: str) -> bytes:
    """All rows of traces of one neuron, as "svg" or "png"."""
    look = detail.look
    told = _caption_of_one(look)
    if look.pinned is not None:
        told = sentences(told, in_grey(_caption_of_one(look.pinned)))
    run, pinned = _runs(detail)
    return traces_figure(run, form, told, pinned)


def _runs(detail: Detail) -> tuple[Driven, Driven | None]:
    pinned = detail.look.pinned
    return detail.look.driven(), None if pinned is None else pinned.driven()


def _draw_raster(axes: Any, picture: Picture, form: str) -> None:
    spikes, rows = picture.run.spikes, rows_of(picture.run.members)
    colours = np.array(colours_of(len(rows.cells)))
    look = {"c": colours[rows.group[spikes.neuron]]} if rows.cells else {"color": BLUE}
    count = len(rows.neuron)

    def draw(spikes: Spikes, rows: Rows, **look: Any) -> None:
        axes.scatter(
            spikes.times,
            rows.row[spikes.neuron],
            s=float(np.clip(400.0 / count, 0.8, 14.0)),
            marker="s",
            linewidths=0,
            rasterized=form == "svg" and len(spikes.step) > _DOTS,
            **look,
        )

    if picture.pinned is not None:
        before = picture.pinned.run
        behind = rows_of(before.members)
        if behind.share_with(rows):
            draw(before.spikes, behind, color=GREY)
    draw(spikes, rows, **look)
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
    others = np.zeros(0) if picture.pinned is None else picture.pinned.summary.rates
    unit = 1000.0 / float(picture.summary.edges[-1])
    edges = bins_of_rates(np.concatenate([rates, others]), unit)
    axes.hist(rates, edges, color=BLUE, rwidth=0.9, label="neurons")
    if len(others):
        axes.hist(others, edges, histtype="step", color=GREY, lw=1.4, label="pinned")
    axes.axvline(float(rates.mean()), color=ORANGE, lw=1.6, label="mean")
    axes.yaxis.get_major_locator().set_params(integer=True)
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
        in_grey(_caption(picture.pinned)) if picture.pinned else "",
    )


def _caption_of_one(look: Look) -> str:
    """Every number of one neuron and of its population."""
    neuron = look.members.one(look.index)
    cell = look.members.cell_of(look.index)
    middle = presets()[cell].title if cell else "the neuron below"
    numbers = numbers_of(neuron, (look.asked.choices.cell.model,))
    return sentences(
        f"Neuron {look.index}, around {middle}: {numbers}",
        *_made_of(look.asked, look.members.cells, look.members.left_out),
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

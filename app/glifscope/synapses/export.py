"""The V1 explorer as files: the chosen class over time, all classes as points and as tiles."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle

from ..explored import MARK
from ..export.event import event_script
from ..export.paper import above, bare, draw_parts, grid, saved, sheet
from ..export.table import csv_of
from ..export.words import made_by, number, sentences
from ..figures import PURPLE
from .catalogue import CLASSES, QUANTITIES, SHAPE, label_of, text_of, title_of
from .choices import PSC_END, Picture

MARKERS = {"exc": "o", "pv": "s", "sst": "^", "vip": "D", "inh": "x"}
"""Matplotlib's names of the markers of the page, by the presynaptic class."""


def waveform_csv(picture: Picture) -> str:
    """The current with its parts, and beside it the potential, each with its own times."""
    psp = picture.psp
    potential = {} if psp is None else {"time (ms)": psp.t, "potential from rest (mV)": psp.voltage}
    return csv_of(
        {
            "time of the current (ms)": picture.t,
            "fast (pA)": picture.fast,
            "slow (pA)": picture.slow,
            "sum (pA)": picture.fast + picture.slow,
        }
        | {name.replace("time", "time of the potential"): x for name, x in potential.items()}
    )


def waveform_script(program: str, picture: Picture) -> str:
    """One event of the class on the chosen cell, as source text that runs.

    Raises:
        ParameterError: the program refuses the neuron.
    """
    return event_script(program, picture.cell, picture.shape, picture.port)


def waveform_document(picture: Picture) -> dict[str, Any]:
    """The class with its numbers, and the cell that it is on."""
    shape, psp = picture.shape, picture.psp
    time, voltage = (None, None) if psp is None else psp.peak
    return {
        "class": picture.synapse.name,
        "from": picture.synapse.pre,
        "onto": picture.synapse.post,
        "equal_to_the_pooled_class": picture.synapse.pooled,
        "weight_pA": float(shape.weight),
        **{name: float(getattr(shape, name)) for name in SHAPE},
        "current": dict(zip(_MEASURED, map(float, picture.features), strict=True)),
        "potential": {"peak_mV": voltage, "time_to_peak_ms": time},
        "parameters": picture.cell.to_dict(),
        "port": picture.port,
    }


_MEASURED = (
    "peak_pA",
    "time_to_peak_ms",
    "rise_time_ms",
    "half_width_ms",
    "decay_time_ms",
    "weighted_decay_ms",
    "charge_fC",
    "slow_fraction",
    "tail_ms",
)
"""The fields of `PscFeatures` with their units."""


def waveform_figure(picture: Picture, form: str) -> bytes:
    """The current of one event and what it does to the membrane, as "svg" or "png"."""
    figure = sheet(4.8)
    current, potential = figure.subplots(2, 1)
    draw_parts(current, picture.t, picture.fast, picture.slow, picture.fast + picture.slow)
    current.set(ylabel="current (pA)", xlim=(0.0, PSC_END))
    if picture.psp is None:
        told = "no potential: the membrane has a problem"
        potential.text(0.5, 0.5, told, ha="center", transform=potential.transAxes, fontsize=9)
    else:
        t, voltage = picture.psp
        potential.plot(t, voltage, color=PURPLE, lw=1.8)
        potential.set_xlim(0.0, t[-1])
    potential.set_ylabel("from rest (mV)")
    for axes in (current, potential):
        axes.set_xlabel("time (ms)")
        bare(axes)
        grid(axes)
    above(current)
    figure.align_ylabels()
    return saved(figure, sentences(*_chosen(picture), *_measured(picture), made_by()), form)


def classes_csv(picture: Picture) -> str:
    """Every class, one a row, with every quantity, and which of them are probably fallbacks."""
    found = picture.catalogue
    columns: dict[str, Any] = {
        "class": [synapse.name for synapse in found.synapses],
        "from": [synapse.pre for synapse in found.synapses],
        "onto": [synapse.post for synapse in found.synapses],
        "equal to the pooled class": [" ".join(synapse.pooled) for synapse in found.synapses],
    }
    return csv_of(columns | {label_of(key): found.numbers[key] for key in QUANTITIES})


def scatter_figure(picture: Picture, colours: Mapping[str, str], form: str) -> bytes:
    """Every class a point, as "svg" or "png".

    Args:
        picture: what is shown.
        colours: by the presynaptic class; all excitatory ones have that of "exc".
        form: "svg" or "png".
    """
    found, asked = picture.catalogue, picture.asked
    kinds = np.array([s.pre if s.pre in colours else "exc" for s in found.synapses])
    x, y = found.numbers[asked.x], found.numbers[asked.y]
    figure = sheet(4.4)
    axes = figure.subplots()
    for kind, colour in colours.items():
        of = kinds == kind
        axes.scatter(x[of], y[of], s=24, color=colour, marker=MARKERS[kind], alpha=0.75, label=kind)
    axes.scatter(*picture.place, s=130, fc="none", ec=MARK, lw=1.6, label="chosen", zorder=3)
    if picture.port_place is not None:
        axes.scatter(*picture.port_place, s=110, marker="*", color=MARK, label="on port", zorder=3)
    for column, limits in ((x, axes.set_xlim), (y, axes.set_ylim)):
        room = 0.05 * np.ptp(column)
        limits(column.min() - room, column.max() + room)
    axes.set(xlabel=label_of(asked.x), ylabel=label_of(asked.y))
    bare(axes)
    grid(axes)
    above(axes, 7)
    meanings = [f"{key}: {QUANTITIES[key].meaning}" for key in dict.fromkeys((asked.x, asked.y))]
    return saved(
        figure,
        sentences(
            f"The {len(found.synapses)} classes of connections of mouse V1, by presynaptic class",
            *meanings,
            *_places(picture),
            made_by(),
        ),
        form,
    )


def tiles_csv(picture: Picture) -> str:
    """The number of each tile, and whether it is probably a fallback."""
    found, tint = picture.catalogue, picture.asked.tint
    return csv_of(
        {
            "from": [synapse.pre for synapse in found.synapses],
            "onto": [synapse.post for synapse in found.synapses],
            label_of(tint): found.numbers[tint],
            "probably a fallback": [
                "yes" if doubtful else "no" for doubtful in found.fallback(tint)
            ],
        }
    )


def heat_map_figure(picture: Picture, form: str) -> bytes:
    """Every class a tile, as "svg" or "png"."""
    found, tint, names = picture.catalogue, picture.asked.tint, tuple(CLASSES)
    numbers, doubtful = found.numbers[tint], found.fallback(tint)
    scale = ScalarMappable(Normalize(numbers.min(), numbers.max()), "viridis")
    figure = sheet(5.6)
    axes = figure.subplots()
    for synapse, colour, fallback in zip(
        found.synapses, scale.to_rgba(numbers), doubtful, strict=True
    ):
        left, top = names.index(synapse.post), names.index(synapse.pre)
        axes.add_patch(Rectangle((left - 0.5, top - 0.5), 1, 1, fc=colour, ec="white", lw=0.6))
        if fallback:
            axes.plot(left, top, "o", ms=4, mfc="white", mec="black", mew=0.6)
    left, top = names.index(picture.synapse.post), names.index(picture.synapse.pre)
    axes.add_patch(Rectangle((left - 0.5, top - 0.5), 1, 1, fill=False, ec=MARK, lw=2.2))
    rows = range(len(names))
    axes.set_xticks(rows, names, rotation=45)
    axes.set_yticks(rows, names)
    axes.set(xlim=(-0.5, len(names) - 0.5), ylim=(len(names) - 0.5, -0.5), aspect="equal")
    axes.set(xlabel="onto (postsynaptic class)", ylabel="from (presynaptic class)")
    bare(axes)
    figure.colorbar(scale, ax=axes, shrink=0.8).set_label(label_of(tint), size=9)
    at = picture.catalogue.numbers[tint][picture.index]
    return saved(
        figure,
        sentences(
            f"The {len(found.synapses)} classes of connections of mouse V1",
            f"{tint}: {QUANTITIES[tint].meaning}, from {numbers.min():.4g} to {numbers.max():.4g} "
            f"{QUANTITIES[tint].unit}",
            f"A dot, in {int(doubtful.sum())}: probably a fallback of the dataset to the pooled "
            "class",
            f"Outlined: {title_of(picture.synapse)}, {text_of(tint, at)}",
            made_by(),
        ),
        form,
    )


def _chosen(picture: Picture) -> list[str]:
    shape, cell = picture.shape, picture.cell
    named = [
        number("weight", float(shape.weight), "pA"),
        *(number(name, getattr(shape, name), QUANTITIES[name].unit) for name in SHAPE),
    ]
    return [
        f"One event of {title_of(picture.synapse)}: {', '.join(named)}",
        f"On a membrane of {number('C_m', cell.C_m, 'pF')} and {number('g', cell.g, 'nS')}, from "
        "rest, with no spike",
    ]


def _measured(picture: Picture) -> list[str]:
    psc, psp = picture.features, picture.psp
    told = [
        f"Current: peak {psc.peak:.4g} pA after {psc.time_to_peak:.4g} ms, half width "
        f"{psc.half_width:.4g} ms, decay to 1/e {psc.decay_time:.4g} ms, charge "
        f"{psc.charge / 1000.0:.4g} pC"
    ]
    if psp is not None:
        time, voltage = psp.peak
        told.append(f"Potential: peak {voltage:+.4g} mV after {time:.4g} ms")
    return told


def _places(picture: Picture) -> list[str]:
    asked = picture.asked
    places = {f"Chosen, {title_of(picture.synapse)}": picture.place}
    if picture.port_place is not None:
        places[f"On port {picture.port}"] = picture.port_place
    return [
        f"{name}: {text_of(asked.x, x)}, {text_of(asked.y, y)}" for name, (x, y) in places.items()
    ]

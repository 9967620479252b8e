"""The atlas as files: the cells that pass as points, and those that are listed as rows."""

from typing import Any

import numpy as np
from matplotlib.patches import Rectangle

from glifcore import Preset

from ..choices import fitted
from ..explored import MARK, Place
from ..export.paper import above, bare, grid, saved, sheet
from ..export.table import csv_of
from ..export.words import made_by, sentences
from ..figures import GREY
from .atlas import (
    EXCITATORY,
    EXPLAINED,
    HUMAN,
    OTHER,
    PVALB,
    SST,
    info_of,
    label_of,
    number,
    quantities,
    quantities_of_any,
)
from .choices import Asked, Picture
from .filters import TITLES, Filters

MARKERS = {EXCITATORY: "o", PVALB: "s", SST: "^", OTHER: "D", HUMAN: "x"}
"""Matplotlib's names of the markers of the page."""

SEEN, FADED = 0.75, 0.18
"""How opaque a point is; outside of a box."""

_LOOKS: tuple[dict[str, Any], ...] = (
    {"fc": "none", "s": 130},
    {"fc": MARK, "s": 110, "marker": "*"},
)
"""Of the chosen cell and of that on the neuron."""


def table_csv(picture: Picture) -> str:
    """The cells that the table lists, one a row, with every quantity of their level."""
    atlas, listed = picture.atlas, picture.listed
    presets = [atlas.presets[i] for i in listed]
    columns: dict[str, Any] = {
        "cell": [preset.name for preset in presets],
        "line": [preset.line or "" for preset in presets],
        "species": [preset.species for preset in presets],
        "class": [atlas.kinds[i] for i in listed],
        "levels": [" ".join(level.name for level in preset.levels) for preset in presets],
        "fit has a caveat": ["yes" if atlas.doubtful[i] else "no" for i in listed],
    }
    return csv_of(columns | {label_of(key): atlas.numbers[key][listed] for key in atlas.numbers})


def fits_csv(preset: Preset) -> str:
    """Every quantity of one cell's fits, a column a level."""
    fits = {level: fitted(preset.name, level) for level in preset.levels}
    keys = quantities_of_any(fits)
    rows: dict[str, Any] = {"quantity": [EXPLAINED, *map(label_of, keys)]}
    for level, fit in fits.items():
        numbers = [number(fit, key) if key in quantities(level) else np.nan for key in keys]
        rows[level.name] = np.array([preset.explained_variance.get(level, np.nan), *numbers])
    return csv_of(rows)


def fits_document(preset: Preset) -> dict[str, Any]:
    """One cell: its parameters at each level, by NEST's names, and what is known of the fits."""
    return {
        "cell": preset.name,
        "species": preset.species,
        "line": preset.line,
        "fits": {
            level.name: {
                "parameters": fitted(preset.name, level).to_dict(),
                "explained_variance": preset.explained_variance.get(level),
                "caveats": preset.caveats.get(level, ()),
            }
            for level in preset.levels
        },
    }


def points_csv(picture: Picture) -> str:
    """The points: name, class and the two quantities of each cell that passes.

    Where a box is drawn, it is told of each whether it lies in it.
    """
    atlas, asked, shown = picture.atlas, picture.asked, picture.shown
    boxed = ["yes" if within else "no" for within in picture.within]
    return csv_of(
        {"cell": picture.names, "class": [atlas.kinds[i] for i in shown]}
        | {label_of(key): atlas.numbers[key][shown] for key in (asked.x, asked.y)}
        | ({} if asked.box is None else {"in the box": boxed})
    )


def scatter_figure(
    picture: Picture,
    colours: dict[str, str],
    limits: list[tuple[float, float]],
    marks: tuple[tuple[Place, str], ...],
    form: str,
) -> bytes:
    """The points, as "svg" or "png".

    Args:
        picture: what is shown.
        colours: of each class.
        limits: from where to where each axis goes.
        marks: place and name of the chosen cell and of that on the neuron.
        form: "svg" or "png".
    """
    atlas, asked, shown = picture.atlas, picture.asked, picture.shown
    kinds = np.array([atlas.kinds[i] for i in shown])
    x, y = (atlas.numbers[key][shown] for key in (asked.x, asked.y))
    figure = sheet(4.8)
    axes = figure.subplots()
    for kind, colour in colours.items():
        looks = {"s": 16, "color": colour, "marker": MARKERS[kind], "lw": 1.0}
        for which, alpha, name in ((picture.within, SEEN, kind), (~picture.within, FADED, None)):
            of = which & (kinds == kind)
            axes.scatter(x[of], y[of], alpha=alpha, label=name, **looks)
    if asked.box is not None:
        x0, x1, y0, y1 = asked.box
        edge = {"fill": False, "ec": GREY, "lw": 1.2, "ls": "--"}
        axes.add_patch(Rectangle((x0, y0), x1 - x0, y1 - y0, **edge))
    for (place, name), look in zip(marks, _LOOKS, strict=True):
        if place is not None:
            axes.scatter(*place, ec=MARK, lw=1.6, label=name, zorder=3, **look)
    axes.set(xlim=limits[0], ylim=limits[1])
    axes.set(xlabel=label_of(asked.x), ylabel=label_of(asked.y))
    bare(axes)
    grid(axes)
    above(axes, 7)
    inside = [
        (low <= column) & (column <= high)
        for column, (low, high) in zip((x, y), limits, strict=True)
    ]
    n = int((~(inside[0] & inside[1])).sum())
    outside = f"{n} of them outside the axes" if n else ""
    return saved(figure, _caption(picture, marks, outside), form)


def _caption(picture: Picture, marks: tuple[tuple[Place, str], ...], outside: str) -> str:
    asked = picture.asked
    meanings = [f"{key}: {info_of(key)[1]}" for key in dict.fromkeys((asked.x, asked.y))]
    named = [
        f"{name[0].upper()}{name[1:]}: {_text(asked.x, place[0])}, {_text(asked.y, place[1])}"
        for place, name in marks
        if place is not None
    ]
    return sentences(
        f"{len(picture.shown)} of {len(picture.atlas.names)} cells of the Allen Cell Types "
        f"Database that were fitted at {asked.level.name}",
        outside,
        *meanings,
        _filtered(asked.filters),
        _boxed(asked, len(picture.listed)),
        *named,
        made_by(),
    )


def _text(key: str, value: float) -> str:
    return f"{key} {value:.4g} {info_of(key)[0]}".rstrip()


def _boxed(asked: Asked, n: int) -> str:
    if asked.box is None:
        return ""
    sides = zip((asked.x, asked.y), (asked.box[:2], asked.box[2:]), strict=True)
    told = [f"{key} {low:g} to {high:g} {info_of(key)[0]}".rstrip() for key, (low, high) in sides]
    return f"Cells in the box: {n}, with {' and '.join(told)}"


def _filtered(filters: Filters) -> str:
    told = {
        "lines": ", ".join(filters.lines),
        "species": filters.species or "",
        "least": f"{filters.least:g}" if filters.least else "",
        "doubtful": ""
        if filters.doubtful is None
        else ("only with" if filters.doubtful else "none"),
    }
    chosen = [f"{TITLES[name]} {text}" for name, text in told.items() if text]
    return f"Filters: {'; '.join(chosen) or 'none'}"

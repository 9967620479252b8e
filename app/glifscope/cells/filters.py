"""Which cells pass, and which filter to loosen where none does. No Panel, pure functions."""

from typing import NamedTuple

import numpy as np

from glifcore import FieldInfo

from .atlas import Atlas

SPECIES = ("mouse", "human")

LEAST = FieldInfo(
    "",
    "Hide fits that explain less of the spiking; at 0 none is hidden",
    (0.0, 1.0),
    0.01,
    "membrane",
    within=(0.0, 1.0),
)


class Filters(NamedTuple):
    """What a cell must be to be shown; the defaults let all of them pass.

    Attributes:
        lines: transgenic lines; where there are none, any.
        species: one of `SPECIES`; None for both.
        least: explained variance at the level; 0 lets cells without the figure pass too.
        doubtful: whether the fit has a caveat; None where it does not matter.
    """

    lines: tuple[str, ...] = ()
    species: str | None = None
    least: float = 0.0
    doubtful: bool | None = None


TITLES = {
    "lines": "lines",
    "species": "species",
    "least": "least explained variance",
    "doubtful": "caveats",
}
"""What the page calls each filter."""


def passing(atlas: Atlas, filters: Filters) -> np.ndarray:
    """Indices of the cells that pass every filter."""
    passes = np.ones(len(atlas.names), bool)
    if filters.lines:
        passes &= np.array([preset.line in filters.lines for preset in atlas.presets])
    if filters.species is not None:
        passes &= np.array([preset.species == filters.species for preset in atlas.presets])
    if filters.least > 0.0:
        passes &= atlas.explained >= filters.least  # false for NaN
    if filters.doubtful is not None:
        passes &= atlas.doubtful == filters.doubtful
    return np.flatnonzero(passes)


def loosened(atlas: Atlas, filters: Filters) -> dict[str, int]:
    """How many cells would pass without one of the filters; those that alone change nothing, out.

    Returns:
        Numbers by field of `Filters`, the most helpful first.
    """
    found = {
        name: len(passing(atlas, filters._replace(**{name: default})))
        for name, default in Filters._field_defaults.items()
        if getattr(filters, name) != default
    }
    helpful = {name: count for name, count in found.items() if count}
    return dict(sorted(helpful.items(), key=lambda item: -item[1]))

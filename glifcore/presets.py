"""Cells to start from: NEST's default neuron, and cells fitted by the Allen Institute.

Each level of a cell was fitted on its own, so climbing from GLIF1 to GLIF5 changes the membrane's
numbers too; NEST's default has one set, for GLIF5, in which levels differ by their flags only.
Figures, source and terms: ``data/allen_cells.json``.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from glifcore.levels import GlifModel, ParameterError
from glifcore.parameters import GlifParameters

NEST_DEFAULT = "nest_default"


class Preset(NamedTuple):
    """A cell that can be loaded.

    Attributes:
        name: what `load_preset` takes.
        title: the cell for a reader: its line and its number in the Allen database.
        species: "mouse" or "human".
        levels: the levels that were fitted to it.
        explained_variance: for each of them, the share of the spike train's variance that the fit
            explains on held-out noise at 10 ms; empty for NEST's default.
    """

    name: str
    title: str
    species: str
    levels: tuple[GlifModel, ...]
    explained_variance: dict[GlifModel, float]


def list_presets() -> tuple[Preset, ...]:
    """Every preset, NEST's default first."""
    default = Preset(NEST_DEFAULT, "NEST default (cell 490626718)", "mouse", tuple(GlifModel), {})
    return (default, *(_preset(name, cell) for name, cell in _cells().items()))


def load_preset(name: str, model: GlifModel = GlifModel.GLIF5) -> GlifParameters:
    """The cell's parameters as they were fitted at one level.

    Raises:
        ParameterError: the preset is unknown, or has no fit at this level.
    """
    if name == NEST_DEFAULT:
        return GlifParameters(model=model)
    if name not in _cells():
        known = ", ".join(preset.name for preset in list_presets())
        raise ParameterError(f"No preset is called {name!r}. Known: {known}.")
    levels = _cells()[name]["levels"]
    if model.name not in levels:
        raise ParameterError(
            f"Preset {name!r} was not fitted at {model.name}; it has {', '.join(levels)}."
        )
    return GlifParameters(model=model, **levels[model.name]["params"])


def _preset(name: str, cell: dict[str, Any]) -> Preset:
    levels = {GlifModel[level]: fit for level, fit in cell["levels"].items()}
    return Preset(
        name,
        f"{cell['line']} {name}",
        cell["species"],
        tuple(levels),
        {level: fit["explained_variance"] for level, fit in levels.items()},
    )


@cache
def _cells() -> dict[str, Any]:
    text = files("glifcore").joinpath("data/allen_cells.json").read_text(encoding="utf-8")
    return json.loads(text)["cells"]

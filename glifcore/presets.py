"""Cells and synapses to start from: NEST's default neuron, Allen cells, mouse V1 connections.

Each level of an Allen cell was fitted on its own, so climbing from GLIF1 to GLIF5 changes the
membrane's numbers too; NEST's default has one set, for GLIF5, in which levels differ by their flags
only. Figures, sources, citations and terms are in ``data/allen_cells.json`` and
``data/v1_synapses.json``.
"""

import json
import warnings
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from glifcore.levels import GlifModel, ParameterError
from glifcore.parameters import GlifParameters
from glifcore.psc import PscShape

NEST_DEFAULT = "nest_default"


class Preset(NamedTuple):
    """A cell that can be loaded.

    Attributes:
        name: what `load_preset` takes.
        title: the cell for a reader: its line and its number in the Allen database.
        species: "mouse" or "human".
        line: transgenic line; None for human cells and NEST's default.
        levels: the levels that were fitted to it.
        explained_variance: for each of them, the share of the spike train's variance that the fit
            explains on held-out noise at 10 ms; levels without the figure are left out.
        caveats: for each level, sentences on what is unusual about the fit.
    """

    name: str
    title: str
    species: str
    line: str | None
    levels: tuple[GlifModel, ...]
    explained_variance: dict[GlifModel, float]
    caveats: dict[GlifModel, tuple[str, ...]]


class Synapse(NamedTuple):
    """The waveform of one connection class.

    Attributes:
        name: what `load_synapse` takes, as in "exc_to_e23".
        pre: presynaptic class.
        post: postsynaptic class.
        sign: "excitatory" or "inhibitory".
        pooled: the fields that equal those of the pooled class, so are probably a fallback.
        shape: the waveform for a weight of 1 pA, -1 pA where it inhibits.
    """

    name: str
    pre: str
    post: str
    sign: str
    pooled: tuple[str, ...]
    shape: PscShape


def list_presets(
    *,
    species: str | None = None,
    line: str | None = None,
    level: GlifModel | None = None,
    caveat: str | bool | None = None,
) -> tuple[Preset, ...]:
    """The presets that pass every filter given, NEST's default first.

    Args:
        species: "mouse" or "human".
        line: transgenic line, as the Allen Institute writes it.
        level: fitted at this level.
        caveat: False for cells without one at `level` (or at any level), True for cells with one, a
            text for cells with a caveat that holds it.
    """

    def passes(preset: Preset) -> bool:
        asked = preset.levels if level is None else (level,)
        told = [c for one in asked for c in preset.caveats.get(one, ())]
        return (
            (species is None or preset.species == species)
            and (line is None or preset.line == line)
            and (level is None or level in preset.levels)
            and (
                caveat is None
                or (bool(told) == caveat if isinstance(caveat, bool) else caveat in " ".join(told))
            )
        )

    return tuple(preset for preset in _presets() if passes(preset))


def load_preset(name: str, model: GlifModel = GlifModel.GLIF5) -> GlifParameters:
    """The cell's parameters as they were fitted at one level.

    Warns:
        UserWarning: NEST would refuse the parameters; they run here.

    Raises:
        ParameterError: the preset is unknown, or has no fit at this level.
    """
    if name == NEST_DEFAULT:
        return GlifParameters(model=model)
    data = _read("allen_cells.json")
    if name not in data["cells"]:
        raise ParameterError(
            f"No preset is called {name!r}. Known: {NEST_DEFAULT}, and {len(data['cells'])} Allen "
            f"cells by their number, such as {next(iter(data['cells']))}; see list_presets()."
        )
    levels = data["cells"][name][2]
    if model.name not in levels:
        raise ParameterError(
            f"Preset {name!r} was not fitted at {model.name}; it has {', '.join(levels)}."
        )
    values, _, caveats = levels[model.name]
    refused = [caveat for caveat in caveats if "reject" in caveat]
    if refused:
        warnings.warn(f"Preset {name} at {model.name}: {'; '.join(refused)}.", stacklevel=2)
    fields = data["fields"][model.name]
    return GlifParameters(model=model, **dict(zip(fields, values, strict=True)))


def list_synapses(pre: str | None = None, post: str | None = None) -> tuple[Synapse, ...]:
    """The mouse V1 connection classes between these cell classes."""
    return tuple(
        synapse
        for synapse in _synapses().values()
        if pre in (None, synapse.pre) and post in (None, synapse.post)
    )


def load_synapse(name: str) -> Synapse:
    """One connection class by its name.

    Raises:
        ParameterError: there is none of this name.
    """
    if name not in _synapses():
        raise ParameterError(f"No synapse is called {name!r}. Known: {', '.join(_synapses())}.")
    return _synapses()[name]


@cache
def _presets() -> tuple[Preset, ...]:
    default = Preset(
        NEST_DEFAULT, "NEST default (cell 490626718)", "mouse", None, tuple(GlifModel), {}, {}
    )
    cells = _read("allen_cells.json")["cells"].items()
    return (default, *(_preset(name, *cell) for name, cell in cells))


def _preset(name: str, species: str, line: str | None, fits: dict[str, Any]) -> Preset:
    levels = {GlifModel[level]: fit for level, fit in fits.items()}
    return Preset(
        name,
        f"{line or species.capitalize()} {name}",
        species,
        line,
        tuple(levels),
        {level: share for level, (_, share, _) in levels.items() if share is not None},
        {level: tuple(caveats) for level, (_, _, caveats) in levels.items()},
    )


@cache
def _synapses() -> dict[str, Synapse]:
    found = {}
    for pre, post, sign, fast, slow, amp, pooled in _read("v1_synapses.json")["synapses"]:
        shape = PscShape(1.0 if sign == "excitatory" else -1.0, fast, slow, amp)
        name = f"{pre}_to_{post}"
        found[name] = Synapse(name, pre, post, sign, tuple(pooled), shape)
    return found


@cache
def _read(name: str) -> dict[str, Any]:
    return json.loads(files("glifcore").joinpath("data", name).read_text(encoding="utf-8"))

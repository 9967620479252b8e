"""The atlas: what is known of every fitted cell at one level, column by column. No Panel.

The numbers are those of `load_preset`; beside them stand a few that follow from them, such as the
membrane's time constant, and the share of the spike train that the fit explains.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from glifcore import FIELDS, FieldInfo, GlifModel, GlifParameters, Preset
from glifcore.presets import NEST_DEFAULT

from ..choices import fitted, presets

EXCITATORY, PVALB, SST, OTHER, HUMAN = KINDS = (
    "excitatory",
    "Pvalb",
    "Sst",
    "other inhibitory",
    "human",
)
"""Broad classes of cells, by the transgenic line that labelled them."""

_KIND_OF = {
    "Chat-IRES-Cre-neo": OTHER,
    "Chrna2-Cre_OE25": OTHER,
    "Cux2-CreERT2": EXCITATORY,
    "Ctgf-2A-dgCre": EXCITATORY,
    "Htr3a-Cre_NO152": OTHER,
    "Ndnf-IRES2-dgCre": OTHER,
    "Nkx2-1-CreERT2": OTHER,
    "Nr5a1-Cre": EXCITATORY,
    "Ntsr1-Cre_GN220": EXCITATORY,
    "Pvalb-IRES-Cre": PVALB,
    "Rbp4-Cre_KL100": EXCITATORY,
    "Rorb-IRES2-Cre-D": EXCITATORY,
    "Scnn1a-Tg2-Cre": EXCITATORY,
    "Scnn1a-Tg3-Cre": EXCITATORY,
    "Sst-IRES-Cre": SST,
    "Vip-IRES-Cre": OTHER,
}

TAU_M, R_M, RISE, EXPLAINED = "tau_m", "R_m", "V_th - E_L", "explained variance"

_DERIVED = {
    TAU_M: ("ms", "Time constant of the membrane, C_m / g", lambda cell: cell.C_m / cell.g),
    R_M: ("MΩ", "Resistance of the membrane, 1 / g", lambda cell: 1e3 / cell.g),
    RISE: ("mV", "From rest up to the threshold", lambda cell: cell.V_th - cell.E_L),
}

# The same number in every fit, so there is nothing to compare.
_CONSTANT = {"I_e", "asc_init", "asc_r"}


class Atlas(NamedTuple):
    """Cells fitted at one level; every sequence has one entry a cell, in the same order.

    Attributes:
        level: at which they were fitted.
        names: what `load_preset` takes.
        presets: what is known beside the numbers.
        kinds: one of `KINDS`.
        explained: share of the spike train's variance that the fit explains, shape (n,); NaN where
            it is not known.
        doubtful: whether the fit has a caveat, shape (n,).
        numbers: columns by the key of a quantity, shape (n,) each.
    """

    level: GlifModel
    names: tuple[str, ...]
    presets: tuple[Preset, ...]
    kinds: tuple[str, ...]
    explained: np.ndarray
    doubtful: np.ndarray
    numbers: Mapping[str, np.ndarray]


def cells() -> dict[str, Preset]:
    """Every cell of the atlas, by its name."""
    return {name: preset for name, preset in presets().items() if name != NEST_DEFAULT}


def lines() -> list[str]:
    """Every transgenic line, in the order of the alphabet."""
    return sorted({preset.line for preset in cells().values() if preset.line})


@cache
def atlas(level: GlifModel) -> Atlas:
    """Every cell that was fitted at a level."""
    found = tuple(preset for preset in cells().values() if level in preset.levels)
    fits = [fitted(preset.name, level) for preset in found]
    explained = _column([preset.explained_variance.get(level, np.nan) for preset in found])
    numbers = {key: _column([number(fit, key) for fit in fits]) for key in quantities(level)[:-1]}
    return Atlas(
        level=level,
        names=tuple(preset.name for preset in found),
        presets=found,
        kinds=tuple(kind_of(preset) for preset in found),
        explained=explained,
        doubtful=np.array([bool(preset.caveats.get(level)) for preset in found]),
        numbers=MappingProxyType(numbers | {EXPLAINED: explained}),
    )


def kind_of(preset: Preset) -> str:
    """The broad class of a cell."""
    return _KIND_OF[preset.line] if preset.line else HUMAN


def quantities(level: GlifModel) -> tuple[str, ...]:
    """Keys of what can be compared at a level; `EXPLAINED` is the last."""
    keys = list(_DERIVED)
    for name, info in FIELDS.items():
        if level in info.used_by and name not in _CONSTANT and info.per != "port":
            keys += [name] if info.per == "neuron" else [f"{name}[{j}]" for j in range(2)]
    return (*keys, EXPLAINED)


def quantities_of_any(levels: Iterable[GlifModel]) -> list[str]:
    """Keys of what is a number of a fit at one of the levels at least, each once."""
    return [*dict.fromkeys(key for level in levels for key in quantities(level)[:-1])]


def number(cell: GlifParameters, key: str) -> float:
    """A quantity of one fit; all but `EXPLAINED`, which is not one of its parameters."""
    if key in _DERIVED:
        return float(_DERIVED[key][2](cell))
    name, _, index = key.rstrip("]").partition("[")
    value = getattr(cell, name)
    return float(value[int(index)] if index else value)


def info_of(key: str) -> tuple[str, str]:
    """Unit and one-line meaning of a quantity."""
    if key == EXPLAINED:
        return "", "Share of the spiking to noise unseen in the fit that the model explains"
    if key in _DERIVED:
        return _DERIVED[key][:2]
    info: FieldInfo = FIELDS[key.partition("[")[0]]
    return info.unit, info.meaning


def label_of(key: str) -> str:
    """A quantity with its unit."""
    unit = info_of(key)[0]
    return f"{key} ({unit})" if unit else key


def _column(numbers: list[float]) -> np.ndarray:
    column = np.array(numbers)
    column.flags.writeable = False
    return column

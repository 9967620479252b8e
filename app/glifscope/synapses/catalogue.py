"""The catalogue: what is known of every connection class, column by column. No Panel.

The three numbers are those of `load_synapse`; beside them stand the features of the waveform, none
of which depends on the weight.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from glifcore import FIELDS, PscShape, Synapse, list_synapses, psc_features

from .one_alpha import one_alpha

CLASSES = MappingProxyType(
    {
        "e23": "excitatory, layer 2/3",
        "e4": "excitatory, layer 4",
        "e5et": "excitatory, layer 5, extratelencephalic",
        "e5it": "excitatory, layer 5, intratelencephalic",
        "e5np": "excitatory, layer 5, near-projecting",
        "e6": "excitatory, layer 6",
        "pv": "parvalbumin",
        "sst": "somatostatin",
        "vip": "vasoactive intestinal peptide",
        "exc": "all excitatory, pooled",
        "inh": "all inhibitory, pooled",
    }
)
"""Classes of cells in the order of layers, and what their names stand for."""

POOLED = ("exc", "inh")

SHAPE = PscShape._fields[1:]
"""The three numbers that the dataset gives."""

FAST, SLOW, AMP = SHAPE
RATIO = "tau_syn_slow / tau_syn_fast"
TIME_TO_PEAK, HALF_WIDTH, DECAY = "time to peak", "half width", "decay to 1/e"
SLOW_SHARE, MISFIT = "slow share of the charge", "misfit of one alpha"


class Quantity(NamedTuple):
    """Something that classes can be compared by.

    Attributes:
        unit: empty where there is none.
        meaning: one line.
        rests_on: which of the three numbers it follows from.
    """

    unit: str
    meaning: str
    rests_on: tuple[str, ...] = SHAPE


QUANTITIES = MappingProxyType(
    {name: Quantity(FIELDS[name].unit, FIELDS[name].meaning, (name,)) for name in SHAPE}
    | {
        RATIO: Quantity("", "How far the time constants are apart", (FAST, SLOW)),
        TIME_TO_PEAK: Quantity("ms", "When the sum of both parts peaks"),
        HALF_WIDTH: Quantity("ms", "Time above half of the peak"),
        DECAY: Quantity("ms", "From the peak until 1/e of it is left"),
        SLOW_SHARE: Quantity("%", "Share of the charge that the slow part carries"),
        MISFIT: Quantity(
            "%", "Largest difference from the nearest single alpha function, over the peak"
        ),
    }
)
"""What classes can be compared by."""


class Catalogue(NamedTuple):
    """Every connection class; each sequence has one entry a class, in the same order.

    Attributes:
        synapses: as glifcore lists them.
        numbers: columns by the key of a quantity, shape (n,) each.
        alike: names of the others with the very same three numbers and sign.
    """

    synapses: tuple[Synapse, ...]
    numbers: Mapping[str, np.ndarray]
    alike: tuple[tuple[str, ...], ...]

    def index(self, name: str) -> int:
        """Where a class stands in every sequence."""
        return next(i for i, synapse in enumerate(self.synapses) if synapse.name == name)

    def fallback(self, key: str) -> np.ndarray:
        """Whether a number that the quantity rests on is probably a fallback, shape (n,)."""
        rests_on = QUANTITIES[key].rests_on
        return np.array([bool({*rests_on} & {*synapse.pooled}) for synapse in self.synapses])


@cache
def catalogue() -> Catalogue:
    """Every connection class, with its features."""
    synapses = list_synapses()
    distinct: dict[PscShape, list[str]] = {}
    for synapse in synapses:
        distinct.setdefault(synapse.shape, []).append(synapse.name)
    features = {shape: numbers_of(shape) for shape in distinct}
    numbers = {
        key: _column([features[synapse.shape][key] for synapse in synapses]) for key in QUANTITIES
    }
    alike = tuple(
        tuple(name for name in distinct[synapse.shape] if name != synapse.name)
        for synapse in synapses
    )
    return Catalogue(synapses, MappingProxyType(numbers), alike)


def numbers_of(shape: PscShape) -> dict[str, float]:
    """Every quantity of one waveform."""
    unit = PscShape(1.0, *(float(value) for value in shape[1:]))
    features = psc_features(unit)
    return {
        **dict(zip(SHAPE, unit[1:], strict=True)),
        RATIO: unit.tau_syn_slow / unit.tau_syn_fast,
        TIME_TO_PEAK: float(features.time_to_peak),
        HALF_WIDTH: float(features.half_width),
        DECAY: float(features.decay_time),
        SLOW_SHARE: 100.0 * float(features.slow_fraction),
        MISFIT: 100.0 * one_alpha(unit).misfit,
    }


def label_of(key: str) -> str:
    """A quantity with its unit."""
    unit = QUANTITIES[key].unit
    return f"{key} ({unit})" if unit else key


def text_of(key: str, value: float) -> str:
    """A quantity with its value and unit."""
    return f"{key} {value:.4g} {QUANTITIES[key].unit}".rstrip()


def title_of(synapse: Synapse) -> str:
    """A class as a reader writes it."""
    return f"{synapse.pre} → {synapse.post}"


def _column(numbers: list[float]) -> np.ndarray:
    column = np.array(numbers)
    column.flags.writeable = False
    return column

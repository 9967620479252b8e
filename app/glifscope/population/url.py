"""How a population is looked at, and what a link says of it."""

from typing import Any, NamedTuple

from glifcore import FieldInfo

from ..sections import Section, number, several
from ..shown_traces import ROWS
from .choice import MOST_NEURONS

NEURON = FieldInfo(
    "",
    "The neuron whose traces are shown",
    (0.0, 99.0),
    1.0,
    "membrane",
    within=(0.0, MOST_NEURONS - 1.0),
)
WIDTH = FieldInfo(
    "ms",
    "Width of a bin of the rate; the smoothed rate has a Gaussian of this standard deviation",
    (1.0, 50.0),
    1.0,
    "stimulus",
    within=(1.0, 1000.0),
)


class Looked(NamedTuple):
    """How a population is looked at.

    Attributes:
        neuron: whose traces are shown, from 0; the last where there are fewer.
        width: of a bin of the rate, ms.
        rows: which of that neuron's traces are shown.
    """

    neuron: float = 0.0
    width: float = 10.0
    rows: tuple[str, ...] = ("V_m",)


def _settle(looked: Looked, present: Any, told: list[str]) -> Looked:
    """A neuron has a whole number."""
    whole = float(round(looked.neuron))
    if whole != looked.neuron:
        told.append(
            f"`population.neuron` is {looked.neuron:g}; it must be a whole number. {whole:g} is "
            "taken."
        )
    return looked._replace(neuron=whole)


LOOKED = Section(
    name="looked",
    start=Looked(),
    entries=(
        number("population.neuron", "neuron", NEURON),
        number("population.width", "width", WIDTH),
        several("population.rows", "rows", ROWS),
    ),
    base=lambda looked: Looked(),
    settle=_settle,
)

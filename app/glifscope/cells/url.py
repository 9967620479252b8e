"""What a link says of the atlas: level, axes, filters, the box, and the cell on the card."""

from typing import Any

from glifcore import GlifModel

from ..sections import Section, choice, number, numbers, several
from .atlas import cells, lines, quantities
from .box import written
from .choices import ORDERS, Chosen, with_known_axes
from .filters import LEAST, SPECIES

_QUANTITIES = {key: key for model in GlifModel for key in quantities(model)}


def _settle(chosen: Chosen, present: Any, told: list[str]) -> Chosen:
    """A quantity that the level lacks gives way to the first one."""
    asked = with_known_axes(chosen.asked)
    for axis in "xy":
        lost, kept = getattr(chosen.asked, axis), getattr(asked, axis)
        if lost != kept:
            told.append(f"`cells.{axis}` is {lost!r}, which {asked.level.name} lacks.")
    if chosen.asked.box != asked.box:
        told.append("`cells.box` was left out: it was drawn over that quantity.")
    return chosen._replace(asked=asked)


ATLAS = Section(
    name="atlas",
    start=Chosen(),
    entries=(
        choice("cells.level", "asked.level", dict(GlifModel.__members__)),
        choice("cells.x", "asked.x", _QUANTITIES),
        choice("cells.y", "asked.y", _QUANTITIES),
        several("cells.lines", "asked.filters.lines", lines()),
        choice(
            "cells.species",
            "asked.filters.species",
            {**{name: name for name in SPECIES}, "any": None},
        ),
        number("cells.least", "asked.filters.least", LEAST),
        choice(
            "cells.caveats",
            "asked.filters.doubtful",
            {"with": True, "without": False, "any": None},
        ),
        numbers("cells.box", "asked.box", 4, written),
        choice("cells.sort", "sort", {order: order for order in ORDERS}),
        choice("cells.card", "cell", {name: name for name in cells()}),
    ),
    base=lambda chosen: Chosen(),
    settle=_settle,
)

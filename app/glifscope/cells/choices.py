"""What a visitor of the atlas chose to see, and the picture that follows. No Panel, no plots."""

from typing import Any, NamedTuple

import numpy as np
import param

from glifcore import GlifModel

from .atlas import RISE, TAU_M, Atlas, atlas, quantities
from .box import Box, inside
from .filters import Filters, loosened, passing


class Asked(NamedTuple):
    """What a picture of the atlas is asked for.

    Attributes:
        level: whose fits are compared.
        x, y: keys of the quantities on the axes.
        filters: which cells are shown.
        box: which of those the table lists, by the two quantities; None for all of them.
    """

    level: GlifModel = GlifModel.GLIF3
    x: str = TAU_M
    y: str = RISE
    filters: Filters = Filters()
    box: Box | None = None


COLUMNS = ("cell", "line", "species", "levels", "explained", "x", "y")
"""Of the table; the last two hold the quantities on the axes."""

ORDERS = (*COLUMNS, *(f"-{column}" for column in COLUMNS))
"""What the table can be sorted by; with a minus the largest comes first."""


class Chosen(NamedTuple):
    """What a visitor chose of the atlas.

    Attributes:
        asked: what is shown.
        cell: name of the cell on the card; where it is empty, the neuron's own cell, if it is one
            of the atlas.
        sort: the order of the table, one of `ORDERS`.
    """

    asked: Asked = Asked()
    cell: str = ""
    sort: str = COLUMNS[0]


def with_known_axes(asked: Asked) -> Asked:
    """The same, but a quantity that the level lacks gives way to the first one."""
    known = quantities(asked.level)
    settled = asked._replace(
        x=asked.x if asked.x in known else TAU_M, y=asked.y if asked.y in known else RISE
    )
    return _without_stale_box(settled, asked)


def _without_stale_box(asked: Asked, before: Asked) -> Asked:
    """The same, but a box drawn over other quantities means nothing any more."""
    stays = (asked.x, asked.y) == (before.x, before.y)
    return asked if stays else asked._replace(box=None)


class Picture(NamedTuple):
    """The cells that pass, in the order of the atlas.

    Attributes:
        asked: what it shows.
        atlas: every cell that was fitted at the level.
        shown: indices of the cells that pass.
        listed: indices of those in the box; where there is none, of all that pass.
        loosened: where none passes, how many would without one of the filters.
    """

    asked: Asked
    atlas: Atlas
    shown: np.ndarray
    listed: np.ndarray
    loosened: dict[str, int]

    @property
    def names(self) -> list[str]:
        """Of the cells that pass."""
        return [self.atlas.names[i] for i in self.shown]

    @property
    def within(self) -> np.ndarray:
        """Which of the cells that pass are listed, shape (n,)."""
        return np.isin(self.shown, self.listed)

    def place(self, name: str) -> tuple[float, float] | None:
        """Where a cell stands on the two axes; None where it is not shown."""
        at = np.flatnonzero(np.array(self.names) == name)
        if not len(at):
            return None
        x, y = (self.atlas.numbers[key][self.shown[at[0]]] for key in self.asked[1:3])
        return float(x), float(y)


class CellsChoices(param.Parameterized):
    """What is asked for, and the cell that is looked at."""

    asked = param.ClassSelector(
        class_=Asked, default=Asked(), allow_None=False, instantiate=False, doc="What is shown."
    )
    cell = param.String(default="", doc="Name of the cell on the card; empty for the neuron's own.")

    sort = param.Selector(default=COLUMNS[0], objects=list(ORDERS), doc="The order of the table.")

    @property
    def now(self) -> Chosen:
        """What is chosen now."""
        return Chosen(self.asked, self.cell, self.sort)

    def become(self, chosen: Chosen) -> None:
        """Choose all of this at once."""
        changes = {} if chosen.asked == self.asked else {"asked": chosen.asked}
        self.param.update(cell=chosen.cell, sort=chosen.sort, **changes)

    def ask(self, **changes: Any) -> None:
        """Ask for something else; a quantity that the level lacks gives way to the first one."""
        asked = _without_stale_box(self.asked._replace(**changes), self.asked)
        asked = with_known_axes(asked)
        if asked != self.asked:  # param itself cannot tell
            self.asked = asked

    def filter(self, **changes: Any) -> None:
        """Let other cells pass."""
        self.ask(filters=self.asked.filters._replace(**changes))


def compute(asked: Asked) -> Picture:
    """The picture of these choices."""
    found = atlas(asked.level)
    shown = passing(found, asked.filters)
    x, y = (found.numbers[key][shown] for key in (asked.x, asked.y))
    listed = shown[inside(asked.box, x, y)]
    helpful = {} if len(shown) else loosened(found, asked.filters)
    return Picture(asked, found, shown, listed, helpful)

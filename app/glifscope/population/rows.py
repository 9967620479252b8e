"""The row of each neuron in the raster: neurons of one cell of a mix stand together. No Panel."""

from typing import NamedTuple

import numpy as np

from ..choices import presets
from .draw import Members


class Rows(NamedTuple):
    """The rows of a raster, from the bottom up.

    Attributes:
        cells: the Allen cell of each group of rows; none where there is no mix.
        group: number of each neuron's group, shape (N,), uint8.
        row: of each neuron, shape (N,), uint16.
        neuron: the neuron of each row, shape (N,), uint16.
        edges: first row of each group and, at last, the number of rows; shape (G + 1,).
    """

    cells: tuple[str, ...]
    group: np.ndarray
    row: np.ndarray
    neuron: np.ndarray
    edges: np.ndarray

    def stand_like(self, other: "Rows") -> bool:
        """Whether the groups of the other are the same cells in the same rows."""
        return self.cells == other.cells and np.array_equal(self.edges, other.edges)

    def share_with(self, other: "Rows") -> bool:
        """Whether a row is of the same kind of neuron in both, so that one can lie on the other."""
        return self.stand_like(other) or not (self.cells or other.cells)

    @property
    def titles(self) -> list[str]:
        """What the cell of each group is called."""
        return [presets()[cell].title for cell in self.cells]

    @property
    def short_titles(self) -> list[str]:
        """Names that fit beside an axis: the line, and the end of the number where lines repeat."""
        lines = [title.partition(" ")[0].partition("-")[0] for title in self.titles]
        return [
            line if lines.count(line) == 1 else f"{line} …{cell[-3:]}"
            for line, cell in zip(lines, self.cells, strict=True)
        ]


def rows_of(members: Members) -> Rows:
    """The rows of a population: neuron by neuron, within each cell of its mix."""
    count = members.count
    cells = tuple(dict.fromkeys(members.cells[:count]))
    turns = [cells.index(cell) for cell in members.cells[:count]] or [0]
    group = np.resize(np.asarray(turns, np.uint8), count)
    neuron = np.argsort(group, kind="stable").astype(np.uint16)
    row = np.empty(count, np.uint16)
    row[neuron] = np.arange(count)
    edges = np.append(0, np.cumsum(np.bincount(group)))
    return Rows(cells, group, row, neuron, edges)

"""Columns of numbers as CSV: each number in as few digits as bring it back exactly."""

import csv
import io
from collections.abc import Iterable, Mapping
from itertools import zip_longest

import numpy as np


def csv_of(columns: Mapping[str, Iterable[object]]) -> str:
    """A table with a head; shorter columns end in empty cells, and a NaN is an empty cell.

    Args:
        columns: by their names, with units.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    cells = [_cells(np.asarray(column)) for column in columns.values()]
    writer.writerows(zip_longest(*cells, fillvalue=""))
    return text.getvalue()


def _cells(column: np.ndarray) -> list[str]:
    cells = column.astype(str).tolist()
    if column.dtype.kind == "f":
        return ["" if cell == "nan" else cell.removesuffix(".0") for cell in cells]
    return cells

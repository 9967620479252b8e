"""Lines of a table of text: their cells, and what can be wrong with them."""

import csv
import re
from typing import NoReturn

from glifcore.readers.contents import RecordingError

NUMBER = re.compile(
    r"[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+|\d*,\d+)(?:e[+-]?\d+)?|nan|inf|infinity)", re.IGNORECASE
)
"""A number, with a decimal point or comma."""

_COMMENT = ("#", "%", "//", "!")


def split(line: str, delimiter: str | None, trailing: bool = False) -> list[str]:
    """The cells of a line, without blanks and quotes around them."""
    if delimiter is None:
        return [cell.strip('"') for cell in re.findall(r'"[^"]*"|\S+', line)]
    try:
        cells = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return [line]
    cells = [cell.strip() for cell in cells]
    return cells[:-1] if trailing and cells and not cells[-1] else cells


def is_row(cells: list[str]) -> bool:
    """Whether these are numbers, with or without gaps between them."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(map(NUMBER.fullmatch, filled))


def has_number(cells: list[str]) -> bool:
    """Whether one of them is a number."""
    return any(NUMBER.fullmatch(cell) for cell in cells)


def bare(line: str) -> str:
    """A line without the mark of a comment."""
    return line.strip().lstrip("#%/!").strip() if is_aside(line) else line.strip()


def is_aside(line: str) -> bool:
    """Whether a line is blank or a comment."""
    line = line.strip()
    return not line or line.startswith(_COMMENT)


def refuse_line(i: int, cells: list[str], columns: int) -> NoReturn:
    """Say what is wrong with a line of the table."""
    if len(cells) != columns:
        raise RecordingError(
            f"Line {i + 1} has {_columns(len(cells))} where the table has {columns}; every "
            "line must have as many. Correct it or take it out."
        )
    bad = next((k for k, cell in enumerate(cells) if not NUMBER.fullmatch(cell)), 0)
    what = f"is {_short(cells[bad])}" if cells[bad] else "is empty"
    raise RecordingError(
        f"Line {i + 1}: column {bad + 1} {what}; every sample must be a number. Correct it, or cut "
        "that part out."
    )


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")


def _columns(count: int) -> str:
    return "1 column" if count == 1 else f"{count} columns"

"""How a table of text is written: its delimiter, where its numbers begin, and its titles."""

import re
from collections import Counter
from typing import NamedTuple

from glifcore.readers.cells import NUMBER, bare, has_number, is_aside, is_row, refuse_line, split
from glifcore.readers.columns import stated_interval
from glifcore.readers.contents import RecordingError
from glifcore.readers.units import is_unit, read_title

_DELIMITERS = ("\t", ";", ",", None, "|")
"""In the order of trust where several fit; None is any blank."""
_HEADING_LINES = 1000
"""The numbers of a table begin within as many lines,"""
_HEADING_CHARACTERS = 1_000_000
"""and within as many characters."""
_LONG = 10_000
"""Characters; titles between blanks are not told apart in longer lines."""


class Layout(NamedTuple):
    """How a table is written.

    Attributes:
        format: "CSV", "TSV", "ATF" or "text".
        delimiter: what stands between columns; None is any blank.
        first: the line of the first row of numbers, from 0.
        columns: how many there are.
        titles: one for each column, or none.
        heading: the lines above the titles.
        trailing: whether a delimiter ends each row.
        signals: for each column after the time the signal in it, where the file says so.
        notes: what was left out.
    """

    format: str
    delimiter: str | None
    first: int
    columns: int
    titles: tuple[str, ...]
    heading: tuple[str, ...] = ()
    trailing: bool = False
    signals: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def find_layout(text: str) -> Layout:
    """How the table in a text is written.

    Raises:
        RecordingError: there is no table, or it does not begin as it should.
    """
    lines = _first_lines(text)
    if re.match(r'"?ATF"?[\s,;]+"?\d', lines[0]):
        return _atf_layout(lines)
    delimiter, columns, trailing = _sniff(lines)
    rows = [split(line, delimiter, trailing) for line in lines]

    def begins(i: int) -> bool:
        # One number on a line of its own above a table is no row of it.
        return is_row(rows[i]) and not is_aside(lines[i]) and (columns == 1 or len(rows[i]) > 1)

    first = next((i for i in range(len(lines)) if begins(i)), None)
    if first is None:
        raise RecordingError(
            f"There is no row of numbers in the first {len(lines)} lines; a recording is a table "
            "with a line for each sample. Export it with a column of time and one of current."
        )
    titles, line = _titles(lines, first, columns, delimiter, trailing)
    if delimiter == "," and columns == 2 and _has_decimal_commas(lines, first):
        return Layout("text", None, first, 1, (bare(lines[first - 1]),), tuple(lines[: first - 1]))
    form = {",": "CSV", ";": "CSV", "\t": "TSV"}.get(
        delimiter if delimiter and columns > 1 else "", "text"
    )
    heading = tuple(lines[: line if titles else first])
    said = [x for x in heading if not (is_aside(x) or stated_interval((x,)) or x[:4] == "sep=")]
    notes = (f"Lines above the table that were left out: {len(said)}.",) if said else ()
    return Layout(form, delimiter, first, columns, titles, heading, trailing, notes=notes)


def _has_decimal_commas(lines: list[str], first: int) -> bool:
    """Whether what looks like two columns is one, with decimal commas, as its title says."""
    title = bare(lines[first - 1]) if first else ""
    read = read_title(title)
    one = bool(title) and "," not in title and bool(read.unit or read.is_time)
    return one and not any("." in line for line in lines[first:])


def _first_lines(text: str) -> list[str]:
    """The lines among which a table begins, whole ones only."""
    lines = text[:_HEADING_CHARACTERS].split("\n")
    if len(text) > _HEADING_CHARACTERS:
        lines.pop()
    if not lines:
        raise RecordingError(
            f"The first line has more than {_HEADING_CHARACTERS:,} characters; a recording has a "
            "line for each sample. Transpose the table."
        )
    return lines[:_HEADING_LINES]


def _sniff(lines: list[str]) -> tuple[str | None, int, bool]:
    """The delimiter, the number of columns, and whether a delimiter ends the rows."""
    best, found = (0, False), (None, 1, False)
    for delimiter in _DELIMITERS:
        rows = [split(line, delimiter) for line in lines if not is_aside(line)]
        rows = [row for row in rows if is_row(row)]
        if not rows:
            continue
        columns, count = Counter(map(len, rows)).most_common(1)[0]
        trailing = delimiter is not None and columns > 1 and all(not row[-1] for row in rows)
        columns -= trailing
        full = sum(all(row[:columns]) for row in rows if len(row) == columns + trailing)
        if (score := (count + full, columns > 1)) > best:
            best, found = score, (delimiter, columns, trailing)
    return found


def _titles(
    lines: list[str], first: int, columns: int, delimiter: str | None, trailing: bool
) -> tuple[tuple[str, ...], int]:
    """The titles above the first row, and in which line they begin; none and `first` if none."""
    plain: list[tuple[int, list[str]]] = []
    asides: list[tuple[int, list[str]]] = []
    for i, line in enumerate(lines[:first]):
        cells = _title_cells(bare(line), delimiter, columns, trailing)
        if len(cells) == columns and not stated_interval((line,)) and line[:4] != "sep=":
            (asides if is_aside(line) else plain).append((i, cells))
    if plain:
        return _from_plain(lines, plain, first, delimiter, trailing)
    _refuse_numbers(lines, range(first), columns, delimiter, trailing)
    if asides:
        i, cells = asides[-1]
        read = [read_title(cell) for cell in cells]
        if any(title.unit or title.is_time for title in read):
            return tuple(cells), i
    return (), first


def _from_plain(
    lines: list[str],
    plain: list[tuple[int, list[str]]],
    first: int,
    delimiter: str | None,
    trailing: bool,
) -> tuple[tuple[str, ...], int]:
    """Titles from the lines above a table that have as many cells as it."""
    i, cells = plain[-1]
    columns = len(cells)
    numbers = [bool(NUMBER.fullmatch(cell)) for cell in cells]
    if numbers[0] or (any(numbers) and any(not has_number(row) for _, row in plain[:-1])):
        refuse_line(i, cells, columns)
    titles = tuple(cells)
    named = [is_unit(cell) for cell in cells]
    if any(named) and all(is_unit(cell) or not cell for cell in cells) and len(plain) > 1:
        i, names = plain[-2]
        titles = tuple(
            f"{name} ({unit.strip(' ()[]')})" if unit else name
            for name, unit in zip(names, cells, strict=True)
        )
        between = range(plain[-1][0] + 1, first)
    else:
        between = range(i + 1, first)
    for j in between:
        if not is_aside(lines[j]):
            refuse_line(j, split(lines[j], delimiter, trailing), columns)
    return titles, i


def _refuse_numbers(
    lines: list[str], among: range, columns: int, delimiter: str | None, trailing: bool
) -> None:
    """Refuse lines above a table that begin as its rows do and are none."""
    if delimiter is None:
        return
    for i in among:
        cells = split(lines[i], delimiter, trailing)
        if not is_aside(lines[i]) and len(cells) > 1 and NUMBER.fullmatch(cells[0]):
            refuse_line(i, cells, columns)


def _title_cells(line: str, delimiter: str | None, columns: int, trailing: bool) -> list[str]:
    """A line of titles in its cells; between blanks a title may have blanks itself."""
    cells = split(line, delimiter)
    if trailing and len(cells) == columns + 1 and not cells[-1]:
        cells = cells[:-1]
    if delimiter is None and len(cells) != columns and len(line) < _LONG:
        cells = [cell for cell in re.split(r"\t|\s{2,}", line) if cell]
        if len(cells) != columns:
            cells = re.findall(r"[^\s(\[]+\s*[(\[][^)\]]*[)\]]|\S+", line)
    if columns > 1 and len(cells) == columns - 1 and delimiter in (None, "\t"):
        # R writes no title above the names of its rows.
        cells = ["", *cells]
    return cells


def _atf_layout(lines: list[str]) -> Layout:
    """That of an Axon Text File, which says itself how many lines and columns it has."""
    counts = re.findall(r"\d+", lines[1]) if len(lines) > 1 else []
    if len(counts) < 2 or int(counts[1]) < 1 or int(counts[0]) + 3 >= len(lines):
        raise RecordingError(
            "This Axon Text File is cut short: after its first line come the numbers of header "
            "lines and of columns, the header, and the table. Export it again."
        )
    above, columns = int(counts[0]), int(counts[1])
    heading, line = lines[2 : above + 2], lines[above + 2]
    delimiter = "\t" if "\t" in line else ","
    titles = split(line, delimiter)
    if len(titles) != columns:
        raise RecordingError(
            f"Line {above + 3} has {len(titles)} titles, and line 2 of this Axon Text File says "
            f"{columns} columns; both must be the same. Export it again."
        )
    signals: list[str] = []
    for text_line in heading:
        cells = split(text_line, delimiter)
        if cells[0].strip().startswith("Signals="):
            signals = [cell for cell in cells[1:] if cell]
    if len(signals) != columns - 1:
        signals = []
    return Layout(
        "ATF", delimiter, above + 3, columns, tuple(titles), tuple(heading), signals=tuple(signals)
    )

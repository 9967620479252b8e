"""Recordings as text: CSV, TSV, columns between blanks, and Axon's ATF."""

import codecs
import io
import re
from collections.abc import Iterator
from typing import NoReturn

import numpy as np

from glifcore.readers.cells import NUMBER, is_aside, refuse_line, split
from glifcore.readers.columns import Table, arrange, stated_interval
from glifcore.readers.contents import Contents, RecordingError, Source
from glifcore.readers.layouts import Layout, find_layout
from glifcore.readers.units import read_title

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = bytes(set(range(32)) - set(b"\t\n\r\x0b\x0c\x1a"))
_ASIDE = re.compile(r"^[ \t]*(?:(?:[#%!]|//)[^\n]*)?\n", re.MULTILINE)
_KNOWN = "text tables, ATF, ABF, NWB, WinWCP, WinEDR, AxoGraph and Spike2"


def read_text(source: Source, channel: int, interval: float | None) -> Contents:
    """The recording in a table of text.

    Args:
        source: the file.
        channel: which signal.
        interval: ms between samples, for tables that do not say.

    Raises:
        RecordingError: it is no text or no table, or the table is no recording.
    """
    text = decode(source)
    layout = find_layout(text)
    numbers = _read_numbers(text, layout)
    table = Table(
        titles=tuple(read_title(title) for title in layout.titles),
        numbers=numbers,
        where=lambda row: f"Line {_line_of(text, layout, row)}",
        signals=layout.signals,
        stated=stated_interval(layout.heading + layout.titles),
    )
    contents = arrange(table, channel, interval)
    return contents._replace(format=layout.format, notes=layout.notes + contents.notes)


def decode(source: Source) -> str:
    r"""The text of a file, its lines ended by \n.

    Raises:
        RecordingError: it is no text.
    """
    data = source.read()
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), None)
    if encoding is None and b"\0" in data[:4096]:
        # UTF-16 without its mark: in plain text, every other byte is 0.
        sample = data[:4096]
        zeros = [sample[i::2].count(0) / max(len(sample[i::2]), 1) for i in (0, 1)]
        encoding = {(True, False): "utf-16-be", (False, True): "utf-16-le"}.get(
            (zeros[0] > 0.7, zeros[1] > 0.7)
        )
    if encoding is None:
        sample = data[:65536]
        if len(sample.translate(None, _BINARY)) < len(sample):
            raise RecordingError(
                f"{source.title} is binary and of no known format; known are {_KNOWN}. Export it "
                "as one of these."
            )
        encoding = "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            raise RecordingError(
                f"{source.title} is damaged: it is not the {encoding.upper()} text that it begins "
                "as. Save it again, best as UTF-8."
            ) from None
        text = data.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _read_numbers(text: str, layout: Layout) -> np.ndarray:
    """The numbers of a table, (rows, columns)."""
    start = 0
    for _ in range(layout.first):
        start = text.find("\n", start) + 1
    body = text[start:].rstrip(" \t\n\x1a")
    # Comments and blank lines among the rows are no fault of theirs, but seldom there.
    for clean in (False, True):
        try:
            numbers = _parse(_ASIDE.sub("", body + "\n") if clean else body, layout)
        except ValueError as error:
            message = str(error)
        else:
            break
    else:
        _explain(text, layout, message)
    if numbers.shape[1] != layout.columns:
        _explain(text, layout)
    return numbers


def _explain(text: str, layout: Layout, message: str = "") -> NoReturn:
    """Say which line of the table is none; NumPy's message tells where to begin to look."""
    match = re.search(r"at row (\d+)", message)
    row = max(int(match[1]) - 2, 0) if match else 0
    for k, (i, line) in enumerate(_rows(text, layout)):
        if k >= row:
            cells = split(line, layout.delimiter, layout.trailing)
            if len(cells) != layout.columns or not all(map(NUMBER.fullmatch, cells)):
                refuse_line(i, cells, layout.columns)
    raise RecordingError(f"The numbers of the table cannot be read: {message}. Export it again.")


def _parse(body: str, layout: Layout) -> np.ndarray:
    if layout.trailing and layout.delimiter:
        body = re.sub(rf"{re.escape(layout.delimiter)}[ \t]*$", "", body, flags=re.MULTILINE)
    if layout.delimiter != "," and "," in body:
        body = body.replace(",", ".")
    return np.loadtxt(
        io.StringIO(body),
        delimiter=layout.delimiter,
        comments=None,
        quotechar='"' if '"' in body else None,
        ndmin=2,
    )


def _rows(text: str, layout: Layout) -> Iterator[tuple[int, str]]:
    """The lines of a table that hold its rows, and their numbers from 0."""
    for i, line in enumerate(text.rstrip(" \t\n\x1a").split("\n")):
        if i >= layout.first and not is_aside(line):
            yield i, line


def _line_of(text: str, layout: Layout, row: int) -> int:
    """The line of a row, both as a text editor counts, from 1."""
    return next((i + 1 for k, (i, _) in enumerate(_rows(text, layout)) if k == row), 0)

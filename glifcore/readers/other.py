"""Patch-clamp formats of one file each, by neo's raw readers: WinWCP, WinEDR, AxoGraph, Spike2.

Only these four: neo has readers that unpickle, and others that open whatever lies beside a file.
neo trusts a header, so one whose numbers do not fit the size of its file is refused before.
"""

import re
import struct
from typing import Any

import numpy as np

from glifcore.readers.contents import (
    Channel,
    Contents,
    RecordingError,
    Source,
    check_channel,
    check_interval,
    library,
    tidy,
)

_MOST_CHANNELS = 512
"""Spike2 has 451 at most."""

FORMATS = {
    "wcp": ("WinWCP", "winwcprawio", "WinWcpRawIO"),
    "edr": ("WinEDR", "winedrrawio", "WinEdrRawIO"),
    "axograph": ("AxoGraph", "axographrawio", "AxographRawIO"),
    "smr": ("Spike2", "spike2rawio", "Spike2RawIO"),
}
"""Name, and neo's module and class."""


def read_other(source: Source, channel: int, interval: float | None, kind: str) -> Contents:
    """The sweeps of one channel of such a file.

    Args:
        source: the file.
        channel: which signal.
        interval: not used; the file knows.
        kind: a key of `FORMATS`.

    Raises:
        RecordingError: the file is cut short, or has no such channel.
    """
    name, module, reader = FORMATS[kind]
    _check_size(source, kind, name)
    neo = library(f"neo.rawio.{module}", f"{name} files")
    with source.on_disk() as path:
        raw = getattr(neo, reader)(path)
        raw.parse_header()
        return _read_channel(raw, name, channel)


def _read_channel(raw: Any, form: str, channel: int) -> Contents:
    """One channel of an open file, a sweep for each segment."""
    header = raw.header["signal_channels"]
    places, rows = [], []
    for stream, ident in enumerate(raw.header["signal_streams"]["id"]):
        for index, row in enumerate(header[header["stream_id"] == ident]):
            places.append((stream, index))
            rows.append(row)
    names = [Channel(str(row["name"]).strip(), str(row["units"]).strip()) for row in rows]
    segments = int(raw.header["nb_segment"][0])
    # An AxoGraph file that does not tell its episodes repeats the name of a channel for each.
    columns: dict[Any, list[int]] = {}
    for i, name in enumerate(names):
        repeated = form == "AxoGraph" and segments == 1
        columns.setdefault(name if repeated else i, []).append(i)
    channels = tuple(names[chosen[0]] for chosen in columns.values())
    check_channel(channel, channels)
    chosen = list(columns.values())[channel]
    rate = float(rows[chosen[0]]["sampling_rate"])
    if not rate > 0:
        raise RecordingError(
            f"The {form} file has a sampling rate of {rate:g} Hz. Export it again."
        )
    sweeps = tuple(_scaled(raw, segment, *places[i]) for i in chosen for segment in range(segments))
    note = f"{len(chosen)} columns of one name were taken for sweeps."
    notes = (note,) if len(chosen) > 1 else ()
    return Contents(form, channels, tidy(check_interval(1e3 / rate), 7), sweeps, notes=notes)


def _scaled(raw: Any, segment: int, stream: int, index: int) -> np.ndarray:
    chunk = raw.get_analogsignal_chunk(
        block_index=0, seg_index=segment, stream_index=stream, channel_indexes=[index]
    )
    scaled = raw.rescale_signal_raw_to_float(
        chunk, dtype="float64", stream_index=stream, channel_indexes=[index]
    )
    return np.array(scaled[:, 0])


def _check_size(source: Source, kind: str, name: str) -> None:
    """Refuse a header that promises more than the file has, or something impossible."""
    counts = {"wcp": _wcp_bytes, "edr": _edr_bytes, "smr": _smr_bytes}
    promised = counts[kind](source) if kind in counts else source.size
    if not 0 < promised <= source.size:
        why = (
            f"promises {promised:,} bytes, and it has {source.size:,}" if promised else "is broken"
        )
        raise RecordingError(
            f"{source.title} is not a whole {name} file: its header {why}. Copy or export it again."
        )


def _entry(head: str, key: str) -> int:
    match = re.search(rf"^{key}=\s*(\d{{1,12}})\s*$", head, re.MULTILINE)
    return int(match[1]) if match else 0


def _wcp_bytes(source: Source) -> int:
    """Where the last record ends; 0 if the header is broken."""
    head = source.read(1024).decode("latin-1").replace("\r", "")
    records, blocks, analysis = _entry(head, "NR"), _entry(head, "NBD"), _entry(head, "NBA")
    stride = 1024 + 512 * blocks
    end = records and blocks and analysis and records * stride + 512 * analysis
    if 0 < end <= source.size:
        # The library scales all records by the range of the last.
        data = source.read()
        ranges = {data[at + 24 : at + 56] for at in range(1024, 1024 + records * stride, stride)}
        if len(ranges) > 1:
            raise RecordingError(
                f"{source.title} has records of different voltage ranges, which are not told apart "
                "here. Export it as text."
            )
    return end


def _edr_bytes(source: Source) -> int:
    """Where the samples end; 0 if the header is broken."""
    head = source.read(2048).decode("latin-1").replace("\r", "")
    points = _entry(head, "NP")
    return points and _entry(head, "NBH") + 2 * points


def _smr_bytes(source: Source) -> int:
    """Where the last block ends; 0 if the header or a chain of blocks is broken.

    The library walks along the chain of each channel, for ever where it loops, and reads less
    where it leaves the file.
    """
    data = source.read()
    system = struct.unpack_from("<h", data)[0]
    channels = struct.unpack_from("<h", data, 30)[0] if len(data) >= 512 else 0
    unit = 512 if system == 9 else 1
    end = 512 + 140 * channels
    if not 0 < channels <= _MOST_CHANNELS or end > len(data):
        return 0
    for i in range(channels):
        at, _, blocks = struct.unpack_from("<iih", data, 512 + 140 * i + 6)
        width = {1: 2, 9: 4}.get(data[512 + 140 * i + 122], 0)
        seen = set()
        for _ in range(blocks):
            at *= unit
            if at in seen or not 0 < at <= len(data) - 20:
                return 0
            seen.add(at)
            items = struct.unpack_from("<h", data, at + 18)[0]
            end = max(end, at + 20 + width * max(items, 0))
            at = struct.unpack_from("<i", data, at + 4)[0]
    return end

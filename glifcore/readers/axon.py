"""Axon's binary files, ABF1 and ABF2: the header by pyabf, the samples by NumPy.

pyabf trusts a header, reads strings byte by byte, and takes sample values of short ABF1 headers for
gains. So it is given a clean copy of the header alone, with all sections left out that are not
needed; it never sees the stimulus file that a header may name.
"""

import os
import struct
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from glifcore.readers.contents import (
    Channel,
    Contents,
    RecordingError,
    Source,
    check_channel,
    library,
    tidy,
)

_BLOCK = 512
_OLD_HEADER, _NEW_HEADER = 4 * _BLOCK, 12 * _BLOCK
"""Bytes of an ABF1 header before version 1.5, and from then on."""
_VARIABLE, _GAP_FREE = 1, 3
"""Modes of acquisition: sweeps of any length, and one sweep whatever the list of sweeps says."""
_MOST_CHANNELS = 64
_MOST_STRINGS = 1 << 20

# Where ABF2 says where its sections are: block, bytes of an entry, number of entries.
_PROTOCOL, _ADC, _DAC, _STRINGS, _DATA, _SYNCH = 76, 92, 108, 220, 236, 316
_UNUSED = (124, 140, 156, 172, 188, 204, 252, _SYNCH)
# What pyabf reads of an entry.
_ENTRY = {_PROTOCOL: 208, _ADC: 82, _DAC: 160}


class _Data(NamedTuple):
    """What the header says of the samples.

    Attributes:
        version: 1 or 2.
        start: byte at which they begin.
        points: how many, of all channels together.
        kind: of a point.
        channels: how many.
        interval: ms between the samples of a channel.
        lengths: points in each sweep.
    """

    version: int
    start: int
    points: int
    kind: np.dtype
    channels: int
    interval: float
    lengths: tuple[int, ...]


def read_abf(source: Source, channel: int, interval: float | None) -> Contents:
    """The sweeps of one channel of an ABF file.

    Args:
        source: the file.
        channel: which signal.
        interval: not used; the file knows.

    Raises:
        RecordingError: the file is damaged or cut short, or has no such channel.
    """
    raw = source.read()
    try:
        data, header = _describe_abf2(raw) if raw[:4] == b"ABF2" else _describe_abf1(raw)
        _check_size(data, len(raw))
    except (struct.error, ValueError) as error:
        why = "its header is cut short" if isinstance(error, struct.error) else error
        raise RecordingError(
            f"{source.title} is not a whole ABF file: {why}. Copy or export it again."
        ) from None
    abf = _read_header(header)
    channels = tuple(
        Channel(_text(name), _text(unit))
        for name, unit in zip(abf.adcNames, abf.adcUnits, strict=True)
    )
    check_channel(channel, channels)
    points = np.frombuffer(raw, data.kind, data.points, data.start)
    values = points[channel :: data.channels].astype(float)
    if data.kind.kind == "i":
        # pyabf scales in float32 and only whole files; its factors have no public name.
        values = values * abf._dataGain[channel] + abf._dataOffset[channel]
    ends = np.cumsum([length // data.channels for length in data.lengths])
    sweeps = tuple(np.split(values[: ends[-1]], ends[:-1]))
    left = len(values) - int(ends[-1])
    notes = (f"The last {left} samples were left out: they fill no sweep.",) if left else ()
    return Contents(f"ABF{data.version}", channels, data.interval, sweeps, notes=notes)


def _describe_abf1(raw: bytes) -> tuple[_Data, bytes]:
    """What an ABF1 header says, and a copy of it that pyabf can read."""
    if len(raw) < _OLD_HEADER:
        raise ValueError("its header is cut short")

    def get(form: str, at: int) -> Any:
        return struct.unpack_from("<" + form, raw, at)[0]

    mode, points, episodes = get("h", 8), get("i", 10), get("i", 16)
    start, form, count = _BLOCK * get("i", 40), get("h", 100), get("h", 120)
    kind = _kind(form)
    start += kind.itemsize * get("h", 14)
    header = bytearray(_NEW_HEADER)
    header[:_OLD_HEADER] = raw[:_OLD_HEADER]
    if start >= _NEW_HEADER and len(raw) >= _NEW_HEADER:
        header[:] = raw[:_NEW_HEADER]
    struct.pack_into("<i", header, 48, 0)  # no tags
    struct.pack_into("<h", header, 100, 0)  # pyabf refuses floats
    synch = (_BLOCK * get("i", 92), get("i", 96))
    lengths = _lengths(raw, mode, points, episodes, count, synch)
    interval = 1e-3 * get("f", 122) * count
    return _Data(1, start, points, kind, count, _checked(interval), lengths), bytes(header)


def _describe_abf2(raw: bytes) -> tuple[_Data, bytes]:
    """What an ABF2 header says, and a copy of it that pyabf can read."""
    at = {name: struct.unpack_from("<IIq", raw, name) for name in (*_ENTRY, _STRINGS, _DATA)}
    end = 0
    for name, least in _ENTRY.items():
        block, entry, count = at[name]
        if not (0 <= count <= _MOST_CHANNELS and (entry >= least or not count)):
            raise ValueError("its header is no header of ABF2")
        end = max(end, _BLOCK * block + entry * count)
    block, length, _ = at[_STRINGS]
    if length > _MOST_STRINGS:
        raise ValueError("its header is no header of ABF2")
    end = max(end, _BLOCK * block + length)
    if end > len(raw):
        raise ValueError("its header is cut short")
    header = bytearray(raw[: max(end, _BLOCK)])
    for name in _UNUSED:
        struct.pack_into("<IIq", header, name, 0, 0, 0)
    # The section is one text of this length, however many strings are in it.
    struct.pack_into("<q", header, _STRINGS + 8, 1)

    protocol, count = _BLOCK * at[_PROTOCOL][0], at[_ADC][2]
    mode, step = struct.unpack_from("<hf", raw, protocol)
    episodes, form = struct.unpack_from("<I", raw, 12)[0], struct.unpack_from("<H", raw, 30)[0]
    block, _, points = at[_DATA]
    first, _, entries = struct.unpack_from("<IIq", raw, _SYNCH)
    lengths = _lengths(raw, mode, points, episodes, count, (_BLOCK * first, entries))
    data = _Data(2, _BLOCK * block, points, _kind(form), count, _checked(1e-3 * step), lengths)
    return data, bytes(header)


def _kind(form: int) -> np.dtype:
    """The type of a point: integers of the converter, or floats that are scaled already."""
    if form not in (0, 1):
        raise ValueError(f"its samples are of an unknown type ({form})")
    return np.dtype("<f4" if form else "<i2")


def _check_size(data: _Data, size: int) -> None:
    claimed = data.points * data.kind.itemsize
    if not 0 <= data.start <= size - claimed:
        raise ValueError(
            f"its header says {claimed:,} bytes of samples from byte {data.start:,} on, and the "
            f"file has {size:,} bytes"
        )


def _checked(interval: float) -> float:
    if not 1e-6 <= interval <= 1e6:
        raise ValueError(f"its sampling interval is {interval:g} ms")
    return tidy(interval, 7)  # it is a float32


def _lengths(
    raw: bytes, mode: int, points: int, episodes: int, channels: int, synch: tuple[int, int]
) -> tuple[int, ...]:
    """Points in each sweep: all the same, unless the file lists them."""
    if not 1 <= channels <= _MOST_CHANNELS:
        raise ValueError(f"its header says {channels} channels")
    episodes = 1 if mode == _GAP_FREE else max(episodes, 1)
    if not 0 < episodes <= points <= len(raw):
        # Also what would take more memory than the file itself, before it is asked for.
        raise ValueError(
            f"its header says {points:,} points in {episodes:,} sweeps, and the file has "
            f"{len(raw):,} bytes"
        )
    start, entries = synch
    if entries == episodes > 1 and start > 0:
        if start + 8 * entries > len(raw):
            raise ValueError("its list of sweeps is cut short")
        listed = np.frombuffer(raw, "<i4", 2 * entries, start)[1::2]
        if (listed > 0).all() and int(listed.sum()) == points:
            return tuple(listed.tolist())
    if mode == _VARIABLE and episodes > 1:
        raise ValueError("its list of sweeps is missing")
    return (points // episodes // channels * channels,) * episodes


def _read_header(header: bytes) -> Any:
    """What pyabf makes of a header."""
    pyabf = library("pyabf", "ABF files")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "header.abf")
        Path(path).write_bytes(header)
        return pyabf.ABF(path, loadData=False)


def _text(name: Any) -> str:
    """A name or unit; pyabf writes "?" where there is none."""
    return "" if name in (None, "?") else str(name).strip("\0 ")

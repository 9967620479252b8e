"""Neurodata Without Borders, by pynwb."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from glifcore.readers.contents import (
    Channel,
    Contents,
    RecordingError,
    Source,
    check_channel,
    check_interval,
    even_grid,
    library,
    megabytes,
)
from glifcore.readers.hdf5 import check_hdf5, dataset_names, open_hdf5

_KINDS = ("VoltageClampSeries", "CurrentClampSeries", "IZeroClampSeries")
_MOST_COLUMNS = 64


class _Trace(NamedTuple):
    """One column of one series."""

    series: Any
    column: int | None
    name: str
    length: int
    rate: float


def read_nwb(source: Source, channel: int, interval: float | None, largest: int) -> Contents:
    """The sweeps of one signal among the acquisitions of an NWB file.

    Args:
        source: the file.
        channel: which signal; those of voltage clamp come first.
        interval: not used; the file knows.
        largest: bytes of samples that may be read.

    Raises:
        RecordingError: it is other HDF5, reaches into other files, claims impossible sizes, or has
            no such signal.
    """
    with source.on_disk() as path, open_hdf5(source, path) as file:
        check_hdf5(source, file)
        if "nwb_version" not in file.attrs:
            raise RecordingError(
                f"{source.title} is HDF5 but not NWB; what its datasets mean is not known. Load "
                "one with h5py and use Recording.from_arrays. It holds: "
                f"{dataset_names(source, file)}."
            )
        pynwb = library("pynwb", "NWB files")
        with pynwb.NWBHDF5IO(file=file, mode="r") as io:
            return _read_acquisition(source, io.read(), channel, largest)


def _read_acquisition(source: Source, nwb: Any, channel: int, largest: int) -> Contents:
    groups: dict[tuple, list[_Trace]] = {}
    for trace in _traces(nwb):
        groups.setdefault(_alike(trace), []).append(trace)
    if not groups:
        names = ", ".join(list(nwb.acquisition)[:5]) or "nothing"
        raise RecordingError(
            f"{source.title} has no series of samples under `acquisition`, but {names}. Export one "
            "that has."
        )
    # In order of kind, and as in the file among one kind.
    ordered = sorted(groups.values(), key=lambda traces: _rank(traces[0].series))
    channels = tuple(Channel(_name(traces), str(traces[0].series.unit)) for traces in ordered)
    check_channel(channel, channels)
    traces = ordered[channel]
    size = sum(trace.length for trace in traces) * 8
    if size > largest:
        raise RecordingError(
            f"{source.title} has {megabytes(size)} of samples in channel {channel}; the limit is "
            f"{megabytes(largest)}. Cut out what you need, or raise the limit with "
            "GLIFCORE_LARGEST_RECORDING (bytes)."
        )
    notes = ()
    if len(traces) > 1:
        names = ", ".join(trace.name for trace in traces[:5]) + ("..." if len(traces) > 5 else "")
        notes = (f"{len(traces)} series of the file were taken for sweeps: {names}.",)
    start, interval = _clock(traces[0])
    sweeps = tuple(_samples(trace) for trace in traces)
    return Contents("NWB", channels, interval, sweeps, start, notes=notes)


def _traces(nwb: Any) -> Iterator[_Trace]:
    """Every one-dimensional signal among the acquisitions."""
    pynwb = library("pynwb", "NWB files")
    series = [item for item in nwb.acquisition.values() if isinstance(item, pynwb.TimeSeries)]
    # Names sort sweep 10 before sweep 2; numbers do not.
    for item in sorted(series, key=lambda item: (_sweep_number(item), _natural(item.name))):
        shape = np.shape(item.data)
        if getattr(item.data, "dtype", np.dtype(float)).kind not in "iuf" or not shape:
            continue
        rate = float(item.rate or 0.0)
        if len(shape) == 1:
            yield _Trace(item, None, item.name, shape[0], rate)
        elif len(shape) == 2 and shape[1] <= _MOST_COLUMNS:
            for column in range(shape[1]):
                yield _Trace(item, column, f"{item.name}[{column}]", shape[0], rate)


def _rank(series: Any) -> int:
    kind = type(series).__name__
    return _KINDS.index(kind) if kind in _KINDS else len(_KINDS)


def _sweep_number(series: Any) -> int:
    number = getattr(series, "sweep_number", None)
    return -1 if number is None else int(number)


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]


def _alike(trace: _Trace) -> tuple:
    """What sweeps of one signal have in common."""
    series = trace.series
    electrode = getattr(getattr(series, "electrode", None), "name", "")
    # Without an electrode, only a number may tell the names of sweeps apart.
    stem = electrode or re.sub(r"\d+", "#", series.name)
    kind = type(series).__name__
    return kind, str(series.unit), stem, trace.column, trace.length, trace.rate


def _name(traces: list[_Trace]) -> str:
    if len(traces) == 1:
        return traces[0].name
    electrode = getattr(getattr(traces[0].series, "electrode", None), "name", "")
    return electrode or re.sub(r"[\s_-]*\d+", "", traces[0].name) or traces[0].name


def _clock(trace: _Trace) -> tuple[float, float]:
    """First time in a sweep, and the interval, ms."""
    if trace.rate:
        return 0.0, check_interval(1e3 / trace.rate)
    if np.shape(trace.series.timestamps) != (trace.length,):
        raise RecordingError(
            f"{trace.name!r} has {trace.length} samples and {np.shape(trace.series.timestamps)} "
            "times; there must be one for each. Export it again."
        )
    times = 1e3 * np.asarray(trace.series.timestamps[:], float)
    _, interval = even_grid(times, lambda i: f"Sample {i} of {trace.name!r}")
    return 0.0, check_interval(interval)


def _samples(trace: _Trace) -> np.ndarray:
    """The samples in the unit of the series."""
    data, series = trace.series.data, trace.series
    raw = data[:] if trace.column is None else data[:, trace.column]
    conversion = 1.0 if series.conversion is None else float(series.conversion)
    return np.asarray(raw, float) * conversion + float(series.offset or 0.0)

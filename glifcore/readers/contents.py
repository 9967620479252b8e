"""What a reader is given, what it gives back, and the rules that every recording obeys."""

import importlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from glifcore.levels import ParameterError

MIN_SAMPLES = 8
"""Fewer than these are no recording: a fit of a synaptic current has six parameters."""

EVENNESS = 0.01
"""By how much of a step the times of a recording may be off."""

LARGEST_NUMBER = 1e15
"""pA. No amplifier gives a thousand amperes; beyond this even a sum of squares could overflow."""


class RecordingError(ParameterError):
    """A recording cannot be used; the message says what is wrong with it, and the remedy."""


class Channel(NamedTuple):
    """One signal of a file.

    Attributes:
        name: as the file has it.
        unit: as the file has it; "" where it says none.
    """

    name: str
    unit: str


class Contents(NamedTuple):
    """What a reader found.

    Attributes:
        format: what the file is, such as "ABF2".
        channels: every signal in the file.
        interval: ms between samples.
        sweeps: those of the channel that was asked for, in the file's unit, each (T,).
        start: time of the first sample, ms.
        sem: standard error beside a mean, in the same unit, (T,), where the file has one.
        notes: sentences on what was guessed or left out.
    """

    format: str
    channels: tuple[Channel, ...]
    interval: float
    sweeps: tuple[np.ndarray, ...]
    start: float = 0.0
    sem: np.ndarray | None = None
    notes: tuple[str, ...] = ()


class Source(NamedTuple):
    """A file, by its path or by its bytes.

    Attributes:
        name: its name, never opened as a path.
        path: where it lies, or "" for bytes.
        data: its bytes, where there is no path.
        size: bytes.
    """

    name: str
    path: str
    data: bytes
    size: int

    @property
    def title(self) -> str:
        """How sentences call it."""
        return repr(self.name) if self.name else "The file"

    @property
    def extension(self) -> str:
        """In lower case, with the dot."""
        return Path(self.name).suffix.lower()

    def read(self, count: int = -1) -> bytes:
        """Its first `count` bytes, or all of them."""
        if not self.path:
            return self.data if count < 0 else self.data[:count]
        with open(self.path, "rb") as file:
            return file.read(count)

    @contextmanager
    def on_disk(self) -> Iterator[str]:
        """A path, for libraries that read nothing else."""
        if self.path:
            yield self.path
            return
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "recording")
            Path(path).write_bytes(self.data)
            yield path


def find_source(source: str | os.PathLike | bytes, name: str, largest: int) -> Source:
    """The file behind a path or an upload, of a size that may be read.

    Raises:
        RecordingError: it is missing, no file, empty, or larger than `largest` bytes.
    """
    if isinstance(source, bytes):
        found = Source(os.path.basename(name), "", source, len(source))
    else:
        path = os.fsdecode(os.fspath(source))
        name = os.path.basename(name or path)
        try:
            status = os.stat(path)
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            raise RecordingError(
                f"{name!r} cannot be opened ({why}); check the path {path!r}."
            ) from None
        if not stat.S_ISREG(status.st_mode):
            raise RecordingError(f"{path!r} is not a file; give the path of one recording.")
        found = Source(name, path, b"", status.st_size)
    if not found.size:
        raise RecordingError(f"{found.title} is empty; export or upload the recording again.")
    if found.size > largest:
        raise RecordingError(
            f"{found.title} has {megabytes(found.size)}; the limit is {megabytes(largest)}. "
            "Cut out what you need, or raise the limit with GLIFCORE_LARGEST_RECORDING (bytes)."
        )
    return found


def megabytes(size: int) -> str:
    """A size as sentences say it."""
    return f"{size / 1e6:,.1f} MB" if size >= 1e5 else f"{size:,} bytes"


def library(module: str, files: str) -> Any:
    """A module of the extra `recordings`.

    Raises:
        RecordingError: it is not installed.
    """
    try:
        # pyabf sets how NumPy prints when it is imported; that is the caller's business.
        with np.printoptions():
            return importlib.import_module(module)
    except ImportError:
        raise RecordingError(
            f"Reading {files} needs {module.split('.')[0]}, which is not installed; install it "
            "with `pip install glifcore[recordings]`."
        ) from None


def check_channel(channel: int, channels: Sequence[Channel]) -> None:
    """Refuse a channel that the file does not have, and list those that it has."""
    if not channels:
        raise RecordingError("The file has no signal in it. Export it again, with the current.")
    if not 0 <= channel < len(channels):
        known = ", ".join(f"{i} is {c.name!r} ({c.unit or '?'})" for i, c in enumerate(channels))
        raise RecordingError(f"There is no channel {channel}; {known}. Choose one of them.")


def check_count(count: int) -> None:
    """Refuse too few samples."""
    if count < MIN_SAMPLES:
        raise RecordingError(
            f"There are {count} samples; a recording has at least {MIN_SAMPLES}. Choose a longer "
            "one, and in a table one line for each sample."
        )


def check_numbers(values: np.ndarray, where: Callable[[int], str], unit: str = "") -> None:
    """Refuse samples (T,) that are not finite; `where` names the place of the i-th."""
    bad = ~(np.abs(values) < LARGEST_NUMBER)
    if bad.any():
        first = int(np.argmax(bad))
        raise RecordingError(
            f"{where(first)}: the value is {values[first]:g}{unit and ' ' + unit}; every sample "
            "must be a finite number of a possible size. Cut that part out or correct it."
        )


def check_interval(interval: float) -> float:
    """An interval in ms that a recording can have."""
    if not 1e-6 <= interval <= 1e6:
        raise RecordingError(
            f"The sampling interval is {interval:g} ms; it must be a possible time above 0. Give "
            "the ms between two samples as `interval`: 0.05 at 20 kHz."
        )
    return float(interval)


def even_grid(times: np.ndarray, where: Callable[[int], str]) -> tuple[float, float]:
    """First time and step of times (T,) that are evenly spaced, in their own unit.

    Times written with few digits are taken for what they are, rounded, where a digit is less than
    a tenth of a step.

    Raises:
        RecordingError: they are too few, not finite, not increasing, or uneven by more than 1 %.
    """
    check_count(len(times))
    check_numbers(times, where)
    steps = np.diff(times)
    if not (steps > 0).all():
        i = int(np.argmin(steps > 0)) + 1
        raise RecordingError(
            f"{where(i)}: the time goes from {times[i - 1]:.10g} to {times[i]:.10g}; times must "
            "increase. Sort the samples, and put each sweep into a column of its own."
        )
    step = float(times[-1] - times[0]) / len(steps)
    uneven = np.abs(steps - step)
    drift = np.abs(times - times[0] - step * np.arange(len(times))).max()
    even = uneven.max() <= EVENNESS * step and drift <= 0.5 * step
    if not even and drift > _rounding(times, step):
        i = int(np.argmax(uneven)) + 1
        raise RecordingError(
            f"{where(i)}: the step of time is {steps[i - 1]:.6g}, the mean step {step:.6g}; a "
            "recording must be evenly spaced to 1 %. Resample it first, for example with "
            "numpy.interp."
        )
    if not even:
        # Rounded ends tell the step less well than all times together.
        step = float(np.polyfit(np.arange(len(times)), times, 1)[0])
    return float(times[0]), tidy(step)


def tidy(step: float, digits: int = 12) -> float:
    """A step without the last digits that arithmetic left in it: 0.05, not 0.04999999999999."""
    return float(f"{step:.{digits}g}")


def _rounding(times: np.ndarray, step: float) -> float:
    """How far times may be off the line for having been written with few digits."""
    decimals = int(np.ceil(1 - np.log10(step)))
    for quantum in 10.0 ** -np.arange(decimals, decimals + 3):
        ticks = (times - times[0]) / quantum
        if np.abs(ticks - np.rint(ticks)).max() < 1e-3:
            # A step of whole digits needs no rounding, so times off its grid are uneven.
            whole = abs(ticks[-1] - (len(times) - 1) * np.rint(step / quantum)) < 1.5
            return 0.0 if whole else 1.01 * float(quantum)
    return 0.0

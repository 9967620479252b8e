"""Recorded synaptic currents, from files or arrays, in pA and ms.

A `Recording` is a value: each of its methods gives a new one, or a number. The file formats are
read in `glifcore.readers`, and the libraries that they need are imported there when they are used.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from jaxtyping import Float

from glifcore.readers.contents import (
    MIN_SAMPLES,
    Channel,
    Contents,
    RecordingError,
    check_count,
    check_interval,
    even_grid,
    find_source,
    tidy,
)
from glifcore.readers.dispatch import read
from glifcore.readers.resampling import low_passed
from glifcore.readers.scaling import chosen_sweeps, scaled_sweeps

__all__ = ["DEFAULT_BYTES", "Channel", "Recording", "RecordingError", "load_recording"]

DEFAULT_BYTES = 256 * 1024**2
"""The largest file that is read, unless GLIFCORE_LARGEST_RECORDING (bytes) says otherwise."""


@dataclass(frozen=True, eq=False)
class Recording:
    """Sweeps of one recorded current, with where they come from.

    Attributes:
        name: of the file; "" for arrays.
        format: "ABF2", "CSV", "NWB" and so on.
        channels: every signal in the file, with its unit.
        channel: index of the one that was read.
        time: ms from the start of a sweep, evenly spaced, (T,).
        sweeps: pA, (n, T).
        sem: standard error beside a mean that the file itself gives, pA, (T,); or None.
        scale: pA that one unit of the file was taken for.
        notes: sentences on what was guessed or left out.
    """

    name: str
    format: str
    channels: tuple[Channel, ...]
    channel: int
    time: Float[np.ndarray, "T"]
    sweeps: Float[np.ndarray, "n T"]
    sem: Float[np.ndarray, "T"] | None = None
    scale: float = 1.0
    notes: tuple[str, ...] = ()

    def __post_init__(self):
        for field in ("time", "sweeps", "sem"):
            array = getattr(self, field)
            if array is not None:
                # A view, so that the caller's own array stays writable.
                view = np.asarray(array, float).view()
                view.flags.writeable = False
                object.__setattr__(self, field, view)

    @classmethod
    def from_arrays(
        cls,
        time: Any,
        sweeps: Any,
        *,
        unit: str = "pA",
        name: str = "",
    ) -> "Recording":
        """A recording that is already in memory.

        Args:
            time: ms, evenly spaced, (T,).
            sweeps: (n, T), or (T,) for one.
            unit: of the sweeps: fA, pA, nA, uA, mA or A.
            name: what to call it.

        Raises:
            RecordingError: the shapes do not match, or a number breaks a rule.
        """
        try:
            time, rows = np.asarray(time, float), np.atleast_2d(np.asarray(sweeps, float))
        except (TypeError, ValueError) as error:
            raise RecordingError(
                f"`time` and `sweeps` must be arrays of numbers, one sweep in each row: {error}."
            ) from None
        if time.ndim != 1 or rows.ndim != 2 or not len(rows) or rows.shape[1] != len(time):
            raise RecordingError(
                f"`time` has shape {time.shape} and `sweeps` {np.shape(sweeps)}; they must be (T,) "
                "and (n, T), one sweep in each row."
            )
        start, interval = even_grid(time, lambda i: f"Sample {i}")
        contents = Contents(
            "arrays", (Channel("current", unit),), interval, tuple(rows), start=start
        )
        return _assembled(name, contents, 0, None, unit)

    @property
    def interval(self) -> float:
        """Time between two samples, ms."""
        return tidy(float(self.time[-1] - self.time[0]) / (len(self.time) - 1))

    @property
    def unit(self) -> str:
        """The file's own unit of the channel that was read; "" where it says none."""
        return self.channels[self.channel].unit

    def choose(self, sweeps: int | Sequence[int]) -> "Recording":
        """Only these sweeps, in this order; they count from 0.

        Raises:
            RecordingError: there is no such sweep.
        """
        wanted = chosen_sweeps(sweeps, len(self.sweeps))
        return replace(self, sweeps=self.sweeps[wanted])

    def window(self, start: float, stop: float) -> "Recording":
        """The part with start <= time < stop, ms; times stay what they are.

        Raises:
            RecordingError: it has fewer than 8 samples.
        """
        inside = self._inside(start, stop)
        self._check_window(inside, start, stop, MIN_SAMPLES)
        sem = None if self.sem is None else self.sem[inside]
        return replace(self, time=self.time[inside], sweeps=self.sweeps[:, inside], sem=sem)

    def scaled(self, factor: float) -> "Recording":
        """All currents times a factor, where the file's own scale is wrong.

        Raises:
            RecordingError: the factor is 0 or not finite.
        """
        if not np.isfinite(factor) or factor == 0:
            raise RecordingError(
                f"`factor` is {factor:g}; it must be finite and not 0. Give 1000 for numbers that "
                "are in nA and were taken for pA."
            )
        sem = None if self.sem is None else self.sem * abs(factor)
        return replace(self, sweeps=self.sweeps * factor, sem=sem, scale=float(self.scale * factor))

    def inverted(self) -> "Recording":
        """With the other sign, so that inward currents point up, or down again."""
        return self.scaled(-1.0)

    def without_baseline(self, start: float, stop: float) -> "Recording":
        """Each sweep less its own mean over start <= time < stop, ms.

        Raises:
            RecordingError: no sample lies there.
        """
        inside = self._inside(start, stop)
        self._check_window(inside, start, stop, 1)
        baseline = self.sweeps[:, inside].mean(axis=1, keepdims=True)
        return replace(self, sweeps=self.sweeps - baseline)

    def noise(self, start: float, stop: float) -> float:
        """Standard deviation of the mean of the sweeps over start <= time < stop, pA.

        It is that of a sample, about its own mean: one degree of freedom is spent.

        Raises:
            RecordingError: fewer than two samples lie there.
        """
        inside = self._inside(start, stop)
        self._check_window(inside, start, stop, 2)
        return float(self.mean()[inside].std(ddof=1))

    def mean(self) -> Float[np.ndarray, "T"]:
        """Mean of the sweeps, pA."""
        return self.sweeps.mean(axis=0)

    def sem_of_mean(self) -> Float[np.ndarray, "T"] | None:
        """Standard error of that mean, pA: from three sweeps or more, else the file's, or None."""
        count = len(self.sweeps)
        return self.sweeps.std(axis=0, ddof=1) / np.sqrt(count) if count >= 3 else self.sem

    def resampled(self, interval: float) -> "Recording":
        """With fewer samples, `interval` ms apart, from the same first time on.

        A low-pass filter of linear phase and no delay takes out what is faster than half the new
        rate (to 1e-4), and keeps what is slower than 0.4 of it (to 1e-3). Within 25 new samples of
        both ends the sweep is continued by its mirror image through the last point. A standard
        error of the file's own is only interpolated; that of the filtered mean is smaller.

        Raises:
            RecordingError: `interval` is less than now, or fewer than 8 samples would be left.
        """
        if not np.isfinite(interval) or interval < self.interval * (1 - 1e-9):
            raise RecordingError(
                f"`interval` is {interval:g} ms and the samples are {self.interval:g} ms apart; "
                "resampling only makes them fewer. Give a larger interval."
            )
        ratio = interval / self.interval
        if ratio < 1 + 1e-9:
            return self
        count = int((len(self.time) - 1) / ratio + 1e-9) + 1
        check_count(count)
        time = self.time[0] + interval * np.arange(count)
        sem = None if self.sem is None else np.interp(time, self.time, self.sem)
        return replace(self, time=time, sweeps=low_passed(self.sweeps, ratio, count), sem=sem)

    def samples(
        self, weights: str | None = None, baseline: tuple[float, float] | None = None
    ) -> tuple[Float[np.ndarray, "T"], Float[np.ndarray, "T"], Float[np.ndarray, "T"] | None]:
        """What a fit takes: time, mean of the sweeps, and the standard deviation of its noise.

        Args:
            weights: None for equal weights; "sem" for the standard error at each time; "baseline"
                for the noise in a stretch without events.
            baseline: that stretch, (start, stop) in ms.

        Returns:
            time in ms, current in pA, and sigma in pA or None; each (T,).

        Raises:
            RecordingError: the weights are unknown or cannot be had.
        """
        if weights is None:
            return self.time, self.mean(), None
        if weights == "sem":
            sigma = self.sem_of_mean()
            remedy = "Record three sweeps or more, or weight by the 'baseline'"
        elif weights == "baseline":
            remedy = "Give `baseline` as (start, stop) in ms, where there is noise and no event"
            sigma = None if baseline is None else np.full(len(self.time), self.noise(*baseline))
        else:
            raise RecordingError(f"`weights` is {weights!r}; known are None, 'sem' and 'baseline'.")
        if sigma is None or not (sigma > 0).all():
            what = "0 at some time" if sigma is not None else "not known"
            raise RecordingError(
                f"With weights {weights!r} the noise is {what}; it must be above 0. {remedy}."
            )
        return self.time, self.mean(), sigma

    def _inside(self, start: float, stop: float) -> np.ndarray:
        slack = 1e-6 * self.interval  # so that 0.3 is not before 0.1 + 0.1 + 0.1
        return (self.time >= start - slack) & (self.time < stop - slack)

    def _check_window(self, inside: np.ndarray, start: float, stop: float, least: int) -> None:
        if inside.sum() < least:
            raise RecordingError(
                f"Between {start:g} and {stop:g} ms there are {inside.sum()} samples, and {least} "
                f"are needed. The recording lasts from {self.time[0]:g} to {self.time[-1]:g} ms."
            )


def load_recording(
    source: str | os.PathLike | bytes,
    *,
    name: str = "",
    channel: int = 0,
    sweep: int | Sequence[int] | None = None,
    unit: str | None = None,
    interval: float | None = None,
    largest: int = DEFAULT_BYTES,
) -> Recording:
    """A recording from a file: text, ATF, ABF, NWB, WinWCP, WinEDR, AxoGraph or Spike2.

    Args:
        source: a path, or the bytes of a file.
        name: the file's name, for bytes. What the file is, its content says, and only where that
            does not, its name.
        channel: which signal to read, from 0.
        sweep: which sweeps to read, from 0; None for all.
        unit: the unit in which the file's numbers are, whatever it says: fA, pA, nA, uA, mA or A.
        interval: ms between samples, for tables without a column of time.
        largest: bytes above which a file is refused before it is read; the environment variable
            GLIFCORE_LARGEST_RECORDING sets another default.

    Raises:
        RecordingError: what is wrong with the file, and what to do.
    """
    if largest == DEFAULT_BYTES:
        largest = _default_bytes()
    if interval is not None:
        check_interval(interval)
    found = find_source(source, name, largest)
    contents = read(found, channel, interval, largest)
    return _assembled(found.name, contents, channel, sweep, unit)


def _default_bytes() -> int:
    text = os.environ.get("GLIFCORE_LARGEST_RECORDING", str(DEFAULT_BYTES))
    if not text.isdecimal() or not int(text):
        raise RecordingError(
            f"GLIFCORE_LARGEST_RECORDING is {text!r}; it must be a number of bytes, such as "
            f"{DEFAULT_BYTES}."
        )
    return int(text)


def _assembled(
    name: str,
    contents: Contents,
    channel: int,
    sweep: int | Sequence[int] | None,
    unit: str | None,
) -> Recording:
    """The chosen sweeps of a file, with all that is known of them."""
    interval = check_interval(contents.interval)
    sweeps, scale, notes = scaled_sweeps(contents, channel, sweep, unit)
    return Recording(
        name=name,
        format=contents.format,
        channels=contents.channels,
        channel=channel,
        time=contents.start + interval * np.arange(sweeps.shape[1]),
        sweeps=sweeps,
        sem=None if contents.sem is None else contents.sem * scale,
        scale=scale,
        notes=contents.notes + notes,
    )

"""The chosen sweeps of a file, in pA."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from glifcore.readers.contents import Contents, RecordingError, check_count, check_numbers
from glifcore.readers.units import given_scale, scale_of

_ABSURD = 1e-6
"""Numbers without a unit that all lie below this are A: as pA they would be no current at all."""


class Scaled(NamedTuple):
    """Sweeps in pA.

    Attributes:
        sweeps: pA, (n, T).
        scale: pA that one unit of the file was taken for.
        notes: what of that was guessed.
    """

    sweeps: Float[np.ndarray, "n T"]
    scale: float
    notes: tuple[str, ...]


def scaled_sweeps(
    contents: Contents, channel: int, sweep: int | Sequence[int] | None, unit: str | None
) -> Scaled:
    """The chosen sweeps of one channel.

    Args:
        contents: of the file.
        channel: the one that was read.
        sweep: which sweeps; None for all.
        unit: in which the numbers are, whatever the file says.

    Raises:
        RecordingError: there is no such sweep, they differ in length, or a sample is no number.
    """
    count = len(contents.sweeps)
    wanted = chosen_sweeps(range(count) if sweep is None else sweep, count)
    lengths = sorted({len(contents.sweeps[i]) for i in wanted})
    if len(lengths) > 1:
        raise RecordingError(
            f"The sweeps have {', '.join(map(str, lengths[:5]))} samples; they must have as many. "
            f"Choose some of one length with `sweep`, of 0 to {count - 1}."
        )
    check_count(lengths[0])
    scale, notes = _scale(contents, channel, unit)
    sweeps = np.stack([contents.sweeps[i] for i in wanted]) * scale
    for i, row in zip(wanted, sweeps, strict=True):
        check_numbers(row, lambda k, i=i: f"Sweep {i}, sample {k}", "pA")
    return Scaled(sweeps, scale, notes)


def chosen_sweeps(sweeps: int | Sequence[int], count: int) -> list[int]:
    """The sweeps that were asked for, of `count`.

    Raises:
        RecordingError: there are no such sweeps.
    """
    if not count:
        raise RecordingError("The file has no sweep in it. Export it again, with its samples.")
    wanted = [int(i) for i in np.atleast_1d(np.asarray(sweeps, int))]
    unknown = [i for i in wanted if not 0 <= i < count]
    if unknown or not wanted:
        what = f"There is no sweep {unknown[0]}" if unknown else "No sweep was chosen"
        known = ", ".join(map(str, range(min(count, 10)))) + (", ..." if count > 10 else "")
        raise RecordingError(f"{what}; known: {known}. Choose among them.")
    return wanted


def _scale(contents: Contents, channel: int, unit: str | None) -> tuple[float, tuple[str, ...]]:
    """How many pA are one unit of the file, and what of that was guessed."""
    if unit is not None:
        return given_scale(unit), ()
    theirs = contents.channels[channel].unit
    scale = scale_of(theirs)
    if scale is not None:
        return scale, ()
    if theirs:
        return 1.0, (
            f"Channel {channel} is in {theirs}, not a current; its numbers are taken for pA.",
        )
    largest = max((float(np.abs(sweep).max()) for sweep in contents.sweeps), default=0.0)
    if 0 < largest < _ABSURD:
        return 1e12, (
            f"The file gives no unit; taken for A, as {largest:g} pA would be no current.",
        )
    return 1.0, ("The file gives no unit; taken for pA.",)

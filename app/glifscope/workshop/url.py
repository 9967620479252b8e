"""What a link says of the workshop: which recording is open, what of it is fitted, and how.

A link holds no recording. A shipped example is named by its key; a visitor's own file by its name,
and what was chosen for it waits until it is opened again.
"""

from typing import Any

from glifcore.fit_result import PARAMETERS, PscParameters

from ..sections import Entry, Section, choice, flag, number_in, number_text, numbers
from .challenge import begun_as, challenge_of
from .choices import WEIGHTS, Chosen, field_of, sound
from .examples import EXAMPLES

LONGEST_NAME = 120
"""Letters of a file's name that a link holds."""

_MOST_SWEEPS = 10_000


def _base(chosen: Chosen) -> Chosen:
    """What the workshop begins with for this recording; a recording without a name stays out."""
    if chosen.example:
        return begun_as(chosen.example)
    if chosen.file or chosen.recording is None:
        return Chosen(file=chosen.file)
    return chosen


def _settle(chosen: Chosen, present: Any, told: list[str]) -> Chosen:
    if chosen == Chosen():  # the link says nothing of the workshop: what is open there stays
        return present
    if chosen.example and chosen.file:
        chosen = chosen._replace(file="")
    if chosen.file and present.file == chosen.file and present.recording is not None:
        chosen = chosen._replace(recording=present.recording)
    elif chosen.file:
        told.append(
            f"A link holds no recording: this one is of your file “{chosen.file}”. Open it in the "
            "workshop of Synapse once more, and what was chosen for it comes back."
        )
    settled, found = sound(chosen)
    told += found
    return settled


def _example_of(text: str) -> str:
    if text not in EXAMPLES and challenge_of(text) is None:
        raise ValueError(
            f"`workshop.example` is {text[:30]!r}; choose from: {', '.join(EXAMPLES)}, or a hidden "
            "synapse like hidden-20-1: its peak over the noise (50, 20 or 5) and its number."
        )
    return text


def _short(name: str) -> str:
    return name[:LONGEST_NAME]


def sweeps_text(sweeps: tuple[int, ...]) -> str:
    """Numbers from 1, runs of them as first and last."""
    runs: list[list[int]] = []
    for i in sweeps:
        if runs and i == runs[-1][1] + 1:
            runs[-1][1] = i
        else:
            runs.append([i, i])
    return ",".join(f"{a + 1}" if a == b else f"{a + 1}-{b + 1}" for a, b in runs)


def _sweeps_of(text: str) -> tuple[int, ...]:
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        low, high = (int(n) if n.isascii() and n.isdigit() else 0 for n in (first, last or first))
        if not 1 <= low <= high <= _MOST_SWEEPS:
            raise ValueError(
                f"`workshop.sweeps` is {text[:60]!r}; it must be numbers from 1, like 1-3,5."
            )
        found |= set(range(low - 1, high))
    return tuple(sorted(found))


def _held_of(text: str) -> frozenset[str]:
    names = frozenset(name for name in text.split(",") if name)
    _know("workshop.held", names)
    return names


def _bounds_text(bounds: tuple[tuple[str, float, float], ...]) -> str:
    return ",".join(f"{name}:{number_text(low)}:{number_text(high)}" for name, low, high in bounds)


def _bounds_of(text: str) -> tuple[tuple[str, float, float], ...]:
    key, found = "workshop.bounds", {}
    for part in filter(None, text.split(",")):
        name, *ends = part.split(":")
        _know(key, [name])
        if len(ends) != 2:
            raise ValueError(f"`{key}` has {part[:60]!r}; write it like onset:2:9.")
        low, high = (number_in(key, end) for end in ends)
        if low > high:
            raise ValueError(f"`{key}` has {part[:60]!r}; the first end must be the lower one.")
        found[name] = (name, low, high)
    return tuple(found.values())


def _know(key: str, names: Any) -> None:
    for name in sorted(names):
        if name not in PARAMETERS:
            raise ValueError(f"`{key}` has {name[:30]!r}; choose from: {', '.join(PARAMETERS)}.")


def _span(key: str, path: str) -> Entry:
    """First and last time, ms."""

    def make(ends: list[float]) -> tuple[float, ...]:
        if ends[0] > ends[1]:
            raise ValueError(f"`{key}` ends at {ends[1]:g} ms, before it begins at {ends[0]:g} ms.")
        return tuple(ends)

    return numbers(key, path, 2, make)


def _shape(found: list[float]) -> PscParameters:
    values = PscParameters(*found)
    for name, value in values._asdict().items():
        info = field_of(name)
        if info.above is not None and not value > info.above:
            raise ValueError(
                f"`workshop.shape` has {name} {value:g} {info.unit}; it must be above "
                f"{info.above:g} {info.unit}."
            )
    return values


WORKSHOP = Section(
    name="workshop",
    start=Chosen(),
    entries=(
        Entry("workshop.example", "example", str, _example_of, leads=True),
        Entry(
            "workshop.file", "file", lambda n: n[:LONGEST_NAME], lambda t: t[:LONGEST_NAME], True
        ),
        Entry("workshop.sweeps", "sweeps", sweeps_text, _sweeps_of),
        Entry("workshop.factor", "factor", number_text, lambda t: number_in("workshop.factor", t)),
        flag("workshop.inverted", "inverted"),
        flag("workshop.levelled", "levelled"),
        _span("workshop.window", "window"),
        _span("workshop.quiet", "quiet"),
        choice("workshop.weights", "weights", {key: key for key in WEIGHTS}),
        numbers("workshop.shape", "values", 6, _shape),
        Entry("workshop.held", "fixed", lambda names: ",".join(sorted(names)), _held_of),
        Entry("workshop.bounds", "bounds", _bounds_text, _bounds_of),
        flag("workshop.keep_fitted", "keep_fitted"),
    ),
    base=_base,
    settle=_settle,
)

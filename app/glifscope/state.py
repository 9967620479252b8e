"""What undo goes back to, and what makes a step of its own. No Panel, no plots."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, NamedTuple

import numpy as np

from glifcore import FIELDS, GlifParameters, RecordedCurrent

from .cells.url import ATLAS
from .choices import NAMES, Choices
from .population.choice import PopulationChoice
from .population.url import LOOKED
from .sections import dragged
from .shown_traces import SHOWN_TRACES
from .synapses.url import EXPLORER
from .workshop.url import WORKSHOP

SECTIONS = (EXPLORER, ATLAS, WORKSHOP, LOOKED, SHOWN_TRACES)
"""What further workspaces keep in the session."""

SECTION_NAMES = tuple(section.name for section in SECTIONS)

_BYTES_OF_A_NUMBER = 32
"""In a tuple: the number and the reference to it."""


class State(NamedTuple):
    """Everything that undo goes back to, and where on the page that was chosen.

    Attributes:
        origin: where one was when the step began; undo leads there.
        place: where one was when it was made; redo leads there.
    """

    choices: Choices
    explorer: Any
    atlas: Any
    workshop: Any
    looked: Any
    shown_traces: Any
    pinned: Choices | None
    port: int
    spike: int | None
    lesson: str
    origin: dict[str, str]
    place: dict[str, str]


def recordings_in(state: State) -> Iterable[tuple[object, int]]:
    """The recordings that a state holds, each with its bytes."""
    recording = state.workshop.recording
    if recording is not None:
        yield recording.sweeps, recording.sweeps.nbytes
    for choices in filter(None, (state.choices, state.pinned)):
        for part in choices.stimulus:
            if isinstance(part, RecordedCurrent):
                yield part.values, _BYTES_OF_A_NUMBER * len(part.values)


def subject(events: Any) -> object:
    """What a change is about: moving one number again and again is about one thing."""
    if len(events) > 1:
        return None
    (event,) = events
    if event.name in SECTION_NAMES:
        moved = dragged(event.old, event.new)
        return None if moved is None else (event.name, *moved)
    if event.name == "cell":
        moved = [name for name in FIELDS if not _same(event.old, event.new, name)]
        return ("cell", tuple(moved)) if event.old.model is event.new.model else None
    if event.name == "stimulus" and len(event.old) == len(event.new):
        pairs = enumerate(zip(event.old, event.new, strict=True))
        moved = [i for i, (old, new) in pairs if old != new]
        kinds = [type(event.new[i]) for i in moved]
        return None if [type(event.old[i]) for i in moved] != kinds else ("stimulus", tuple(moved))
    if event.name == "population":
        old, new = event.old, event.new
        same = old.mix == new.mix and [n for n, _ in old.spread] == [n for n, _ in new.spread]
        return ("population", _moved(old, new)) if same else None
    return event.name if event.name in (*NAMES, "spike") and event.name != "stimulus" else None


def _same(old: GlifParameters, new: GlifParameters, name: str) -> bool:
    return np.array_equal(getattr(old, name), getattr(new, name))


def _moved(old: PopulationChoice, new: PopulationChoice) -> tuple[str, ...]:
    return tuple(f.name for f in fields(old) if getattr(old, f.name) != getattr(new, f.name))

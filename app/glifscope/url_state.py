"""Where a visitor is, as the query of a URL: short, versioned, and safe to open by hand.

    v=1&workspace=Neuron&cell=490626718&level=GLIF3&tau_syn_fast=1.5&input=StepCurrent,320,40,280

Only what differs is written: a parameter where it is not the cell's own at its level, the stimulus
where it is not the one that the page begins with. What cannot be read is left as it was, and told.
"""

import math
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from glifcore import FIELDS

from .choices import NAMES, Choices, errors_in, problems_of
from .choices_query import choices_from, floats_of, query_of
from .population.choice import POPULATION_FIELDS
from .sections import number_text
from .session import LEAST_SEEN, PANES, SYNAPSE_PARTS, WORKSPACES, Session
from .state import SECTION_NAMES, SECTIONS

_PLACES = {
    "workspace": dict(zip(WORKSPACES, WORKSPACES, strict=True)),
    "part": dict(zip(("workshop", "v1"), SYNAPSE_PARTS, strict=True)),
    "pane": dict(zip(("traces", "climb", "f-I"), PANES, strict=True)),
}
"""Where on the page one can be: for each key its values, and what the session calls them."""

_MOST_SPIKES = 1_000_000
"""Of a picture; the number of the one that is taken apart is below it."""

_LOOKED_AT = ("lesson", "port", "spike", "window", "pinned")

FOLLOWED = (*NAMES, *SECTION_NAMES, *_PLACES, *_LOOKED_AT, "dark")
"""What of a session a query holds."""

VERSION = "1"
LONGEST = 8000
"""Letters of a query that are read; browsers and proxies cut longer addresses."""

LONGEST_LESSON = 80
"""Letters of a lesson's name."""

_MOST_TOLD, _LONGEST_TOLD = 10, 300


def to_query(session: Session) -> str:
    """The session as the query of a URL, without the question mark."""
    entries = [("v", VERSION), ("workspace", session.workspace)]
    for key, places in _PLACES.items():
        now = getattr(session, key)
        if key != "workspace" and now != next(iter(places.values())):
            entries.append((key, next(text for text, name in places.items() if name == now)))
    if session.dark:
        entries.append(("theme", "dark"))
    if session.lesson:
        entries.append(("lesson", session.lesson))
    if session.port:
        entries.append(("port", str(session.port)))
    if session.spike is not None:
        entries.append(("spike", str(session.spike)))
    if session.window is not None:
        entries.append(("window", ",".join(map(number_text, session.window))))
    entries += query_of(session.choices)
    for section in SECTIONS:
        entries += section.written(getattr(session, section.name))
    if session.pinned is not None:
        entries.append(("pinned", urlencode(query_of(session.pinned), safe=",:")))
    return urlencode(entries, safe=",:")


def link_of(choices: Choices) -> str:
    """The query that opens the page with these choices."""
    return urlencode([("v", VERSION), *query_of(choices)], safe=",:")


def open_query(session: Session, query: str) -> list[str]:
    """Take the session to what a query says; sentences on what of it could not be read."""
    told: list[str] = []
    with session.one_step():
        _open(session, query, told)
    return _bounded(told)


def _bounded(told: list[str]) -> list[str]:
    """The first of the sentences, none too long."""
    cut = [t if len(t) <= _LONGEST_TOLD else f"{t[:_LONGEST_TOLD]}…" for t in told[:_MOST_TOLD]]
    more = len(told) - len(cut)
    return [*cut, f"And {more} more could not be read. Copy the link anew."] if more else cut


def _open(session: Session, query: str, told: list[str]) -> None:
    pairs = _pairs(query.lstrip("?"))
    length = len(query) if pairs is None else len(urlencode(pairs, safe=",:"))
    if pairs is None or length > LONGEST:
        told.append(f"The link has {length} letters; at most {LONGEST} are read. Copy it anew.")
        return
    if not pairs:
        return
    values, inputs = dict(pairs), [value for name, value in pairs if name == "input"]
    version = values.pop("v", VERSION)
    if version != VERSION:
        told.append(
            f"The link is of version {version[:20]!r}; this page reads {VERSION}. Copy it anew."
        )
        return
    before = session.choices
    choices = _sound(choices_from(values, inputs, told), told) or before
    session.take(choices)
    for section in SECTIONS:
        present = getattr(session, section.name)
        found = section.read(values, present, told)
        if found != present:
            setattr(session, section.name, found)
    _go(session, values, told)
    _tell_unknown(set(values) - _KNOWN, told)
    _shorten(session, before, told)


def _pairs(query: str) -> list[tuple[str, str]] | None:
    """The entries of a query, of letters that can be written; None where it is far too long."""
    if len(query) > 3 * LONGEST:  # as each of its letters may be encoded in three
        return None
    return parse_qsl(query.encode(errors="replace").decode(), keep_blank_values=True)


def _shorten(session: Session, before: Choices, told: list[str]) -> None:
    """Leave out what could be read but not be written again: 1e9 is shorter than 1000000000."""
    length = len(to_query(session))
    if length > LONGEST:
        told.append(
            f"Written out, the link has {length} letters; at most {LONGEST} can be read. Its "
            "longest part is left out."
        )
        session.pinned = None
        if len(to_query(session)) > LONGEST:
            session.take(before)


_OF_CHOICES = {
    *("cell", "level", "input", "weight", "duration"),
    *("spread", "mix", *FIELDS, *POPULATION_FIELDS),
}
_KNOWN = {
    *(*_PLACES, *_LOOKED_AT, "theme"),
    *(key for section in SECTIONS for key in section.keys),
    *_OF_CHOICES,
}


def _sound(choices: Choices, told: list[str]) -> Choices | None:
    """These choices if they can be computed; else None, with sentences on what is wrong."""
    errors = errors_in(problems_of(choices))
    told += [problem.message for problem in errors]
    return None if errors else choices


def _pinned(query: str, told: list[str]) -> Choices | None:
    pairs = _pairs(query) or []
    values = dict(pairs)
    if not set(values) & _OF_CHOICES:
        if query:
            told.append(
                f"`pinned` is {query[:30]!r}; it must be the query of a run, such as "
                "cell=nest_default&level=GLIF3. Nothing is pinned."
            )
        return None
    _tell_unknown(set(values) - _OF_CHOICES, told)
    inputs = [value for name, value in pairs if name == "input"]
    return _sound(choices_from(values, inputs, told), told)


def _tell_unknown(names: set[str], told: list[str]) -> None:
    if names:
        listed = ", ".join(sorted(name[:30] for name in names)[:5])
        told.append(f"Nothing on this page is called {listed}; the rest of the link was read.")


def _go(session: Session, values: Mapping[str, str], told: list[str]) -> None:
    places = {key: _place(key, values, told) for key in _PLACES if key in values}
    port = floats_of("port", values.get("port", "0"), told, 1) or [0.0]
    last = len(session.weights) - 1
    if port[0] not in range(last + 1):
        told.append(f"`port` is {port[0]:g}; this neuron has ports 0 to {last}.")
        port = [0.0]
    spike = floats_of("spike", values.get("spike", ""), told, 1)
    if spike and spike[0] not in range(_MOST_SPIKES):
        told.append(f"`spike` is {spike[0]:g}; it must be a whole number from 0. None is marked.")
        spike = []
    if "theme" in values:  # Panel takes the page to it; a link without one leaves the page as it is
        session.dark = values["theme"] == "dark"
    session.param.update(
        **{key: place for key, place in places.items() if place},
        lesson=values.get("lesson", "")[:LONGEST_LESSON],
        port=int(port[0]),
        spike=int(spike[0]) if spike else None,
        window=_window(session.duration, values.get("window", ""), told),
        pinned=_pinned(values.get("pinned", ""), told),
    )


def _window(duration: float, text: str, told: list[str]) -> tuple[float, float] | None:
    found = floats_of("window", text, told, 2)
    if not found:
        return None
    start, end = found if len(found) == 2 else (math.nan, math.nan)
    if 0.0 <= start <= end - LEAST_SEEN and end <= duration:
        return start, end
    told.append(
        f"`window` is {text[:60]!r}; it must be two times between 0 and {duration:g} ms, at least "
        f"{LEAST_SEEN} ms apart. The whole run is shown."
    )
    return None


def _place(key: str, values: Mapping[str, str], told: list[str]) -> str:
    """Where a link leads; nowhere, with a sentence, where there is no such place."""
    places = _PLACES[key]
    if values[key] not in places:
        told.append(f"`{key}` is {values[key][:30]!r}; choose from: {', '.join(places)}.")
    return places.get(values[key], "")

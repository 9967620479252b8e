"""Where a visitor is, as the query of a URL: short, versioned, and safe to open by hand.

    v=1&workspace=Neuron&cell=490626718&level=GLIF3&tau_syn_fast=1.5&input=StepCurrent,320,40,280

Only what differs is written: a parameter where it is not the cell's own at its level, the stimulus
where it is not the one that the page begins with. What cannot be read is left as it was, and told.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import numpy as np

from glifcore import FIELDS, GlifModel, ParameterError
from glifcore.stimulus import Part
from glifcore.trains import SpikeTrain

from .choices import MOST_PORTS, NAMES, Choices, errors_in, fitted, presets, problems_of
from .population.choice import POPULATION_FIELDS, PopulationChoice
from .session import PANES, SECTIONS, SYNAPSE_PARTS, WORKSPACES, Session
from .stimuli import KINDS, MOST_PARTS, START, numbers_of, part_with

_PLACES = {
    "workspace": dict(zip(WORKSPACES, WORKSPACES, strict=True)),
    "part": dict(zip(("workshop", "v1"), SYNAPSE_PARTS, strict=True)),
    "pane": dict(zip(("traces", "climb", "f-I"), PANES, strict=True)),
}
"""Where on the page one can be: for each key its values, and what the session calls them."""

_MOST_SPIKES = 1_000_000
"""Of a picture; the number of the one that is taken apart is below it."""

_SECTION_NAMES = tuple(section.name for section in SECTIONS)

FOLLOWED = (*NAMES, *_SECTION_NAMES, *_PLACES, "lesson", "port", "spike", "pinned")
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
    if session.lesson:
        entries.append(("lesson", session.lesson))
    if session.port:
        entries.append(("port", str(session.port)))
    if session.spike is not None:
        entries.append(("spike", str(session.spike)))
    entries += query_of(session.choices)
    for section in SECTIONS:
        entries += section.written(getattr(session, section.name))
    if session.pinned is not None:
        entries.append(("pinned", urlencode(query_of(session.pinned), safe=",:")))
    return urlencode(entries, safe=",:")


def link_of(choices: Choices) -> str:
    """The query that opens the page with these choices."""
    return urlencode([("v", VERSION), *query_of(choices)], safe=",:")


def query_of(choices: Choices) -> list[tuple[str, str]]:
    """The entries of a query that bring these choices back."""
    start, cell = Choices(), choices.cell
    own = _neuron(choices.preset, cell.model)
    entries = [("cell", choices.preset), ("level", cell.model.name)]
    for name in FIELDS:
        if not np.array_equal(getattr(cell, name), getattr(own, name)):
            entries.append((name, _list(np.ravel(getattr(cell, name)))))
    if choices.weights != start.weights:
        entries.append(("weight", _list(choices.weights)))
    if choices.stimulus != START:
        entries += [("input", _text_of(part)) for part in choices.stimulus] or [("input", "")]
    if choices.duration != start.duration:
        entries.append(("duration", _number(choices.duration)))
    population = choices.population
    for name in POPULATION_FIELDS:
        if getattr(population, name) != getattr(start.population, name):
            entries.append((name, _number(getattr(population, name))))
    if population.spread != start.population.spread:
        text = ",".join(f"{name}:{_number(value)}" for name, value in population.spread)
        entries.append(("spread", text))
    if population.mix:
        entries.append(("mix", ",".join(population.mix)))
    return entries


def open_query(session: Session, query: str) -> list[str]:
    """Take the session to what a query says; sentences on what of it could not be read."""
    told: list[str] = []
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
    choices = _sound(_choices(values, inputs, told), told) or before
    session.take(choices)
    for section in SECTIONS:
        present = getattr(session, section.name)
        found = section.read(values, present, told)
        if found != present:
            setattr(session, section.name, found)
    _go(session, values, told)
    unknown = set(values) - _KNOWN
    if unknown:
        listed = ", ".join(sorted(name[:30] for name in unknown)[:5])
        told.append(f"Nothing on this page is called {listed}; the rest of the link was read.")
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


_KNOWN = {
    *(*_PLACES, "lesson", "port", "spike", "pinned", "theme"),
    *(key for section in SECTIONS for key in section.keys),
    *("cell", "level", "input", "weight", "duration"),
    *("spread", "mix", *FIELDS, *POPULATION_FIELDS),
}


def _sound(choices: Choices, told: list[str]) -> Choices | None:
    """These choices if they can be computed; else None, with sentences on what is wrong."""
    errors = errors_in(problems_of(choices))
    told += [problem.message for problem in errors]
    return None if errors else choices


def _pinned(query: str, told: list[str]) -> Choices | None:
    pairs = _pairs(query) or []
    inputs = [value for name, value in pairs if name == "input"]
    return _sound(_choices(dict(pairs), inputs, told), told) if pairs else None


def _go(session: Session, values: Mapping[str, str], told: list[str]) -> None:
    places = {key: _place(key, values, told) for key in _PLACES if key in values}
    port = _floats("port", values.get("port", "0"), told, 1) or [0.0]
    last = len(session.weights) - 1
    if port[0] not in range(last + 1):
        told.append(f"`port` is {port[0]:g}; this neuron has ports 0 to {last}.")
        port = [0.0]
    spike = _floats("spike", values.get("spike", ""), told, 1)
    if spike and spike[0] not in range(_MOST_SPIKES):
        told.append(f"`spike` is {spike[0]:g}; it must be a whole number from 0. None is marked.")
        spike = []
    session.param.update(
        **{key: place for key, place in places.items() if place},
        lesson=values.get("lesson", "")[:LONGEST_LESSON],
        port=int(port[0]),
        spike=int(spike[0]) if spike else None,
        pinned=_pinned(values.get("pinned", ""), told),
    )


def _place(key: str, values: Mapping[str, str], told: list[str]) -> str:
    """Where a link leads; nowhere, with a sentence, where there is no such place."""
    places = _PLACES[key]
    if values[key] not in places:
        told.append(f"`{key}` is {values[key][:30]!r}; choose from: {', '.join(places)}.")
    return places.get(values[key], "")


def _choices(values: Mapping[str, str], inputs: list[str], told: list[str]) -> Choices:
    preset = values.get("cell", Choices().preset)
    if preset not in presets():
        told.append(f"No cell is called {preset[:30]!r}; the page's first one is taken.")
        preset = Choices().preset
    level = values.get("level", "GLIF5")
    if level not in GlifModel.__members__:
        told.append(f"`level` is {level[:30]!r}; choose from: {', '.join(GlifModel.__members__)}.")
        level = "GLIF5"
    cell, changes = _neuron(preset, GlifModel[level]), {}
    for name in FIELDS:
        per = FIELDS[name].per
        most = {"neuron": 1, "port": MOST_PORTS}.get(per)
        numbers = _floats(name, values[name], told, most) if name in values else []
        if numbers and per == "neuron":
            changes[name] = numbers[0]
        elif numbers and (per == "port" or len(numbers) == len(cell.asc_decay)):
            changes[name] = np.array(numbers)
        elif numbers:
            told.append(f"`{name}` has {len(numbers)} numbers; {len(cell.asc_decay)} are needed.")
    found = Choices(preset, cell, stimulus=_stimulus(inputs, told))
    try:
        found = found._replace(cell=cell.replace(**changes))
    except ParameterError as error:
        told.append(str(error))
    n_ports = len(found.cell.tau_syn_fast)
    weights = _floats("weight", values.get("weight", ""), told, n_ports)
    weights += [Choices().weights[0]] * (n_ports - len(weights))
    duration = _floats("duration", values.get("duration", ""), told, 1) or [found.duration]
    return found._replace(
        weights=tuple(weights), duration=duration[0], population=_population(values, told)
    )


def _stimulus(inputs: list[str], told: list[str]) -> tuple[Part, ...]:
    if not inputs:
        return START
    parts = []
    for text in inputs[:MOST_PARTS]:
        if text:
            try:
                parts.append(_part_of(text))
            except (ValueError, TypeError, OverflowError):
                told.append(f"`input` is {text[:60]!r}; it could not be read and is left out.")
    if len(inputs) > MOST_PARTS:
        told.append(f"The link has {len(inputs)} inputs; the first {MOST_PARTS} are taken.")
    return tuple(parts)


def _population(values: Mapping[str, str], told: list[str]) -> PopulationChoice:
    changes: dict[str, Any] = {}
    for name in POPULATION_FIELDS:
        numbers = _floats(name, values[name], told, 1) if name in values else []
        if numbers:
            changes[name] = numbers[0]
    if "spread" in values:
        spread = [entry.partition(":") for entry in values["spread"].split(",") if entry]
        pairs = {name: _floats(name, text, told, 1) for name, _, text in spread if name in FIELDS}
        changes["spread"] = tuple((name, numbers[0]) for name, numbers in pairs.items() if numbers)
        _tell_unknown("spread", [name for name, _, _ in spread if name not in FIELDS], told)
    if "mix" in values:
        cells = [name for name in values["mix"].split(",") if name]
        changes["mix"] = tuple(name for name in cells if name in presets())
        _tell_unknown("mix", [name for name in cells if name not in presets()], told)
    return replace(PopulationChoice(), **changes)


def _tell_unknown(key: str, names: list[str], told: list[str]) -> None:
    if names:
        listed = ", ".join(repr(name[:30]) for name in names[:3])
        told.append(f"`{key}` has {listed}, which this page does not know; the rest was read.")


def _neuron(preset: str, model: GlifModel) -> Any:
    """The cell's fit at a level, or at its highest by flags where it has none; NEST's synapses."""
    levels = presets()[preset].levels
    own = fitted(preset, model if model in levels else levels[-1])
    return own.replace(model=model)


def _text_of(part: Any) -> str:
    kind = type(part).__name__
    if isinstance(part, SpikeTrain):
        return f"{kind},{part.receptor}," + _list(part.times)
    return f"{kind}," + ",".join(
        _number(getattr(part, name)) for name in numbers_of(part) if name != "values"
    )


def _part_of(text: str) -> Part:
    kind, *numbers = text.split(",")
    if kind not in KINDS:
        raise ValueError(kind)
    start: Any = KINDS[kind].start
    values = [float(number) for number in numbers if number]
    if isinstance(start, SpikeTrain):
        if not values:
            raise ValueError(text)
        return part_with(start, receptor=values[0], times=tuple(values[1:]))
    names = [name for name in numbers_of(start) if name != "values"]
    if len(values) > len(names) or any(math.isnan(value) for value in values):
        raise ValueError(text)
    return part_with(start, **dict(zip(names, values, strict=False)))


def _floats(name: str, text: str, told: list[str], most: int | None = None) -> list[float]:
    """The first numbers of a text; none of them, with a sentence, where one cannot be read."""
    try:
        found = [float(number) for number in text.split(",") if number]
    except ValueError:
        told.append(f"`{name[:30]}` is {text[:60]!r}; it must be a number. It was left as it was.")
        return []
    if most is not None and len(found) > most:
        first = "only the first is" if most == 1 else f"the first {most} are"
        told.append(f"`{name[:30]}` has {len(found)} numbers; {first} taken.")
    return found[:most]


def _list(numbers: Any) -> str:
    return ",".join(_number(number) for number in numbers)


def _number(number: float) -> str:
    """The shortest text that reads back as the same number."""
    return repr(float(number)).removesuffix(".0")

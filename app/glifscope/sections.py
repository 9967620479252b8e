"""A part of the state that a workspace keeps in the session: how a link writes and reads it.

A section is one immutable value, a NamedTuple that may hold others. Each of its entries is a key of
the link and the path of a field in the value; only what differs from the start is written.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from glifcore import FieldInfo
from glifcore.validation import problems_of_value


class Entry(NamedTuple):
    """One field of a section in a link.

    Attributes:
        key: of the link.
        path: of the field, with dots between the names.
        write: the text of a value.
        read: the value of a text; raises ValueError with what is wrong, as a sentence.
        leads: whether what the other fields start from depends on it.
    """

    key: str
    path: str
    write: Callable[[Any], str]
    read: Callable[[str], Any]
    leads: bool = False


class Section(NamedTuple):
    """One part of the state.

    Attributes:
        name: of the session's parameter that holds it.
        start: what the page begins with.
        entries: what of it a link holds.
        base: the value that the others differ from, given the leading fields of this one.
        settle: makes a value that was read sound; it is given what the session holds now and a
            list, to which it adds sentences on what had to be changed.
    """

    name: str
    start: Any
    entries: tuple[Entry, ...]
    base: Callable[[Any], Any]
    settle: Callable[[Any, Any, list[str]], Any]

    @property
    def keys(self) -> frozenset[str]:
        """Keys of a link that belong to it."""
        return frozenset(entry.key for entry in self.entries)

    def written(self, value: Any) -> list[tuple[str, str]]:
        """The entries of a link that bring this value back."""
        base = self.base(value)
        found = []
        for entry in self.entries:
            now = _at(value, entry.path)
            if now != _at(self.start if entry.leads else base, entry.path):
                found.append((entry.key, entry.write(now)))
        return found

    def read(self, values: Mapping[str, str], present: Any, told: list[str]) -> Any:
        """The value that a link holds; sentences on what of it could not be read are added."""
        changes = {}
        for entry in self.entries:
            if entry.key in values:
                try:
                    changes[entry.path] = entry.read(values[entry.key])
                except ValueError as error:
                    told.append(f"{error} It was left as it was.")
        base = self.base(_with(self.start, changes))
        return self.settle(_with(base, changes), present, told)


def _at(value: Any, path: str) -> Any:
    for name in path.split("."):
        value = getattr(value, name)
    return value


def _with(value: Any, changes: Mapping[str, Any]) -> Any:
    for path, new in changes.items():
        value = _replaced(value, path, new)
    return value


def _replaced(value: Any, path: str, new: Any) -> Any:
    name, _, rest = path.partition(".")
    return value._replace(**{name: _replaced(getattr(value, name), rest, new) if rest else new})


# Kinds of entries


def choice(key: str, path: str, options: Mapping[str, Any], leads: bool = False) -> Entry:
    """One of these values, each with its text."""

    def read(text: str) -> Any:
        if text not in options:
            raise ValueError(f"`{key}` is {text[:30]!r}; choose from: {_listed(options)}.")
        return options[text]

    return Entry(
        key, path, lambda now: next(t for t, v in options.items() if v == now), read, leads
    )


def several(key: str, path: str, options: Iterable[str]) -> Entry:
    """Any of these names, with commas."""
    known = list(options)

    def read(text: str) -> tuple[str, ...]:
        names = [name for name in text.split(",") if name]
        for name in names:
            if name not in known:
                raise ValueError(f"`{key}` has {name[:30]!r}; choose from: {_listed(known)}.")
        return tuple(dict.fromkeys(names))

    return Entry(key, path, ",".join, read)


def flag(key: str, path: str) -> Entry:
    """Yes or no."""
    return choice(key, path, {"yes": True, "no": False})


def number(key: str, path: str, info: FieldInfo) -> Entry:
    """A number that obeys the rule of its field."""

    def read(text: str) -> float:
        value = number_in(key, text)
        for problem in problems_of_value(key, value, info):
            raise ValueError(problem.message)
        return value

    return Entry(key, path, number_text, read)


def numbers(key: str, path: str, count: int, make: Callable[[list[float]], Any] = tuple) -> Entry:
    """So many numbers, with commas."""

    def read(text: str) -> Any:
        found = [number_in(key, part) for part in text.split(",")]
        if len(found) != count:
            raise ValueError(f"`{key}` has {len(found)} numbers; {count} are needed.")
        return make(found)

    return Entry(key, path, lambda now: ",".join(map(number_text, now)), read)


def number_in(key: str, text: str) -> float:
    """The finite number of a text; ValueError with a sentence where it is none."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"`{key}` is {text[:60]!r}; it must be a finite number.")
    return value


def number_text(value: float) -> str:
    """The shortest text that reads back as the same number."""
    return repr(float(value)).removesuffix(".0")


def _listed(names: Iterable[str]) -> str:
    known = list(names)
    return ", ".join(known[:8]) + (f" and {len(known) - 8} more" if len(known) > 8 else "")


# Undo


def dragged(old: Any, new: Any) -> tuple[str, ...] | None:
    """The one number, or the one pair of numbers, that moved; None where it was anything else.

    What is held along with a number that moves is no other choice.
    """
    moved = [name for name in old._fields if getattr(old, name) != getattr(new, name)]
    held = [name for name in moved if isinstance(getattr(new, name), frozenset)]
    if len(moved) > 1:
        moved = [name for name in moved if name not in held]
    if len(moved) != 1:
        return None
    before, after = getattr(old, moved[0]), getattr(new, moved[0])
    if hasattr(before, "_fields"):
        inner = dragged(before, after)
        return None if inner is None else (moved[0], *inner)
    ends = after if isinstance(after, tuple) else (after,)
    return (moved[0],) if all(isinstance(end, float) for end in ends) else None

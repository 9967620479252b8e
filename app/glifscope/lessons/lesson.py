"""A lesson, and how it is read from a file: YAML on top, Markdown below. No Panel.

What is wrong with a file is told in a sentence that names the file, the key and the remedy.
"""

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import yaml

from glifcore import PscShape
from glifcore.levels import shown

from .checks import KINDS, Check
from .population_checks import POPULATION_KINDS
from .text import take_apart

WORKSPACES = ("Neuron", "Synapse", "Population")
"""Where a lesson can take place."""

_TEXTS = ("title", "goal", "workspace", "start", "question", "right", "wrong")
_NUMBERS = ("order", "minutes")
_ENDS = frozenset({"target", "tolerance", "at_least", "at_most"})
_KEYS = (*_TEXTS, *_NUMBERS, "check", "solution")


class LessonError(ValueError):
    """What is wrong with the file of a lesson, in a sentence."""


@dataclass(frozen=True)
class Lesson:
    """One lesson.

    Attributes:
        name: of its file, without the ending.
        title: for a reader.
        goal: what the visitor will know, in one line of Markdown.
        order: lessons are listed from the lowest to the highest.
        minutes: that it takes.
        workspace: where it takes place.
        start: the state that it begins with, as the query of a link to the page.
        question: Markdown.
        checks: what must be true of the picture.
        right: what is said when it is, Markdown.
        wrong: a hint for when it is not, Markdown.
        solution: a state that answers the question, for tests; empty where none is given.
        body: the text, Markdown.
    """

    name: str
    title: str
    goal: str
    order: float
    minutes: float
    workspace: str
    start: str
    question: str
    checks: tuple[Check, ...]
    right: str
    wrong: str
    solution: str
    body: str

    @property
    def query(self) -> str:
        """The query that opens the lesson at its start."""
        return f"{self.start}&workspace={self.workspace}&lesson={quote(self.name)}"


def read_lesson(name: str, content: str) -> Lesson:
    """The lesson in a file.

    Args:
        name: of the file, without the ending.
        content: all of it.

    Raises:
        LessonError: something of it is missing or wrong.
    """
    file, (front, body) = f"`{name}.md`", take_apart(content)
    if front is None:
        raise LessonError(
            f"{file} has no front matter. Begin it with a line of ---, the keys "
            f"{_listed(_KEYS)}, and another line of ---."
        )
    keys = _keys(file, front)
    entries = keys["check"] if isinstance(keys["check"], list) else [keys["check"]]
    return Lesson(
        name=name,
        title=keys["title"],
        goal=keys["goal"],
        order=float(keys["order"]),
        minutes=float(keys["minutes"]),
        workspace=keys["workspace"],
        start=_query(keys["start"]),
        question=keys["question"],
        checks=tuple(_check(file, keys["workspace"], entry) for entry in entries),
        right=keys["right"],
        wrong=keys["wrong"],
        solution=_query(keys.get("solution") or ""),
        body=body,
    )


def _keys(file: str, front: str) -> dict[str, Any]:
    """The front matter, each key known, there, and of its kind."""
    keys = _yaml(file, front)
    for key in keys:
        if key not in _KEYS:
            raise LessonError(
                f"{file} has the unknown key `{shown(str(key))[1:-1]}`. Known are {_listed(_KEYS)}."
            )
    for key in (*_TEXTS, *_NUMBERS, "check"):
        if keys.get(key) in (None, "", []):
            raise LessonError(f"{file} lacks the key `{key}`. Add it to the front matter.")
    for key in _NUMBERS:
        if not _is_number(keys[key]) or math.isinf(keys[key]):
            raise LessonError(f"{file}: `{key}` is {shown(keys[key])}. Give it a number.")
    for key in (*_TEXTS, "solution"):
        if isinstance(keys.get(key), list | dict):
            raise LessonError(
                f"{file}: `{key}` is a list. Give it a text, between double quotes if it holds "
                "a colon or begins with a sign."
            )
    keys |= {key: str(keys[key]).strip() for key in (*_TEXTS, "solution") if keys.get(key)}
    if keys["workspace"] not in WORKSPACES:
        raise LessonError(
            f"{file}: `workspace` is {shown(keys['workspace'])}. Choose from {_listed(WORKSPACES)}."
        )
    return keys


def _yaml(file: str, front: str) -> dict[str, Any]:
    try:
        keys = yaml.safe_load(front)
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # a 13th month, a deep list
        mark = getattr(error, "problem_mark", None)
        line = f" in line {mark.line + 2}" if mark else ""
        raise LessonError(
            f"{file}: the front matter is not YAML{line}. Put texts that hold a colon or begin "
            "with a sign between double quotes."
        ) from error
    if not isinstance(keys, dict):
        raise LessonError(f"{file}: the front matter is not a list of keys. Write `title: ...`.")
    return keys


def _check(file: str, workspace: str, entry: Any) -> Check:
    """One entry of `check`."""
    found = entry.get("kind") if isinstance(entry, dict) else entry
    if not isinstance(entry, dict) or not isinstance(found, str) or found not in KINDS:
        raise LessonError(
            f"{file}: `kind` in `check` is {shown(found)}. Choose from {_listed(KINDS)}."
        )
    if entry["kind"] in POPULATION_KINDS and workspace != "Population":
        raise LessonError(
            f"{file}: a check of kind {entry['kind']} looks at a population, but `workspace` is "
            f"{workspace!r}. Write `workspace: Population`."
        )
    name, entry = entry["kind"], {key: value for key, value in entry.items() if key != "kind"}
    kind = KINDS[name]
    for key in entry:
        if key not in _ENDS | kind.numbers | ({"name"} if kind.named else set()):
            raise LessonError(
                f"{file}: a check of kind {name} takes no `{shown(str(key))[1:-1]}`. Take it out."
            )
    _check_numbers(file, name, entry)
    if kind.named and entry.get("name") not in kind.named:
        raise LessonError(
            f"{file}: `name` in a check of kind {name} is {shown(entry.get('name'))}. Choose from "
            f"{_listed(kind.named)}."
        )
    if "at" in kind.numbers and "at" not in entry:
        raise LessonError(f"{file}: a check of kind {name} lacks `at`. Give it a time in ms.")
    given = {key: value for key, value in entry.items() if key not in _ENDS}
    if name == "waveform":
        return _waveform_check(file, entry)
    return Check(name, *_possible(file, name, *_range(file, entry)), given)


def _check_numbers(file: str, name: str, entry: Mapping[str, Any]) -> None:
    """Whether what should be a number is one, and within what its kind can take."""
    kind = KINDS[name]
    for key, value in entry.items():
        if key in kind.numbers | (_ENDS - {"target"}) and not _is_number(value):
            raise LessonError(f"{file}: `{key}` in `check` is {shown(value)}. Give it a number.")
    for key, (low, high, unit) in kind.within.items():
        if not low <= entry.get(key, low) <= high:
            raise LessonError(
                f"{file}: `{key}` in a check of kind {name} is {entry[key]:g} {unit}. Give it a "
                f"number from {low:g} to {high:g} {unit}."
            )
    after, until = entry.get("after", 0.0), entry.get("until", math.inf)
    if not after < until:
        raise LessonError(
            f"{file}: no time lies from `after` at {after:g} ms to `until` at {until:g} ms. Give "
            "`until` a later time than `after`."
        )


def _possible(file: str, name: str, low: float, high: float) -> tuple[float, float]:
    """This range, if something that is measured can lie in it."""
    least, most = KINDS[name].possible
    if high < least or low > most:
        ends = f"from {least:g} to {most:g}" if math.isfinite(most) else f"at least {least:g}"
        raise LessonError(
            f"{file}: the target of a check of kind {name} is never met; what it measures is "
            f"{ends}. Give it a target there."
        )
    return low, high


def _waveform_check(file: str, entry: Mapping[str, Any]) -> Check:
    target, tolerance = entry.get("target"), entry.get("tolerance")
    shape = target if isinstance(target, dict) else {}
    needed = set(PscShape._fields) - {"weight"}
    if not needed <= set(shape) <= set(PscShape._fields) or not all(
        _is_number(value) and (value > 0 or key == "weight") for key, value in shape.items()
    ):
        raise LessonError(
            f"{file}: `target` of the waveform is {shown(target)}. Give it `tau_syn_fast`, "
            "`tau_syn_slow` and `amp_slow`, all above 0, and `weight` if the size counts."
        )
    if tolerance is None or tolerance <= 0:
        raise LessonError(
            f"{file}: `tolerance` of the waveform is {tolerance!r}. Give it a number of percent "
            "of the peak."
        )
    return Check("waveform", 0.0, float(tolerance), {"shape": dict(shape)})


def _range(file: str, entry: Mapping[str, Any]) -> tuple[float, float]:
    """The lowest and the highest number that pass."""
    target = entry.get("target")
    if target is None and ("at_least" in entry or "at_most" in entry):
        low, high = entry.get("at_least", -math.inf), entry.get("at_most", math.inf)
    else:
        pair = target if isinstance(target, list) else [target, target]
        if len(pair) != 2 or not all(map(_is_number, pair)):
            raise LessonError(
                f"{file}: `target` in `check` is {shown(target)}. Give it a number, or the lowest "
                "and the highest as in [5, 7], or use `at_least` or `at_most`."
            )
        tolerance = entry.get("tolerance", 0.0)
        low, high = pair[0] - tolerance, pair[1] + tolerance
    if not low <= high:
        raise LessonError(
            f"{file}: nothing lies from {low:g} to {high:g}. Put the lower end of the target first."
        )
    return float(low), float(high)


def _query(link: str) -> str:
    """The query of a link, whether the whole link was pasted or that part of it."""
    return link.partition("?")[2] if "?" in link else link


def _is_number(value: Any) -> bool:
    """Whether it is a number that a float can hold; an end may be infinite."""
    known = isinstance(value, (int, float)) and not isinstance(value, bool) and value == value
    return known and (abs(value) <= sys.float_info.max or isinstance(value, float))


def _listed(names: Any) -> str:
    return ", ".join(f"`{name}`" for name in names)

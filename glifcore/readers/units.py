"""Units of currents and times, and what the title of a column says."""

import re
from typing import NamedTuple

from glifcore.readers.contents import RecordingError

CURRENTS = {"fa": 1e-3, "pa": 1.0, "na": 1e3, "ua": 1e6, "ma": 1e9, "a": 1e12}
"""pA in one of each."""

TIMES = {"ns": 1e-6, "us": 1e-3, "ms": 1.0, "s": 1e3, "min": 6e4}
"""ms in one of each."""

_WORDS = {
    "amp": "a",
    "amps": "a",
    "ampere": "a",
    "amperes": "a",
    "milliamperes": "ma",
    "microamperes": "ua",
    "nanoamperes": "na",
    "nanoamps": "na",
    "picoamperes": "pa",
    "picoamps": "pa",
    "femtoamperes": "fa",
    "sec": "s",
    "secs": "s",
    "second": "s",
    "seconds": "s",
    "msec": "ms",
    "millisecond": "ms",
    "milliseconds": "ms",
    "usec": "us",
    "microsecond": "us",
    "microseconds": "us",
}
# Units of what else stands beside a current, so that a title's "(mV)" is not taken for a name.
_VOLTAGES = ("v", "mv", "uv", "volt", "volts")
_CONDUCTANCES = ("ns", "ps", "siemens", "ohm", "mohm", "gohm")
_REST = ("hz", "khz", "c", "°c", "degc", "k", "bar", "mbar", "kpa", "mmhg", "%", "a.u.", "au")
_OTHERS = frozenset((*_VOLTAGES, *_CONDUCTANCES, *_REST))
_NAMES = frozenset(("second", "min", "amp", "au"))
"""Words that by themselves name a column, and no unit."""
_LONGEST = 200
"""Characters of a title that are looked at."""
_BRACKETS = re.compile(r"^(?P<name>.*?)[\s_]*[(\[](?P<unit>[^()\[\]]{1,16})[)\]]$")
_SUFFIX = re.compile(r"^(?P<name>.*?[^\s_/,.:-])[\s_/,.:-]+(?P<unit>[A-Za-zµμ]{1,12})$")
_TIME = re.compile(r"^(rel(ative)?\W*)?(time|zeit|temps|tiempo|tempo)|^t$", re.IGNORECASE)
_CURRENT = re.compile(r"^i([\s_]?(m|mem|syn|clamp))?$|current|[ei]?psc|^sem$|^mean$", re.IGNORECASE)
_OTHER = re.compile(
    r"voltage|potential|^v([\s_]?(m|mem|cmd))?$|command|trigger|ttl|temperature|conductance",
    re.IGNORECASE,
)


class Title(NamedTuple):
    """What the title of a column says: a name, and a unit or ""."""

    name: str
    unit: str

    @property
    def is_time(self) -> bool:
        """Whether it can only be a time."""
        return bool(_TIME.search(self.name)) or plain(self.unit) in TIMES

    @property
    def is_other(self) -> bool:
        """Whether it is a signal that is no current."""
        if self.unit:
            return scale_of(self.unit) is None
        return bool(_OTHER.search(self.name))


def plain(unit: str) -> str:
    """A unit in lower case, with u for micro and letters for words."""
    text = unit.strip(" ()[]").replace("µ", "u").replace("μ", "u").lower()
    return _WORDS.get(text, text)


def scale_of(unit: str) -> float | None:
    """How many pA are one of this unit, or None where it is no current."""
    return CURRENTS.get(plain(unit))


def given_scale(unit: str) -> float:
    """The same for a unit that the user gave.

    Raises:
        RecordingError: it is no unit of current.
    """
    scale = scale_of(unit)
    if scale is None:
        raise RecordingError(
            f"`unit` is {unit!r}; the units of current are fA, pA, nA, uA, mA and A. Give the one "
            "in which the numbers of the file are."
        )
    return scale


def is_unit(text: str) -> bool:
    """Whether this text is the name of a unit."""
    unit = plain(text)
    return unit in CURRENTS or unit in TIMES or unit in _OTHERS


def read_title(text: str) -> Title:
    """Name and unit in the title of a column.

    Known are `time (ms)`, `Time [s]`, `current_pA`, `I / nA` and a unit alone.
    """
    text = text.strip().strip("\"'").strip()[:_LONGEST]
    if match := _BRACKETS.match(text):
        if is_unit(match["unit"]):
            return Title(match["name"], match["unit"].strip())
    elif (match := _SUFFIX.match(text)) and _believable(match["name"], match["unit"]):
        return Title(match["name"], match["unit"])
    elif is_unit(text) and len(text) > 1 and text.lower() not in _NAMES:
        return Title("time" if plain(text) in TIMES else "", text)
    return Title(text, "")


def _believable(name: str, unit: str) -> bool:
    """Whether the last word is a unit: in `I_A` it is, in `cell_A` and `current_min` not."""
    known = plain(unit)
    if unit in ("s", "min"):
        return bool(_TIME.search(name))
    if unit == "V" or (known in CURRENTS and not (len(unit) > 1 and unit.endswith("A"))):
        return bool(_CURRENT.search(name) or _OTHER.search(name))
    return len(unit) > 1 and is_unit(unit) and not unit[0].isupper()

"""What every kind of check has: a function that reads one number off what the visitor made.

It reads a picture of the neuron or the run of a population. No Panel.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

Given = Mapping[str, Any]
"""What a lesson says about a check, besides its kind and its target."""

Seen = TypeVar("Seen")

WINDOW = frozenset({"after", "until"})
"""Keys of the kinds that look at a part of the time only, ms."""


class Measured(NamedTuple):
    """A number that was read off a picture; NaN where there is none."""

    what: str
    value: float
    unit: str


@dataclass(frozen=True)
class Kind(Generic[Seen]):
    """One kind of check.

    Attributes:
        measure: reads the number off what is seen.
        named: what `name` may be; nothing where the check takes no name.
        numbers: further keys that it takes, each a number.
        within: the least and the greatest that such a number may be, and its unit.
        possible: the least and the greatest that can be measured.
    """

    measure: Callable[[Seen, Given], Measured]
    named: tuple[str, ...] = ()
    numbers: frozenset[str] = frozenset()
    within: Mapping[str, tuple[float, float, str]] = field(default_factory=dict)
    possible: tuple[float, float] = (-math.inf, math.inf)

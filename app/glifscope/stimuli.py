"""The parts that a stimulus can be made of on the page, and what their numbers mean. No Panel.

The parts are glifcore's own. The weight of a train is that of the port it arrives at, so a train
here has the weight 1, and `with_weights` gives it the port's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

import numpy as np

from glifcore import (
    BurstTrain,
    ChirpCurrent,
    FieldInfo,
    NoiseCurrent,
    PoissonTrain,
    Problem,
    RampCurrent,
    RecordedCurrent,
    RegularTrain,
    SineCurrent,
    SpikeTrain,
    StepCurrent,
)
from glifcore.stimulus import Part
from glifcore.trains import Train
from glifcore.validation import problems_of_value

from .limits import LIMITS

DURATION = float(min(500, LIMITS.duration))
"""Length of the simulation, ms, until another is chosen."""

MOST_PARTS = 8
MOST_SPIKES = 2000

_T = (0.0, DURATION)
_PA = (-300.0, 1000.0)
_START = FieldInfo("ms", "When it begins", _T, 1.0, "stimulus")
_STOP = FieldInfo("ms", "When it ends", _T, 1.0, "stimulus")
_AMPLITUDE = FieldInfo("pA", "Size of the current", _PA, 1.0, "stimulus")
_RATE = FieldInfo("1/s", "Rate of the presynaptic spikes", (1.0, 200.0), 1.0, "stimulus", above=0.0)
_COUNT = FieldInfo(
    "", "Number of presynaptic spikes", (0.0, 50.0), 1.0, "stimulus", within=(0.0, 500.0)
)
_SEED = FieldInfo(
    "", "Another seed, another draw", (0.0, 100.0), 1.0, "stimulus", within=(0.0, 2.0**32 - 1)
)
_HZ = FieldInfo(
    "Hz",
    "How often the current swings in a second",
    (0.0, 100.0),
    0.5,
    "stimulus",
    within=(0.0, 5000.0),
)

WHOLE = frozenset({"count", "seed", "spikes", "receptor"})
"""Fields that take whole numbers."""


@dataclass(frozen=True)
class Kind:
    """How the page offers one kind of part.

    Attributes:
        title: for a reader.
        start: the part as it is first added.
        numbers: each of its numbers that has a slider.
    """

    title: str
    start: Part
    numbers: dict[str, FieldInfo]


KINDS: dict[str, Kind] = {
    type(kind.start).__name__: kind
    for kind in (
        Kind(
            "Current step",
            StepCurrent(320.0, 40.0, 280.0),
            {"amplitude": _AMPLITUDE, "start": _START, "stop": _STOP},
        ),
        Kind(
            "Current ramp",
            RampCurrent(0.0, 500.0, 40.0, 440.0),
            {
                "first": _AMPLITUDE._replace(meaning="Current at the start"),
                "last": _AMPLITUDE._replace(meaning="Current at the end"),
                "start": _START,
                "stop": _STOP,
            },
        ),
        Kind(
            "Sine current",
            SineCurrent(150.0, 8.0, 0.0, 200.0, 40.0, 460.0),
            {
                "amplitude": _AMPLITUDE._replace(meaning="Amplitude around the offset"),
                "frequency": _HZ,
                "phase": FieldInfo(
                    "degrees", "Phase at the start", (-180.0, 180.0), 1.0, "stimulus"
                ),
                "offset": _AMPLITUDE._replace(meaning="Current around which it swings"),
                "start": _START,
                "stop": _STOP,
            },
        ),
        Kind(
            "Chirp current",
            ChirpCurrent(150.0, 1.0, 40.0, 20.0, 480.0),
            {
                "amplitude": _AMPLITUDE,
                "first": _HZ._replace(meaning="Frequency at the start"),
                "last": _HZ._replace(meaning="Frequency at the end"),
                "start": _START,
                "stop": _STOP,
            },
        ),
        Kind(
            "Noise current",
            NoiseCurrent(150.0, 100.0, 3.0, 1, 20.0, 480.0),
            {
                "mean": _AMPLITUDE._replace(meaning="Mean of the noise"),
                "std": FieldInfo(
                    "pA",
                    "Standard deviation of the noise",
                    (0.0, 400.0),
                    1.0,
                    "stimulus",
                    within=(0.0, 1e6),
                ),
                "tau": FieldInfo(
                    "ms", "Correlation time of the noise", (0.5, 50.0), 0.1, "stimulus", above=0.0
                ),
                "seed": _SEED,
                "start": _START,
                "stop": _STOP,
            },
        ),
        Kind(
            "Recorded current",
            RecordedCurrent((0.0,), 1.0, 0.0, DURATION),
            {"start": _START, "stop": _STOP},
        ),
        Kind(
            "Regular spikes",
            RegularTrain(330.0, 60.0, 5, 1.0),
            {
                "start": _START._replace(meaning="First presynaptic spike"),
                "rate": _RATE,
                "count": _COUNT,
            },
        ),
        Kind(
            "Poisson spikes",
            PoissonTrain(30.0, 1.0, 0, 20.0, 480.0, 1),
            {
                "rate": _RATE._replace(within=(0.0, 2000.0), above=None, typical=(0.0, 200.0)),
                "start": _START,
                "stop": _STOP,
                "seed": _SEED,
            },
        ),
        Kind(
            "Bursts of spikes",
            BurstTrain(60.0, 120.0, 3, 4, 100.0, 1.0),
            {
                "start": _START._replace(meaning="First spike of the first burst"),
                "interval": FieldInfo(
                    "ms", "From burst to burst", (1.0, 500.0), 1.0, "stimulus", above=0.0
                ),
                "count": _COUNT._replace(
                    meaning="Number of bursts", typical=(0.0, 20.0), within=(0.0, 100.0)
                ),
                "spikes": _COUNT._replace(
                    meaning="Spikes in a burst", typical=(0.0, 10.0), within=(0.0, 20.0)
                ),
                "rate": _RATE._replace(meaning="Rate within a burst", typical=(1.0, 500.0)),
            },
        ),
        Kind("Spikes typed or painted", SpikeTrain((100.0, 110.0, 120.0), 1.0), {}),
    )
}
"""Every kind of part, by the name of its class, in the order of the menu."""

START: tuple[Part, ...] = (KINDS["StepCurrent"].start, KINDS["RegularTrain"].start)
"""What arrives before anything is chosen."""


def part_with(part: Any, **values: Any) -> Any:
    """The part with other numbers; those that count things are rounded to whole ones.

    Raises:
        ValueError, OverflowError: a number that counts things is not finite.
    """
    whole = {name: round(values[name]) for name in WHOLE & values.keys()}
    return replace(part, **values | whole)


class Mark(NamedTuple):
    """A spike that stands in the lanes of the ports.

    Attributes:
        time: when it arrives, ms.
        lane: where it stands; a port's own lane is its number.
        part: the number of its train in the stimulus, or none's, where it is new.
    """

    time: float
    lane: float
    part: int


def painted(stimulus: Sequence[Part], marks: Iterable[Mark], n_ports: int) -> tuple[Part, ...]:
    """The stimulus with its typed trains as they were painted, at the port where each spike stands.

    A spike stays in its train while it stays at its port; one that is new there is of the first
    train of that port, or of a train of its own. New times are rounded to 0.1 ms.
    """
    trains = {i: part for i, part in enumerate(stimulus) if isinstance(part, SpikeTrain)}
    known = {i: set(train.times) for i, train in trains.items()}
    times: dict[int, list[float]] = {i: [] for i in trains}
    new: dict[int, list[float]] = {}
    for mark in marks:
        port = min(max(round(mark.lane), 0), n_ports - 1)
        there = [i for i, train in trains.items() if train.receptor == port]
        index = mark.part if mark.part in there else next(iter(there), None)
        stays = index == mark.part and mark.time in known[mark.part]
        place = new.setdefault(port, []) if index is None else times[index]
        place.append(mark.time if stays else round(mark.time, 1))
    changed = (
        part_with(part, times=tuple(sorted(times[i]))) if i in trains else part
        for i, part in enumerate(stimulus)
    )
    start = KINDS["SpikeTrain"].start
    added = (
        part_with(start, times=tuple(sorted(found)), receptor=port)
        for port, found in sorted(new.items())
    )
    return (*changed, *added)


def with_weights(part: Part, weights: Sequence[float]) -> Part:
    """The part as it arrives: a train with the weight of its port, pA."""
    if isinstance(part, Train):
        return replace(part, weight=weights[part.receptor])  # type: ignore[type-var]
    return part


def problems_of_part(index: int, part: Any, n_ports: int) -> list[Problem]:
    """What is wrong with one part; the field of each problem is `field_of_part`."""
    found = []
    for name, info in KINDS[type(part).__name__].numbers.items():
        value = float(getattr(part, name))
        if info.unit == "ms" and value == np.inf:
            continue  # until the end
        for problem in problems_of_value(name, value, info):
            found.append(problem._replace(field=field_of_part(index, name)))
    if isinstance(part, Train) and not 0 <= part.receptor < n_ports:
        message = (
            f"A train arrives at port {part.receptor}; the neuron has ports 0 to {n_ports - 1}. "
            "Choose one of them or add a port."
        )
        found.append(Problem(field_of_part(index, "receptor"), "error", message))
    if isinstance(part, SpikeTrain) and len(part.times) > MOST_SPIKES:
        message = (
            f"{len(part.times)} spikes were typed; at most {MOST_SPIKES} can be. Leave some out."
        )
        found.append(Problem(field_of_part(index, "times"), "error", message))
    return found


def field_of_part(index: int, name: str) -> str:
    """How a number of a part is called among the fields of problems."""
    return f"stimulus[{index}].{name}"


def numbers_of(part: Any) -> list[str]:
    """Names of all fields of the part but the weight, in their order."""
    return [f.name for f in fields(part) if f.name != "weight"]

"""Every number that a picture depends on, in sentences, as they stand under a figure."""

from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

import numpy as np

from glifcore import FIELDS, GlifModel, GlifParameters, RecordedCurrent, SpikeTrain
from glifcore.trains import Train

from ..choices import DT, PORT_FIELDS, Choices, presets
from ..stimuli import KINDS


def caption(choices: Choices) -> str:
    """Every number of the run."""
    return sentences(name_of(choices), *input_of(choices), made_by(choices.duration))


def sentences(*parts: str) -> str:
    """Parts as sentences after one another; empty ones are left out."""
    return " ".join(part.rstrip(".") + "." for part in parts if part)


def in_grey(pinned: str) -> str:
    """What stands of the pinned run beside the present one."""
    return f"Pinned, in grey: {pinned}"


def name_of(choices: Choices) -> str:
    """The neuron: its level, its cell, and each of its own numbers that has an effect."""
    cell = choices.cell
    edited = "" if choices.is_as_fitted else ", edited"
    head = f"{cell.model.name}, {presets()[choices.preset].title}{edited}"
    return f"{head}: {numbers_of(cell, (cell.model,))}"


def numbers_of(cell: GlifParameters, levels: Iterable[GlifModel]) -> str:
    """Each number of a neuron, but for its synapses, that has an effect at one of the levels."""
    levels = set(levels)
    return ", ".join(
        number(name, getattr(cell, name), FIELDS[name].unit)
        for name in FIELDS
        if name not in PORT_FIELDS and levels & FIELDS[name].used_by
    )


def input_of(choices: Choices) -> list[str]:
    """A sentence for each port, and for each part of the stimulus."""
    ports = [
        f"Port {port}: {number('weight', weight, 'pA')}, "
        + ", ".join(
            number(name, getattr(choices.cell, name)[port], FIELDS[name].unit)
            for name in PORT_FIELDS
        )
        for port, weight in enumerate(choices.weights)
    ]
    return ports + [_part(part) for part in choices.stimulus]


def number(name: str, value: Any, unit: str = "") -> str:
    """A name, one value or several, and the unit."""
    return f"{name} {' / '.join(f'{x:g}' for x in np.ravel(value))} {unit}".rstrip()


def made_by(duration: float | None = None) -> str:
    """How long was simulated, if it was, and by what."""
    run = "" if duration is None else f"{duration:g} ms in steps of {DT:g} ms, "
    return f"{run}glifcore {version('glifcore')}"


def _part(part: Any) -> str:
    kind = KINDS[type(part).__name__]
    told = [number(name, getattr(part, name), info.unit) for name, info in kind.numbers.items()]
    if isinstance(part, Train):
        told.append(f"at port {part.receptor}")
    if isinstance(part, SpikeTrain):
        told.insert(0, f"{', '.join(f'{time:g}' for time in part.times) or 'none'} ms")
    if isinstance(part, RecordedCurrent):
        told.insert(0, f"{len(part.values)} samples, one every {part.interval:g} ms")
    return f"{kind.title}: {', '.join(told)}"

"""The choices as entries of a query, and back: what differs from how the page begins."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from glifcore import FIELDS, GlifModel, ParameterError
from glifcore.stimulus import Part
from glifcore.trains import SpikeTrain

from .choices import MOST_PORTS, Choices, fitted, presets
from .population.choice import POPULATION_FIELDS, PopulationChoice
from .stimuli import KINDS, MOST_PARTS, START, numbers_of, part_with


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


def choices_from(values: Mapping[str, str], inputs: list[str], told: list[str]) -> Choices:
    """The choices of a query; what of it cannot be read is left as it was, and told."""
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
        numbers = floats_of(name, values[name], told, most) if name in values else []
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
    weights = floats_of("weight", values.get("weight", ""), told, n_ports)
    weights += [Choices().weights[0]] * (n_ports - len(weights))
    duration = floats_of("duration", values.get("duration", ""), told, 1) or [found.duration]
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
        numbers = floats_of(name, values[name], told, 1) if name in values else []
        if numbers:
            changes[name] = numbers[0]
    if "spread" in values:
        spread = [entry.partition(":") for entry in values["spread"].split(",") if entry]
        pairs = {name: floats_of(name, text, told, 1) for name, _, text in spread if name in FIELDS}
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


def floats_of(name: str, text: str, told: list[str], most: int | None = None) -> list[float]:
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

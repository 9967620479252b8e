"""How a population is made: numbers of neurons, what differs between them, what each gets alone."""

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from glifcore import FIELDS, FieldInfo, Problem
from glifcore.validation import problems_of_value

from ..limits import LIMITS

MOST_NEURONS = min(LIMITS.neurons, 65_535)  # neurons are numbered in 16 bits
MOST_CELLS = 12
"""Cells of a mix: more rows of names than this do not fit beside a raster."""


def _f(default: float, *info: Any, **more: Any) -> Any:
    return field(default=default, metadata={"info": FieldInfo(*info, **more)})


@dataclass(frozen=True)
class PopulationChoice:
    """Numbers in the units of `POPULATION_FIELDS`.

    Attributes:
        spread: (field of the cell, standard deviation) of each parameter that varies.
        mix: Allen cells that take turns; where there are none, the neuron that was chosen.
    """

    n_neurons: float = _f(
        float(min(100, MOST_NEURONS)),
        "",
        "Number of neurons",
        (1.0, float(min(500, MOST_NEURONS))),
        1.0,
        "membrane",
        within=(1.0, float(MOST_NEURONS)),
        remedy="Whoever runs the server sets the most by GLIFSCOPE_NEURONS.",
    )
    seed: float = _f(
        1.0, "", "Another seed, another draw", (0.0, 100.0), 1.0, "membrane", within=(0.0, 1e9)
    )
    own_rate: float = _f(
        40.0,
        "1/s",
        "Poisson spikes that each neuron gets for itself, at the port that is shown",
        (0.0, 200.0),
        1.0,
        "stimulus",
        within=(0.0, 2000.0),
    )
    own_std: float = _f(
        20.0,
        "pA",
        "Noise current that each neuron gets for itself, standard deviation",
        (0.0, 200.0),
        1.0,
        "stimulus",
        within=(0.0, 1e6),
    )
    shared: float = _f(
        1.0,
        "",
        "Share of the stimulus of the Neuron workspace that reaches all of them",
        (0.0, 2.0),
        0.01,
        "stimulus",
        within=(-100.0, 100.0),
    )
    spread: tuple[tuple[str, float], ...] = (("V_th", 1.0), ("g", 0.5))
    mix: tuple[str, ...] = ()


POPULATION_FIELDS: dict[str, FieldInfo] = {
    f.name: f.metadata["info"] for f in fields(PopulationChoice) if "info" in f.metadata
}


def problems_of_population(choice: PopulationChoice) -> list[Problem]:
    """What is wrong with the numbers of a population."""
    found = []
    for name, info in POPULATION_FIELDS.items():
        value = float(getattr(choice, name))
        found += problems_of_value(name, value, info)
        if name in ("n_neurons", "seed") and np.isfinite(value) and value != round(value):
            message = f"`{name}` is {value:g}; it must be a whole number. Try {round(value)}."
            found.append(Problem(name, "error", message))
    if len(choice.mix) > MOST_CELLS:
        message = (
            f"The mix has {len(choice.mix)} cells; at most {MOST_CELLS} can take turns. "
            "Leave some out."
        )
        found.append(Problem("mix", "error", message))
    for name, deviation in choice.spread:
        unit = FIELDS[name].unit
        info = FieldInfo(unit, "", (0.0, 1.0), 0.1, "membrane", within=(0.0, 1e6))
        found += [
            problem._replace(field=f"spread.{name}")
            for problem in problems_of_value(name, float(deviation), info)
        ]
    return found

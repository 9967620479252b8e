"""Everything that a picture depends on: a cell, its level and parameters, what arrives at it.

Immutable, so `Choices` taken at any moment stay what they were while a simulation runs on them.
"""

import warnings
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from glifcore import (
    FIELDS,
    FieldInfo,
    GlifModel,
    GlifParameters,
    ParameterError,
    Preset,
    Problem,
    PscShape,
    list_presets,
    load_preset,
    make_stimulus,
    problems,
)
from glifcore.presets import NEST_DEFAULT
from glifcore.stimulus import Part, Stimulus
from glifcore.validation import problems_of_value

from .limits import LIMITS
from .population.choice import PopulationChoice, problems_of_population
from .stimuli import DURATION, START, problems_of_part, with_weights

DT = 0.1
"""Step of the simulation, ms: NEST's default resolution."""

MOST_PORTS = 4

# Cells that span the lines, chosen for how much of their spiking GLIF5 explains.
OFFERED = (
    NEST_DEFAULT,
    "467003163",
    "490376252",
    "469704261",
    "320207387",
    "488380827",
    "485938494",
    "515305346",
    "488677994",
    "562535995",
    "527869035",
    "327648537",
    "581058351",
    "569477234",
    "541536216",
)

WEIGHT = FieldInfo(
    "pA", "Peak of the fast part of one event", (-300.0, 300.0), 1.0, "synapse", "port"
)
LENGTH = FieldInfo(
    "ms",
    "Length of the simulation",
    (100.0, float(min(2000, LIMITS.duration))),
    50.0,
    "stimulus",
    within=(10.0, float(LIMITS.duration)),
    remedy="Whoever runs the server sets the most by GLIFSCOPE_DURATION.",
)
OWN_FIELDS = {"weight": WEIGHT, "duration": LENGTH}
"""What is chosen beside the neuron's parameters and the parts of the stimulus."""


PORT_FIELDS = tuple(name for name, info in FIELDS.items() if info.per == "port")
"""Parameters that a synapse has."""


@cache
def presets() -> dict[str, Preset]:
    """Every cell that can be taken, by its name."""
    return {preset.name: preset for preset in list_presets()}


@cache
def fitted(name: str, model: GlifModel) -> GlifParameters:
    """A cell as fitted at one level; what NEST would refuse is told by `problems`, not here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return load_preset(name, model)


class Choices(NamedTuple):
    """Everything that a picture depends on, at one moment.

    Attributes:
        preset: where the cell is from.
        cell: the neuron, synapses included.
        weights: of an event at each port, pA.
        stimulus: what arrives; a train has the weight of its port.
        duration: of the simulation, ms.
        population: how a population is made around the cell.
    """

    preset: str = NEST_DEFAULT
    cell: GlifParameters = GlifParameters(model=GlifModel.GLIF5)
    weights: tuple[float, ...] = (100.0,)
    stimulus: tuple[Part, ...] = START
    duration: float = DURATION
    population: PopulationChoice = PopulationChoice()

    @property
    def n_ports(self) -> int:
        """How many receptor ports the neuron has."""
        return len(self.weights)

    @property
    def is_as_fitted(self) -> bool:
        """Whether the neuron (not its synapses) is the preset's fit at this level, unedited."""
        if self.cell.model not in presets()[self.preset].levels:
            return False
        return self.cell == with_synapses(fitted(self.preset, self.cell.model), self.cell)

    def at_level(self, model: GlifModel) -> GlifParameters:
        """The neuron at another level: the cell's own fit, or by its flags where it was edited."""
        if self.is_as_fitted and model in presets()[self.preset].levels:
            return with_synapses(fitted(self.preset, model), self.cell)
        return self.cell.replace(model=model)

    def arriving(self) -> Stimulus:
        """The stimulus, step by step."""
        parts = [with_weights(part, self.weights) for part in self.stimulus]
        return make_stimulus(*parts, duration=self.duration, dt=DT, n_receptors=self.n_ports)


NAMES = Choices._fields


def with_synapses(neuron: GlifParameters, other: GlifParameters) -> GlifParameters:
    """The neuron with the synapses of another, and its I_e, which no fit has."""
    return neuron.replace(**{name: getattr(other, name) for name in (*PORT_FIELDS, "I_e")})


def errors_in(found: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems for which there is no picture; the others are warnings."""
    return tuple(problem for problem in found if problem.severity == "error")


def problems_of(choices: Choices) -> tuple[Problem, ...]:
    """Every problem of the cell, of the stimulus and of the population."""
    return checked(choices)[0]


class Driven(NamedTuple):
    """A neuron, and all that arrives at it.

    Attributes:
        choices: with the neuron's parameters.
        stimulus: currents of shape (T,) and weights of shape (T, R).
    """

    choices: Choices
    stimulus: Stimulus

    @classmethod
    def by(cls, choices: Choices) -> "Driven":
        """The neuron of these choices, driven by their stimulus."""
        return cls(choices, choices.arriving())


def shape_of(choices: Choices, port: int = 0) -> PscShape:
    """The event of one port."""
    cell = choices.cell
    return PscShape(
        choices.weights[port],
        float(cell.tau_syn_fast[port]),
        float(cell.tau_syn_slow[port]),
        float(cell.amp_slow[port]),
    )


def checked(choices: Choices) -> tuple[tuple[Problem, ...], Stimulus | None]:
    """Every problem of the choices, and the stimulus, where no problem is an error."""
    found = list(problems(choices.cell))
    for port, weight in enumerate(choices.weights):
        info = WEIGHT._replace(within=(-1e9, 1e9))
        found += [
            p._replace(field=f"weight[{port}]") for p in problems_of_value("weight", weight, info)
        ]
    found += problems_of_value("duration", choices.duration, LENGTH)
    for i, part in enumerate(choices.stimulus):
        found += problems_of_part(i, part, choices.n_ports)
    found += problems_of_population(choices.population)
    stimulus = None
    if not errors_in(found):
        try:
            stimulus = choices.arriving()
        except ParameterError as error:
            found.append(Problem("stimulus", "error", str(error)))
    return tuple(found), stimulus

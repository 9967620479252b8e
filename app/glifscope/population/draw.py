"""Who the neurons of a population are, and what arrives at each of them. No Panel.

What is drawn for a parameter, and for a neuron's own input, has a seed of its own each, so one more
neuron or one more parameter that varies leaves the other draws as they were.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from glifcore import (
    FIELDS,
    GlifParameters,
    NoiseCurrent,
    ParameterError,
    PoissonTrain,
    Stimulus,
    draw_population,
    validate,
)

from ..choices import DT, Choices, fitted, presets, with_synapses

OWN_TAU = 3.0
"""Correlation time of each neuron's own noise, ms: that of synaptic noise."""

_PARAMETERS, INPUTS = 0, 1  # what a seed is for


class Members(NamedTuple):
    """The neurons of a population.

    Attributes:
        neurons: their parameters; every field has one row for each of the N neurons.
        cells: the Allen cells that take turns; none where all are around the chosen neuron.
        centres: what each of them was drawn around, one for each cell; the chosen neuron alone
            where there are none.
        left_out: cells of the mix that have no fit at this level.
    """

    neurons: GlifParameters
    cells: tuple[str, ...]
    centres: tuple[GlifParameters, ...]
    left_out: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many neurons there are."""
        return len(self.neurons.V_th)

    def one(self, index: int) -> GlifParameters:
        """The parameters of one neuron."""
        return self.neurons.replace(**{n: getattr(self.neurons, n)[index] for n in FIELDS})

    def some(self, indices: np.ndarray) -> GlifParameters:
        """The parameters of some neurons, in this order."""
        return self.neurons.replace(**{n: getattr(self.neurons, n)[indices] for n in FIELDS})

    def cell_of(self, index: int) -> str:
        """The Allen cell that a neuron is around; empty where it is the chosen neuron."""
        return self.cells[index % len(self.cells)] if self.cells else ""

    def centre_of(self, index: int) -> GlifParameters:
        """What a neuron was drawn around."""
        return self.centres[index % len(self.centres)]


def members(choices: Choices) -> Members:
    """Draw the neurons of a population.

    Raises:
        ParameterError: no cell of the mix has a fit at this level, or the draws break a rule.
    """
    population, model = choices.population, choices.cell.model
    cells = tuple(name for name in population.mix if model in presets()[name].levels)
    left_out = tuple(name for name in population.mix if name not in cells)
    if left_out and not cells:
        raise ParameterError(
            f"None of the cells of the mix was fitted at {model.name}. "
            "Choose other cells, or another level in the Neuron workspace."
        )
    centres = tuple(with_synapses(fitted(name, model), choices.cell) for name in cells)
    centres = centres or (choices.cell,)
    around = [_around(centre, choices) for centre in centres]
    return Members(_take_turns(around, int(population.n_neurons)), cells, centres, left_out)


def _around(centre: GlifParameters, choices: Choices) -> GlifParameters:
    """N neurons around one; what does not vary has no axis for them."""
    population, order = choices.population, list(FIELDS)
    drawn = {}
    for name, deviation in population.spread:
        seed = _seeds(choices, _PARAMETERS, order.index(name))[0]
        some = draw_population(centre, int(population.n_neurons), {name: deviation}, seed=seed)
        drawn[name] = getattr(some, name)
    return validate(centre.replace(**drawn))


def _take_turns(around: Sequence[GlifParameters], count: int) -> GlifParameters:
    """Neuron i from population i modulo their number, every field with a row for each neuron."""
    turns, neurons = np.arange(count) % len(around), np.arange(count)

    def rows(name: str) -> np.ndarray:
        own_axes = FIELDS[name].per != "neuron"
        tables = [np.asarray(getattr(one, name)) for one in around]
        whole = [
            table if table.ndim > own_axes else np.broadcast_to(table, (count, *table.shape))
            for table in tables
        ]
        return np.stack(whole)[turns, neurons]

    return around[0].replace(**{name: rows(name) for name in FIELDS})


def own_parts(choices: Choices, port: int, index: int) -> tuple[PoissonTrain, NoiseCurrent]:
    """What one neuron gets for itself: spikes at `port` with that port's weight, and noise."""
    population = choices.population
    spikes, noise = _seeds(choices, INPUTS, index)
    return (
        PoissonTrain(population.own_rate, choices.weights[port], port, seed=spikes),
        NoiseCurrent(0.0, population.own_std, OWN_TAU, noise),
    )


def arriving_at(choices: Choices, port: int, neurons: np.ndarray) -> Stimulus:
    """What arrives at some neurons: current (T, n) and weights (T, n, R)."""
    shared, population = choices.arriving(), choices.population
    n_steps, n_ports = shared.weights.shape
    # Laid out as the simulation wants them, so that it copies them in one go.
    current = np.empty((len(neurons), n_steps))
    weights = np.empty((n_steps, n_ports, len(neurons)))
    current[:] = population.shared * np.asarray(shared.current)
    weights[:] = population.shared * np.asarray(shared.weights)[..., None]
    for row, index in enumerate(neurons.tolist()):
        train, noise = own_parts(choices, port, index)
        if train.rate:
            times = train.times_until(n_steps * DT)
            steps = np.minimum(np.rint(times / DT).astype(int), n_steps - 1)
            np.add.at(weights[:, port, row], steps, train.weight)
        if noise.std:
            current[row] += noise.sample(n_steps, DT)
    return Stimulus(current.T, weights.swapaxes(1, 2))


def draw(choices: Choices, port: int) -> tuple[GlifParameters, Stimulus]:
    """The whole population and all that arrives at it: (N, ...), (T, N) and (T, N, R)."""
    drawn = members(choices)
    return drawn.neurons, arriving_at(choices, port, np.arange(drawn.count))


def _seeds(choices: Choices, *key: int) -> list[int]:
    """Two seeds that belong to this key alone."""
    sequence = np.random.SeedSequence(int(choices.population.seed), spawn_key=key)
    return sequence.generate_state(2).tolist()

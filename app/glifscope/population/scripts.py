"""A population as source text that runs elsewhere, and as JSON.

What each neuron gets for itself is written as the rule that draws it: as numbers, one for each step
and neuron, it would be megabytes.
"""

from string import Template
from typing import Any

import numpy as np

from glifcore import Stimulus

from ..choices import DT, Choices
from ..export.run import document_of
from ..export.scripts import SCRIPTS
from .choice import POPULATION_FIELDS
from .detail import Detail
from .draw import INPUTS, OWN_TAU
from .run import Asked, Picture

_OWN = Template("""\
# What each neuron gets for itself: Poisson spikes and Ornstein-Uhlenbeck noise, from seeds of its
# own. Another seed is another draw of all of them.
seed = $seed
own_rate = $rate  # 1/s
own_weight, own_port = $weight, $port  # pA, from 0
own_std, own_tau = $std, $tau  # pA, ms
for i in range(len(cells)):
    seeds = np.random.SeedSequence(seed, spawn_key=($key, i)).generate_state(2).tolist()
    of_spikes, of_noise = (np.random.default_rng(one) for one in seeds)
    time, steps = 0.0, []
    while own_rate and (time := time + of_spikes.exponential(1000.0 / own_rate)) < n_steps * dt:
        steps.append(min(round(time / dt), n_steps - 1))
    if steps:
        trains.append((i, own_port, steps, [own_weight] * len(steps)))
    if own_std:
        keep = np.exp(-dt / own_tau)
        kicks = of_noise.standard_normal(n_steps)
        kicks[1:] *= np.sqrt(1.0 - keep**2)
        noise = [kicks[0]]
        for kick in kicks[1:]:
            noise.append(keep * noise[-1] + kick)
        currents.append((i, list(range(n_steps)), own_std * np.array(noise)))
""")


def population_script(program: str, picture: Picture) -> str:
    """All neurons and all that arrives at them.

    Raises:
        ParameterError: the program refuses one of the neurons.
    """
    choices, port = picture.run.asked
    shared, share = choices.arriving(), choices.population.shared
    stimulus = Stimulus(share * np.asarray(shared.current), share * np.asarray(shared.weights))
    write = SCRIPTS[program]
    return write(picture.run.members.neurons, stimulus, DT, further=_own_input(choices, port))


def population_document(picture: Picture) -> dict[str, Any]:
    """The choices, how the population is drawn, and the parameters of each neuron."""
    run = picture.run
    rates = picture.summary.rates
    return _document_of(run.asked) | {
        "cells": [run.members.cell_of(i) for i in range(run.members.count)],
        "neurons": run.members.neurons.to_dict(),
        "rates_Hz": rates,
    }


def neuron_script(program: str, detail: Detail) -> str:
    """One neuron of the population and what arrives at it.

    Raises:
        ParameterError: the program refuses the neuron.
    """
    choices, stimulus = detail.look.driven()
    return SCRIPTS[program](choices.cell, stimulus, DT)


def neuron_document(detail: Detail) -> dict[str, Any]:
    """The choices, and which neuron it is, with its parameters and spikes."""
    look, frame = detail.look, detail.frame
    return _document_of(look.asked) | {
        "neuron": look.index,
        "cell": look.members.cell_of(look.index),
        "neuron_parameters": look.members.one(look.index).to_dict(),
        "spike_times_ms": None if frame is None else np.round(frame.spike_times, 6),
    }


def _document_of(asked: Asked) -> dict[str, Any]:
    choices = asked.choices
    population = choices.population
    numbers = {name: getattr(population, name) for name in POPULATION_FIELDS}
    own = {"own_port": asked.port, "own_tau_ms": OWN_TAU}
    made = numbers | own | {"spread": dict(population.spread), "mix": population.mix}
    return document_of(choices) | {"population": made}


def _own_input(choices: Choices, port: int) -> str:
    population = choices.population
    if not population.own_rate and not population.own_std:
        return ""
    return _OWN.substitute(
        seed=int(population.seed),
        rate=population.own_rate,
        weight=choices.weights[port],
        port=port,
        std=population.own_std,
        tau=OWN_TAU,
        key=INPUTS,
    )

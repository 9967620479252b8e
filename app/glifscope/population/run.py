"""A population is simulated block by block, so that a picture of it can be drawn before the end.

A `Run` is a value: `advance` gives the next one, with one more block of neurons in it. Whoever
holds it may go on, draw it, or leave it; nothing has to be stopped.
"""

import time
from typing import NamedTuple

import numpy as np

from glifcore import ParameterError, Problem, Stimulus, simulate
from glifcore.simulation import CHUNK

from ..choices import DT, Choices, errors_in, problems_of
from ..limits import LIMITS
from .draw import Members, arriving_at, members
from .statistics import Spikes, Summary, summarise

MOST_NEURON_STEPS = LIMITS.neuron_steps
"""Neurons times steps of one run: some ten seconds of work; 1,000 neurons for 10 s."""

MOST_SPIKES = 2_000_000
"""Spikes of one run, which take 12 MB."""

SLICE = 0.2
"""Seconds after which a picture is given back, so that it can be drawn and others get their turn.
A quick run is over by then, and a long one shows its progress within 0.3 s."""

_BLOCK_NUMBERS = 8_000_000
"""Numbers of the stimulus of one block, 64 MB."""


class Asked(NamedTuple):
    """What a population is asked for: the choices, and the port of the neurons' own spikes."""

    choices: Choices
    port: int = 0


class Run(NamedTuple):
    """A population of which the first `done` neurons were simulated.

    Attributes:
        asked: what it is of.
        members: all its neurons.
        done: how many were simulated.
        spikes: theirs.
    """

    asked: Asked
    members: Members
    done: int
    spikes: Spikes

    @property
    def finished(self) -> bool:
        """Whether all neurons were simulated."""
        return self.done == self.members.count


class Task(NamedTuple):
    """What to do next.

    Attributes:
        asked: what a run is to be of.
        width: of a bin of the rate, ms.
        run: one to go on with; None begins one.
        onward: whether to simulate more of it, not only to count its spikes anew.
    """

    asked: Asked
    width: float
    run: Run | None = None
    onward: bool = True


class Picture(NamedTuple):
    """A run and what is read off it.

    Attributes:
        run: how far it is.
        since: spikes that the picture before it had; 0 for the first picture of a run.
        summary: rates and the like of the neurons that are done.
        pinned: the picture to compare with, if there is one.
    """

    run: Run
    since: int
    summary: Summary
    pinned: "Picture | None" = None


def begin(asked: Asked) -> Run:
    """The run before its first block.

    Raises:
        ParameterError: it would be too much, or its neurons break a rule.
    """
    n_steps = round(asked.choices.duration / DT)
    count = int(asked.choices.population.n_neurons)
    if count * n_steps > MOST_NEURON_STEPS:
        raise ParameterError(
            f"{count} neurons for {asked.choices.duration:g} ms are too much: at most "
            f"{MOST_NEURON_STEPS // n_steps} neurons can be simulated that long. "
            "Take fewer, or a shorter simulation. Whoever runs the server sets the most by "
            "GLIFSCOPE_NEURON_STEPS."
        )
    nothing = Spikes(np.zeros(0, np.int32), np.zeros(0, np.uint16), n_steps)
    return Run(asked, members(asked.choices), 0, nothing)


def block_size(n_steps: int, n_ports: int) -> int:
    """Neurons in a block: as many as fit a core's cache, fewer where the stimulus is long."""
    size = CHUNK
    while size > 1 and size * n_steps * (n_ports + 1) > _BLOCK_NUMBERS:
        size //= 2
    return size


def advance(run: Run, size: int | None = None) -> Run:
    """The run with one more block of neurons.

    Args:
        run: not finished.
        size: neurons in the block, where it is not `block_size`.

    Raises:
        ParameterError: there are too many spikes.
    """
    choices, port = run.asked
    size = size or block_size(run.spikes.n_steps, choices.n_ports)
    stop = min(run.done + size, run.members.count)
    # The last block is filled up with its last neuron: one size is compiled, not one for each rest.
    block = np.minimum(np.arange(run.done, run.done + size), stop - 1)
    current, weights = arriving_at(choices, port, np.unique(block))
    rows = block - run.done
    stimulus = Stimulus(current[:, rows], weights[:, rows])
    found = simulate(run.members.some(block), stimulus, dt=DT, record="spikes")
    neuron, step = np.nonzero(found.spike.T[: stop - run.done])
    spikes = run.spikes.with_more(step, run.done + neuron)
    if len(spikes.step) > MOST_SPIKES:
        raise ParameterError(
            f"The first {stop} neurons have {len(spikes.step):,} spikes; at most {MOST_SPIKES:,} "
            "are kept. Take fewer neurons, less input, or a longer `t_ref`."
        )
    return run._replace(done=stop, spikes=spikes)


def compute(task: Task, seconds: float = SLICE) -> Picture | tuple[Problem, ...]:
    """Go on for a while; the picture of what is done by then, or what is wrong."""
    found = problems_of(task.asked.choices) if task.run is None else ()  # a run began without any
    if errors_in(found):
        return found
    start = time.monotonic()
    try:
        run = task.run or begin(task.asked)
        since = len(run.spikes.step) if task.run else 0
        while task.onward and not run.finished:
            run = advance(run)
            if time.monotonic() - start > seconds:
                break
    except ParameterError as error:
        return (Problem("population", "error", str(error)),)
    return Picture(run, since, summarise(run.spikes, run.done, task.width))

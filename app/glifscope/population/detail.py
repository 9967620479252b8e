"""One neuron of a population, simulated alone once more for its traces. No Panel."""

from typing import NamedTuple, Optional

import numpy as np

from glifcore import Stimulus

from ..choices import Choices, Driven
from ..results import Asked as AskedOfOne
from ..results import Frame, picture_of
from ..stimuli import part_with
from ..thinning import Window
from .draw import Members, arriving_at, members, own_parts
from .run import Asked, Task, compute


class Look(NamedTuple):
    """Which neuron is looked at, of what.

    Attributes:
        asked: what its population was asked for.
        members: the population.
        index: which neuron it is.
        window: what is seen of its run, ms; None is the whole.
        pinned: the neuron to compare with.
    """

    asked: Asked
    members: Members
    index: int
    window: Window | None = None
    pinned: Optional["Look"] = None

    def driven(self) -> Driven:
        """The neuron, and all that arrives at it: shared, and its own."""
        stimulus = arriving_at(*self.asked, np.array([self.index]))
        return Driven(
            self.asked.choices._replace(cell=self.members.one(self.index)),
            Stimulus(stimulus.current[:, 0], stimulus.weights[:, 0]),
        )

    def alone(self) -> Choices:
        """Choices for the neuron alone: its own input is part of the stimulus.

        They are exact where all that is shared arrives at it, or nothing.
        """
        choices, port = self.asked
        train, noise = own_parts(choices, port, self.index)
        shared = choices.stimulus if choices.population.shared else ()
        sizes = ((train, train.rate), (noise, noise.std))
        own = [part_with(part, stop=choices.duration) for part, size in sizes if size]
        return choices._replace(
            preset=self.members.cell_of(self.index) or choices.preset,
            cell=self.members.one(self.index),
            stimulus=(*shared, *own),
        )


class Detail(NamedTuple):
    """What one neuron does.

    Attributes:
        look: which neuron.
        frame: its picture; None where `problem` says why there is none.
        problem: a sentence.
    """

    look: Look
    frame: Frame | None
    problem: str = ""


def look_at(look: Look) -> Detail:
    """The picture of one neuron."""
    choices, stimulus = look.driven()
    pinned = look.pinned and look.pinned.driven()
    asked = AskedOfOne(choices, look.asked.port, window=look.window)
    found = picture_of(asked, stimulus, pinned)
    if isinstance(found, Frame):
        return Detail(look, found)
    return Detail(look, None, " ".join(problem.message for problem in found))


def warm_up() -> None:
    """Compile what a visitor's first population needs."""
    asked = Asked(Choices())
    compute(Task(asked, 10.0))
    look_at(Look(asked, members(asked.choices), 0))

"""The last run of a visitor's population, for whoever reads a number off it. No Panel."""

import math

import param

from glifcore import Problem

from ..choices import DT
from .run import Asked, Picture, Run, Task, compute

_MOST_AT_ONCE = 2_000_000
"""Neurons times steps that are simulated while the visitor waits: a fraction of a second."""

_WIDTH = 10.0  # of a bin of rates, ms, which nobody looks at here


class PopulationResults(param.Parameterized):
    """What the workspace Population has drawn last."""

    run = param.ClassSelector(class_=Run, default=None, instantiate=False, doc="Finished or not.")

    def finished(self, asked: Asked) -> Run | None:
        """The run of what is asked for, if it was drawn to its end."""
        run = self.run
        return run if run is not None and run.finished and run.asked == asked else None

    def whole(self, asked: Asked) -> Run | tuple[Problem, ...]:
        """The run of what is asked for, simulated now if it is small; else what is wrong."""
        run = self.finished(asked)
        if run is not None:
            return run
        steps = asked.choices.duration / DT
        if asked.choices.population.n_neurons * steps > _MOST_AT_ONCE:
            message = (
                "The population is not simulated to its end. Wait in the workspace Population for "
                "its last neuron, or press Go on there, and check again."
            )
            return (Problem("population", "error", message),)
        picture = compute(Task(asked, _WIDTH), seconds=math.inf)
        return picture.run if isinstance(picture, Picture) else picture

"""Parts of the dashboard for cells of a notebook: each alone, following a session at once.

The views that draw Results are made with `results_of`; these are what needs more than that.
"""

from functools import partial
from typing import Any

import panel as pn

from .cells.workspace import Cells
from .choices import NAMES
from .climb import compute_climb, take_level
from .firing import compute_firing
from .pools import visitor_pools
from .population.workspace import Population
from .results import results_of
from .session import Session
from .stimuli import Mark, painted
from .synapses.workspace import Explorer
from .time_axis import TimeAxis
from .views.autopsy import AutopsyView
from .views.climb import ClimbView
from .views.firing import FiringView
from .views.stimulus import StimulusView
from .workshop.workspace import Workshop


def climb_of(session: Session) -> ClimbView:
    """The session's stimulus in GLIF1 to GLIF5; a click on a band takes its level."""
    time = TimeAxis(session)
    view = ClimbView(time.range, partial(take_level, session))

    def draw(*_: Any) -> None:
        time.fit(session.duration)
        view.draw(compute_climb(session.choices, session.window, session.pinned))

    draw()
    session.param.watch(draw, [*NAMES, "window", "pinned"])
    return view


def firing_of(session: Session) -> FiringView:
    """The f-I curve of the session's neuron, and of the pinned one."""
    view = FiringView()

    def draw(*_: Any) -> None:
        view.draw(compute_firing(session.choices, pinned=session.pinned))

    draw()
    session.param.watch(draw, [*NAMES, "pinned"])
    return view


def autopsy_of(session: Session) -> AutopsyView:
    """What brought the session's `spike` to the threshold, with buttons for the next and the last.

    Raises:
        ParameterError: there is no picture of what is chosen now.
    """
    return AutopsyView(results_of(session), lambda spike: setattr(session, "spike", spike))


def stimulus_of(session: Session) -> StimulusView:
    """What arrives: the injected current, and a lane a port in which spikes can be painted.

    Raises:
        ParameterError: there is no picture of what is chosen now.
    """

    def paint(marks: list[Mark]) -> None:
        session.stimulus = painted(session.stimulus, marks, session.choices.n_ports)

    return StimulusView(results_of(session), None, paint)


def workspace_of(session: Session, name: str) -> pn.Row:
    """A workspace with its controls: "Population", "Cells", "V1 synapses" or "Workshop".

    Raises:
        ValueError: there is no such workspace.
    """
    pools = visitor_pools()
    makers = {
        "Population": lambda: Population(session, pools),
        "Cells": lambda: Cells(session, pools.live),
        "V1 synapses": lambda: Explorer(session, pools.live),
        "Workshop": lambda: Workshop(session, pools),
    }
    if name not in makers:
        raise ValueError(f"No workspace is called {name!r}; choose from: {', '.join(makers)}.")
    made: Any = makers[name]()
    made.shown(True)
    controls = pn.Column(made.sidebar, width=340, margin=0)
    return pn.Row(controls, made.main, sizing_mode="stretch_width")

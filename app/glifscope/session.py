"""The choices of one visitor, and where on the page the visitor is. No Panel, no plots.

Sliders, presets, the URL, undo and lessons all write here and to nothing else.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import param

from glifcore import GlifModel, GlifParameters
from glifcore.stimulus import Part
from glifcore.trains import Train

from .cells.url import ATLAS
from .choices import (
    MOST_PORTS,
    NAMES,
    OWN_FIELDS,
    PORT_FIELDS,
    Choices,
    fitted,
    presets,
    with_synapses,
)
from .history import History
from .limits import LIMITS
from .population.choice import PopulationChoice
from .population.url import LOOKED
from .shown_traces import SHOWN_TRACES
from .state import SECTION_NAMES, State, recordings_in, subject
from .stimuli import part_with
from .synapses.url import EXPLORER
from .workshop.url import WORKSHOP

WORKSPACES = ("Synapse", "Neuron", "Population", "Cells", "Lessons")
"""What the page offers, in the order of its switch."""

SYNAPSE_PARTS = ("Workshop", "V1 synapses")
"""What Synapse offers."""

PANES = ("Traces", "Climb", "f–I curve")
"""What Neuron offers."""

LEAST_SEEN = 0.5
"""The narrowest window, ms: five steps."""

_PLACE = ("workspace", "part", "pane")
"""To go somewhere is no step; a step leads back to where it was made."""

_ONE_BY_ONE = (*SECTION_NAMES, "pinned", "spike", "lesson")
"""What undo brings back beside the choices and the port."""


def _choice(name: str, class_: type, doc: str) -> Any:
    return param.ClassSelector(
        class_=class_,
        default=Choices._field_defaults[name],
        allow_None=False,
        instantiate=False,
        doc=doc,
    )


def _section(section: Any, doc: str) -> Any:
    start = section.start
    return param.ClassSelector(
        class_=type(start), default=start, allow_None=False, instantiate=False, doc=doc
    )


class Session(param.Parameterized):
    """The choices of one visitor, and where on the page the visitor is."""

    preset = _choice("preset", str, "Where cell is from.")
    cell = _choice("cell", GlifParameters, "The neuron, synapses included.")
    weights: Any = _choice("weights", tuple, "Of an event at each port, pA.")
    stimulus: Any = _choice("stimulus", tuple, "What arrives.")
    duration = _choice("duration", float, "Of the simulation, ms.")
    population = _choice("population", PopulationChoice, "How a population is made.")

    explorer: Any = _section(EXPLORER, "What is asked of the V1 synapses.")
    atlas: Any = _section(ATLAS, "What is asked of the cells.")
    workshop: Any = _section(WORKSHOP, "What is fitted to a recording, and how.")
    looked: Any = _section(LOOKED, "How the population is looked at.")
    shown_traces: Any = _section(SHOWN_TRACES, "Which rows of traces are shown.")

    workspace = param.Selector(default="Neuron", objects=list(WORKSPACES), doc="What is shown.")
    part = param.Selector(
        default=SYNAPSE_PARTS[0], objects=list(SYNAPSE_PARTS), doc="What of Synapse is shown."
    )
    pane = param.Selector(default=PANES[0], objects=list(PANES), doc="What of Neuron is shown.")
    port = param.Integer(default=0, bounds=(0, MOST_PORTS - 1), doc="Port whose synapse is shown.")
    lesson = param.String(default="", doc="Name of the lesson that is open.")
    spike = param.Integer(default=None, allow_None=True, doc="Spike that is taken apart, from 0.")
    window = param.Range(default=None, doc="What is seen of the run, ms; None is the whole.")
    pinned = param.ClassSelector(
        class_=Choices, default=None, instantiate=False, doc="Choices to compare with."
    )
    dark = param.Boolean(default=False, doc="Whether the page is dark.")
    can_undo = param.Boolean(default=False, doc="Whether there is a step to undo.")
    can_redo = param.Boolean(default=False, doc="Whether there is an undone step.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self._going = False
        self.forget()
        self.param.watch(self._changed, [*NAMES, *_ONE_BY_ONE, "port"])
        self.param.watch(self._shorten, "duration")

    @property
    def choices(self) -> Choices:
        """What is chosen now."""
        return Choices(*(getattr(self, name) for name in NAMES))

    @property
    def state(self) -> State:
        """What is chosen now, in all workspaces."""
        place, others = self._place, {name: getattr(self, name) for name in _ONE_BY_ONE}
        return State(choices=self.choices, port=self.port, origin=place, place=place, **others)

    @property
    def _place(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in _PLACE}

    def take(self, choices: Choices) -> None:
        """Choose all of these at once."""
        self._take(choices, min(self.port, choices.n_ports - 1))

    def _take(self, choices: Choices, port: int) -> None:
        """Only what is another object: param could not tell that nothing has changed."""
        new = {k: v for k, v in choices._asdict().items() if v is not getattr(self, k)}
        self.param.update(port=port, **new)

    def _shorten(self, event: Any) -> None:
        """See the whole of a run that is over within the window."""
        if self.window is not None and self.window[1] > event.new:
            self.window = None

    def value(self, name: str, index: int | None = None) -> float:
        """The number chosen for a field of the cell, a port's weight, or the duration."""
        if name == "weight":
            return float(self.weights[index or 0])
        number = getattr(self if name in OWN_FIELDS else self.cell, name)
        return float(number if index is None else number[index])

    def choose(self, name: str, value: float, index: int | None = None) -> None:
        """Give a field of the cell, a port's weight, or the duration a new number."""
        if value == self.value(name, index):
            return
        if name == "weight":
            i = index or 0
            self.weights = (*self.weights[:i], float(value), *self.weights[i + 1 :])
        elif name in OWN_FIELDS:
            setattr(self, name, float(value))
        else:
            number: Any = float(value)
            if index is not None:
                number = np.array(getattr(self.cell, name))
                number[index] = value
            self.cell = self.cell.replace(**{name: number})

    def choose_preset(self, name: str) -> None:
        """Take a cell as it was fitted, at this level or the nearest below; synapses stay."""
        levels = presets()[name].levels
        below = [model for model in levels if model.name <= self.cell.model.name]
        model = below[-1] if below else levels[0]
        self.param.update(preset=name, cell=with_synapses(fitted(name, model), self.cell))

    def choose_model(self, model: GlifModel) -> None:
        """Go to another level: with the cell's own fit, or by its flags where it was edited."""
        if model is not self.cell.model:
            self.cell = self.choices.at_level(model)

    # Ports

    def add_port(self) -> None:
        """Add a receptor port with the synapse of the one that is shown, and show it."""
        if len(self.weights) < MOST_PORTS:
            self._with_ports([*range(len(self.weights)), self.port], len(self.weights))

    def remove_port(self) -> None:
        """Take away the port that is shown; its trains go to port 0."""
        if len(self.weights) > 1:
            gone = self.port
            kept = [i for i in range(len(self.weights)) if i != gone]
            moved = tuple(
                part_with(part, receptor=_after(part.receptor, gone))
                if isinstance(part, Train)
                else part
                for part in self.stimulus
            )
            self._with_ports(kept, min(gone, len(kept) - 1), stimulus=moved)

    def _with_ports(self, kept: list[int], shown: int, **more: Any) -> None:
        synapses = {name: np.asarray(getattr(self.cell, name))[kept] for name in PORT_FIELDS}
        self.param.update(
            cell=self.cell.replace(**synapses),
            weights=tuple(self.weights[i] for i in kept),
            port=shown,
            **more,
        )

    def accept(self, cell: GlifParameters, weight: float) -> None:
        """Take a cell whose shown port has another synapse, and the weight of its events, pA."""
        i = self.port
        weights = (*self.weights[:i], float(weight), *self.weights[i + 1 :])
        self.param.update(cell=cell, weights=weights)

    # Stimulus

    def add_part(self, part: Part) -> None:
        """Let one more part arrive."""
        self.stimulus = (*self.stimulus, part)

    def replace_part(self, index: int, part: Part | None) -> None:
        """Put another part in the place of one; None takes it away."""
        new = () if part is None else (part,)
        self.stimulus = (*self.stimulus[:index], *new, *self.stimulus[index + 1 :])

    # Undo

    def undo(self) -> None:
        """Go back one step, to where it began."""
        origin = self._history.present.origin
        if self.can_undo:
            self._go(self._history.undo(), origin)

    def redo(self) -> None:
        """Take back the last undo."""
        if self.can_redo:
            state = self._history.redo()
            self._go(state, state.place)

    def forget(self) -> None:
        """Take the present choices for the first ones: there is nothing to undo."""
        most = 1e6 * LIMITS.undo_mb
        self._history = History(self.state, holds=recordings_in, most=most)
        self._tell()

    @contextmanager
    def one_step(self) -> Iterator[None]:
        """Whatever is chosen meanwhile is one step."""
        going, self._going, origin = self._going, True, self._place
        try:
            yield
        finally:
            self._going = going
        before, now = (
            state._replace(origin={}, place={}) for state in (self._history.present, self.state)
        )
        if not going and now != before:
            self._history.record(self.state._replace(origin=origin), None)
            self._tell()

    def _go(self, state: State, place: dict[str, str]) -> None:
        now = self.state
        self._going = True
        try:
            self._take(state.choices, state.port)
            for name in _ONE_BY_ONE:
                if getattr(state, name) != getattr(now, name):
                    setattr(self, name, getattr(state, name))
            self.param.update(**place)
        finally:
            self._going = False
        self._tell()

    def _changed(self, *events: Any) -> None:
        if not self._going:
            self._history.record(self.state, subject(events))
            self._tell()

    def _tell(self) -> None:
        history = self._history
        self.param.update(can_undo=history.can_undo, can_redo=history.can_redo)


def _after(port: int, gone: int) -> int:
    """The number of a port once another is gone."""
    return 0 if port == gone else port - (port > gone)

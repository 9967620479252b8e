"""What a visitor of the explorer chose to see, and the picture that follows. No Panel, no plots."""

from typing import Any, NamedTuple

import jax
import numpy as np
import param

from glifcore import (
    FieldInfo,
    GlifParameters,
    Problem,
    PscFeatures,
    PscShape,
    Synapse,
    load_synapse,
    problems,
    psc_components,
    psc_features,
    psp_waveform,
)

from ..choices import errors_in
from .catalogue import DECAY, SHAPE, SLOW, TIME_TO_PEAK, Catalogue, catalogue, numbers_of

START = "e4_to_pv"

SIZE = FieldInfo(
    "pA",
    "Peak of the fast part of one event; its sign is that of the class",
    (1.0, 300.0),
    1.0,
    "synapse",
    above=0.0,
)
"""What is known about the weight without its sign."""

PSC_END = 40.0
"""ms that the current is shown; the same for all classes, so that they can be compared by eye."""

_SAMPLES = 401

_psp = jax.jit(psp_waveform)


class Asked(NamedTuple):
    """What a picture of the explorer is asked for.

    Attributes:
        synapse: name of the class that is looked at.
        size: its weight without the sign, pA.
        x, y: keys of the quantities on the axes of the scatter.
        tint: key of the quantity that colours the heat map.
    """

    synapse: str = START
    size: float = 100.0
    x: str = TIME_TO_PEAK
    y: str = DECAY
    tint: str = SLOW


class Psp(NamedTuple):
    """What one event does to the membrane, mV, at the times t, ms."""

    t: np.ndarray
    voltage: np.ndarray

    @property
    def peak(self) -> tuple[float, float]:
        """When it is farthest from rest, ms, and how far, mV."""
        at = int(np.abs(self.voltage).argmax())
        return float(self.t[at]), float(self.voltage[at])


class Picture(NamedTuple):
    """Everything that the views show.

    Attributes:
        asked: what it shows.
        cell: the neuron that the synapse is on.
        port: the one that is shown of it.
        catalogue: every class.
        synapse: the class that is looked at.
        shape: its waveform, with the weight in pA.
        features: of this waveform.
        t: times of the current, ms.
        fast, slow: its two parts, pA.
        psp: on the chosen cell; None where its membrane has a problem.
        problems: of the membrane.
        on_port: quantities of the synapse on the shown port; empty where it has a problem.
    """

    asked: Asked
    cell: GlifParameters
    port: int
    catalogue: Catalogue
    synapse: Synapse
    shape: PscShape
    features: PscFeatures
    t: np.ndarray
    fast: np.ndarray
    slow: np.ndarray
    psp: Psp | None
    problems: tuple[Problem, ...]
    on_port: dict[str, float]

    @property
    def index(self) -> int:
        """Where the class that is looked at stands in the catalogue."""
        return self.catalogue.index(self.asked.synapse)

    @property
    def place(self) -> tuple[float, float]:
        """Where it stands on the two axes."""
        x, y = (self.catalogue.numbers[key][self.index] for key in (self.asked.x, self.asked.y))
        return float(x), float(y)

    @property
    def port_place(self) -> tuple[float, float] | None:
        """Where the synapse on the shown port stands on them."""
        return (self.on_port[self.asked.x], self.on_port[self.asked.y]) if self.on_port else None


class ExplorerChoices(param.Parameterized):
    """What is asked for."""

    asked = param.ClassSelector(
        class_=Asked, default=Asked(), allow_None=False, instantiate=False, doc="What is shown."
    )

    @property
    def now(self) -> Asked:
        """What is asked for now."""
        return self.asked

    def become(self, asked: Asked) -> None:
        """Ask for this."""
        self.ask(**asked._asdict())

    def ask(self, **changes: Any) -> None:
        """Ask for something else."""
        asked = self.asked._replace(**changes)
        if asked != self.asked:  # param itself cannot tell
            self.asked = asked

    def pick(self, *, pre: str = "", post: str = "") -> None:
        """Look at the class with another cell before or after the synapse."""
        now = load_synapse(self.asked.synapse)
        self.ask(synapse=f"{pre or now.pre}_to_{post or now.post}")

    @property
    def shape(self) -> PscShape:
        """The waveform that is looked at, with its weight in pA."""
        return shape_of(self.asked)


def shape_of(asked: Asked) -> PscShape:
    """The waveform that is asked for, with its weight in pA."""
    unit = load_synapse(asked.synapse).shape
    return unit._replace(weight=unit.weight * asked.size)


def compute(asked: Asked, cell: GlifParameters, port: int) -> Picture:
    """The picture of these choices, with the synapse on this neuron."""
    shape = shape_of(asked)
    t = np.linspace(0.0, PSC_END, _SAMPLES)
    fast, slow = (np.asarray(part) for part in psc_components(shape, t))
    wrong = errors_in(problems(cell))
    membrane = tuple(found for found in wrong if found.field in ("g", "C_m"))
    return Picture(
        asked=asked,
        cell=cell,
        port=port,
        catalogue=catalogue(),
        synapse=load_synapse(asked.synapse),
        shape=shape,
        features=psc_features(shape),
        t=t,
        fast=fast,
        slow=slow,
        psp=None if membrane else _psp_of(shape, cell),
        problems=membrane,
        on_port={} if wrong else _numbers_on(cell, port),
    )


def _psp_of(shape: PscShape, cell: GlifParameters) -> Psp:
    """The PSP, until the slowest class has gone from this membrane."""
    slowest = float(catalogue().numbers[SLOW].max())
    end = 50.0 * np.ceil((4.0 * float(cell.C_m / cell.g) + 6.0 * slowest) / 50.0)
    t = end * np.linspace(0.0, 1.0, _SAMPLES) ** 2  # close together where the voltage rises
    return Psp(t, np.asarray(_psp(shape, cell, t)))


def _numbers_on(cell: GlifParameters, port: int) -> dict[str, float]:
    return numbers_of(PscShape(1.0, *(getattr(cell, name)[port] for name in SHAPE)))

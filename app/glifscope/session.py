"""What the user chose: a cell, its level and parameters, and a stimulus. No Panel, no plots.

Every choice is an immutable value that is replaced, never changed in place, so a `Choices` taken at
any moment stays what it was while a simulation runs on it.
"""

from dataclasses import dataclass, field, fields, replace
from typing import Any, NamedTuple

import numpy as np
import param

from glifcore import (
    FIELDS,
    FieldInfo,
    GlifModel,
    GlifParameters,
    Preset,
    Problem,
    list_presets,
    load_preset,
    problems,
)
from glifcore.presets import NEST_DEFAULT
from glifcore.validation import problems_of_value

DURATION = 500.0
"""Length of the simulation, ms."""

DT = 0.1
"""Step of the simulation, ms: NEST's default resolution."""

# Cells that span the lines, chosen for how much of their spiking GLIF5 explains.
_OFFERED = (
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

PRESETS: dict[str, Preset] = {p.name: p for p in list_presets() if p.name in _OFFERED}


def _f(default: float, *info: Any, **more: Any) -> Any:
    return field(default=default, metadata={"info": FieldInfo(*info, **more)})


@dataclass(frozen=True)
class StimulusChoice:
    """A current step and a regular train of presynaptic spikes; units in `STIMULUS_FIELDS`."""

    weight: float = _f(
        100.0, "pA", "Peak of the fast part of one event", (-300.0, 300.0), 1.0, "synapse"
    )
    step_amplitude: float = _f(
        320.0, "pA", "Injected current during the step", (-300.0, 1000.0), 1.0, "stimulus"
    )
    step_start: float = _f(40.0, "ms", "When the step begins", (0.0, DURATION), 1.0, "stimulus")
    step_stop: float = _f(280.0, "ms", "When the step ends", (0.0, DURATION), 1.0, "stimulus")
    train_start: float = _f(
        330.0, "ms", "First presynaptic spike", (0.0, DURATION), 1.0, "stimulus"
    )
    train_rate: float = _f(
        60.0, "1/s", "Rate of the presynaptic spikes", (1.0, 200.0), 1.0, "stimulus", above=0.0
    )
    train_count: float = _f(
        5.0, "", "Number of presynaptic spikes", (0.0, 50.0), 1.0, "stimulus", within=(0.0, 500.0)
    )


STIMULUS_FIELDS: dict[str, FieldInfo] = {f.name: f.metadata["info"] for f in fields(StimulusChoice)}


class Choices(NamedTuple):
    """Everything that a picture depends on, at one moment."""

    cell: GlifParameters
    stimulus: StimulusChoice


class Session(param.Parameterized):
    """The choices of one visitor."""

    preset = param.Selector(default=NEST_DEFAULT, objects=list(PRESETS), doc="Where cell is from.")
    cell = param.ClassSelector(
        class_=GlifParameters,
        default=GlifParameters(model=GlifModel.GLIF5),
        allow_None=False,
        instantiate=False,
        doc="The neuron, synapse included.",
    )
    stimulus = param.ClassSelector(
        class_=StimulusChoice,
        default=StimulusChoice(),
        allow_None=False,
        instantiate=False,
        doc="What arrives at it.",
    )

    before = param.ClassSelector(
        class_=Choices, default=None, instantiate=False, doc="What `undo` goes back to."
    )

    @property
    def choices(self) -> Choices:
        """What is chosen now."""
        return Choices(self.cell, self.stimulus)

    def value(self, name: str, index: int | None = None) -> float:
        """The number chosen for a field of the cell or of the stimulus."""
        owner = self.stimulus if name in STIMULUS_FIELDS else self.cell
        number = getattr(owner, name)
        return float(number if index is None else number[index])

    def choose(self, name: str, value: float, index: int | None = None) -> None:
        """Give a field of the cell or of the stimulus a new number."""
        if value == self.value(name, index):
            return
        if name in STIMULUS_FIELDS:
            self.stimulus = replace(self.stimulus, **{name: float(value)})
            return
        number: Any = float(value)
        if index is not None:
            number = np.array(getattr(self.cell, name))
            number[index] = value
        self.cell = self.cell.replace(**{name: number})

    def choose_preset(self, name: str) -> None:
        """Take a cell as it was fitted at the present level; the synapse stays as it is."""
        self.param.update(preset=name, cell=self._with_synapse(load_preset(name, self.cell.model)))

    def choose_model(self, model: GlifModel) -> None:
        """Go to another level: with the cell's own fit, or by its flags where it was edited."""
        if model is self.cell.model:
            return
        if self.is_as_fitted and model in PRESETS[self.preset].levels:
            self.cell = self._with_synapse(load_preset(self.preset, model))
        else:
            self.cell = self.cell.replace(model=model)

    def accept(self, cell: GlifParameters, weight: float) -> None:
        """Take a cell whose synapse was fitted, and the weight of its events, pA."""
        before = self.choices
        stimulus = replace(self.stimulus, weight=float(weight))
        self.param.update(cell=cell, stimulus=stimulus, before=before)

    def undo(self) -> None:
        """Go back to what was chosen before a synapse was accepted."""
        if self.before is not None:
            self.param.update(cell=self.before.cell, stimulus=self.before.stimulus, before=None)

    @property
    def is_as_fitted(self) -> bool:
        """Whether the neuron (not its synapse) is the preset's fit at this level, unedited."""
        if self.cell.model not in PRESETS[self.preset].levels:
            return False
        return self.cell == self._with_synapse(load_preset(self.preset, self.cell.model))

    def _with_synapse(self, cell: GlifParameters) -> GlifParameters:
        kept = {name: getattr(self.cell, name) for name in FIELDS if FIELDS[name].per == "port"}
        return cell.replace(**kept, I_e=self.cell.I_e)


def problems_of(choices: Choices) -> tuple[Problem, ...]:
    """Every problem of the cell and of the stimulus."""
    found = list(problems(choices.cell))
    for name, info in STIMULUS_FIELDS.items():
        found += problems_of_value(name, getattr(choices.stimulus, name), info)
    count = choices.stimulus.train_count
    if np.isfinite(count) and count != round(count):
        message = f"`train_count` is {count:g}; it must be a whole number. Try {round(count)}."
        found.append(Problem("train_count", "error", message))
    return tuple(found)

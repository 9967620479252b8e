"""What a GLIF neuron is made of: its parameters, each with unit, meaning and range.

Names, units and defaults are those of NEST's ``glif_psc_double_alpha``. Everything that says what a
number means (its unit, the rule it obeys, the range a slider should offer) is written here once, in
the metadata of the fields of `GlifParameters`, and read from there by the validation and the app.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, NamedTuple

import jax
import numpy as np

from glifcore.levels import FLAGS, GlifModel, ParameterError, shown

Per = Literal["neuron", "asc", "port"]
Group = Literal["membrane", "reset", "threshold", "asc", "synapse", "stimulus"]


_ALL = frozenset(GlifModel)
_RESET_RULES = frozenset(m for m in GlifModel if m.spike_dependent_threshold)
_PLAIN_RESET = _ALL - _RESET_RULES
_ASC = frozenset(m for m in GlifModel if m.after_spike_currents)
_ADAPTING = frozenset(m for m in GlifModel if m.adapting_threshold)

LARGEST, SMALLEST = 1e12, 1e-30
"""Between these, either sign, lies every number that is taken, and 0: what is multiplied and
divided of them has a finite double, with room for millions of steps."""


class FieldInfo(NamedTuple):
    """What is known about one parameter.

    Attributes:
        unit: unit of the value; empty where there is none.
        meaning: one line for a reader who knows neurons but not this model.
        typical: range that a slider offers, in `unit`.
        step: increment of a slider, in `unit`.
        group: which part of the model the parameter belongs to.
        per: whether there is one value a neuron, or one for each after-spike current or port.
        used_by: levels at which the value has an effect.
        above: the value must be greater than this.
        within: the value must lie in this closed interval.
        remedy: what else can be done where a value lies above `within`; a sentence.
    """

    unit: str
    meaning: str
    typical: tuple[float, float]
    step: float
    group: Group
    per: Per = "neuron"
    used_by: frozenset[GlifModel] = _ALL
    above: float | None = None
    within: tuple[float, float] | None = None
    remedy: str = ""


def _f(default: Any, unit: str, meaning: str, *rest: Any, **more: Any) -> Any:
    return field(default=default, metadata={"info": FieldInfo(unit, meaning, *rest, **more)})


@dataclass(frozen=True, kw_only=True, eq=False)
class GlifParameters:
    """Parameters of one neuron, or of a population, under NEST's names and in NEST's units.

    A field takes a number (shape ``()``) or, for a population, one number a neuron (``(N,)``); the
    fields of after-spike currents and ports take a sequence (``(K,)``, ``(R,)``) or a table
    (``(N, K)``, ``(N, R)``), and `model` one level for all or a sequence of N of them. `FIELDS`
    tells each field's unit, meaning and range. The defaults are NEST's: the GLIF5 fit of Allen cell
    490626718. ``I_e`` is a constant current that NEST's model lacks. Values are converted once,
    here; whether they obey the model's rules is the business of `glifcore.validate`, so that all
    problems can be told at once.

    Raises:
        ParameterError: a value is not a number or has too many axes.
    """

    model: GlifModel | Any = GlifModel.GLIF1
    g: Any = _f(9.43, "nS", "Membrane (leak) conductance", (1.0, 40.0), 0.01, "membrane", above=0.0)
    E_L: Any = _f(-78.85, "mV", "Resting membrane potential", (-100.0, -50.0), 0.05, "membrane")
    V_th: Any = _f(-51.68, "mV", "Threshold at rest, absolute", (-65.0, -20.0), 0.01, "threshold")
    C_m: Any = _f(58.72, "pF", "Membrane capacitance", (10.0, 500.0), 0.01, "membrane", above=0.0)
    t_ref: Any = _f(
        3.75,
        "ms",
        "Absolute refractory period",
        (0.1, 20.0),
        0.05,
        "reset",
        above=0.0,
        within=(0.0, 1e6),
    )
    V_reset: Any = _f(
        -78.85,
        "mV",
        "Potential after a spike, absolute",
        (-100.0, -40.0),
        0.05,
        "reset",
        used_by=_PLAIN_RESET,
    )
    th_spike_add: Any = _f(
        0.37,
        "mV",
        "Rise of the threshold at each spike",
        (0.0, 20.0),
        0.01,
        "threshold",
        used_by=_RESET_RULES,
    )
    th_spike_decay: Any = _f(
        0.009,
        "1/ms",
        "Decay rate of the spike component of the threshold",
        (0.001, 0.3),
        0.001,
        "threshold",
        used_by=_RESET_RULES,
        above=0.0,
    )
    voltage_reset_fraction: Any = _f(
        0.2,
        "",
        "Share of the potential (above E_L) that survives a spike",
        (0.0, 1.0),
        0.01,
        "reset",
        used_by=_RESET_RULES,
        within=(0.0, 1.0),
    )
    voltage_reset_add: Any = _f(
        18.51,
        "mV",
        "Potential added at the reset",
        (-20.0, 40.0),
        0.01,
        "reset",
        used_by=_RESET_RULES,
    )
    th_voltage_index: Any = _f(
        0.005,
        "1/ms",
        "How strongly the threshold follows the potential",
        (-0.05, 0.1),
        0.001,
        "threshold",
        used_by=_ADAPTING,
    )
    th_voltage_decay: Any = _f(
        0.09,
        "1/ms",
        "Decay rate of the voltage component of the threshold",
        (0.001, 0.5),
        0.001,
        "threshold",
        used_by=_ADAPTING,
        above=0.0,
    )
    asc_init: Any = _f(
        (0.0, 0.0),
        "pA",
        "After-spike current at time 0",
        (-200.0, 200.0),
        0.1,
        "asc",
        "asc",
        used_by=_ASC,
    )
    asc_decay: Any = _f(
        (0.003, 0.1),
        "1/ms",
        "Decay rate of the after-spike current",
        (0.001, 0.5),
        0.001,
        "asc",
        "asc",
        used_by=_ASC,
        above=0.0,
    )
    asc_amps: Any = _f(
        (-9.18, -198.94),
        "pA",
        "Jump of the after-spike current at each spike",
        (-500.0, 500.0),
        0.01,
        "asc",
        "asc",
        used_by=_ASC,
    )
    asc_r: Any = _f(
        (1.0, 1.0),
        "",
        "Share of the after-spike current that survives a spike",
        (0.0, 1.0),
        0.01,
        "asc",
        "asc",
        used_by=_ASC,
        within=(0.0, 1.0),
    )
    tau_syn_fast: Any = _f(
        (2.0,),
        "ms",
        "Time constant of the fast alpha function",
        (0.1, 20.0),
        0.05,
        "synapse",
        "port",
        above=0.0,
    )
    tau_syn_slow: Any = _f(
        (6.0,),
        "ms",
        "Time constant of the slow alpha function",
        (0.1, 60.0),
        0.05,
        "synapse",
        "port",
        above=0.0,
    )
    amp_slow: Any = _f(
        (0.3,),
        "",
        "Peak of the slow alpha function relative to the fast one",
        (0.01, 2.0),
        0.01,
        "synapse",
        "port",
        above=0.0,
    )
    I_e: Any = _f(0.0, "pA", "Constant current into the cell", (-500.0, 1000.0), 1.0, "stimulus")

    def __post_init__(self) -> None:
        if not isinstance(self.model, GlifModel):
            object.__setattr__(self, "model", _as_models(self.model))
        for name, info in FIELDS.items():
            object.__setattr__(self, name, _as_number(name, getattr(self, name), info.per))

    @property
    def size(self) -> tuple[int, ...]:
        """(N,) for a population, () for one neuron.

        Raises:
            ParameterError: fields count different numbers of neurons.
        """
        shapes = {
            value.shape if info.per == "neuron" else value.shape[:-1]
            for name, info in FIELDS.items()
            if not isinstance(value := getattr(self, name), float)
        }
        if not isinstance(self.model, GlifModel):
            shapes.add((len(self.model),))
        shapes.discard(())
        if len(shapes) > 1:
            raise ParameterError(
                f"Fields have {' and '.join(str(n) for (n,) in sorted(shapes))} neurons; a "
                "population has one size. Give every array one row for each neuron."
            )
        return shapes.pop() if shapes else ()

    def flag(self, name: str) -> Any:
        """Whether a mechanism is on: a bool, or (N,) of them where neurons differ in level."""
        if isinstance(self.model, GlifModel):
            return getattr(self.model, name)
        return np.array([getattr(model, name) for model in self.model])

    def replace(self, **changes: Any) -> "GlifParameters":
        """A copy in which the named fields have new values."""
        return replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """A flat dict under NEST's names, the three flags in the place of `model`.

        Numbers are floats, sequences lists, so that it can be written as JSON.
        """
        values = {name: np.asarray(getattr(self, name)).tolist() for name in FIELDS}
        return values | {flag: np.asarray(self.flag(flag)).tolist() for flag in FLAGS}

    @classmethod
    def from_dict(cls, mapping: Mapping[str, Any]) -> "GlifParameters":
        """The parameters that `to_dict` wrote down; what is missing takes its default.

        Raises:
            ParameterError: a key is unknown, a value is not a number, or the flags are no level.
        """
        unknown = sorted(set(mapping) - set(FIELDS) - set(FLAGS))
        if unknown:
            raise ParameterError(
                f"No parameter is called {', '.join(map(shown, unknown[:5]))}. "
                f"Known: {', '.join([*FIELDS, *FLAGS])}."
            )
        flags = np.broadcast_arrays(*(mapping.get(flag, False) for flag in FLAGS))
        models = tuple(
            GlifModel.from_flags(*row) for row in np.stack(flags, -1).reshape(-1, 3).tolist()
        )
        model = models if flags[0].ndim else models[0]
        return cls(model=model, **{name: mapping[name] for name in FIELDS if name in mapping})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, GlifParameters):
            return NotImplemented
        return self.model == other.model and all(
            np.array_equal(getattr(self, name), getattr(other, name)) for name in FIELDS
        )

    __hash__ = None  # type: ignore[assignment]  # arrays inside


FIELDS: dict[str, FieldInfo] = {
    f.name: f.metadata["info"] for f in fields(GlifParameters) if "info" in f.metadata
}
"""Every parameter's `FieldInfo`, in the order of the signature."""


def _as_number(name: str, value: Any, per: Per) -> Any:
    """A float, a float64 array that cannot be written to, or the JAX array as it came."""
    if isinstance(value, jax.Array):
        array = value
    else:
        try:
            array = np.array(value, dtype=np.float64)
        except (TypeError, ValueError, OverflowError):
            raise ParameterError(
                f"`{name}` is {shown(value)}; it must be a number or a sequence of numbers."
            ) from None
    if per != "neuron" and array.ndim == 0:
        array = array.reshape(1)
    most = 1 if per == "neuron" else 2
    if array.ndim > most:
        axes = "(N,)" if per == "neuron" else "(K,) or (N, K)"
        raise ParameterError(
            f"`{name}` has shape {array.shape}; it must be a number or have shape {axes}."
        )
    if isinstance(array, np.ndarray):
        if array.ndim == 0:
            return float(array)
        array.flags.writeable = False
    return array


def _as_models(value: Any) -> tuple[GlifModel, ...]:
    """One level for each neuron."""
    models = tuple(value) if isinstance(value, Sequence | np.ndarray) else ()
    if not models or not all(isinstance(model, GlifModel) for model in models):
        raise ParameterError(
            f"`model` is {shown(value)}; it must be one of GlifModel.GLIF1 to GlifModel.GLIF5, or "
            "a sequence of them, one for each neuron."
        )
    return models


def _flatten(params: GlifParameters) -> tuple[list[Any], Any]:
    return [getattr(params, name) for name in FIELDS], params.model


def _unflatten(model: Any, values: Any) -> GlifParameters:
    # JAX rebuilds trees with stand-ins for numbers, so nothing is converted here.
    params = object.__new__(GlifParameters)
    object.__setattr__(params, "model", model)
    for name, value in zip(FIELDS, values, strict=True):
        object.__setattr__(params, name, value)
    return params


jax.tree_util.register_pytree_node(GlifParameters, _flatten, _unflatten)

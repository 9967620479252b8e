"""What arrives at the neuron, on the grid of steps.

The convention is that of the simulation: ``current[n]`` and ``weights[n, k]`` are what step n takes
in at its end, at time (n + 1) dt. So an event at time t = n dt acts from t + dt on, which is what
NEST does with a synaptic delay of one step. Receptor ports count from 0 (NEST counts from 1).
"""

from collections.abc import Mapping
from dataclasses import MISSING, asdict, fields
from numbers import Real
from typing import Any, NamedTuple, cast

import numpy as np
from jaxtyping import Array, Float

from glifcore import currents, trains
from glifcore.currents import Window, finite
from glifcore.levels import ParameterError, shown
from glifcore.trains import Train
from glifcore.validation import check_count, check_dt

Part = Window | Train

MOST_NUMBERS = 200_000_000
"""Of a stimulus; 1.6 GB."""

KINDS: dict[str, type[Part]] = {
    kind.__name__: kind
    for kind in (
        currents.StepCurrent,
        currents.RampCurrent,
        currents.SineCurrent,
        currents.ChirpCurrent,
        currents.NoiseCurrent,
        currents.RecordedCurrent,
        trains.SpikeTrain,
        trains.RegularTrain,
        trains.BurstTrain,
        trains.PoissonTrain,
    )
}
"""Every part that a stimulus can be made of, by name."""


class Stimulus(NamedTuple):
    """Everything that a simulation takes in, step by step.

    Attributes:
        current: injected current in pA, shape (T,), or (T, N) for one a neuron.
        weights: summed weights of arriving spikes in pA, shape (T, R), or (T, N, R).
    """

    current: Float[Array | np.ndarray, "T *N"]
    weights: Float[Array | np.ndarray, "T *N R"]


def make_stimulus(*parts: Part, duration: float, dt: float = 0.1, n_receptors: int = 1) -> Stimulus:
    """The sum of the parts, sampled for a simulation of `duration` ms in steps of `dt` ms.

    Args:
        *parts: currents and spike trains; where they overlap they add up.
        duration: ms; rounded to a whole number of steps.
        dt: ms.
        n_receptors: number of receptor ports R.

    Returns:
        NumPy arrays: current of shape (T,) and weights of shape (T, R).

    Raises:
        ParameterError: a number breaks a rule, a typed spike lies outside [0, duration), or a port
            does not exist.
    """
    check_dt(dt)
    n_steps = _steps(duration, dt, n_receptors)
    current = np.zeros(n_steps)
    weights = np.zeros((n_steps, n_receptors))
    for part in parts:
        if isinstance(part, Window):
            current += part.sample(n_steps, dt)
        else:
            _add_train(weights, part, dt)
    return Stimulus(current, weights)


def _steps(duration: Any, dt: float, n_receptors: int) -> int:
    """The number of steps, where they can be held."""
    length = float(duration) if isinstance(duration, Real) else np.nan
    if not dt <= length < np.inf:
        raise ParameterError(
            f"`duration` is {shown(duration)} ms; it must be at least one step of {dt:g} ms, and "
            "finite. Try 500 ms."
        )
    numbers = length / dt * check_count("n_receptors", n_receptors, MOST_NUMBERS)
    if numbers > MOST_NUMBERS:
        raise ParameterError(
            f"{length:g} ms in steps of {dt:g} ms for {n_receptors:g} ports are {numbers:.3g} "
            f"numbers; at most {MOST_NUMBERS:,} are held. Shorten `duration` or simulate in parts."
        )
    return round(length / dt)


def to_dict(part: Part) -> dict[str, Any]:
    """A part as a flat dict that can be written as JSON: its `kind`, and its fields by name.

    An endless `stop` is left out, as JSON has no infinity.
    """
    values = {
        name: np.asarray(value).tolist()
        for name, value in asdict(cast(Any, part)).items()
        if not (np.ndim(value) == 0 and np.isinf(value))
    }
    return {"kind": type(part).__name__} | values


def from_dict(mapping: Mapping[str, Any]) -> Part:
    """The part that `to_dict` wrote down.

    Raises:
        ParameterError: the kind is unknown, or a field is missing or unknown.
    """
    values = dict(mapping)
    kind = KINDS.get(values.pop("kind", ""))
    if kind is None:
        raise ParameterError(
            f"No stimulus is of kind {mapping.get('kind')!r}. Known: {', '.join(KINDS)}."
        )
    if isinstance(values.get("values"), list):
        values["values"] = tuple(values["values"])
    known = fields(cast(Any, kind))
    missing = [f.name for f in known if f.default is MISSING and f.name not in values]
    unknown = [name for name in values if name not in {f.name for f in known}]
    if missing or unknown:
        raise ParameterError(
            f"{kind.__name__} takes {', '.join(f.name for f in known)}; "
            f"missing: {', '.join(missing) or 'none'}; unknown: {', '.join(unknown) or 'none'}."
        )
    return kind(**values)


def _add_train(weights: np.ndarray, part: Train, dt: float) -> None:
    n_steps, n_receptors = weights.shape
    if part.receptor not in range(n_receptors):
        known = ", ".join(map(str, range(n_receptors)))
        raise ParameterError(
            f"`receptor` is {shown(part.receptor)}; the ports of this neuron are {known}. "
            "Choose one of them or give a larger `n_receptors`."
        )
    weight = finite(part, "weight", "pA")
    times = part.times_until(n_steps * dt)
    outside = times[~((times >= 0) & (times < n_steps * dt))]
    if outside.size:
        raise ParameterError(
            f"A spike at {outside[0]:g} ms lies outside the stimulus, which lasts from 0 to "
            f"{n_steps * dt:g} ms. Leave it out or give a longer `duration`."
        )
    steps = np.minimum(np.rint(times / dt).astype(int), n_steps - 1)
    np.add.at(weights[:, part.receptor], steps, weight)

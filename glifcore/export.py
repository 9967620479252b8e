"""A run as source text: the neuron, what arrives at it and what is recorded, as code that runs.

The scripts are the files of ``templates``, with the numbers filled in. Each leaves a dict `traces`
of arrays (T, N) under NEST's names; what differs from tool to tool is explained inside the script.
"""

from importlib.metadata import version
from importlib.resources import files
from string import Template
from typing import Any

import numpy as np

from glifcore.levels import FLAGS, GlifModel, ParameterError
from glifcore.parameters import FIELDS, GlifParameters
from glifcore.simulation import count_neurons
from glifcore.stimulus import Stimulus, make_stimulus
from glifcore.validation import check_dt, validate

SILENCE = 500.0
"""ms that a script simulates where no stimulus is given."""


def to_nest(
    params: GlifParameters,
    stimulus: Stimulus | None = None,
    dt: float = 0.1,
    *,
    further: str = "",
) -> str:
    """A Python script that runs the same simulation in NEST 3.10.

    Args:
        params: one neuron or a population.
        stimulus: what arrives; None for 500 ms without any.
        dt: step size, ms.
        further: lines of Python that add what else arrives to `currents` and `trains`, lists that
            the script begins with; numbers that come by a rule are shorter as the rule.

    Raises:
        ParameterError: NEST refuses these parameters, a rule is broken, or shapes do not fit.
    """
    _check_elsewhere(params, "NEST")
    return _fill("nest", params, stimulus, dt, further)


def to_brainpy(
    params: GlifParameters,
    stimulus: Stimulus | None = None,
    dt: float = 0.1,
    *,
    further: str = "",
) -> str:
    """A Python script that runs the same simulation in brainpy.state 0.1.0.

    Args:
        params: one neuron or a population, for which the script makes one object a neuron.
        stimulus: what arrives; None for 500 ms without any.
        dt: step size, ms.
        further: lines of Python that add what else arrives to `currents` and `trains`, lists that
            the script begins with; numbers that come by a rule are shorter as the rule.

    Raises:
        ParameterError: brainpy.state refuses these parameters, a rule is broken, or shapes do not
            fit.
    """
    _check_elsewhere(params, "brainpy.state")
    return _fill("brainpy", params, stimulus, dt, further)


def to_numpy(
    params: GlifParameters,
    stimulus: Stimulus | None = None,
    dt: float = 0.1,
    *,
    further: str = "",
) -> str:
    """A Python script that runs the same simulation with NumPy alone, equation by equation.

    Args:
        params: one neuron or a population.
        stimulus: what arrives; None for 500 ms without any.
        dt: step size, ms.
        further: lines of Python that add what else arrives to `currents` and `trains`, lists that
            the script begins with; numbers that come by a rule are shorter as the rule.

    Raises:
        ParameterError: a rule is broken, or shapes do not fit.
    """
    return _fill("numpy", params, stimulus, dt, further)


def _check_elsewhere(params: GlifParameters, tool: str) -> None:
    """Refuse what runs here only."""
    found = []
    fraction = np.asarray(params.voltage_reset_fraction)
    if np.any(params.flag("spike_dependent_threshold") & ((fraction < 0) | (fraction > 1))):
        found.append("`voltage_reset_fraction` outside 0 to 1 is refused there; choose one inside")
    equal = np.asarray(params.th_voltage_decay) == np.asarray(params.g) / np.asarray(params.C_m)
    if np.any(params.flag("adapting_threshold") & equal):
        found.append(
            "`th_voltage_decay` equal to `g / C_m` makes the threshold NaN there; change it by a "
            "millionth of itself"
        )
    if found:
        raise ParameterError(f"{tool} cannot run this neuron: {'; '.join(found)}.")


def _fill(
    name: str, params: GlifParameters, stimulus: Stimulus | None, dt: float, further: str
) -> str:
    validate(params)
    check_dt(dt)
    if stimulus is None:
        n_ports = params.tau_syn_fast.shape[-1]
        stimulus = make_stimulus(duration=SILENCE, dt=dt, n_receptors=n_ports)
    n_neurons = count_neurons(params, *stimulus)
    return Template(_template(name)).substitute(
        title=_title(params, n_neurons),
        version=version("glifcore"),
        dt=repr(float(dt)),
        n_steps=len(stimulus.current),
        cells=_cells(params, n_neurons or 1),
        stimulus="\n\n".join(filter(None, [_inputs(stimulus), further.strip()])),
        arrays=_template("arrays"),
    )


def _template(name: str) -> str:
    return files("glifcore").joinpath("templates", f"{name}.txt").read_text(encoding="utf-8")


def _title(params: GlifParameters, n_neurons: int | None) -> str:
    level = params.model.name if isinstance(params.model, GlifModel) else "GLIF"
    return f"A {level} neuron" if n_neurons is None else f"{n_neurons} {level} neurons"


def _cells(params: GlifParameters, n_neurons: int) -> str:
    """The assignment to `cells`: one dict a neuron, under NEST's names, units beside them."""
    shared, own = {}, {}
    for name, value in params.to_dict().items():
        per_entry = name in FIELDS and FIELDS[name].per != "neuron"
        if np.ndim(value) == per_entry:
            shared[name] = value
        elif all(one == value[0] for one in value):
            shared[name] = value[0]
        else:
            own[name] = value
    if not own and n_neurons == 1:
        return _list("cells", [_dict(shared).replace("\n", "\n    ")])
    lines = [
        f"n_neurons = {n_neurons}",
        f"shared = {_dict(shared)}",
        f"own = {_dict(own)}" if own else "own = {}",
        "cells = [",
        "    shared | {name: values[i] for name, values in own.items()} for i in range(n_neurons)",
        "]",
    ]
    return "\n".join(lines)


def _dict(values: dict[str, Any]) -> str:
    units = {name: FIELDS[name].unit for name in FIELDS} | dict.fromkeys(FLAGS, "")
    lines = [
        f"    {name!r}: {value!r}," + (f"  # {units[name]}" if units[name] else "")
        for name, value in values.items()
    ]
    return "\n".join(["{", *lines, "}"]).replace("'", '"')


def _inputs(stimulus: Stimulus) -> str:
    """The assignments to `currents` and `trains`: what arrives, as short as it can be written."""
    current, weights = (np.asarray(array, float) for array in stimulus)
    currents, trains = [], []
    for which, values in _columns(current, 1):
        changes = np.flatnonzero(np.diff(values, prepend=0.0))
        if len(changes):
            currents.append(f"({which}, {changes.tolist()}, {values[changes].tolist()})")
    for which, table in _columns(weights, 2):
        for port, values in enumerate(table.T):
            steps = np.flatnonzero(values)
            if len(steps):
                trains.append(f"({which}, {port}, {steps.tolist()}, {values[steps].tolist()})")
    return "\n".join(
        [
            "every = slice(None)  # in the place of a neuron's number: an input shared by all",
            "# Injected currents: (neuron, steps at which they change, pA from there on)",
            _list("currents", currents),
            "# Arriving spikes: (neuron, port from 0, steps, weights in pA)",
            _list("trains", trains),
        ]
    )


def _columns(array: np.ndarray, shared_axes: int) -> list[tuple[str, np.ndarray]]:
    """What each neuron gets, under its number, or under `every` where all get the same."""
    if array.ndim == shared_axes:
        return [("every", array)]
    return [(str(i), array[:, i]) for i in range(array.shape[1])]


def _list(name: str, entries: list[str]) -> str:
    if not entries:
        return f"{name} = []"
    return "\n".join([f"{name} = [", *(f"    {entry}," for entry in entries), "]"])

"""The run that the page shows as text: source that runs, traces as CSV, choices as JSON."""

import json
import math
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import numpy as np

from glifcore import simulate
from glifcore.stimulus import to_dict

from ..choices import DT, Choices, Driven
from ..stimuli import with_weights
from ..url_state import VERSION, link_of
from .scripts import SCRIPTS
from .table import csv_of

_POTENTIALS = ("V_m", "threshold", "threshold_spike", "threshold_voltage")
_OF_PINNED = (*_POTENTIALS, "ASCurrents", "I_syn", "spike")
_PARTS = ("I_syn_fast", "I_syn_slow")


def script(program: str, choices: Choices) -> str:
    """The run that the page shows as source text that runs; stimulus included.

    Raises:
        ParameterError: the program refuses the neuron.
        KeyError: no such program.
    """
    return SCRIPTS[program](choices.cell, choices.arriving(), DT)


def traces_csv(run: Driven, pinned: Driven | None = None) -> str:
    """Every step of a run, and of the pinned one beside it: all that the page draws."""
    columns = run_columns(run)
    if pinned is not None:
        other = simulate(pinned.choices.cell, pinned.stimulus, dt=DT, record=_OF_PINNED)
        n = min(len(other.time), len(columns["spike"]))
        columns |= {f"pinned {name} (mV)": getattr(other, name)[:n] for name in _POTENTIALS}
        columns |= _numbered("pinned ASCurrents[{}] (pA)", other.ASCurrents[:n])
        columns["pinned I_syn (pA)"] = other.I_syn[:n]
        columns["pinned spike"] = np.asarray(other.spike[:n], int)
        columns["V_m less pinned V_m (mV)"] = columns["V_m (mV)"][:n] - other.V_m[:n]
    return csv_of(columns)


def run_columns(run: Driven) -> dict[str, np.ndarray]:
    """Every step of a run as columns, by their names with units.

    What arrives at a step stands in the row of its end, as the page draws it.
    """
    stimulus = run.stimulus
    traces = simulate(run.choices.cell, stimulus, dt=DT)
    columns = {"time (ms)": np.round(traces.time, 6)}
    columns |= {f"{name} (mV)": getattr(traces, name) for name in _POTENTIALS}
    columns |= _numbered("ASCurrents[{}] (pA)", traces.ASCurrents)
    columns |= {f"{name} (pA)": getattr(traces, name) for name in ("ASCurrents_sum", "I_syn")}
    for name in _PARTS:
        columns[f"{name} (pA)"] = getattr(traces, name)
        columns |= _numbered(f"{name} port {{}} (pA)", getattr(traces, f"{name}_ports"))
    columns["injected (pA)"] = np.asarray(stimulus.current)
    columns |= _numbered("arriving weight port {} (pA)", np.asarray(stimulus.weights))
    columns["spike"] = np.asarray(traces.spike, int)
    return columns


def _numbered(name: str, table: np.ndarray) -> dict[str, np.ndarray]:
    """A column for each of what stands on the last axis."""
    return {name.format(i): column for i, column in enumerate(table.T)}


def choices_json(choices: Choices) -> str:
    """The choices as JSON: parameters by NEST's names, the parts of the stimulus, the link."""
    return json_of(document_of(choices))


def document_of(choices: Choices) -> dict[str, Any]:
    """The choices under names with units; what is made of them can be added."""
    return {
        "link_version": VERSION,
        "link": link_of(choices),
        "preset": choices.preset,
        "level": choices.cell.model.name,
        "parameters": choices.cell.to_dict(),
        "weights_pA": list(choices.weights),
        "stimulus": [to_dict(with_weights(part, choices.weights)) for part in choices.stimulus],
        "duration_ms": choices.duration,
        "dt_ms": DT,
    }


def json_of(document: Mapping[str, Any]) -> str:
    """Text of what may hold arrays, under our version; a number that is none becomes null."""
    made = {"glifcore": version("glifcore")} | dict(document)
    return json.dumps(_plain(made), indent=2, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value

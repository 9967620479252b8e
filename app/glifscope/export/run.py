"""The run that the page shows as text: source that runs, traces as CSV, choices as JSON."""

import io
import json
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import numpy as np

from glifcore import ParameterError, simulate, to_brainpy, to_nest, to_numpy
from glifcore.stimulus import to_dict

from ..choices import DT, Choices
from ..stimuli import with_weights
from ..url_state import VERSION, link_of

SCRIPTS: dict[str, Callable[..., str]] = {
    "NEST": to_nest,
    "BrainPy": to_brainpy,
    "NumPy": to_numpy,
}
"""Programs for which the page writes source text."""

_COLUMNS = {
    "V_m": "mV",
    "threshold": "mV",
    "threshold_spike": "mV",
    "threshold_voltage": "mV",
    "ASCurrents_sum": "pA",
    "I_syn": "pA",
    "I_syn_fast": "pA",
    "I_syn_slow": "pA",
}


def script(program: str, choices: Choices) -> str:
    """The run that the page shows as source text that runs; stimulus included.

    Raises:
        ParameterError: the program refuses the neuron.
        KeyError: no such program.
    """
    return SCRIPTS[program](choices.cell, choices.arriving(), DT)


def traces_csv(choices: Choices) -> str:
    """Every step of the run: time, potential, thresholds, currents; names with units."""
    traces = simulate(choices.cell, choices.arriving(), dt=DT)
    columns = {"time (ms)": traces.time}
    columns |= {f"{name} ({unit})": getattr(traces, name) for name, unit in _COLUMNS.items()}
    columns["spike"] = np.asarray(traces.spike, int)
    text = io.StringIO()
    table = np.column_stack(list(columns.values()))
    np.savetxt(text, table, fmt="%.10g", delimiter=",", header=",".join(columns), comments="")
    return text.getvalue()


def choices_json(choices: Choices) -> str:
    """The choices as JSON: parameters by NEST's names, the parts of the stimulus, the link."""
    arriving = [to_dict(with_weights(part, choices.weights)) for part in choices.stimulus]
    content = {
        "glifcore": version("glifcore"),
        "link_version": VERSION,
        "link": link_of(choices),
        "preset": choices.preset,
        "level": choices.cell.model.name,
        "parameters": choices.cell.to_dict(),
        "weights_pA": list(choices.weights),
        "stimulus": arriving,
        "duration_ms": choices.duration,
        "dt_ms": DT,
    }
    return json.dumps(content, indent=2, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    raise ParameterError(f"{type(value).__name__} cannot be written as JSON.")

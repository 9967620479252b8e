"""What is on the page as files: figures with their parameters, traces, choices, and source text."""

import io
import json
from collections.abc import Callable
from importlib.metadata import version
from textwrap import fill
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from glifcore import (
    FIELDS,
    ParameterError,
    psc_components,
    simulate,
    to_brainpy,
    to_nest,
    to_numpy,
)
from glifcore.stimulus import to_dict

from .choices import DT, PORT_FIELDS, Choices, presets
from .figures import BLUE, GREEN, GREY, ORANGE, PURPLE
from .results import shape_of
from .stimuli import KINDS, with_weights
from .url_state import VERSION, link_of

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


def caption(choices: Choices) -> str:
    """Every number of the run in sentences, as they stand under a figure."""
    cell = choices.cell
    unused = [name for name in FIELDS if cell.model not in FIELDS[name].used_by]
    neuron = _listed((name for name in FIELDS if name not in (*PORT_FIELDS, *unused)), cell)
    ports = [
        f"Port {port}: weight {weight:g} pA, "
        + ", ".join(
            f"{name} {getattr(cell, name)[port]:g} {FIELDS[name].unit}".strip()
            for name in PORT_FIELDS
        )
        for port, weight in enumerate(choices.weights)
    ]
    arriving = [
        f"{KINDS[type(part).__name__].title}: "
        + ", ".join(
            f"{name} {getattr(part, name):g} {info.unit}".strip()
            for name, info in KINDS[type(part).__name__].numbers.items()
        )
        for part in choices.stimulus
    ]
    edited = "" if choices.is_as_fitted else ", edited"
    head = f"{cell.model.name}, {presets()[choices.preset].title}{edited}: {neuron}"
    tail = f"{choices.duration:g} ms in steps of {DT:g} ms, glifcore {version('glifcore')}"
    return ". ".join([head, *ports, *arriving, tail]) + "."


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


def psc_figure(choices: Choices, port: int, form: str) -> bytes:
    """One event of a port, with its parts, as "svg" or "png"."""
    shape = shape_of(choices, port)
    t = np.linspace(0.0, 6.0 * max(shape.tau_syn_fast, shape.tau_syn_slow), 1000)
    fast, slow = (np.asarray(part) for part in psc_components(shape, t))
    figure = Figure(figsize=(6.0, 4.0), layout="constrained")
    axes = figure.subplots()
    _parts(axes, t, fast, slow, fast + slow)
    axes.set(xlabel="time (ms)", ylabel="current (pA)")
    _legend(axes)
    named = ", ".join(
        f"{name} {value:g} {unit}".strip()
        for name, value, unit in zip(shape._fields, shape, ("pA", "ms", "ms", ""), strict=True)
    )
    return _saved(figure, f"One event at port {port}: {named}.", form)


def traces_figure(choices: Choices, form: str) -> bytes:
    """Potential, threshold and its parts, currents and stimulus, as "svg" or "png"."""
    stimulus = choices.arriving()
    traces = simulate(choices.cell, stimulus, dt=DT)
    model, t = choices.cell.model, traces.time
    figure = Figure(figsize=(7.0, 8.0), layout="constrained")
    axes = figure.subplots(5, 1, sharex=True, height_ratios=(3, 1.3, 1.3, 1.3, 0.8))
    axes[0].plot(t, traces.V_m, color=BLUE, label="V_m", lw=1.2)
    axes[0].plot(t, traces.threshold, color=ORANGE, ls="--", label="threshold", lw=1.2)
    top = float(max(traces.V_m.max(), traces.threshold.max()))
    spikes = t[np.asarray(traces.spike, bool)]
    axes[0].plot(spikes, np.full_like(spikes, top + 4.0), "|", color=BLUE, label="spike")
    axes[1].plot(t, traces.threshold_spike, color=PURPLE, label="threshold_spike")
    axes[1].plot(t, traces.threshold_voltage, color=GREEN, ls="--", label="threshold_voltage")
    if model.after_spike_currents:
        for j, (colour, dash) in enumerate(((BLUE, "-"), (ORANGE, "--"))):
            axes[2].plot(
                t, traces.ASCurrents[:, j], color=colour, ls=dash, label=f"ASCurrents[{j}]"
            )
    _parts(axes[3], t, traces.I_syn_fast, traces.I_syn_slow, traces.I_syn)
    axes[4].plot(t, stimulus.current, color=GREY, label="injected")
    labels = ("potential (mV)", "threshold (mV)", "ASC (pA)", "I_syn (pA)", "injected (pA)")
    for one, label in zip(axes, labels, strict=True):
        one.set_ylabel(label, fontsize=8)
        _legend(one)
    axes[-1].set_xlabel("time (ms)")
    return _saved(figure, caption(choices), form)


def _parts(axes: Any, t: Any, fast: Any, slow: Any, total: Any) -> None:
    axes.plot(t, fast, color=GREEN, ls="--", label="fast")
    axes.plot(t, slow, color=ORANGE, ls=":", label="slow")
    axes.plot(t, total, color=BLUE, label="sum")


def _legend(axes: Any) -> None:
    if axes.get_legend_handles_labels()[0]:
        axes.legend(
            frameon=False, ncols=4, fontsize=8, loc="lower left", bbox_to_anchor=(0, 1), borderpad=0
        )


def _saved(figure: Figure, text: str, form: str) -> bytes:
    figure.supxlabel(fill(text, 118), fontsize=6.5, x=0.01, ha="left")
    content = io.BytesIO()
    figure.savefig(content, format=form, dpi=200)
    return content.getvalue()


def _listed(names: Any, cell: Any) -> str:
    return ", ".join(
        f"{name} {' / '.join(f'{x:g}' for x in np.ravel(getattr(cell, name)))} {FIELDS[name].unit}"
        for name in names
    ).replace(" ,", ",")


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    raise ParameterError(f"{type(value).__name__} cannot be written as JSON.")

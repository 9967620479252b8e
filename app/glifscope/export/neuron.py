"""Figures of the run that the page shows: one event of a port, and the traces."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from glifcore import Traces, psc_components, simulate

from ..choices import DT, Choices, Driven, shape_of
from ..figures import BLUE, GREEN, GREY, ORANGE, PURPLE
from .paper import above, bare, draw_parts, saved, sheet
from .words import caption, in_grey, made_by, number, sentences


def psc_figure(choices: Choices, port: int, form: str) -> bytes:
    """One event of a port, with its parts, as "svg" or "png"."""
    shape = shape_of(choices, port)
    t = np.linspace(0.0, 6.0 * max(shape.tau_syn_fast, shape.tau_syn_slow), 1000)
    fast, slow = (np.asarray(part) for part in psc_components(shape, t))
    figure = sheet(4.0)
    axes = figure.subplots()
    draw_parts(axes, t, fast, slow, fast + slow)
    axes.set(xlabel="time (ms)", ylabel="current (pA)", xlim=(0.0, t[-1]))
    bare(axes)
    above(axes)
    named = ", ".join(
        number(name, value, unit)
        for name, value, unit in zip(shape._fields, shape, ("pA", "ms", "ms", ""), strict=True)
    )
    return saved(figure, sentences(f"One event at port {port}: {named}", made_by()), form)


def traces_figure(run: Driven, form: str, told: str, pinned: Driven | None = None) -> bytes:
    """All rows of the page, the pinned run and the difference with them.

    Args:
        run: what is drawn.
        form: "svg" or "png".
        told: the caption.
        pinned: a run to compare with.
    """
    choices, stimulus = run
    traces = simulate(choices.cell, stimulus, dt=DT)
    t, n_ports = traces.time, choices.n_ports
    heights = {"V_m": 3.0, "difference": 1.0 if pinned else 0.0, "thresholds": 1.3}
    heights |= {"ASC": 1.3, "I_syn": 1.3, "injected": 0.8, "ports": 0.2 + 0.2 * n_ports}
    heights = {name: height for name, height in heights.items() if height}
    figure = sheet(0.95 * sum(heights.values()))
    rows = figure.subplots(len(heights), 1, sharex=True, height_ratios=[*heights.values()])
    axes = dict(zip(heights, rows, strict=True))
    if pinned is not None:
        _draw_pinned(axes, traces, pinned)
    _draw_potential(axes["V_m"], traces)
    axes["thresholds"].plot(t, traces.threshold_spike, color=PURPLE, label="threshold_spike")
    axes["thresholds"].plot(
        t, traces.threshold_voltage, color=GREEN, ls="--", label="threshold_voltage"
    )
    if choices.cell.model.after_spike_currents:
        for j, current in enumerate(traces.ASCurrents.T):
            axes["ASC"].plot(t, current, **_LINES[j % len(_LINES)], label=f"ASCurrents[{j}]")
    _draw_synaptic(axes["I_syn"], traces)
    axes["injected"].plot(t, stimulus.current, color=BLUE, label="injected")
    _draw_arrivals(axes["ports"], t, np.asarray(stimulus.weights), BLUE, "arriving spike")
    labels = {"V_m": "potential (mV)", "difference": "\u0394V_m (mV)", "ports": "port"}
    labels |= {"thresholds": "threshold (mV)"}
    for name, one in axes.items():
        bare(one)
        one.set_ylabel(labels.get(name, f"{name} (pA)"), fontsize=8)
        above(one)
    rows[-1].set_xlabel("time (ms)", fontsize=9)
    rows[-1].set_xlim(0.0, choices.duration)
    figure.align_ylabels()
    return saved(figure, told, form)


def told_of(choices: Choices, pinned: Choices | None = None) -> str:
    """Every number of a run, and of the one that it is compared with."""
    return sentences(caption(choices), in_grey(caption(pinned)) if pinned else "")


_LINES: tuple[dict[str, Any], ...] = (
    {"color": BLUE},
    {"color": ORANGE, "ls": "--"},
    {"color": GREEN, "ls": ":"},
    {"color": PURPLE, "ls": "-."},
)
"""Of traces that share a plot."""


def _draw_potential(axes: Any, traces: Traces) -> None:
    t = traces.time
    axes.plot(t, traces.V_m, color=BLUE, label="V_m", lw=1.2)
    axes.plot(t, traces.threshold, color=ORANGE, ls="--", label="threshold", lw=1.2)
    _draw_spikes(axes, traces, _top_of(traces), BLUE, "spike")


def _draw_spikes(axes: Any, traces: Traces, height: float, color: str, label: str) -> None:
    spikes = traces.time[np.asarray(traces.spike, bool)]
    size = 9 if color == GREY else 6  # what is behind is larger, and so seen beside it
    axes.plot(spikes, np.full_like(spikes, height), "|", color=color, ms=size, label=label)


def _top_of(traces: Traces) -> float:
    """Where spikes stand, mV: above the potential."""
    return float(max(traces.V_m.max(), traces.threshold.max())) + 4.0


def _draw_pinned(axes: Mapping[str, Any], traces: Traces, pinned: Driven) -> None:
    """Grey lines in the rows, with the dashes of those in front; the difference in its own row."""
    choices, stimulus = pinned
    run = simulate(choices.cell, stimulus, dt=DT)
    look = {"color": GREY, "lw": 1.0}
    axes["V_m"].plot(run.time, run.V_m, **look, label="pinned V_m")
    axes["V_m"].plot(run.time, run.threshold, **look, ls="--", label="pinned threshold")
    _draw_spikes(axes["V_m"], run, _top_of(traces), GREY, "pinned spike")
    axes["thresholds"].plot(run.time, run.threshold_spike, **look, label="pinned")
    axes["thresholds"].plot(run.time, run.threshold_voltage, **look, ls="--")
    if choices.cell.model.after_spike_currents:
        for j, current in enumerate(run.ASCurrents.T):
            dash = {"ls": _LINES[j % len(_LINES)].get("ls", "-")}
            axes["ASC"].plot(run.time, current, **look, **dash, label="" if j else "pinned")
    axes["I_syn"].plot(run.time, run.I_syn, **look, label="pinned sum")
    axes["injected"].plot(run.time, stimulus.current, **look, label="pinned")
    _draw_arrivals(axes["ports"], run.time, np.asarray(stimulus.weights), GREY, "pinned")
    n = min(len(run.time), len(traces.time))
    apart = traces.V_m[:n] - run.V_m[:n]
    axes["difference"].plot(run.time[:n], apart, color=PURPLE, label="V_m less pinned V_m")
    axes["difference"].axhline(0.0, color=GREY, lw=0.8)


def _draw_synaptic(axes: Any, traces: Traces) -> None:
    """The sum; and the two parts, of each port where there are several."""
    t, fast, slow = traces.time, traces.I_syn_fast_ports, traces.I_syn_slow_ports
    if fast.shape[1] == 1:
        draw_parts(axes, t, fast[:, 0], slow[:, 0], traces.I_syn)
        return
    for port in range(fast.shape[1]):
        color = (GREEN, ORANGE, PURPLE, GREY)[port]
        axes.plot(t, fast[:, port], color=color, ls="--", lw=1.1, label=f"port {port}, fast")
        axes.plot(t, slow[:, port], color=color, ls=":", lw=1.1, label=f"port {port}, slow")
    axes.plot(t, traces.I_syn, color=BLUE, label="sum")


def _draw_arrivals(axes: Any, t: np.ndarray, weights: np.ndarray, color: str, label: str) -> None:
    """A lane for each port, with a stroke for each step in which spikes arrive."""
    steps, port = np.nonzero(weights)
    axes.plot(t[steps], port, "|", color=color, ms=10 if color == GREY else 7, label=label)
    n_ports = weights.shape[1]
    axes.set_yticks(range(n_ports))
    axes.set_ylim(n_ports - 0.4, -0.6)

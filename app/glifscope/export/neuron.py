"""Figures of the run that the page shows: one event of a port, and the traces."""

import numpy as np

from glifcore import psc_components, simulate

from ..choices import DT, Choices
from ..figures import BLUE, GREEN, GREY, ORANGE, PURPLE
from ..results import shape_of
from .paper import above, bare, draw_parts, saved, sheet
from .words import caption, made_by, number, sentences


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


def traces_figure(choices: Choices, form: str) -> bytes:
    """Potential, threshold and its parts, currents and stimulus, as "svg" or "png"."""
    stimulus = choices.arriving()
    traces = simulate(choices.cell, stimulus, dt=DT)
    model, t = choices.cell.model, traces.time
    figure = sheet(7.6)
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
    draw_parts(axes[3], t, traces.I_syn_fast, traces.I_syn_slow, traces.I_syn)
    axes[4].plot(t, stimulus.current, color=GREY, label="injected")
    labels = ("potential (mV)", "threshold (mV)", "ASC (pA)", "I_syn (pA)", "injected (pA)")
    for one, label in zip(axes, labels, strict=True):
        bare(one)
        one.set_ylabel(label, fontsize=8)
        above(one)
    axes[-1].set_xlabel("time (ms)", fontsize=9)
    axes[-1].set_xlim(0.0, choices.duration)
    figure.align_ylabels()
    return saved(figure, caption(choices), form)

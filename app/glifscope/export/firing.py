"""The f-I curve as files."""

from typing import Any, NamedTuple

import numpy as np

from glifcore import GlifModel, make_stimulus

from ..choices import DT
from ..figures import BLUE, GREEN, GREY, ORANGE, PURPLE
from ..firing import DURATION, Firing, driven
from .paper import above, bare, grid, saved, sheet
from .scripts import SCRIPTS, summarised
from .table import csv_of
from .words import made_by, number, numbers_of, sentences


class End(NamedTuple):
    """Where curves end: the name of their levels, the count, and whether the cell's own is one."""

    name: str
    count: float
    is_own: bool


def firing_csv(firing: Firing) -> str:
    """A row for each current; the other levels are by their flags."""
    rates = firing.rates
    return csv_of(
        {
            "current (pA)": firing.currents,
            "spikes in 1 s": rates.count,
            "rate of the first interval (1/s)": rates.first,
            "rate of the last interval (1/s)": rates.last,
        }
        | {f"spikes in 1 s, {level.name}": count for level, count in firing.others.items()}
        | ({} if firing.pinned is None else {"spikes in 1 s, pinned": firing.pinned.count})
    )


def firing_figure(firing: Firing, form: str) -> bytes:
    """All curves, the rheobase and the current steps of the stimulus, as "svg" or "png"."""
    figure = sheet(4.2)
    axes = figure.subplots()
    currents, rates = firing.currents, firing.rates
    low, high = float(currents[0]), float(currents[-1])
    for count in firing.others.values():
        axes.plot(currents, count, color=GREY, lw=0.9)
    axes.plot(currents, rates.count, color=BLUE, lw=2.0, label="count")
    axes.plot(currents, rates.first, color=ORANGE, ls="--", label="first ISI")
    axes.plot(currents, rates.last, color=GREEN, ls=":", label="last ISI")
    if firing.pinned is not None:
        axes.plot(currents, firing.pinned.count, color=GREY, lw=1.8, ls="-.", label="pinned count")
    axes.axvline(firing.rheobase, color=GREY, ls=":", lw=1.2, label="rheobase")
    for step in (step for step in firing.steps if low <= step <= high):
        axes.axvline(step, color=PURPLE, ls=(0, (8, 4)), lw=1.2, label="step")
    if firing.gain is not None:
        axes.plot(firing.gain.currents, firing.gain.counts, "o", color=BLUE, ms=5, label="gain")
    axes.set(xlabel="constant current (pA)", ylabel="rate (spikes/s)", xlim=(low, high))
    axes.set_ylim(bottom=0.0)
    for end in ends_of(firing, _NEAR * axes.get_ylim()[1]):
        axes.annotate(end.name, (high, end.count), color=BLUE if end.is_own else GREY, **_BESIDE)
    bare(axes)
    grid(axes)
    above(axes, 7)
    return saved(figure, _caption(firing), form)


def firing_script(program: str, firing: Firing) -> str:
    """The curve as source text that runs: a neuron for each current.

    Raises:
        ParameterError: the program refuses the neuron.
    """
    n_ports = len(firing.cell.tau_syn_fast)
    silence = make_stimulus(duration=DURATION, dt=DT, n_receptors=n_ports)
    text = SCRIPTS[program](driven(firing.cell, firing.currents), silence, DT)
    currents = np.round(firing.currents, 6).tolist()
    return summarised(text, "constant_currents", currents, "{value:8.1f} pA: {count} spikes in 1 s")


def firing_document(firing: Firing) -> dict[str, Any]:
    """The neuron, the currents and the rates at each of them."""
    rates, gain = firing.rates, firing.gain
    return {
        "level": firing.cell.model.name,
        "parameters": firing.cell.to_dict(),
        "duration_ms": DURATION,
        "dt_ms": DT,
        "rheobase_pA": firing.rheobase,
        "fires_from_pA": None if firing.measured is None else firing.measured[1],
        "gain_Hz_per_pA": None if gain is None else gain.slope,
        "currents_pA": firing.currents,
        "spikes_in_1_s": rates.count,
        "rate_of_the_first_interval_Hz": rates.first,
        "rate_of_the_last_interval_Hz": rates.last,
        "spikes_in_1_s_by_the_flags": {level.name: count for level, count in firing.others.items()},
    }


def ends_of(firing: Firing, near: float) -> list[End]:
    """The ends of all curves from the lowest on; one for those closer than `near` to the next."""
    own = firing.cell.model
    ends = {own: float(firing.rates.count[-1])}
    ends |= {level: float(counts[-1]) for level, counts in firing.others.items()}
    groups: list[list[GlifModel]] = []
    for level in sorted(ends, key=ends.__getitem__):
        if groups and ends[level] - ends[groups[-1][-1]] < near:
            groups[-1].append(level)
        else:
            groups.append([level])
    return [End(_named(group), ends[group[-1]], own in group) for group in groups]


def _named(levels: list[GlifModel]) -> str:
    return "GLIF" + ", ".join(sorted(level.name.removeprefix("GLIF") for level in levels))


_NEAR = 0.04
"""Of the axis: names of curves that end closer than this are written as one."""

_BESIDE: dict[str, Any] = {
    "xytext": (4, 0),
    "textcoords": "offset points",
    "fontsize": 7.5,
    "va": "center",
    "annotation_clip": False,
}


def _caption(firing: Firing) -> str:
    gain, measured = firing.gain, firing.measured
    pinned = None if firing.pinned is None else firing.pinned.cell
    levels = () if pinned is None else (pinned.model,)
    others = [level.name for level in firing.others]
    return sentences(
        "Spikes in 1 s of constant current from rest, on top of I_e, without synapses; first and "
        "last ISI: one over the interval",
        f"{firing.cell.model.name}: {numbers_of(firing.cell, (firing.cell.model, *firing.others))}",
        f"{', '.join(others)} by the flags, as far as each uses these numbers" if others else "",
        f"Steps of the stimulus: {number('amplitude', firing.steps, 'pA')}" if firing.steps else "",
        number("Rheobase", firing.rheobase, "pA"),
        "" if measured is None else f"It fires from {measured[1]:g} pA",
        ""
        if gain is None
        else f"Gain {gain.slope:.4g} Hz/pA between {gain.currents[0]:g} and {gain.currents[1]:g} pA"
        + ("" if gain.adaptation is None else f", last / first ISI rate {gain.adaptation:.3g}"),
        made_by(DURATION),
        "" if pinned is None else f"Pinned, {pinned.model.name}: {numbers_of(pinned, levels)}",
    )

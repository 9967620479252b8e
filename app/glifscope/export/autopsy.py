"""The autopsy of a spike as files."""

import numpy as np

from glifcore.autopsy import Autopsy

from ..choices import Choices
from ..figures import BLUE, GREY, ORANGE
from .paper import above, bare, saved, sheet
from .table import csv_of
from .words import caption, sentences


def parts_of(found: Autopsy) -> dict[str, float]:
    """Every cause that could have had a part, mV, in the order in which the bars stand."""
    ports = {
        f"port {port}, {name}": float(value)
        for port in range(len(found.fast))
        for name, value in (("fast", found.fast[port]), ("slow", found.slow[port]))
    }
    ascs = {f"ASCurrents[{j}]": float(value) for j, value in enumerate(found.ASCurrents)}
    constant = {"I_e": float(found.I_e)} if found.I_e else {}
    parts = {"reset value, decayed": float(found.reset), "injected current": float(found.stimulus)}
    return parts | constant | ports | ascs


def autopsy_csv(found: Autopsy) -> str:
    """Each part of the potential, then what the threshold was made of."""
    threshold = {
        "V_th - E_L": found.theta_inf,
        "threshold_spike": found.threshold_spike,
        "threshold_voltage": found.threshold_voltage,
    }
    parts = parts_of(found)
    return csv_of(
        {
            "of": ["potential above E_L"] * len(parts) + ["threshold above E_L"] * len(threshold),
            "part": [*parts, *threshold],
            "value (mV)": [*parts.values(), *map(float, threshold.values())],
        }
    )


def autopsy_figure(choices: Choices, number: int, found: Autopsy, form: str) -> bytes:
    """The parts as bars that follow each other, up to the threshold, as "svg" or "png".

    Args:
        choices: of the run.
        number: of the spike, from 0.
        found: its parts.
        form: "svg" or "png".
    """
    parts = parts_of(found)
    values = np.array([*parts.values()])
    ends = np.cumsum(values)
    starts = ends - values
    figure = sheet(1.1 + 0.3 * len(parts))
    axes = figure.subplots()
    rows = np.arange(len(parts))
    axes.barh(rows, values, left=starts, height=0.6, color=BLUE)
    for row, value, at in zip(rows, values, np.maximum(starts, ends), strict=True):
        text = f"{value:+.2f}".replace("-", "\u2212")
        axes.annotate(
            text, (at, row), (5, 0), textcoords="offset points", fontsize=8, color=GREY, va="center"
        )
    axes.axvline(found.threshold, color=ORANGE, ls="--", label="threshold")
    axes.set_yticks(rows, [*parts])
    axes.invert_yaxis()
    low, high = min(0.0, *ends), max(found.threshold, *ends)
    axes.set_xlim(low, high + 0.12 * (high - low))  # room for the last number
    axes.set_xlabel("potential above E_L (mV)")
    bare(axes)
    above(axes)
    return saved(figure, _caption(choices, number, found), form)


def _caption(choices: Choices, number: int, found: Autopsy) -> str:
    return sentences(
        f"Spike {number + 1}, at {found.time:g} ms, explained since {found.since:g} ms: what "
        f"brought U to {found.U:.4g} mV",
        f"Threshold {found.threshold:.4g} mV above E_L: V_th - E_L {found.theta_inf:.4g} mV, moved "
        f"{found.threshold_spike:+.4g} mV by threshold_spike and {found.threshold_voltage:+.4g} mV "
        "by threshold_voltage",
        caption(choices),
    )

"""Checks of a population: how fast it fires, how regularly, and how much together. No Panel."""

import numpy as np

from ..choices import DT
from ..population.run import Run
from ..population.statistics import Spikes, mean_cv, synchrony
from .kinds import WINDOW, Given, Kind, Measured

_BIN = 10.0
"""ms; of the counts that `synchrony` compares, where a lesson does not say."""


def _seen(run: Run, given: Given) -> Spikes:
    """The spikes from `after` to `until`, as of a simulation of that length."""
    steps = run.spikes.n_steps
    first = int(np.clip(round(given.get("after", 0.0) / DT), 0, steps))
    last = int(np.clip(round(min(given.get("until", np.inf), steps * DT) / DT), first, steps))
    inside = (run.spikes.step >= first) & (run.spikes.step < last)
    return Spikes(run.spikes.step[inside] - first, run.spikes.neuron[inside], last - first)


def _when(given: Given) -> str:
    """The part of the time that is looked at, in words; nothing where it is all of it."""
    return "".join(f" {key} {given[key]:g} ms" for key in ("after", "until") if key in given)


def _mean_rate(run: Run, given: Given) -> Measured:
    spikes = _seen(run, given)
    seconds = spikes.n_steps * DT / 1000.0
    rate = len(spikes.step) / (run.done * seconds) if seconds else np.nan
    return Measured(f"Mean rate of a neuron{_when(given)}", rate, "/s")


def _silent(run: Run, given: Given) -> Measured:
    silent = run.done - len(np.unique(_seen(run, given).neuron))
    return Measured(f"Neurons without a spike{_when(given)}", 100.0 * silent / run.done, "%")


def _interval_cv(run: Run, given: Given) -> Measured:
    return Measured(f"CV of intervals{_when(given)}", mean_cv(_seen(run, given), run.done), "")


def _synchrony(run: Run, given: Given) -> Measured:
    width = float(given.get("bin", _BIN))
    value = synchrony(_seen(run, given), run.done, width)
    return Measured(f"Synchrony{_when(given)}, in bins of {width:g} ms", value, "")


POPULATION_KINDS: dict[str, Kind[Run]] = {
    "mean_rate": Kind(_mean_rate, numbers=WINDOW, possible=(0.0, np.inf)),
    "silent": Kind(_silent, numbers=WINDOW, possible=(0.0, 100.0)),
    "interval_cv": Kind(_interval_cv, numbers=WINDOW, possible=(0.0, np.inf)),
    "synchrony": Kind(
        _synchrony,
        numbers=WINDOW | {"bin"},
        within={"bin": (1.0, 1000.0, "ms")},
        possible=(-1.0, 1.0),
    ),
}
"""The kinds of check that need a whole population."""

"""Questions that the page answers itself: a number is measured, and must lie in a range. No Panel.

Every kind of check is one function of a picture and of what the lesson says about it. What it
measures is told to the visitor beside the target, so each names its number and unit.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from glifcore import (
    FIELDS,
    GlifModel,
    PscFeatures,
    PscShape,
)

from .. import stimuli
from ..choices import OWN_FIELDS, shape_of
from ..population.choice import POPULATION_FIELDS
from ..population.run import Run
from ..results import Frame
from .kinds import WINDOW, Given, Kind, Measured
from .population_checks import POPULATION_KINDS

_INPUTS = {name: info for kind in stimuli.KINDS.values() for name, info in kind.numbers.items()}
_TRACES = ("V_m", "threshold", "threshold_spike", "threshold_voltage")
_FEATURE_UNITS = {"charge": "pA ms", "peak": "pA", "slow_fraction": ""}
_SETTINGS = {"parameter", "input", "level", "population", "spread"}
_SAMPLES = 4000
_SLACK = 1e-9
"""Relative; a number that is typed as the end of the range is inside."""


class Told(NamedTuple):
    """How one check came out, in words.

    Attributes:
        passed: whether it holds.
        measured: what was measured, with its number.
        target: what is asked for.
        is_setting: whether it is a number that stands on a control anyway.
    """

    passed: bool
    measured: str
    target: str
    is_setting: bool


@dataclass(frozen=True)
class Check:
    """One thing to be true of the picture: what `kind` measures lies from `low` to `high`."""

    kind: str
    low: float
    high: float
    given: Given

    @property
    def of_population(self) -> bool:
        """Whether it measures the run of a population, not the picture of the neuron."""
        return self.kind in POPULATION_KINDS

    @property
    def is_setting(self) -> bool:
        """Whether it measures a number that stands on a control anyway."""
        return self.kind in _SETTINGS

    def measure(self, frame: Frame | None, run: Run | None = None) -> Measured:
        """The number that this check looks at.

        Args:
            frame: the picture of the neuron, which checks of the population do without.
            run: the population, simulated to its end, which the other checks do without.
        """
        if self.kind in POPULATION_KINDS:
            assert run is not None
            return POPULATION_KINDS[self.kind].measure(run, self.given)
        assert frame is not None
        return _NEURON_KINDS[self.kind].measure(frame, self.given)

    def told(self, frame: Frame | None, run: Run | None = None) -> Told:
        """What was measured and what is asked for; see `measure`."""
        what, value, unit = self.measure(frame, run)
        ends = [abs(end) for end in (self.low, self.high) if np.isfinite(end)]
        slack = _SLACK * max(ends, default=0.0)  # an open end must not make the other one loose
        passed = bool(self.low - slack <= value <= self.high + slack)
        number = f"{round(value, 4):.4g} {unit}".rstrip() if np.isfinite(value) else "none"
        return Told(passed, f"{what}: {number}", self._target(unit), self.is_setting)

    def _target(self, unit: str) -> str:
        low, high = f"{self.low:.4g}", f"{self.high:.4g}"
        if self.low == self.high:
            text = low
        elif self.low == -np.inf or self.kind == "waveform":
            text = f"at most {high}"
        elif self.high == np.inf:
            text = f"at least {low}"
        else:
            text = f"{low} to {high}"
        return f"{text} {unit}".rstrip()


# What is measured


def _spikes(frame: Frame, given: Given) -> np.ndarray:
    times = frame.spike_times
    return times[(times >= given.get("after", 0.0)) & (times < given.get("until", np.inf))]


def _spike_count(frame: Frame, given: Given) -> Measured:
    return Measured("Number of spikes", float(len(_spikes(frame, given))), "")


def _first_spike(frame: Frame, given: Given) -> Measured:
    after, times = given.get("after", 0.0), _spikes(frame, given)
    what = f"First spike after {after:g} ms"
    return Measured(what, float(times[0] - after) if len(times) else np.nan, "ms")


def _interval_ratio(frame: Frame, given: Given) -> Measured:
    intervals = np.diff(_spikes(frame, given))
    ratio = float(intervals[-1] / intervals[0]) if len(intervals) > 1 else np.nan
    return Measured("Last interval over the first", ratio, "")


def _feature(frame: Frame, given: Given) -> Measured:
    name = given["name"]
    what = f"{name.replace('_', ' ').capitalize()} of the event"
    return Measured(what, float(getattr(frame.psc, name)), _FEATURE_UNITS.get(name, "ms"))


def _deflection(frame: Frame, given: Given) -> Measured:
    inside = (frame.time >= given.get("after", 0.0)) & (frame.time < given.get("until", np.inf))
    above = frame.V_m[inside] - frame.choices.cell.E_L
    largest = float(above[np.argmax(np.abs(above))]) if len(above) else np.nan
    return Measured("Largest deflection of `V_m` from `E_L`", largest, "mV")


def _waveform(frame: Frame, given: Given) -> Measured:
    """The largest difference to the target, in percent of the target's peak.

    A target without a weight is of that form only: both curves are brought to the same peak.
    """
    ours, target = shape_of(frame.choices, frame.port), PscShape(**{"weight": 1.0} | given["shape"])
    slowest = max(*ours[1:3], *target[1:3])
    time = 12.0 * slowest * np.linspace(0.0, 1.0, _SAMPLES) ** 2
    found, wanted = _psc(ours, time), _psc(target, time)
    if "weight" not in given["shape"]:
        found = found / (_peak(found) or 1.0)
        wanted = wanted / _peak(wanted)
    off = 100.0 * float(np.abs(found - wanted).max() / abs(_peak(wanted)))
    return Measured("Largest difference of the curves", off, "% of the peak")


def _psc(shape: PscShape, time: np.ndarray) -> np.ndarray:
    """`glifcore.psc_waveform` in NumPy: to compile it for a first answer takes too long."""
    parts = ((1.0, shape.tau_syn_fast), (shape.amp_slow, shape.tau_syn_slow))
    return shape.weight * sum(peak * time / tau * np.exp(1.0 - time / tau) for peak, tau in parts)


def _peak(curve: np.ndarray) -> float:
    return float(curve[np.argmax(np.abs(curve))])


def _parameter(frame: Frame, given: Given) -> Measured:
    name, choices = given["name"], frame.choices
    index = int(given.get("index", 0))
    info = OWN_FIELDS.get(name) or FIELDS[name]
    if name == "weight":
        values = choices.weights[frame.port]
    elif name in OWN_FIELDS:
        values = getattr(choices, name)
    else:
        values = getattr(choices.cell, name)
    place = frame.port if info.per == "port" else index
    flat = np.ravel(np.asarray(values, float))
    what = f"`{name}[{index}]`" if info.per == "asc" else f"`{name}`"
    return Measured(what, float(flat[place if len(flat) > 1 else 0]), info.unit)


def _input(frame: Frame, given: Given) -> Measured:
    name, parts = given["name"], frame.choices.stimulus
    index = int(given.get("index", 0))
    value = getattr(parts[index], name, np.nan) if index < len(parts) else np.nan
    return Measured(f"`{name}[{index}]`", float(value), _INPUTS[name].unit)


def _level(frame: Frame, given: Given) -> Measured:
    return Measured("GLIF level", 1.0 + list(GlifModel).index(frame.choices.cell.model), "")


def _population(frame: Frame, given: Given) -> Measured:
    name = given["name"]
    value = getattr(frame.choices.population, name)
    return Measured(f"`{name}`", float(value), POPULATION_FIELDS[name].unit)


def _spread(frame: Frame, given: Given) -> Measured:
    name = given["name"]
    value = dict(frame.choices.population.spread).get(name, 0.0)
    return Measured(f"SD of `{name}`", float(value), FIELDS[name].unit)


def _trace(frame: Frame, given: Given) -> Measured:
    name, at = given["name"], given["at"]
    value = float(np.interp(at, frame.time, getattr(frame, name)))
    return Measured(f"`{name}` at {at:g} ms", value, "mV")


_NEURON_KINDS: dict[str, Kind[Frame]] = {
    "waveform": Kind(_waveform),
    "feature": Kind(_feature, named=PscFeatures._fields),
    "deflection": Kind(_deflection, numbers=WINDOW),
    "spike_count": Kind(_spike_count, numbers=WINDOW),
    "first_spike": Kind(_first_spike, numbers=WINDOW),
    "interval_ratio": Kind(_interval_ratio, numbers=WINDOW),
    "parameter": Kind(_parameter, named=(*FIELDS, *OWN_FIELDS), numbers=frozenset({"index"})),
    "input": Kind(_input, named=tuple(_INPUTS), numbers=frozenset({"index"})),
    "level": Kind(_level),
    "population": Kind(_population, named=tuple(POPULATION_FIELDS)),
    "spread": Kind(_spread, named=tuple(FIELDS)),
    "trace": Kind(_trace, named=_TRACES, numbers=frozenset({"at"})),
}

KINDS: dict[str, Kind[Frame] | Kind[Run]] = {**_NEURON_KINDS, **POPULATION_KINDS}
"""Every kind of check, by the name that a lesson gives it."""

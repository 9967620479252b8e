"""Injected currents: waveforms that know their value at every time.

Each covers start <= t < stop and is 0 elsewhere. ``sample`` gives the values at the starts of the
steps, t = n dt, which is when NEST's generators set theirs.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float
from scipy.signal import lfilter

from glifcore.levels import ParameterError


class Window:
    """A current that flows from `start` (ms) on, until before `stop` (ms)."""

    start: float
    stop: float

    def steps(self, n_steps: int, dt: float) -> slice:
        """The steps that it covers."""
        if np.isnan(self.start) or np.isnan(self.stop):
            raise ParameterError("`start` and `stop` of a current must be times in ms, not NaN.")
        first, last = (round(float(np.clip(t / dt, 0, n_steps))) for t in (self.start, self.stop))
        return slice(first, last)

    def sample(self, n_steps: int, dt: float) -> Float[np.ndarray, "T"]:
        """Values in pA, one for each step."""
        current = np.zeros(n_steps)
        window = self.steps(n_steps, dt)
        t = np.arange(n_steps)[window] * dt
        current[window] = self._values(t, dt)
        return current

    def _values(self, t: np.ndarray, dt: float) -> Any:
        raise NotImplementedError

    def _duration(self, t: np.ndarray, dt: float) -> float:
        """How long it lasts, where `stop` may be the end of the stimulus."""
        end = self.stop if np.isfinite(self.stop) else (t[-1] + dt if len(t) else self.start)
        return end - self.start


@dataclass(frozen=True)
class StepCurrent(Window):
    """A constant current of `amplitude` (pA)."""

    amplitude: float
    start: float = 0.0
    stop: float = np.inf

    def _values(self, t: np.ndarray, dt: float) -> Any:
        return _finite(self, "amplitude", "pA")


@dataclass(frozen=True)
class RampCurrent(Window):
    """A current that changes evenly from `first` to `last` (pA)."""

    first: float
    last: float
    start: float = 0.0
    stop: float = np.inf

    def _values(self, t: np.ndarray, dt: float) -> Any:
        first, last = _finite(self, "first", "pA"), _finite(self, "last", "pA")
        return first + (last - first) * (t - self.start) / self._duration(t, dt)


@dataclass(frozen=True)
class SineCurrent(Window):
    """A sine of `amplitude` (pA), `frequency` (Hz) and `phase` (degrees) around `offset` (pA)."""

    amplitude: float
    frequency: float
    phase: float = 0.0
    offset: float = 0.0
    start: float = 0.0
    stop: float = np.inf

    def _values(self, t: np.ndarray, dt: float) -> Any:
        turns = _finite(self, "frequency", "Hz") * (t - self.start) / 1000.0
        angle = 2.0 * np.pi * turns + np.deg2rad(_finite(self, "phase", "degrees"))
        return _finite(self, "offset", "pA") + _finite(self, "amplitude", "pA") * np.sin(angle)


@dataclass(frozen=True)
class ChirpCurrent(Window):
    """A sine of `amplitude` (pA) whose frequency goes evenly from `first` to `last` (Hz)."""

    amplitude: float
    first: float
    last: float
    start: float = 0.0
    stop: float = np.inf

    def _values(self, t: np.ndarray, dt: float) -> Any:
        first, last = _finite(self, "first", "Hz"), _finite(self, "last", "Hz")
        since = (t - self.start) / 1000.0
        sweep = (last - first) / (self._duration(t, dt) / 1000.0)
        turns = first * since + 0.5 * sweep * since**2
        return _finite(self, "amplitude", "pA") * np.sin(2.0 * np.pi * turns)


@dataclass(frozen=True)
class NoiseCurrent(Window):
    """Ornstein-Uhlenbeck noise with this `mean` and `std` (pA) and correlation time `tau` (ms).

    It starts in its stationary state and is exact at every step size (Gillespie, Phys. Rev. E
    54:2084, 1996). The same `seed` gives the same noise at the same step size.
    """

    mean: float
    std: float
    tau: float
    seed: int = 0
    start: float = 0.0
    stop: float = np.inf

    def _values(self, t: np.ndarray, dt: float) -> Any:
        mean, std, tau = (
            _finite(self, name, unit)
            for name, unit in (("mean", "pA"), ("std", "pA"), ("tau", "ms"))
        )
        if std < 0 or tau <= 0:
            raise ParameterError(
                f"The noise has `std` {std:g} pA and `tau` {tau:g} ms; they must be at least 0 and "
                "above 0. Try 50 pA and 3 ms."
            )
        keep = np.exp(-dt / tau)
        kicks = np.random.default_rng(self.seed).standard_normal(len(t))
        kicks[1:] *= np.sqrt(1.0 - keep**2)
        return mean + std * np.asarray(lfilter([1.0], [1.0, -keep], kicks))


@dataclass(frozen=True)
class RecordedCurrent(Window):
    """Samples (pA) taken every `interval` (ms) from `start` on, joined by straight lines."""

    values: tuple[float, ...]
    interval: float
    start: float = 0.0
    stop: float = np.inf

    def _values(self, t: np.ndarray, dt: float) -> Any:
        values = np.asarray(self.values, dtype=float)
        if values.ndim != 1 or not len(values) or not np.isfinite(values).all():
            raise ParameterError("`values` of a recorded current must be finite numbers in pA.")
        if not _finite(self, "interval", "ms") > 0:
            raise ParameterError(f"`interval` is {self.interval:g} ms; it must be above 0.")
        at = self.start + self.interval * np.arange(len(values))
        return np.interp(t, at, values, right=0.0)


def _finite(part: Any, name: str, unit: str) -> float:
    value = getattr(part, name)
    if not np.isfinite(value):
        raise ParameterError(f"`{name}` is {value} {unit}; it must be a finite number.")
    return value

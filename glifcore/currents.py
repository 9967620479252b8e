"""Injected currents: waveforms that know their value at every time.

Each covers start <= t < stop and is 0 elsewhere. ``sample`` gives the values at the starts of the
steps, t = n dt, which is when NEST's generators set theirs.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float
from scipy.signal import lfilter

from glifcore.levels import ParameterError, shown
from glifcore.parameters import LARGEST
from glifcore.validation import generator


class Window:
    """A current that flows from `start` (ms) on, until before `stop` (ms)."""

    start: float
    stop: float

    def steps(self, n_steps: int, dt: float) -> slice:
        """The steps that it covers."""
        finite(self, "start", "ms")
        if self.stop != np.inf:  # until the end
            finite(self, "stop", "ms")
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
        return (end - self.start) or 1.0  # where there is none, nothing is sampled


@dataclass(frozen=True)
class StepCurrent(Window):
    """A constant current of `amplitude` (pA)."""

    amplitude: float
    start: float = 0.0
    stop: float = np.inf

    def _values(self, t: np.ndarray, dt: float) -> Any:
        return finite(self, "amplitude", "pA")


@dataclass(frozen=True)
class RampCurrent(Window):
    """A current that changes evenly from `first` to `last` (pA)."""

    first: float
    last: float
    start: float = 0.0
    stop: float = np.inf

    def _values(self, t: np.ndarray, dt: float) -> Any:
        first, last = finite(self, "first", "pA"), finite(self, "last", "pA")
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
        turns = finite(self, "frequency", "Hz") * (t - self.start) / 1000.0
        angle = 2.0 * np.pi * turns + np.deg2rad(finite(self, "phase", "degrees"))
        return finite(self, "offset", "pA") + finite(self, "amplitude", "pA") * np.sin(angle)


@dataclass(frozen=True)
class ChirpCurrent(Window):
    """A sine of `amplitude` (pA) whose frequency goes evenly from `first` to `last` (Hz)."""

    amplitude: float
    first: float
    last: float
    start: float = 0.0
    stop: float = np.inf

    def _values(self, t: np.ndarray, dt: float) -> Any:
        first, last = finite(self, "first", "Hz"), finite(self, "last", "Hz")
        since = (t - self.start) / 1000.0
        sweep = (last - first) / (self._duration(t, dt) / 1000.0)
        turns = first * since + 0.5 * sweep * since**2
        return finite(self, "amplitude", "pA") * np.sin(2.0 * np.pi * turns)


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
            finite(self, name, unit)
            for name, unit in (("mean", "pA"), ("std", "pA"), ("tau", "ms"))
        )
        if std < 0 or tau <= 0:
            raise ParameterError(
                f"The noise has `std` {std:g} pA and `tau` {tau:g} ms; they must be at least 0 and "
                "above 0. Try 50 pA and 3 ms."
            )
        keep = np.exp(-dt / tau)
        kicks = generator(self.seed).standard_normal(len(t))
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
        try:
            values = np.asarray(self.values, dtype=float)
        except (TypeError, ValueError, OverflowError):
            values = np.zeros(0)
        if values.ndim != 1 or not len(values) or not (np.abs(values) <= LARGEST).all():
            raise ParameterError(
                f"`values` of a recorded current are {shown(self.values)}; they must be a sequence "
                f"of finite numbers in pA, none beyond {LARGEST:g}. Give at least one."
            )
        if not finite(self, "interval", "ms") > 0:
            raise ParameterError(
                f"`interval` is {self.interval:g} ms; it must be above 0. Try 0.1 ms."
            )
        at = self.start + self.interval * np.arange(len(values))
        return np.interp(t, at, values, right=0.0)


def finite(part: Any, name: str, unit: str) -> float:
    """One number of a part, where it is one that can be computed with."""
    value = getattr(part, name)
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = np.nan
    if not abs(number) <= LARGEST:
        raise ParameterError(
            f"`{name}` is {shown(value)} {unit}; it must be a finite number between {-LARGEST:g} "
            f"and {LARGEST:g}. Bring it nearer to 0."
        )
    return number

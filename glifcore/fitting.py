"""The double alpha function fitted to a recorded PSC.

The model of a recording is ``baseline + psc_waveform(shape, t - onset)``. Estimates are (weighted)
least squares, as every program finds them. What is said of their uncertainty takes into account
that the noise of neighbouring samples is alike; see `glifcore.uncertainty`.

(weight, fast, slow, a) and (weight a, slow, fast, 1/a) are the same curve. A fit returns the one in
which `tau_syn_fast` is the shorter, unless one of the four is fixed or bounded.

A search may end in a hollow beside the optimum: of starts that are wrong by up to a factor of ten
in each number, a quarter lead there. Where a result gives cause for doubt, a second search begins
at numbers read off the recording, and the better of the two is kept; then one in fifty misses.
"""

import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jax
import numpy as np
from jaxtyping import Array, Float

from glifcore.fit_result import PARAMETERS, PscFit, PscParameters, stack, summarise
from glifcore.least_squares import Solution, Space, solve
from glifcore.levels import ParameterError
from glifcore.parameters import LARGEST, SMALLEST
from glifcore.psc import PscShape, psc_waveform
from glifcore.samples import LARGEST_CURRENT, Samples, as_samples, padded
from glifcore.starts import guess_onset, second_start
from glifcore.uncertainty import autocorrelation

_POSITIVE = np.array([name in ("tau_syn_fast", "tau_syn_slow", "amp_slow") for name in PARAMETERS])
_SHAPE = frozenset(PscShape._fields)
# Amplitudes of the slow part that are worth a thought, relative to the fast one.
AMP_SLOW = (1e-3, 1e3)
# Closer to its bound than this share of the range (of its logarithm), a parameter is at the bound.
_AT_BOUND = 1e-4
# Residuals whose neighbours are more alike than this may hold more than noise.
_DOUBT = 0.5
# Events that a thread takes at a time: few enough that slow ones do not make others wait.
_CHUNK = 16


def psc_residual(values: Float[Array, "6"], args: tuple[Any, ...]) -> Float[Array, "T"]:
    """(Model - recording) in units of the noise; 0 where the weight of a sample is 0."""
    time, current, weight = args
    model = values[5] + psc_waveform(PscShape(*values[:4]), time - values[4])
    return (model - current) * weight


def fit_psc(
    data: Any,
    start: PscShape,
    *,
    onset: float | None = None,
    baseline: float = 0.0,
    fixed: Iterable[str] = (),
    bounds: Mapping[str, tuple[float, float]] | None = None,
) -> PscFit:
    """Fit one PSC by least squares, from a shape that is about right.

    Args:
        data: a `Recording`, or arrays (time in ms, current in pA) or (time, current, sigma), each
            (T,), evenly spaced; sigma is the noise's standard deviation (the SEM of a mean), pA.
        start: the shape to start from.
        onset: where the event begins, ms; None guesses it from the peak.
        baseline: current without the event, pA.
        fixed: names of `PscParameters` that stay at their start.
        bounds: for any of them a closed interval. Without one, time constants lie between a tenth
            of a sample and ten recordings, amp_slow between 1/1000 and 1000, and the onset within
            the recording.

    Raises:
        ParameterError: a name is unknown, bounds are impossible, data are not finite, not evenly
            spaced or too few, or the start is not a shape.
    """
    samples = as_samples(data)
    values = _start(samples, start, onset, baseline)
    space = _space(samples, values, fixed, bounds or {})
    return _fit(samples, values, space, _may_swap(fixed, bounds))


def fit_events(
    events: Float[np.ndarray, "n T"],
    time: Float[np.ndarray, "T"],
    start: PscShape,
    *,
    onset: float | None = None,
    baseline: float = 0.0,
    sigma: float | None = None,
    fixed: Iterable[str] = (),
    bounds: Mapping[str, tuple[float, float]] | None = None,
) -> PscFit:
    """Fit each of n aligned events by itself, all from the same start, on all cores.

    An event whose search does not end, or ends at a bound, is fitted once more as `fit_psc` would.

    Args:
        events: pA, one row each.
        time: ms, the same for all.
        start: the shape to start from.
        onset: where events begin, ms; None guesses it on their mean.
        baseline: current without an event, pA.
        sigma: standard deviation of the noise, pA.
        fixed: as for `fit_psc`.
        bounds: as for `fit_psc`.

    Returns:
        A `PscFit` in which every number has a leading axis of n.

    Raises:
        ParameterError: as `fit_psc`.
    """
    events = np.asarray(events, float)
    if events.ndim != 2 or not len(events):
        raise ParameterError(
            f"`events` has shape {events.shape}; it must be (n, T), one event in each row."
        )
    rows = [as_samples((time, event, sigma)) for event in events]
    mean = rows[0]._replace(current=events.mean(axis=0))
    values = _start(mean, start, onset, baseline)
    space = _space(mean, values, fixed, bounds or {})
    # Many fits are worth a program of their own length.
    weight = 1.0 / mean.sigma

    may_swap = _may_swap(fixed, bounds)

    def run(first: int) -> list[PscFit]:
        # The last chunk is filled up with copies of the last event.
        some = np.minimum(np.arange(first, first + _CHUNK), len(events) - 1)
        many = jax.device_get(_solve_many(values, space, mean.time, events[some], weight))
        fits = []
        for i, samples in enumerate(rows[first : first + _CHUNK]):
            solution = Solution(*(x[i] for x in many))
            bound = _at_bound(solution.x, space)
            sure = solution.converged and not bound.any()
            fits.append(
                _finish(solution, space, bound, samples, may_swap)
                if sure
                else _fit(samples, values, space, may_swap)
            )
        return fits

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        chunks = pool.map(run, range(0, len(events), _CHUNK))
        return stack([fit for chunk in chunks for fit in chunk])


def _fit(samples: Samples, values: np.ndarray, space: Space, may_swap: bool) -> PscFit:
    """One or two searches, the better of which counts."""
    args = padded(samples)
    solution = solve(psc_residual, values, space, args)
    bound = _at_bound(np.asarray(solution.x), space)
    left = np.asarray(solution.residuals)[: len(samples.time)]
    if bound.any() or not solution.converged or autocorrelation(left) > _DOUBT:
        other = solve(psc_residual, second_start(samples, values, space), space, args)
        if np.sum(np.asarray(other.residuals) ** 2) < np.sum(left**2):
            solution = other
            bound = _at_bound(np.asarray(solution.x), space)
    if bound.any():
        # What lies at a bound is put there, and the rest finds its place beside it.
        values = np.where(bound, _nearest(np.asarray(solution.x), space), solution.x)
        rest = space._replace(free=space.free & ~bound)
        solution = solve(psc_residual, values, rest, args)._replace(converged=solution.converged)
    return _finish(solution, space, bound, samples, may_swap)


@jax.jit
def _solve_many(values: Any, space: Space, time: Any, currents: Any, weight: Any) -> Solution:
    # One after the other: side by side, all would take as many steps as the slowest of them.
    return jax.lax.map(lambda y: solve(psc_residual, values, space, (time, y, weight)), currents)


def swap_parts(values: Float[np.ndarray, "6"]) -> Float[np.ndarray, "6"]:
    """The same curve with fast and slow part in each other's place."""
    weight, fast, slow, amp, onset, baseline = values
    return np.array([weight * amp, slow, fast, 1.0 / amp, onset, baseline])


def _swap_jacobian(values: Any) -> np.ndarray:
    """Derivatives of `swap_parts`."""
    matrix = np.zeros((6, 6))
    weight, _, _, amp, _, _ = values
    matrix[0, 0], matrix[0, 3] = amp, weight
    matrix[1, 2] = matrix[2, 1] = matrix[4, 4] = matrix[5, 5] = 1.0
    matrix[3, 3] = -1.0 / amp**2
    return matrix


def tau_limits(samples: Samples) -> tuple[float, float]:
    """What a time constant may be that is not bounded: a tenth of a sample to ten windows, ms."""
    interval = samples.time[1] - samples.time[0]
    return 0.1 * interval, 10.0 * (len(samples.time) * interval)


def _start(samples: Samples, shape: PscShape, onset: float | None, baseline: float) -> np.ndarray:
    numbers = np.array(shape, float)
    shape_is_one = ((numbers[1:] >= SMALLEST) & (numbers[1:] <= LARGEST)).all()
    if not shape_is_one or not 0 < abs(numbers[0]) <= LARGEST_CURRENT:
        raise ParameterError(
            f"The start is {shape}; time constants and amp_slow must be above 0 and the weight "
            "must not be 0, and all finite. Try PscShape(peak of the recording, 1, 5, 0.3)."
        )
    for name, value in (("onset", onset), ("baseline", baseline)):
        if value is not None and not abs(value) <= LARGEST_CURRENT:
            raise ParameterError(
                f"`{name}` is {value:g} {PARAMETERS[name]}; it must be a finite number, and not "
                f"beyond {LARGEST_CURRENT:g}. Leave it out, or read it off the recording."
            )
    if onset is None:
        onset = guess_onset(samples, shape, baseline)
    return np.array([*numbers, onset, baseline])


def _space(
    samples: Samples, values: np.ndarray, fixed: Iterable[str], bounds: Mapping[str, Any]
) -> Space:
    """What the parameters may be."""
    fixed = set(fixed)
    for name in (*fixed, *bounds):
        if name not in PARAMETERS:
            raise ParameterError(
                f"Nothing called {name!r} is fitted. Known: {', '.join(PARAMETERS)}."
            )
    if fixed >= set(PARAMETERS):
        raise ParameterError("Every parameter is fixed; leave at least one free.")
    tau, length = tau_limits(samples), len(samples.time) * (samples.time[1] - samples.time[0])
    limits = dict.fromkeys(PARAMETERS, (-np.inf, np.inf))
    limits |= {"tau_syn_fast": tau, "tau_syn_slow": tau, "amp_slow": AMP_SLOW}
    limits |= {"onset": (samples.time[0] - length, samples.time[-1])} | dict(bounds)
    for name, (low, high) in limits.items():
        unit = PARAMETERS[name]
        positive = _POSITIVE[list(PARAMETERS).index(name)]
        if not low < high or (positive and not low > 0):
            raise ParameterError(
                f"The bounds of `{name}` are {low:g} and {high:g} {unit}; the first must be below "
                f"the second{' and above 0' if positive else ''}."
            )
        if np.isfinite(low) != np.isfinite(high):
            raise ParameterError(
                f"The bounds of `{name}` are {low:g} and {high:g} {unit}; give both, or neither."
            )
    lower, upper = (np.array([limits[name][i] for name in PARAMETERS], float) for i in (0, 1))
    return Space(lower, upper, np.array([name not in fixed for name in PARAMETERS]), _POSITIVE)


def _may_swap(fixed: Iterable[str], bounds: Mapping[str, Any] | None) -> bool:
    return not _SHAPE & {*fixed, *(bounds or {})}


def _at_bound(values: Any, space: Space) -> np.ndarray:
    low, high, x = (
        np.where(_POSITIVE, np.log(np.where(_POSITIVE, v, 1.0)), v)
        for v in (np.asarray(space.lower), np.asarray(space.upper), np.asarray(values))
    )
    margin = np.where(np.isfinite(low), _AT_BOUND * (high - low), 0.0)
    return np.asarray(space.free) & np.isfinite(low) & ((x < low + margin) | (x > high - margin))


def _nearest(values: np.ndarray, space: Space) -> np.ndarray:
    lower, upper = np.asarray(space.lower), np.asarray(space.upper)
    return np.where(np.abs(values - lower) < np.abs(values - upper), lower, upper)


def _finish(
    solution: Solution, space: Space, bound: np.ndarray, samples: Samples, may_swap: bool
) -> PscFit:
    values, jacobian = np.array(solution.x), np.asarray(solution.jacobian)
    swapped = may_swap and values[1] > values[2]
    if swapped:
        values = swap_parts(values)
        bound = bound[[0, 2, 1, 3, 4, 5]]
        jacobian = jacobian @ _swap_jacobian(values)
    n = len(samples.time)
    return summarise(
        PscParameters(*values.tolist()),
        space,
        bound,
        samples,
        np.asarray(solution.residuals)[:n],
        jacobian[:n],
        int(solution.n_steps),
        bool(solution.converged),
        bool(swapped),
    )

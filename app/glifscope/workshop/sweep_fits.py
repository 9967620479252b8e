"""Fitting every sweep, or every event found in them, by itself. No Panel.

A job runs in a thread of its own and can be cancelled between chunks; what it has found by then is
kept.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from glifcore.events import align_events, find_events
from glifcore.fit_result import PscParameters
from glifcore.fitting import fit_events
from glifcore.psc import PscShape
from glifcore.recordings import Recording

CHUNK = 64
"""Events that are fitted between two looks at whether to go on."""


class SweepFits(NamedTuple):
    """What was found in each sweep.

    Attributes:
        values: estimates, (n,) each.
        stderr: standard errors, NaN where there is none.
        r2: share of the variance explained, (n,).
        success: whether the search ended by itself, (n,).
    """

    values: PscParameters
    stderr: PscParameters
    r2: np.ndarray
    success: np.ndarray


def fit_sweeps(
    time: np.ndarray,
    sweeps: np.ndarray,
    start: PscParameters,
    fixed: frozenset[str],
    bounds: tuple[tuple[str, float, float], ...],
    go_on: Callable[[int], bool],
) -> SweepFits:
    """Fit each sweep, all from one start.

    Args:
        time: ms, (T,).
        sweeps: pA, (n, T).
        start: the numbers to start from.
        fixed: names that stay.
        bounds: (name, low, high).
        go_on: is told how many are done; False ends it.

    Raises:
        ParameterError: they cannot be fitted.
    """
    found = []
    for first in range(0, len(sweeps), CHUNK):
        found.append(
            fit_events(
                sweeps[first : first + CHUNK],
                time,
                PscShape(*start[:4]),
                onset=start.onset,
                baseline=start.baseline,
                fixed=fixed,
                bounds={name: (low, high) for name, low, high in bounds},
            )
        )
        if not go_on(min(first + CHUNK, len(sweeps))):
            break

    def joined(name: str) -> PscParameters:
        return PscParameters(*np.concatenate([np.array(getattr(f, name)) for f in found], axis=1))

    return SweepFits(
        joined("best"),
        joined("stderr"),
        np.concatenate([f.r2 for f in found]),
        np.concatenate([f.success for f in found]),
    )


def outliers(values: np.ndarray) -> np.ndarray:
    """Which of (n,) positive values lie far outside, on a logarithmic scale: Tukey's fences."""
    logs = np.log(np.maximum(np.abs(values), 1e-300))
    low, high = np.percentile(logs, [25, 75])
    reach = 1.5 * (high - low)
    return (logs < low - reach) | (logs > high + reach)


def events_as_sweeps(
    recording: Recording,
    sweeps: tuple[int, ...],
    *,
    method: str,
    threshold: float,
    before: float,
    after: float,
) -> Recording | None:
    """A recording whose sweeps are the events found in these sweeps, aligned; None without any."""
    rows = []
    shared = None
    for sweep in sweeps:
        current = recording.sweeps[sweep]
        events = find_events(recording.time, current, method=method, threshold=threshold)
        if not len(events.onset):
            continue
        aligned = align_events(recording.time, current, events.onset, before=before, after=after)
        if len(aligned.events):
            shared = aligned.time - aligned.time[0]
            rows.append(aligned.events)
    if shared is None:
        return None
    return Recording.from_arrays(
        shared, np.concatenate(rows), name=f"events of {recording.name or 'the recording'}"
    )

"""What is proposed for a recording that was just opened: a window, its baseline, a shape.

A recording may hold a train of events, stimulus artefacts and seconds of silence. The window that
is proposed holds the first event that stands out, with some baseline before it.
"""

from typing import NamedTuple

import numpy as np

from glifcore.events import find_artefacts, find_events
from glifcore.fit_result import PscParameters
from glifcore.guess import guess_shape, window_of_event
from glifcore.levels import ParameterError
from glifcore.recordings import Recording

MOST_SEARCHED = 2_000_000
"""Samples in which events are looked for: some four seconds of work, 100 s at 20 kHz."""


class Proposal(NamedTuple):
    """Choices that suit a recording; fields of `WorkshopChoices`."""

    window: tuple[float, float]
    quiet: tuple[float, float]
    values: PscParameters


def propose(recording: Recording) -> Proposal:
    """A window around the clearest early event, and the shape that it seems to have."""
    time, current = searched(recording)
    return propose_within(time, current, _window(time, current))


def searched(recording: Recording) -> tuple[np.ndarray, np.ndarray]:
    """Time (ms) and mean current (pA) of the part in which events are looked for."""
    return recording.time[:MOST_SEARCHED], recording.mean()[:MOST_SEARCHED]


def propose_within(time: np.ndarray, current: np.ndarray, window: tuple[float, float]) -> Proposal:
    """The baseline and the shape for a window that was chosen."""
    inside = (time >= window[0]) & (time <= window[1])
    try:
        shape, onset, baseline = guess_shape(time[inside], current[inside], None)
    except ParameterError:
        shape, onset, baseline = None, window[0], float(np.median(current[inside]))
    if shape is None:
        height = float(np.ptp(current[inside])) or 1.0
        width = window[1] - window[0]
        values = PscParameters(height, 0.05 * width, 0.2 * width, 0.3, onset, baseline)
    else:
        values = PscParameters._make(float(x) for x in (*shape, onset, baseline))
    end = max(values.onset - 0.02 * (window[1] - window[0]), window[0])
    return Proposal(window, (window[0], end), values)


def _window(time: np.ndarray, current: np.ndarray) -> tuple[float, float]:
    everything = (float(time[0]), float(time[-1]))
    try:
        events = find_events(time, current)
        if not len(events.onset):
            return everything
        artefacts = find_artefacts(time, current)
        large = np.abs(events.amplitude) >= 0.5 * np.abs(events.amplitude).max()
        first = int(np.argmax(large))
        following = events.onset[first + 1] if first + 1 < len(events.onset) else None
        return window_of_event(
            time, current, events.onset[first], following, artefacts, events.sign
        )
    except ParameterError:
        return everything

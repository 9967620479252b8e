"""The strip of the whole recording as files: every sample of what is averaged, and its picture."""

from typing import NamedTuple

import numpy as np

from glifcore import ParameterError
from glifcore.recordings import Recording
from glifcore.report import to_csv

from ..export.paper import above, bare, saved, sheet
from ..export.words import made_by, sentences
from ..figures import BLUE, GREEN, GREY, PURPLE
from ..thinning import extremes
from .choices import Preparation
from .export import name_of
from .results import Prepared, corrected, samples_within
from .url import sweeps_text

MOST_ROWS = 2_000_000
"""Of the table: 100 s at 20 kHz, some 60 MB that a visitor's browser still takes at once."""

_POINTS = 4000
"""Samples in the figure, more than the dots of its PNG lie side by side."""

_MOST_NAMED = 12
"""Events whose times the caption still lists."""


class Strip(NamedTuple):
    """What is drawn of the whole recording.

    Attributes:
        prepared: the recording that is drawn, and its notes.
        window: first and last time that is fitted, ms; it moves before the samples are prepared.
        events: when the events begin that were found, ms.
    """

    prepared: Prepared
    window: tuple[float, float]
    events: np.ndarray

    @property
    def recording(self) -> Recording:
        """The sweeps that are averaged, corrected as chosen, with every sample."""
        return corrected(self.prepared.preparation)


def recording_csv(strip: Strip) -> str:
    """Every sample of the mean recording, not only those that the picture needs.

    Raises:
        ParameterError: there are more than `MOST_ROWS`.
    """
    recording = strip.recording
    count = len(recording.time)
    if count > MOST_ROWS:
        raise ParameterError(
            f"The recording has {count} samples, and a table from this page at most {MOST_ROWS}. "
            "Take the CSV beside Report and JSON, which has the window alone, or read the file "
            "with glifcore.load_recording."
        )
    time = np.round(recording.time, 9)  # ms; 3 * 0.05 is 0.15 again
    return to_csv(
        zip(time.tolist(), recording.mean().tolist(), strict=True), ["time (ms)", "current (pA)"]
    )


def recording_figure(strip: Strip, form: str) -> bytes:
    """The recording with the window, the baseline and the events, as "svg" or "png"."""
    recording = strip.recording
    time, mean = recording.time, recording.mean()
    kept = extremes(mean, _POINTS)
    quiet = strip.prepared.preparation.quiet
    figure = sheet(2.2)
    axes = figure.subplots()
    axes.plot(time[kept], mean[kept], color=GREY, lw=0.8, label="recording")
    axes.axvspan(*strip.window, fc=(BLUE, 0.12), ec=(BLUE, 0.8), lw=1.2, label="window")
    if quiet[1] > quiet[0]:
        axes.axvspan(*quiet, fc=(GREEN, 0.2), lw=0, zorder=0, label="baseline")
    if len(strip.events):
        axes.margins(y=0.1)  # room for the marks
        axes.scatter(
            strip.events,
            np.full(len(strip.events), 0.95),
            s=26,
            marker="v",
            linewidths=0,
            color=PURPLE,
            transform=axes.get_xaxis_transform(),
            label="event",
        )
    axes.set(xlabel="time (ms)", ylabel="current (pA)", xlim=(time[0], time[-1]))
    bare(axes)
    above(axes)
    thinned = f"Drawn at {len(kept)} of the samples, the extremes among them"
    told = _caption(strip, recording)
    return saved(figure, sentences(told, thinned if len(kept) < len(time) else ""), form)


def _caption(strip: Strip, recording: Recording) -> str:
    prepared, time = strip.prepared, recording.time
    p = prepared.preparation
    start, end = p.quiet
    levelled = p.levelled and samples_within(recording, p.quiet)
    taken = ", whose mean is taken from each sweep" if levelled else ""
    return sentences(
        f"{name_of(prepared)}: {_averaged(p)}, {len(time)} samples, one every "
        f"{recording.interval:g} ms, from {time[0]:g} to {time[-1]:g} ms",
        _channel_of(recording),
        f"Times a scale factor of {p.factor:g}" if p.factor != 1.0 else "",
        "Turned upside down" if p.inverted else "",
        f"Window, in blue: {strip.window[0]:g} to {strip.window[1]:g} ms",
        f"Baseline, in green: {start:g} to {end:g} ms{taken}" if end > start else "",
        _found(strip.events, p),
        *prepared.notes,
        made_by(),
    )


def _averaged(preparation: Preparation) -> str:
    """Which sweeps the mean is of; they count from 1, as on the page."""
    assert preparation.recording is not None
    count, chosen = len(preparation.recording.sweeps), preparation.sweeps
    if count == 1:
        return "its one sweep"
    if len(chosen) == count:
        return f"mean of all {count} sweeps"
    mean = "sweep" if len(chosen) == 1 else "mean of the sweeps"
    return f"{mean} {sweeps_text(chosen).replace(',', ', ')} of {count}"


def _channel_of(recording: Recording) -> str:
    """Which signal it is, where the file has several."""
    name = recording.channels[recording.channel].name or "unnamed"
    return f"Channel {recording.channel}: {name}" if len(recording.channels) > 1 else ""


def _found(events: np.ndarray, preparation: Preparation) -> str:
    """When the events are that were found, which are looked for before sweeps are chosen."""
    if not len(events):
        return ""
    assert preparation.recording is not None
    where = " in the mean of all sweeps" if len(preparation.recording.sweeps) > 1 else ""
    times = ", ".join(f"{time:g}" for time in events)
    if len(events) > _MOST_NAMED:
        times = f"{events[0]:g} to {events[-1]:g}"
    return f"Events found{where}, in purple: {len(events)}, at {times} ms"

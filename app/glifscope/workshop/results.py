"""What follows from the workshop's choices: samples, a fit, and what can be said of it. No Panel.

`compute` is quick enough for every frame of a drag; `look_closer` (intervals, other models) takes
some 0.1 s and is done when nothing moves.
"""

from typing import Any, NamedTuple

import numpy as np
import param

from glifcore.comparison import ModelFit, compare_models
from glifcore.fit_result import PARAMETERS, PscFit
from glifcore.fitting import fit_psc
from glifcore.identifiability import Remark, Valley, remarks, valley
from glifcore.intervals import Interval, profile_interval
from glifcore.levels import ParameterError
from glifcore.psc import PscShape, psc_waveform
from glifcore.recordings import Recording
from glifcore.samples import FEWEST

from ..thinning import extremes
from .choices import Preparation, Task
from .proposal import searched

MOST_SAMPLES = 4000
"""A window with more is resampled, with a filter against aliasing, before it is fitted."""

_OVERVIEW_POINTS = 1600


class Prepared(NamedTuple):
    """The samples that are fitted, and the whole recording thinned for a plot.

    Attributes:
        preparation: the choices it follows from.
        time, current: what is fitted, ms and pA, shape (T,).
        sem: standard error of the mean of the sweeps, pA, (T,); None for too few of them.
        sigma: standard deviation that the fit weights by, pA, (T,); None for equal weights.
        noise: standard deviation of the baseline, pA; NaN where it has too few samples.
        whole_time, whole: the recording's mean, thinned, its extremes kept.
        notes: what was guessed or done to it.
    """

    preparation: Preparation
    time: np.ndarray
    current: np.ndarray
    sem: np.ndarray | None
    sigma: np.ndarray | None
    noise: float
    whole_time: np.ndarray
    whole: np.ndarray
    notes: tuple[str, ...]


class Picture(NamedTuple):
    """One picture of the workshop.

    Attributes:
        task: what it shows.
        prepared: the samples; None where there are none.
        fit: None where none was asked for, or none could be made.
        problem: a sentence on what is wrong; empty where nothing is.
    """

    task: Task
    prepared: Prepared | None
    fit: PscFit | None
    problem: str


class Closer(NamedTuple):
    """What takes longer to say of a fit.

    Attributes:
        fit: of which it is said.
        intervals: 95 % profile intervals, for those that have one.
        remarks: sentences.
        valley: the flattest direction, if there is one.
        models: other models on the same data.
    """

    fit: PscFit
    intervals: dict[str, Interval]
    remarks: tuple[Remark, ...]
    valley: Valley | None
    models: tuple[ModelFit, ...]


class WorkshopResults(param.Parameterized):
    """The last good picture, the last fit and what is said of it, and what is wrong now."""

    prepared = param.ClassSelector(class_=Prepared, default=None, instantiate=False)
    fit = param.ClassSelector(class_=PscFit, default=None, instantiate=False)
    closer = param.ClassSelector(class_=Closer, default=None, instantiate=False)
    problem = param.String(default="")


class Preparer:
    """Makes `Prepared`, and keeps the last one: a drag of a slider changes nothing of it."""

    def __init__(self) -> None:
        self._last: Prepared | None = None

    def __call__(self, preparation: Preparation) -> Prepared:
        """The samples of these choices.

        Raises:
            ParameterError: the window or the baseline holds too little.
        """
        last = self._last
        if last is None or not _same(last.preparation, preparation):
            last = self._last = prepare(preparation)
        return last


def _same(one: Preparation, other: Preparation) -> bool:
    return one.recording is other.recording and one[1:] == other[1:]


def corrected(preparation: Preparation) -> Recording:
    """The sweeps that were chosen, with scale, sign and baseline as chosen."""
    p = preparation
    assert p.recording is not None
    recording = p.recording.choose(p.sweeps).scaled(p.factor)
    if p.inverted:
        recording = recording.inverted()
    if p.levelled and samples_within(recording, p.quiet):
        recording = recording.without_baseline(*p.quiet)
    return recording


def samples_within(recording: Recording, window: tuple[float, float]) -> int:
    """How many samples of a sweep lie in a window, ms."""
    return int(np.sum((recording.time >= window[0]) & (recording.time < window[1])))


def prepare(preparation: Preparation) -> Prepared:
    """The samples of these choices.

    Raises:
        ParameterError: the window or the baseline holds too little.
    """
    p, recording = preparation, corrected(preparation)
    whole = recording.mean()
    kept = extremes(whole, _OVERVIEW_POINTS)
    noise = recording.noise(*p.quiet) if samples_within(recording, p.quiet) > 2 else float("nan")
    window = recording.window(*p.window)
    notes = list(recording.notes)
    looked_at = searched(recording)[0]
    if len(looked_at) < len(recording.time):
        notes.append(f"Events are looked for in its first {looked_at[-1] - looked_at[0]:.6g} ms.")
    if len(window.time) < FEWEST:
        raise ParameterError(
            f"The window from {p.window[0]:g} to {p.window[1]:g} ms holds {len(window.time)} "
            f"samples; a fit needs at least {FEWEST}. Drag its edges apart."
        )
    if len(window.time) > MOST_SAMPLES:
        interval = window.interval * -(-len(window.time) // MOST_SAMPLES)
        window = window.resampled(interval)
        notes.append(f"The window is resampled to {interval:g} ms, with a filter against aliasing.")
    current, sem = window.mean(), window.sem_of_mean()
    return Prepared(
        preparation=p,
        time=window.time,
        current=current,
        sem=sem,
        sigma=_sigma(p.weights, sem, noise, len(current)),
        noise=noise,
        whole_time=recording.time[kept],
        whole=whole[kept],
        notes=tuple(notes),
    )


def _sigma(weights: str, sem: Any, noise: float, count: int) -> np.ndarray | None:
    if weights == "sem":
        if sem is None:
            raise ParameterError(
                "There is no SEM: it takes at least three sweeps, or a file that gives one. "
                "Choose another weighting."
            )
        if not (sem > 0).all():
            raise ParameterError(
                "The SEM is 0 at some samples, which would weigh without end. Choose another "
                "weighting."
            )
        return sem
    if weights == "baseline":
        if not noise > 0:
            raise ParameterError(
                "The baseline has no noise to weight by. Drag its edges apart, or weight all "
                "samples alike."
            )
        return np.full(count, noise)
    return None


def compute(task: Task, prepare: Preparer) -> Picture:
    """The picture of these choices; a sentence where there is none."""
    if task.preparation.recording is None:
        return Picture(task, None, None, "")
    prepared = None
    try:
        prepared = prepare(task.preparation)
        fit = None
        if task.fit:
            values = task.values
            fit = fit_psc(
                (prepared.time, prepared.current, prepared.sigma),
                PscShape(*values[:4]),
                onset=values.onset,
                baseline=values.baseline,
                fixed=task.fixed,
                bounds={name: (low, high) for name, low, high in task.bounds},
            )
    except ParameterError as error:
        return Picture(task, prepared, None, str(error))
    return Picture(task, prepared, fit, "")


def look_closer(fit: PscFit) -> Closer:
    """Intervals, remarks and other models for one fit."""
    intervals = {
        name: profile_interval(fit, name)
        for i, name in enumerate(PARAMETERS)
        if fit.free[i] and not fit.at_bound[i]
    }
    return Closer(fit, intervals, remarks(fit), valley(fit), compare_models(fit))


def warm_up() -> None:
    """Compile the fits and what is said of them, for each length that samples are padded to."""
    shape = PscShape(-50.0, 1.0, 5.0, 0.3)
    for count in (1000, MOST_SAMPLES, 250):
        time = np.linspace(0.0, 50.0, count)
        current = np.asarray(psc_waveform(shape, time - 10.0))
        current = current + np.random.default_rng(0).standard_normal(count)
        look_closer(fit_psc((time, current), shape, onset=10.0))

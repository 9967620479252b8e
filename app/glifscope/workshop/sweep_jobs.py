"""The jobs of many events: find them, fit each, show one, write them down."""

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any

from glifcore import ParameterError
from glifcore.recordings import Recording

from ..background import Background
from .choices import WorkshopChoices
from .results import corrected
from .sweep_fits import SweepFits, events_as_sweeps, fit_sweeps
from .sweeps_view import SweepsView


class SweepJobs:
    """Finding and fitting many events, one job at a time.

    Args:
        choices: of the visitor.
        background: where the jobs run.
        open_recording: takes the recording that is made of the events found.
    """

    def __init__(
        self,
        choices: WorkshopChoices,
        background: Background,
        open_recording: Callable[[Recording], None],
    ) -> None:
        self.view = SweepsView(self._find, self._fit, self.cancel, self._take)
        self.fits: SweepFits | None = None
        self._choices, self._background, self._open = choices, background, open_recording
        self._sweeps: list[int] = []
        self._job = 0
        choices.param.watch(lambda *_: self._reset(), "recording")

    def cancel(self) -> None:
        """End the job that runs, after the events that it is at."""
        self._job += 1

    def _reset(self) -> None:
        self.cancel()
        self._show(None, [])

    def _show(self, fits: SweepFits | None, sweeps: list[int]) -> None:
        self.fits, self._sweeps = fits, sweeps
        self.view.draw(fits, sweeps)

    def _find(self, method: str, threshold: float, before: float, after: float) -> None:
        choices = self._choices
        if choices.recording is None:
            self.view.tell("Open a recording first.")
            return
        self.view.work(0.0)
        find = partial(
            events_as_sweeps,
            choices.recording,
            choices.sweeps,
            method=method,
            threshold=threshold,
            before=before,
            after=after,
        )
        self._background.run(find, self._found)

    def _found(self, done: Future[Any]) -> None:
        self.view.work(None)
        try:
            found = done.result()
        except ParameterError as error:
            self.view.tell(str(error))
            return
        if found is None:
            self.view.tell("No event stands out; lower the threshold.")
            return
        self.view.tell("")
        self._open(found)

    def _fit(self) -> None:
        choices = self._choices
        if choices.recording is None:
            self.view.tell("Open a recording first.")
            return
        self._job += 1
        job, sweeps = self._job, list(choices.sweeps)

        def go_on(count: int) -> bool:
            self._background.on_loop(partial(self._progress, job, count / len(sweeps)))
            return self._job == job

        preparation, values = choices.preparation, choices.values
        fixed, bounds = choices.fixed, choices.bounds

        def fit() -> SweepFits:
            rows = corrected(preparation).window(*preparation.window)
            return fit_sweeps(rows.time, rows.sweeps, values, fixed, bounds, go_on)

        self.view.work(0.0)
        self._background.run(fit, partial(self._fitted, job, sweeps))

    def _progress(self, job: int, share: float) -> None:
        if job == self._job:
            self.view.work(share)

    def _fitted(self, job: int, sweeps: list[int], done: Future[Any]) -> None:
        self.view.work(None)
        try:
            fits = done.result()
        except ParameterError as error:
            self.view.tell(str(error))
            return
        cancelled = job != self._job
        self.view.tell("Cancelled; this is what was fitted by then." if cancelled else "")
        self._show(fits, sweeps[: len(fits.r2)])

    def _take(self, sweep: int | None) -> None:
        """Show one sweep with the curve that was fitted to it, or the mean of all."""
        if sweep is None:
            self._choices.sweeps = tuple(self._sweeps)
        elif self.fits is not None:
            row = self._sweeps.index(sweep)
            values = self._choices.values._make(float(column[row]) for column in self.fits.values)
            self._choices.param.update(sweeps=(sweep,), values=values)

"""The workshop as a whole: its controls, its views, and the wires between them."""

import logging
from concurrent.futures import Future
from functools import partial
from typing import Any

import numpy as np
import panel as pn

from glifcore import ParameterError
from glifcore.events import find_artefacts, find_events
from glifcore.fit_result import PscFit
from glifcore.guess import window_of_event
from glifcore.recordings import Recording

from ..background import Background
from ..layout import accordion, beside, stack
from ..live import Gate
from ..mirror import mirror
from ..page_text import html, notices, show
from ..pools import Pools
from ..session import Session
from ..uploads.reading import read_recording
from .challenge_view import ChallengeView
from .choices import WorkshopChoices, begun
from .curve import CurveView
from .examples import EXAMPLES, open_example
from .fit_controls import FitControls, ShapeControls
from .overview import OverviewView
from .proposal import Proposal, propose, propose_within, searched
from .recording_controls import SourceControls
from .report import ReportView
from .results import (
    Closer,
    Picture,
    Preparer,
    WorkshopResults,
    compute,
    corrected,
    look_closer,
)
from .sweep_jobs import SweepJobs
from .take_away import TakeAwayView
from .welcome import WelcomeView

_log = logging.getLogger(__name__)

_REFIT = [
    "recording",
    "sweeps",
    "factor",
    "inverted",
    "levelled",
    "window",
    "quiet",
    "weights",
    "fixed",
    "bounds",
    "keep_fitted",
]


class Workshop:
    """The workshop of one visitor: `sidebar` and `main` are what the page shows of it."""

    def __init__(self, session: Session, pools: Pools) -> None:
        self.choices = WorkshopChoices()
        mirror(session, "workshop", self.choices)
        self.results = WorkshopResults()
        self._background = Background(pools.heavy)
        self._file: tuple[str, bytes] | None = None
        self._asked = False
        self._settling = False
        self._preparer = Preparer()
        self._build(session)
        self._gate = Gate(
            self._task,
            partial(compute, prepare=self._preparer),
            self._apply,
            pools.live,
            "The curve",
        )
        self._closer_gate = Gate(self._fit, _closer, self._apply_closer, pools.live, "The report")
        self.choices.param.watch(self._changed, [*_REFIT, "values"])
        self.choices.param.watch(lambda *_: self._opened(), "recording")
        self._lay_out()
        recording = self.choices.recording
        if recording is not None:  # of a link; what is being built misses what it is sent later
            self._apply(compute(self.choices.task(fit=False), prepare=self._preparer))
            self.overview.mark(*_events_of(recording))

    def _build(self, session: Session) -> None:
        choices, results = self.choices, self.results
        self.source = SourceControls(choices, self.open_file, self.open_example, self._reread)
        self.shape = ShapeControls(choices)
        self.fitting = FitControls(choices)
        self.curve = CurveView(results)
        self.curve.follow(self.shape.sliders)
        self.overview = OverviewView(choices, results, self._take_event)
        self.overview.link(self.curve.x_range)
        self.report = ReportView(choices, results, self.fit)
        self.take_away = TakeAwayView(session, choices, results)
        self.many = SweepJobs(choices, self._background, self._open)
        self.welcome = WelcomeView(self.open_file, self.open_example)
        self.challenge = ChallengeView(choices)

    def shown(self, shown: bool) -> None:
        """Whether the workspace is on the screen; its pictures are asked for by its own choices."""

    # What the visitor does

    def open_file(self, name: str, content: bytes) -> None:
        """Read an uploaded file; in a thread, since it may be large."""
        self._read(name, content, 0, None)

    def open_example(self, title: str) -> None:
        """Take one of the examples."""
        self._file = None
        key = next(key for key, name in EXAMPLES.items() if name == title)
        self._open(open_example(title), example=key)

    def fit(self) -> None:
        """Ask for one fit from where the sliders are."""
        self._asked = True
        self._gate.request()

    def _reread(self, channel: int, unit: str | None) -> None:
        if self._file is not None and self._file[0] == self.choices.file:
            self._read(*self._file, channel, unit or None)
        elif unit:
            self._tell("The unit of an example is known; correct its scale by the factor.")

    def _read(self, name: str, content: bytes, channel: int, unit: str | None) -> None:
        def read() -> tuple[Recording, Proposal]:
            recording = read_recording(name, content, channel, unit)
            return recording, propose(recording)

        self._busy(True)
        self._background.run(read, partial(self._was_read, name, content))

    def _was_read(self, name: str, content: bytes, done: Future[Any]) -> None:
        self._busy(False)
        try:
            recording, proposal = done.result()
        except ParameterError as error:
            self._tell(str(error))  # what was there stays
            return
        except Exception:
            _log.exception("A file could not be read, and no reader said why")
            self._tell("This file could not be read. Export it once more, as CSV if need be.")
            return
        self._file = (name, content)
        self._open(recording, proposal, file=name)

    def _busy(self, reading: bool) -> None:
        self.source.file.loading = self.welcome.file.loading = reading

    def _tell(self, problem: str) -> None:
        """Show what is wrong with the file, or that nothing is, where it was dropped."""
        for pane in (self.source.told, self.welcome.told):
            show(pane, notices([problem]))

    def _open(self, recording: Recording, proposal: Proposal | None = None, **origin: str) -> None:
        with pn.io.hold(pn.state.curdoc):  # one message, so that the page is laid out once
            self._tell("")
            self.choices.start_with(begun(recording, proposal, **origin))

    # What follows

    def _task(self) -> Any:
        asked, self._asked = self._asked, False
        return self.choices.task(asked or self.choices.keep_fitted)

    def _fit(self) -> PscFit | None:
        return self.results.fit

    def _apply(self, picture: Picture) -> None:
        changes: dict[str, Any] = {"problem": picture.problem}
        if picture.prepared is not None:
            changes["prepared"] = picture.prepared
        if picture.fit is not None:
            changes["fit"] = picture.fit
        elif self._is_stale(picture):
            changes["fit"] = None
        self.results.param.update(**changes)
        if picture.fit is not None:
            # Whatever was moved while the fit was under way is not overwritten.
            if picture.task.values == self.choices.values:
                self._settling = True
                try:
                    self.choices.values = picture.fit.best
                finally:
                    self._settling = False
            self._closer_gate.request()

    def _is_stale(self, picture: Picture) -> bool:
        """Whether the last fit is of other samples than those shown."""
        fit, prepared = self.results.fit, picture.prepared
        return fit is not None and (prepared is None or fit.samples.current is not prepared.current)

    def _apply_closer(self, closer: Closer | None) -> None:
        if closer is not None and closer.fit is self.results.fit:
            self.results.closer = closer

    def _changed(self, *events: Any) -> None:
        """Ask for a new picture; for moved numbers alone only where the rest is kept fitted."""
        only_moved = all(event.name == "values" for event in events)
        if not only_moved or (self.choices.keep_fitted and not self._settling):
            self._gate.request()

    def _opened(self) -> None:
        self._show_parts()
        recording = self.choices.recording
        if recording is None:
            return
        self._background.run(partial(_events_of, recording), partial(self._mark, recording))

    # Events

    def _mark(self, recording: Recording, done: Future[Any]) -> None:
        if recording is self.choices.recording:
            self.overview.mark(*done.result())

    def _take_event(self, index: int) -> None:
        """Fit the event that was clicked."""
        times = self.overview.times
        if self.choices.recording is None or index >= len(times):
            return
        recording = corrected(self.choices.preparation)
        time, current = recording.time, recording.mean()
        following = float(times[index + 1]) if index + 1 < len(times) else None
        turned = -1.0 if self.choices.inverted else 1.0
        sign = int(np.sign(turned * self.choices.factor * self.overview.sizes[index])) or -1
        window = window_of_event(
            time, current, float(times[index]), following, find_artefacts(time, current), sign
        )
        self.choices.take(propose_within(time, current, window))

    # The page

    def _lay_out(self) -> None:
        groups = [
            ("Recording", self.source),
            ("Shape", self.shape),
            ("Hold and bound", self.fitting),
        ]
        self._controls = accordion(
            (title, pn.Column(part, sizing_mode="stretch_width")) for title, part in groups
        )
        self._hint = html(
            '<p class="caption">The controls appear here once a recording is open.</p>',
            margin=(16, 14),
        )
        self.sidebar = pn.Column(self._hint, self._controls, sizing_mode="stretch_width", margin=0)
        self._empty = stack(self.welcome)
        self._opened_left = stack(self.overview, self.curve, self.many.view)
        self._opened_right = stack(self.report, self.take_away)
        left = stack(self._empty, self._opened_left, flex="3 1 480px")
        right = stack(self._opened_right, self.challenge, flex="2 1 360px")
        self.main = beside(left, right, self._gate.probe, self._closer_gate.probe)
        self._show_parts()

    def _show_parts(self) -> None:
        """Show what there is something to show in."""
        opened = self.choices.recording is not None
        self._empty.visible = self._hint.visible = not opened
        for part in (self._opened_left, self._opened_right, self._controls):
            part.visible = opened


def _closer(fit: PscFit | None) -> Closer | None:
    return None if fit is None else look_closer(fit)


def _events_of(recording: Recording) -> tuple[np.ndarray, np.ndarray]:
    """When events begin in the mean of the sweeps, and how large they are."""
    try:
        events = find_events(*searched(recording))
    except ParameterError:
        return np.zeros(0), np.zeros(0)
    return events.onset, events.amplitude

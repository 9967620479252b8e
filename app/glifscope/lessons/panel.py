"""The lesson that is open: its text, its question, and the check, beside the real controls."""

from html import escape
from typing import Any

import panel as pn
import panel_material_ui as pmui

from ..choices import Choices
from ..page_text import notices, sentence
from ..population.results import PopulationResults
from ..population.run import Asked as AskedOfMany
from ..population.run import Run
from ..results import Asked, Frame, Results, compute
from ..session import Session
from .checks import Told
from .course import Course
from .lesson import Lesson
from .prose import prose, surface
from .text import to_html, to_html_inline


class LessonPanel(pn.viewable.Viewer):
    """The lesson that is open; it takes no room where none is.

    Args:
        session: what it begins in, and what it checks.
        results: the picture of the neuron.
        course: the lessons.
        population: the run that the workspace Population has drawn last.
    """

    def __init__(
        self,
        session: Session,
        results: Results,
        course: Course,
        population: PopulationResults | None = None,
    ) -> None:
        super().__init__()
        self._session, self._results, self._course = session, results, course
        self._population = population or PopulationResults()
        self._build()
        session.param.watch(lambda *_: self._open(), "lesson")
        session.param.watch(lambda *_: _say(self._verdict, ""), [*Choices._fields, "port"])
        results.param.watch(lambda *_: self._measure(), "frame")
        self._population.param.watch(lambda *_: self._measure(), "run")
        course.param.watch(lambda *_: self._head(), "solved")
        course.param.watch(lambda *_: self._tell(), "told")
        self._open()

    def _build(self) -> None:
        self._title, self._told, self._text, self._now, self._verdict = (prose() for _ in range(5))
        self.check = _button("Check", variant="contained")
        self.again = _button("Start again", variant="outlined")
        self.next = _button("Next lesson", variant="text")
        self.close = _button("Close", variant="text")
        self.check.on_click(lambda _: self.answer())
        self.again.on_click(lambda _: self._begin(self.lesson))
        self.next.on_click(lambda _: self._begin(self.lesson and self._course.after(self.lesson)))
        self.close.on_click(lambda _: self._session.param.update(lesson=""))
        self._buttons = pn.FlexBox(self.check, self.again, gap="8px", margin=(10, 0, 0, 0))
        self._card = surface(
            self._title,
            self._told,
            self._text,
            self._now,
            self._buttons,
            self._verdict,
            pn.FlexBox(self.next, self.close, gap="8px", margin=(10, 0, 0, 0)),
        )

    @property
    def lesson(self) -> Lesson | None:
        """The lesson that is open."""
        return self._course.lesson(self._session.lesson)

    # What the visitor does

    def answer(self) -> None:
        """Check the state of the page, and say how it came out."""
        lesson = self.lesson
        if lesson is None:
            return
        picture = self._picture()
        run = self._run() if any(check.of_population for check in lesson.checks) else None
        for seen in (picture, run):
            if seen is not None and not isinstance(seen, (Frame, Run)):
                worst = next(problem for problem in seen if problem.severity == "error")
                _say(self._verdict, notices([worst.message]))
                return
        told = [check.told(picture, run) for check in lesson.checks]
        passed = all(one.passed for one in told)
        if passed:
            self._course.solve(lesson)
        _say(self._verdict, _verdict(lesson, told, passed))

    def _begin(self, lesson: Lesson | None) -> None:
        if lesson is not None:
            with pn.io.hold(pn.state.curdoc):
                self._course.begin(self._session, lesson)

    def _picture(self) -> Any:
        """The picture of what is chosen now, even where the page has not drawn it."""
        frame, choices = self._results.frame, self._session.choices
        if self._is_present(frame):
            return frame
        return compute(Asked(choices, self._session.port))

    def _asked_of_many(self) -> AskedOfMany:
        return AskedOfMany(self._session.choices, self._session.port)

    def _run(self) -> Any:
        """The population that is chosen now, simulated to its end; or what is wrong with it."""
        return self._population.whole(self._asked_of_many())

    def _is_present(self, frame: Frame | None) -> bool:
        session = self._session
        return frame is not None and (frame.choices, frame.port) == (session.choices, session.port)

    # What is shown

    def _open(self) -> None:
        name, lesson = self._session.lesson, self.lesson
        self._card.visible = bool(name)
        self._buttons.visible = lesson is not None
        _say(self._verdict, "")
        self._tell()
        self._head()
        self.next.visible = lesson is not None and self._course.after(lesson) is not None
        self._measure()
        question = "" if lesson is None else f"<h3>Question</h3>{to_html(lesson.question)}"
        _say(self._text, "" if lesson is None else to_html(lesson.body) + question)

    def _head(self) -> None:
        lesson, course = self.lesson, self._course
        if lesson is None:
            return
        place = f"{course.lessons.index(lesson) + 1} of {len(course.lessons)}"
        solved = ' · <span class="solved">✓ solved</span>' if lesson.name in course.solved else ""
        _say(
            self._title,
            f'<p class="caption">Lesson {place} · {lesson.minutes:g} minutes{solved}</p>'
            f"<h2>{escape(lesson.title)}</h2>"
            f'<p class="goal">{to_html_inline(lesson.goal)}</p>',
        )

    def _tell(self) -> None:
        found = self._course.told if self.lesson is not None else ()
        if self._session.lesson and self.lesson is None:
            _say(self._title, "")
            found = (
                f"No lesson is called {self._session.lesson!r}. Choose one in the workspace "
                "Lessons.",
            )
        _say(self._told, notices(found, "warning"))

    def _measure(self) -> None:
        """Show what is measured now, while the visitor moves things."""
        frame = self._results.frame if self._is_present(self._results.frame) else None
        run = self._population.finished(self._asked_of_many())
        told = [
            check.told(frame, run)
            for check in (self.lesson.checks if self.lesson else ())
            if not check.is_setting and (run if check.of_population else frame) is not None
        ]
        now = "; ".join(sentence(one.measured) for one in told)
        _say(self._now, f'<p class="caption now">Now: {now}.</p>' if now else "")

    def __panel__(self) -> Any:
        return self._card


def _say(pane: pn.pane.HTML, text: str) -> None:
    """Give a pane new text; one that is being built cannot be hidden, so an empty one stays."""
    if pane.object != text:
        pane.object = text


def _verdict(lesson: Lesson, told: list[Told], passed: bool) -> str:
    """How the check came out: a word, the hint, and each number beside its target."""
    rows = "".join(
        f'<li class="{"met" if one.passed else "missed"}">{sentence(one.measured)}'
        f" <span>(asked for: {sentence(one.target)})</span></li>"
        for one in told
        if not (one.is_setting and one.passed)
    )
    word, hint = ("Right.", lesson.right) if passed else ("Not yet.", lesson.wrong)
    return (
        f'<div class="remark {"good" if passed else "grave"}" role="status">'
        f"<p><b>{word}</b> {to_html_inline(hint)}</p><ul>{rows}</ul></div>"
    )


def _button(label: str, **options: Any) -> Any:
    return pmui.Button(label=label, size="small", margin=0, **options)

"""The workspace in which a lesson is chosen."""

from typing import Any

import panel as pn
import panel_material_ui as pmui

from ..page_text import html, notices, show
from ..session import Session
from .course import Course
from .lesson import Lesson
from .prose import prose, surface
from .text import to_html_inline

_HEADING = {
    "justifyContent": "flex-start",
    "minWidth": 0,
    "color": "text.primary",
    "fontSize": "15px",
    "fontWeight": 600,
    "letterSpacing": 0,
    "textAlign": "left",
    "textTransform": "none",
}


class Lessons:
    """The lessons of one visitor: `sidebar` and `main` are what the page shows of it."""

    def __init__(self, session: Session, course: Course) -> None:
        self._session, self._course = session, course
        self.open: dict[str, Any] = {}
        self._marks: dict[str, pn.pane.HTML] = {}
        told = notices(course.problems, "warning")
        self.main = pn.Column(
            html(told, visible=bool(told)),
            pn.FlexBox(
                *map(self._card, course.lessons),
                gap="12px",
                align_items="stretch",
                sizing_mode="stretch_width",
            ),
            sizing_mode="stretch_width",
            margin=12,
        )
        self._count = html(margin=(16, 14))
        self.sidebar = pn.Column(self._count, sizing_mode="stretch_width", margin=0)
        course.param.watch(lambda *_: self._follow(), "solved")
        self._follow()

    def shown(self, visible: bool) -> None:
        """Nothing here has to be computed."""

    def _card(self, lesson: Lesson) -> Any:
        button = pmui.Button(
            label=lesson.title,
            variant="text",
            size="small",
            margin=(0, 0, 4, -5),
            end_icon="arrow_forward",
            sx=_HEADING,
        )
        button.on_click(lambda _: self._begin(lesson))
        goal = prose(f"<p>{to_html_inline(lesson.goal)}</p>")
        self.open[lesson.name], self._marks[lesson.name] = button, prose()
        return surface(
            button,
            goal,
            self._marks[lesson.name],
            styles={"flex": "1 1 260px", "max-width": "420px"},
        )

    def _begin(self, lesson: Lesson) -> None:
        with pn.io.hold(pn.state.curdoc):
            self._course.begin(self._session, lesson)

    def _follow(self) -> None:
        course = self._course
        for lesson in course.lessons:
            solved = (
                ' · <span class="solved">✓ solved</span>' if lesson.name in course.solved else ""
            )
            text = f'<p class="caption">{lesson.workspace} · {lesson.minutes:g} minutes{solved}</p>'
            show(self._marks[lesson.name], text)
        done = sum(lesson.name in course.solved for lesson in course.lessons)
        show(
            self._count,
            f'<p class="caption">{done} of {len(course.lessons)} lessons solved. A lesson sets the '
            "page up, and its text stands beside the controls until you close it. Undo brings back "
            "what you had before.</p>",
        )

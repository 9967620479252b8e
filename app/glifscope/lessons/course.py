"""The lessons that one visitor can take, and how far the visitor has come. No Panel.

Lessons are files: those beside this one, and those of a teacher, in the folder that the environment
variable GLIFSCOPE_LESSONS names. A file of a teacher with the name of a lesson takes its place.
"""

import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import param

from ..session import Session
from ..url_state import LONGEST_LESSON, open_query
from .lesson import Lesson, LessonError, read_lesson

FOLDER = "GLIFSCOPE_LESSONS"
"""Environment variable with the folder of a teacher's lessons."""

_OWN = Path(__file__).parent
_LONGEST = 200_000


class Found(NamedTuple):
    """What was read.

    Attributes:
        lessons: in the order in which they are listed.
        problems: a sentence on each file that is not a lesson.
    """

    lessons: tuple[Lesson, ...]
    problems: tuple[str, ...]


def find_lessons(folder: str | None = None) -> Found:
    """The lessons that come with the page, and those in a teacher's folder."""
    own = _own_lessons()
    if not folder:
        return own
    path = Path(folder)
    if not path.is_dir():
        message = f"{FOLDER} is {folder!r}, which is not a folder. Create it or correct the name."
        return Found(own.lessons, (*own.problems, message))
    more = _read(sorted(path.glob("*.md")))
    by_name = {lesson.name: lesson for lesson in (*own.lessons, *more.lessons)}
    return Found(_in_order(by_name.values()), own.problems + more.problems)


@cache
def _own_lessons() -> Found:
    return _read(sorted(_OWN.glob("*.md")))


def _read(paths: Iterable[Path]) -> Found:
    lessons, problems = [], []
    for path in paths:
        try:
            lessons.append(read_lesson(_name(path), _content(path)))
        except LessonError as error:
            problems.append(str(error))
    return Found(_in_order(lessons), tuple(problems))


def _name(path: Path) -> str:
    """The lesson's name, which stands in links."""
    name = path.stem
    if len(name) > LONGEST_LESSON or not name.isprintable():
        raise LessonError(
            f"{path.name[:LONGEST_LESSON]!a} cannot be the name of a lesson. Give the file "
            f"one of at most {LONGEST_LESSON} letters that can be printed."
        )
    return name


def _content(path: Path) -> str:
    try:
        if path.exists() and not path.is_file():
            raise LessonError(f"`{path.name}` is not a file. Take it out of the folder.")
        if path.stat().st_size > _LONGEST:
            raise LessonError(
                f"`{path.name}` is larger than {_LONGEST // 1000} kB. Shorten it to a page of text."
            )
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise LessonError(f"`{path.name}` is not UTF-8 text. Save it as UTF-8.") from error
    except OSError as error:
        raise LessonError(
            f"`{path.name}` could not be opened: {error.strerror}. Check its permissions."
        ) from error


def _in_order(lessons: Iterable[Lesson]) -> tuple[Lesson, ...]:
    return tuple(sorted(lessons, key=lambda lesson: (lesson.order, lesson.name)))


class Course(param.Parameterized):
    """The lessons of one visitor, and which of them the visitor has solved."""

    solved = param.ClassSelector(
        class_=frozenset, default=frozenset(), instantiate=False, doc="Names of lessons."
    )

    told = param.ClassSelector(
        class_=tuple, default=(), doc="What of the last start could not be read, in sentences."
    )

    def __init__(self, found: Found | None = None, **params: Any) -> None:
        super().__init__(**params)
        self.lessons, self.problems = found or find_lessons(os.environ.get(FOLDER))

    def lesson(self, name: str) -> Lesson | None:
        """The lesson of this name, if there is one."""
        return next((lesson for lesson in self.lessons if lesson.name == name), None)

    def after(self, lesson: Lesson) -> Lesson | None:
        """The lesson that follows; None after the last."""
        i = self.lessons.index(lesson) + 1
        return self.lessons[i] if i < len(self.lessons) else None

    def begin(self, session: Session, lesson: Lesson) -> None:
        """Take the session to where a lesson starts; that is one step of undo."""
        self.told = tuple(open_query(session, lesson.query))

    def solve(self, lesson: Lesson) -> None:
        """Note that this lesson was solved."""
        self.solved = self.solved | {lesson.name}

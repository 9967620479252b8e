"""Lessons: files of Markdown, each with a state to start from and a question that the page checks.

`Course` knows the lessons and which of them were solved, `Lessons` lists them, and `LessonPanel`
stands beside the real controls while one is open.
"""

from .course import Course
from .list_view import Lessons
from .panel import LessonPanel

__all__ = ["Course", "LessonPanel", "Lessons"]

"""The pinned population: simulated beside the present one, and drawn behind it."""

from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

from ..live import Gate
from ..session import Session
from .run import Asked, Picture, Run, Task, compute


class PinnedPopulation:
    """What the pinned choices make of a population.

    Args:
        session: has the pinned choices, and the width of the bins.
        pool: where it is simulated.
        draw: takes its picture once it is whole, None where there is none, and what is wrong.

    Attributes:
        picture: the last that was drawn.
        run: as far as it was simulated; None where there is none.
        gate: of its pictures.
    """

    def __init__(
        self, session: Session, pool: Executor, draw: Callable[[Picture | None, str], None]
    ) -> None:
        self._session, self._draw = session, draw
        self.picture: Picture | None = None
        self.run: Run | None = None
        self._drawn: Task | None = None
        self.gate: Any = Gate(self._task, _compute, self._apply, pool, "The pinned population")

    def follow(self) -> None:
        """Go after what is pinned now."""
        wanted = self._wanted()
        if wanted is None:
            self.run = self._drawn = None
            self._show(None)
        elif wanted != self._drawn:
            self.gate.request()

    def _show(self, picture: Picture | None, problem: str = "") -> None:
        self.picture = picture
        self._draw(picture, problem)

    def _wanted(self) -> Task | None:
        """The whole population, from its beginning."""
        pinned = self._session.pinned
        if pinned is None:
            return None
        asked = Asked(pinned, min(self._session.port, pinned.n_ports - 1))
        return Task(asked, min(self._session.looked.width, pinned.duration))

    def _task(self) -> Task | None:
        wanted, run = self._wanted(), self.run
        begun = wanted is not None and run is not None and run.asked == wanted.asked
        return wanted._replace(run=run) if wanted and begun else wanted

    def _apply(self, found: tuple[Task | None, Any]) -> None:
        task, picture = found
        wanted = self._wanted()
        if task is None or wanted is None:  # unpinned meanwhile
            return
        if not isinstance(picture, Picture):
            self._drawn = wanted
            self._show(None, " ".join(problem.message for problem in picture))
            return
        self.run = picture.run
        if picture.run.finished and task._replace(run=None) == wanted:
            self._drawn = wanted
            self._show(picture)
        else:
            self.gate.request()


def _compute(task: Task | None) -> tuple[Task | None, Any]:
    return task, None if task is None else compute(task)

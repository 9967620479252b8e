"""Undo and redo: the states that one visitor went through. No Panel, no plots."""

import time
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

State = TypeVar("State")

MOST = 200
"""Steps that are kept."""

PAUSE = 0.8
"""Seconds after which a further change of the same thing is a step of its own."""


class History(Generic[State]):
    """The past and the future of a state that is replaced at every change.

    A drag changes one thing many times; what follows within `PAUSE` is the same step. The oldest
    steps are forgotten where there are more than `MOST`, or where they hold too much.

    Args:
        state: where it begins.
        clock: tells seconds.
        holds: the large parts of a state, each with its bytes; states may share them.
        most: bytes that all steps together may hold.
    """

    def __init__(
        self,
        state: State,
        clock: Callable[[], float] = time.monotonic,
        holds: Callable[[State], Iterable[tuple[object, int]]] = lambda state: (),
        most: float = 0.0,
    ) -> None:
        self._past: list[State] = []
        self._future: list[State] = []
        self._present = state
        self._clock = clock
        self._last: tuple[object, float] = (None, -PAUSE)
        self._holds, self._most = holds, most

    def record(self, state: State, subject: object) -> None:
        """Note a new state; `subject` tells what was changed, None makes it a step of its own."""
        now = self._clock()
        before, then = self._last
        if subject is None or subject != before or now - then > PAUSE or self._future:
            self._past = [*self._past, self._present][-MOST:]
            self._present = state
            while self._past and self._held() > self._most:
                self._past = self._past[1:]
        self._present, self._future, self._last = state, [], (subject, now)

    def undo(self) -> State:
        """The state before the last step; the present one where there is none."""
        return self._go(self._past, self._future)

    def redo(self) -> State:
        """The state that was undone last; the present one where there is none."""
        return self._go(self._future, self._past)

    def _held(self) -> int:
        """Bytes of what the steps hold, and the present state does not."""
        present = {id(part) for part, _ in self._holds(self._present)}
        sizes = {id(part): size for state in self._past for part, size in self._holds(state)}
        return sum(size for part, size in sizes.items() if part not in present)

    def _go(self, source: list[State], target: list[State]) -> State:
        if source:
            target.append(self._present)
            self._present = source.pop()
        self._last = (None, -PAUSE)
        return self._present

    @property
    def present(self) -> State:
        """The state that was noted or gone to last."""
        return self._present

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to undo."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether there is an undone step."""
        return bool(self._future)

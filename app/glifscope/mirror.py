"""Keeps what a workspace works with and what the session holds of it the same, both ways."""

from typing import Any, Protocol

from .session import Session


class Mirrored(Protocol):
    """The choices of a workspace: many parameters, or one immutable value."""

    @property
    def param(self) -> Any:
        """Where its parameters are watched."""
        ...

    @property
    def now(self) -> Any:
        """What is chosen now, as one immutable value."""
        ...

    def become(self, value: Any, /) -> None:
        """Choose what this value holds."""
        ...


def mirror(session: Session, name: str, choices: Mirrored) -> None:
    """Take the choices from the session, and follow each other from now on.

    Args:
        session: of the visitor.
        name: of the session's parameter that holds the value.
        choices: of the workspace.
    """

    def follow(*_: Any) -> None:
        if choices.now != getattr(session, name):
            choices.become(getattr(session, name))

    def tell(*_: Any) -> None:
        if choices.now != getattr(session, name):
            setattr(session, name, choices.now)

    follow()
    choices.param.watch(tell, [key for key in choices.param if key != "name"])
    session.param.watch(follow, name)

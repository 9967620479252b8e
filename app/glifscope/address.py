"""The address of the page: it is read when the page opens, and follows the choices."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import panel as pn
import param
from panel.custom import JSComponent

from .session import Session
from .url_state import FOLLOWED, open_query, to_query

PAUSE_MS = 300
"""How long the choices must rest before the address is written."""


class Address(JSComponent):
    """An invisible element of the page that writes and copies its address."""

    query = param.String(default="", doc="What the address ends in, without the question mark.")
    copied = param.Integer(default=0, doc="Rises each time that the address is to be copied.")

    _esm = Path(__file__).with_name("address.js")

    def __init__(self, session: Session) -> None:
        super().__init__(width=0, height=0, margin=0)
        self._session = session
        self._waiting = 0
        self._doc = pn.state.curdoc
        session.param.watch(lambda *_: self._later(), list(FOLLOWED))

    def copy(self) -> None:
        """Put the address of what is chosen now on the clipboard."""
        self.query = to_query(self._session)
        self.copied += 1

    def _later(self) -> None:
        if self._doc is not None:
            self._waiting += 1
            self._doc.add_timeout_callback(_after(self._write, self._waiting), PAUSE_MS)

    def _write(self, number: int) -> None:
        if number == self._waiting:
            self.query = to_query(self._session)


def open_address(session: Session) -> list[str]:
    """Take the session to what the page was opened with; sentences on what could not be read."""
    args: dict[str, Any] = pn.state.session_args or {}
    decoded = {
        name: [value.decode("utf-8", "replace") for value in given] for name, given in args.items()
    }
    if not decoded:
        return []
    told = open_query(session, urlencode(decoded, doseq=True))
    session.forget()  # the page begins here
    return told


def _after(act: Callable[[int], None], number: int) -> Callable[[], None]:
    return lambda: act(number)

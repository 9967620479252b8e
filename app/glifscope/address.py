"""The address of the page: it is read when the page opens, and follows the choices."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import panel as pn
import param
from panel.custom import JSComponent

from .session import Session
from .trouble import tell
from .url_state import FOLLOWED, LONGEST, open_query, to_query

PAUSE_MS = 500
"""Between two writings of the address; Safari allows a hundred in half a minute."""


class Address(JSComponent):
    """An invisible element of the page that writes and copies its address."""

    query = param.String(default="", doc="What the address ends in, without the question mark.")
    session = param.String(default="", doc="A name that no other session has.")
    copied = param.Integer(default=0, doc="Rises each time that the address is to be copied.")

    _esm = Path(__file__).with_name("address.js")

    def __init__(self, session: Session) -> None:
        super().__init__(width=0, height=0, margin=0, session=uuid4().hex)
        self._session = session
        self._moved = self._watching = False
        self._doc = pn.state.curdoc
        session.param.watch(lambda *_: self._later(), list(FOLLOWED))

    def copy(self) -> None:
        """Put the address of what is chosen now on the clipboard, unless none would read it."""
        self.query = to_query(self._session)
        length = len(self.query)
        if length > LONGEST:
            tell(
                f"The link would have {length} letters; at most {LONGEST} can be read, so it is "
                "not copied. Take away inputs or spikes, or download what you have as JSON.",
                "warning",
            )
        else:
            self.copied += 1
            tell("The link is copied.", "success")

    def _later(self) -> None:
        if self._watching:
            self._moved = True
        elif self._doc is not None:
            self._watching = True
            self._doc.add_timeout_callback(self._look, PAUSE_MS)

    def _look(self) -> None:
        """Write the address, and go on as long as the choices move."""
        self.query = to_query(self._session)
        self._watching = self._moved
        if self._moved:
            self._moved = False
            assert self._doc is not None
            self._doc.add_timeout_callback(self._look, PAUSE_MS)


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

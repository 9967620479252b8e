"""How many pages are open at a time: whoever comes when the server is full is told so at once."""

from collections.abc import Iterable
from typing import Any

from bokeh.util.token import get_session_id
from tornado.web import RequestHandler

from ..limits import LIMITS

GONE_MS = 15_000.0
"""A session that has had no page for so long (ms) makes way for a new one."""

AGAIN = 30
"""Seconds after which a visitor who was refused may try again."""

_FULL = """<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="{again}">
<title>Glifscope is full</title>
<p>This server is full: {pages} pages are open. This one tries again every {again} seconds, until
another is closed.</p></html>
"""


def has_room(sessions: Iterable[Any], most: int = LIMITS.sessions) -> bool:
    """Whether one more page may be opened.

    Sessions outlive their pages, for those who come back. Where they fill the server, those that
    have been without one for longest are given up early.
    """
    held = list(sessions)
    left = [
        session
        for session in held
        if session.connection_count == 0 and session.milliseconds_since_last_unsubscribe > GONE_MS
    ]
    left.sort(key=lambda session: -session.milliseconds_since_last_unsubscribe)
    for session in left[: max(0, len(held) - most + 1)]:
        session.request_expiration()
    return len(held) - len(left) < most


class Bounded(RequestHandler):
    """For Bokeh's handlers that make sessions: none is made where the server is full."""

    application_context: Any

    async def prepare(self) -> None:
        """Answer at once where there is no room."""
        refused: Any = super().prepare()
        if refused is not None:
            await refused
        sessions = self.application_context.sessions
        if self._finished or self._returns(sessions) or has_room(sessions):
            return
        self.set_status(503)
        self.set_header("Retry-After", str(AGAIN))
        self.set_header("Cache-Control", "no-store")
        self.finish(_FULL.format(pages=LIMITS.sessions, again=AGAIN))

    def _returns(self, sessions: Iterable[Any]) -> bool:
        """Whether this is the websocket of a page whose session is there."""
        _, _, token = self.request.headers.get("Sec-WebSocket-Protocol", "").partition(",")
        try:
            return bool(token) and get_session_id(token.strip()) in {s.id for s in sessions}
        except Exception:  # a token of somebody's own making; Bokeh says what is wrong with it
            return False

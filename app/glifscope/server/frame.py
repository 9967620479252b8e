"""The page is sent at once, and its session is made while the browser reads the scripts.

What is sent first is the same for everybody: the shape of the page, the addresses of its scripts,
and a token that names the session. So it is rendered from a document of nobody's.
"""

import time
from functools import cache
from types import SimpleNamespace
from typing import Any

from bokeh.document import Document
from panel.io.session import generate_session
from tornado import gen
from tornado.ioloop import IOLoop
from tornado.web import RequestHandler

QUIET = 0.04
"""Seconds without a request after which the browser has asked for all scripts."""

LONGEST = 0.5
"""Seconds that a session waits for that at most."""


@cache
def document_of(context: Any) -> Document:
    """What the first answer to every visitor of this context's application is rendered from."""
    nobodys = generate_session(context.application, initialize=False)
    document: Any = nobodys.document
    document.session_context._server_context = context.server_context
    context.application.initialize_document(document)
    # Most components are built of one script, which the page asks for before it knows of them.
    bundles = {model.esm for model in document.models if getattr(model, "bundle", None) == "url"}
    document.template_variables["bundles"] = sorted(bundles)
    return document


class Framed(RequestHandler):
    """For Bokeh's handler of the page."""

    application_context: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application_context = later_of(self.application_context, self.application)


@cache
def later_of(context: Any, server: Any) -> "Later":
    """One for all requests to the same page."""
    return Later(context, server.settings)


class Later:
    """Bokeh's context of an application, but that promises a session and makes it afterwards.

    Args:
        context: that makes the sessions.
        settings: of the server, with the time of its last request.
    """

    def __init__(self, context: Any, settings: dict[str, Any]) -> None:
        self._context = context
        self._settings = settings
        self._promised: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    @property
    def sessions(self) -> list[Any]:
        """Those that are there and those that are promised: each has its place."""
        held = {session.id: session for session in self._context.sessions}
        return list((self._promised | held).values())

    async def create_session_if_needed(self, session_id: str, request: Any, token: str) -> Any:
        """As much of a session as the page is rendered from."""
        promised = SimpleNamespace(
            id=session_id,
            token=token,
            document=document_of(self._context),
            connection_count=0,
            milliseconds_since_last_unsubscribe=0.0,
        )
        self._promised[session_id] = promised
        IOLoop.current().spawn_callback(self._make, session_id, request, token)
        return promised

    async def _make(self, session_id: str, request: Any, token: str) -> None:
        """Make it as soon as nothing is asked for, if its websocket has not made it before."""
        end = time.monotonic() + LONGEST
        await gen.sleep(2.0 * QUIET)
        while time.monotonic() < min(end, self._settings["last_request"] + QUIET):
            await gen.sleep(QUIET / 4.0)
        try:
            await self._context.create_session_if_needed(session_id, request, token)
        finally:
            del self._promised[session_id]

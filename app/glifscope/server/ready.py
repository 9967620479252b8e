"""The health address: whether a visitor would be served at once."""

import threading
from typing import Any

from tornado.web import RequestHandler

from ..limits import LIMITS
from .frame import later_of

COMPILED = threading.Event()
"""Set once the model is compiled in this process."""


class Ready(RequestHandler):
    """Says 200 where the model is compiled, 503 where it is not, or could not be.

    Panel's own `--liveness` says 200 as soon as the process answers, also where compiling failed.
    """

    def get(self) -> None:
        """Answer, with the number of sessions that are held or promised; no login is asked for."""
        server: Any = self.application
        contexts = getattr(server, "applications", {}).values()
        held = sum(len(later_of(context, server).sessions) for context in contexts)
        self.set_status(200 if COMPILED.is_set() else 503)
        self.set_header("Cache-Control", "no-store")
        self.write({"ready": COMPILED.is_set(), "sessions": held, "most": LIMITS.sessions})

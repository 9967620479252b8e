"""Headers with which a browser does for the page only what the page needs.

`docs/serving.md` says why each part of the policy is there; a browser test runs every workspace
under it.
"""

import os
import re
import secrets
import time
from collections.abc import Mapping
from typing import Any

from tornado.web import RequestHandler

_ANCESTOR = re.compile(r"'none'|'self'|https?://[\w.*-]+(:(\d+|\*))?")

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self' blob: 'unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self' blob:",
    "base-uri": "'none'",
    "form-action": "'self'",
}

_OTHERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in (
            *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope"),
            *("magnetometer", "microphone", "midi", "payment", "serial", "usb"),
        )
    ),
}


def ancestors_of(environment: Mapping[str, str]) -> str:
    """Who may show the page in a frame of theirs: GLIFSCOPE_FRAME_ANCESTORS, or nobody.

    Raises:
        ValueError: it is no list of addresses; the message says what it should be.
    """
    text = environment.get("GLIFSCOPE_FRAME_ANCESTORS", "'none'")
    sources = text.split()
    if not sources or not all(_ANCESTOR.fullmatch(source) for source in sources):
        raise ValueError(
            f"GLIFSCOPE_FRAME_ANCESTORS is {text[:60]!r}; it must be addresses with blanks between "
            "them, such as https://moodle.example.edu, or not be set."
        )
    return " ".join(sources)


ANCESTORS = ancestors_of(os.environ)
"""Who may show this server's page in a frame."""


def policy(nonce: str = "", ancestors: str = ANCESTORS) -> str:
    """The Content-Security-Policy; of a page, with the nonce that its scripts carry."""
    parts = _POLICY | {"frame-ancestors": ancestors}
    if nonce:
        parts["script-src"] += f" 'nonce-{nonce}'"
    return "; ".join(f"{directive} {sources}" for directive, sources in parts.items())


def install() -> None:
    """Give every answer of this process the headers: pages, files, refusals and errors."""
    RequestHandler.set_default_headers = _set_headers  # pyright: ignore[reportAttributeAccessIssue]


def _set_headers(handler: RequestHandler) -> None:
    """Tornado leaves this method empty, and calls it when an answer, or an error, is begun."""
    handler.settings["last_request"] = time.monotonic()
    handler.set_header("Content-Security-Policy", policy())
    for name, value in _OTHERS.items():
        handler.set_header(name, value)


class Headed(RequestHandler):
    """For Bokeh's handlers: the headers, and a nonce for the scripts inside a page."""

    def set_default_headers(self) -> None:
        _set_headers(self)
        super().set_default_headers()  # autoload.js has some of its own

    def write(self, chunk: Any) -> None:
        """Give each script of a page the nonce that its header names."""
        if isinstance(chunk, str) and self._headers.get("Content-Type") == "text/html":
            nonce = secrets.token_urlsafe(16)
            self.set_header("Content-Security-Policy", policy(nonce))
            chunk = re.sub(r"<script\b", f'<script nonce="{nonce}"', chunk)
        super().write(chunk)

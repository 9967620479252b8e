"""Logs for machines, GLIFSCOPE_LOG=json: an object a line, with nothing of the visitors in it.

Our own messages say what happened and name no visitor's file or entry. Those of Tornado, Bokeh
and Panel may quote what came over the wire: an address, a query, a message. So of what they
quote nothing is kept, of an exception its kind and where it came from, but not what it says.

This module is read by `deploy/serve_class.py` too, so it imports the standard library only.
"""

import json
import logging
import os
import re
import traceback
from datetime import UTC, datetime
from typing import Any

OURS = ("glifscope", "glifcore", "serve_class", "bokeh_app")
"""Loggers whose messages are told as they are."""

LONGEST = 500
"""Characters of a message."""

_GONE = ("WebSocketClosedError", "StreamClosedError")
"""Of a page that goes away in the middle of a message; `WebSocket connection closed` says it."""

_HIDDEN = "(hidden)"
_REQUEST = re.compile(r"\b(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) ([^\s?]*)\S*( \([^)]*\))?")
_KNOWN = re.compile(
    r"/|/app(/ws|/metadata|/autoload\.js)?|/(ready|liveness|login|logout|favicon\.ico)"
    r"|/static/[\w./@^%-]*"
)
"""Paths that are a server's own; any other was typed."""
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|<[^>]*>|\{.*\}|\?\S+")
_ADDRESS = re.compile(r"\b\d{1,3}(\.\d{1,3}){3}\b|[0-9a-fA-F]*:[0-9a-fA-F:]*:[0-9a-fA-F]*")
_PLAIN = re.compile(r"[\w./-]{0,100}")


def install(kind: str | None = None) -> None:
    """Make the handlers of this process quiet, and write objects where GLIFSCOPE_LOG is json."""
    as_json = (kind or os.environ.get("GLIFSCOPE_LOG", "text")) == "json"
    logging.captureWarnings(as_json)
    for handler in (*logging.getLogger().handlers, *logging.getLogger("panel").handlers):
        if not any(isinstance(known, Quiet) for known in handler.filters):
            handler.addFilter(Quiet())
        if as_json:
            handler.setFormatter(JsonLines())


class Quiet(logging.Filter):
    """Leaves out what a page that went away leaves behind: another line has said that it went."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is told; of a page's token that is too old, without a traceback."""
        if record.exc_info and record.exc_info[0] is not None:
            kind = record.exc_info[0].__name__
            if kind in _GONE:
                return False
            if kind == "ProtocolError":
                record.exc_info = record.exc_text = None
        text = str(record.msg)
        return not (
            text.startswith("Failed sending message as connection was closed")
            or (record.name == "asyncio" and any(f"exception={kind}" in text for kind in _GONE))
        )


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, process, logger, message, and traceback once."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line."""
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": record.process,
            "logger": record.name,
            "message": message_of(record),
        }
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            told["error"] = type(error).__qualname__
            if not getattr(error, "_was_told", False):
                told["traceback"] = frames_of(error)
                error._was_told = True  # pyright: ignore[reportAttributeAccessIssue]
        return json.dumps(told)


def message_of(record: logging.LogRecord) -> str:
    """What the record says, without what is a visitor's."""
    if record.name.split(".")[0] in OURS:
        return record.getMessage()[:LONGEST]
    args: Any = record.args or ()
    try:
        said = str(record.msg) % tuple(map(_bare, args)) if args else str(record.msg)
    except (TypeError, ValueError):
        said = str(record.msg)
    first = _REQUEST.sub(_asked, said.partition("\n")[0])
    return _ADDRESS.sub("(address)", _QUOTED.sub(_HIDDEN, first))[:LONGEST]


def _asked(request: re.Match[str]) -> str:
    """A request as far as it tells nothing."""
    return f"{request[1]} {request[2] if _KNOWN.fullmatch(request[2]) else _HIDDEN}"


def _bare(value: Any) -> Any:
    """A part of a message as far as it tells nothing: numbers, names, a request's path."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, BaseException):
        return type(value).__name__
    text = str(value)
    request = _REQUEST.match(text)
    if request:
        return _asked(request)
    return text if _PLAIN.fullmatch(text) else _HIDDEN


def frames_of(error: BaseException) -> list[str]:
    """Where an exception came from, the cause first: kinds, files and lines, no values."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    frames = frames_of(before) if before is not None else []
    for frame in traceback.extract_tb(error.__traceback__):
        file = re.sub(r"^.*/(site-packages|lib/python[\d.]+|app|glifcore)/", "", frame.filename)
        frames.append(f"{file}:{frame.lineno} {frame.name}")
    return [*frames, type(error).__qualname__]

"""Logs for machines hold nothing of the visitors, and no traceback twice."""

import json
import logging
import sys

import pytest
from glifscope.server.logs import JsonLines, Quiet
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClosedError

SECRET = "Mueller_cell_3.abf"


def record(name, message, *args, error=None, level=logging.ERROR):
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord(name, level, "", 0, message, args, info)


def line(*args, **named):
    text = JsonLines().format(record(*args, **named))
    assert "\n" not in text
    return json.loads(text)


def raised(kind, message):
    try:
        raise kind(message)
    except kind as error:
        return error


def test_a_line_is_an_object():
    told = line("glifscope.live", "A picture could not be drawn", error=raised(ValueError, SECRET))
    assert list(told) == [
        *("time", "level", "process", "logger", "message", "error", "traceback"),
    ]
    assert told["message"] == "A picture could not be drawn" and told["level"] == "error"
    assert told["error"] == "ValueError"
    assert "test_logs.py" in told["traceback"][0] and told["traceback"][0].endswith(" raised")


def test_a_traceback_is_told_once():
    error = raised(ValueError, SECRET)
    assert "traceback" in line("glifscope", "first", error=error)
    assert "traceback" not in line("tornado.application", "again", error=error)


def test_of_a_cause_the_place_is_told():
    try:
        raise RuntimeError(SECRET) from raised(ValueError, SECRET)
    except RuntimeError as error:
        frames = line("glifscope", "both", error=error)["traceback"]
    assert [frame for frame in frames if ":" not in frame] == ["ValueError", "RuntimeError"]


REQUEST = HTTPServerRequest(
    start_line=RequestStartLine("GET", f"/app?workshop.file={SECRET}", "HTTP/1.1"),
    headers=HTTPHeaders(Host="localhost"),
)
SUMMARY = f"GET /app?workshop.file={SECRET} (192.168.7.31)"


@pytest.mark.parametrize(
    ("logger", "message", "args"),
    [
        ("tornado.access", "%d %s %.2fms", (404, SUMMARY, 1.5)),
        ("tornado.access", "%d %s %.2fms", (404, f"GET /{SECRET} (192.168.7.31)", 1.5)),
        ("tornado.application", "Uncaught exception %s\n%r", (SUMMARY, REQUEST)),
        ("tornado.general", "%d %s: Bad token", (403, SUMMARY)),
        ("bokeh.server.views.ws", "Unhandled exception receiving a message: %r: %r",
         (ValueError(SECRET), f'{{"name": "{SECRET}"}}')),
        ("bokeh.server.views.ws", "Handler or its work threw: %r: %r", (KeyError(SECRET), b"x")),
        ("bokeh.application.handlers", f"Error running {ValueError(SECRET)!r}", ()),
        ("asyncio", f"Task was destroyed\ntask: <Task exception=ValueError('{SECRET}')>", ()),
        ("panel", f"Something of /app?file={SECRET} at 192.168.7.31 and fe80::7:31", ()),
    ],
)  # fmt: skip
def test_what_a_visitor_sent_is_not_told(logger, message, args):
    text = JsonLines().format(record(logger, message, *args, error=raised(ValueError, SECRET)))
    assert "Mueller" not in text
    assert "7.31" not in text and "7:31" not in text


def test_but_what_happened_is():
    assert line("tornado.access", "%d %s %.2fms", 404, SUMMARY, 1.5)["message"] == (
        "404 GET /app 1.50ms"
    )
    told = line("bokeh.server", "Starting Bokeh server version %s", "3.9.2")["message"]
    assert told == "Starting Bokeh server version 3.9.2"


@pytest.mark.parametrize(
    "noise",
    [
        record("bokeh.server.views.ws", "Failed sending message as connection was closed"),
        record("tornado.application", "x", error=raised(StreamClosedError, None)),
        record("asyncio", "Task exception was never retrieved", error=WebSocketClosedError()),
        record("asyncio", "Task\nfuture: <Task exception=WebSocketClosedError()>"),
    ],
    ids=lambda noise: noise.name,
)
def test_a_page_that_goes_away_in_the_middle_of_a_message_is_no_news(noise):
    assert not Quiet().filter(noise)


def test_other_failures_are():
    assert Quiet().filter(record("tornado.application", "x", error=raised(ValueError, "")))
    assert "glifscope.server.logs" in sys.modules

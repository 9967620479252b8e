"""A class behind one nginx: who comes stays at one process, and what dies comes back."""

import asyncio
import base64
import json
import os
import re
import signal
import urllib.parse
from contextlib import AsyncExitStack

import pytest

from tests.browser.conftest import Glifscope
from tests.classroom import a_class
from tests.served import QUIET, chromium
from tests.visitors import Visitor, run

SAID = "The server does not answer"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | {"executable_path": chromium(), "args": QUIET}


@pytest.fixture(scope="module")
def served_class(tmp_path_factory):
    with a_class(tmp_path_factory.mktemp("class") / "log") as held:
        yield held


def place(visitor):
    """The process that a visitor was given."""
    (cookie,) = (text for text in visitor.cookies if text.startswith("glifscope_process="))
    return int(cookie.partition("=")[2])


def test_visitors_spread_over_the_processes_and_each_stays_at_one(served_class):
    async def come():
        async with AsyncExitStack() as stack:
            visitors = [Visitor(f"{served_class.url}/app") for _ in range(4)]
            for visitor in visitors:
                await stack.enter_async_context(visitor)
            held = [await asyncio.to_thread(served_class.sessions, i) for i in range(2)]
            for visitor in visitors:
                await visitor.move("tau_syn_fast (ms)", 3.0)
                assert visitor.errors == []
            return [place(visitor) for visitor in visitors], held

    places, held = run(come())
    assert sorted(places) == [0, 0, 1, 1]
    assert held == [2, 2]  # no websocket came to a process that did not know its session
    for _ in range(3):
        again = served_class.ask("/app", Cookie="glifscope_process=1")
        assert again.headers["Set-Cookie"].startswith("glifscope_process=1;")
    assert [served_class.sessions(i) for i in range(2)] == [2, 5]


def test_scripts_come_compressed_and_are_kept_by_the_browser(served_class):
    page = served_class.ask("/app").body.decode()
    for path in set(re.findall(r'(?:src|href)="(static/[^"]+\.(?:js|css)[^"]*)"', page)):
        answer = served_class.ask(f"/{path}", **{"Accept-Encoding": "gzip"})
        assert answer.status == 200
        assert answer.headers["Content-Encoding"] == "gzip" or len(answer.body) < 1024
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Set-Cookie"] is None
        tag = answer.headers["Etag"]
        assert served_class.ask(f"/{path}", **{"If-None-Match": tag}).status == 304
        if "?v=" in path:
            assert "max-age=315360000" in answer.headers["Cache-Control"]


def test_what_is_too_large_is_refused_before_it_is_read(served_class):
    assert served_class.ask("/login", body=b"x" * 100_000).status == 413


def test_a_page_whose_process_died_comes_back_and_so_does_the_process(page, served_class):
    page.goto(f"{served_class.url}/app")
    page.get_by_text("Spike autopsy").wait_for()
    glifscope = Glifscope(page)
    glifscope.type("tau_syn_fast", 4.0)
    page.wait_for_url(re.compile("tau_syn_fast=4"))
    (where,) = (
        int(cookie["value"])
        for cookie in page.context.cookies()
        if cookie["name"] == "glifscope_process"
    )
    pids = served_class.said(rf"Server {where} is started as process (\d+)")
    os.kill(int(pids[-1][0]), signal.SIGKILL)
    page.get_by_text(SAID).wait_for(timeout=5000)
    page.get_by_text(SAID).wait_for(state="hidden", timeout=20_000)
    page.get_by_text("Spike autopsy").wait_for()
    assert glifscope.value("tau_syn_fast") == 4.0
    glifscope.type("tau_syn_fast", 3.0)  # and it is alive
    page.wait_for_url(re.compile("tau_syn_fast=3"))
    served_class.wait_until_said(rf"Server {where} is ready", times=len(pids) + 1)
    assert served_class.ready(where)["ready"]


def test_it_stops_with_open_pages_and_leaves_nothing(served_class):
    async def stopped():
        async with Visitor(f"{served_class.url}/app"):
            served_class.process.send_signal(signal.SIGTERM)
            return await asyncio.to_thread(served_class.process.wait, 20)

    assert run(stopped()) == 0
    assert [pid for pid in served_class.processes() if os.path.exists(f"/proc/{pid}")] == []
    wrong = [line["message"] for line in served_class.lines() if line["level"] == "error"]
    assert [text for text in wrong if not text.startswith("nginx: ")] == []
    text = json.dumps(served_class.lines())
    assert "tau_syn_fast" not in text and "traceback" not in text


def test_a_password_holds_at_every_process(tmp_path):
    with a_class(tmp_path / "log", PANEL_BASIC_AUTH="of the class") as held:
        assert held.ask("/app").headers["Location"].startswith("./login")
        assert b"<h1>Glifscope</h1>" in held.ask("/login").body
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        for password, comes_in in (("of another", False), ("of the class", True)):
            body = urllib.parse.urlencode({"username": "me", "password": password})
            answer = held.ask("/login", body=body, **form)
            cookies = [text.split(";")[0] for text in answer.headers.get_all("Set-Cookie", [])]
            assert any(text.startswith("user=") for text in cookies) == comes_in
        for process in range(2):
            cookie = "; ".join([*cookies, f"glifscope_process={process}"])
            assert held.ask("/app", Cookie=cookie).status == 200
        upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
        key = {"Sec-WebSocket-Key": base64.b64encode(bytes(16)).decode(), "Origin": held.url}
        assert held.ask("/app/ws", **upgrade, **key).status == 403
        assert held.ask("/ready").status == 200  # for whoever watches over the server
    assert "of the class" not in (tmp_path / "log").read_text()

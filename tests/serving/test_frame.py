"""The page is sent before its session is made, and holds nothing of anybody's."""

import asyncio
import re
import urllib.request
from types import SimpleNamespace

import pytest
from glifscope.server.frame import Later
from glifscope.server.places import has_room

from tests.served import served
from tests.visitors import Visitor, run


class Context:
    """What makes the sessions: here, it notes what it is asked for."""

    def __init__(self):
        self.sessions = []
        self.asked = []

    async def create_session_if_needed(self, *asked):
        self.asked.append(asked)
        self.sessions.append(SimpleNamespace(id=asked[0], connection_count=0))


@pytest.fixture
def context(monkeypatch):
    monkeypatch.setattr("glifscope.server.frame.document_of", lambda _: "nobody's")
    return Context()


def test_the_answer_does_not_wait_for_the_session_which_is_made_after_the_last_request(context):
    settings = {"last_request": float("inf")}

    async def follow():
        promised = await Later(context, settings).create_session_if_needed("one", "asked", "token")
        assert (promised.id, promised.token, promised.document) == ("one", "token", "nobody's")
        await asyncio.sleep(0.2)
        assert not context.asked  # scripts are still being asked for
        settings["last_request"] = 0.0
        while not context.asked:
            await asyncio.sleep(0.01)

    run(follow())
    assert context.asked == [("one", "asked", "token")]


def test_a_server_that_is_always_asked_makes_the_session_all_the_same(context):
    async def follow():
        await Later(context, {"last_request": float("inf")}).create_session_if_needed("one", 0, "")
        while not context.asked:
            await asyncio.sleep(0.01)

    run(follow())


def test_a_promised_session_has_its_place_once(context):
    later = Later(context, {"last_request": 0.0})

    async def follow():
        await later.create_session_if_needed("one", "asked", "token")
        assert not has_room(later.sessions, most=1)
        assert has_room(later.sessions, most=2)
        while not context.asked:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.01)
        assert [session.id for session in later.sessions] == ["one"]

    run(follow())


def test_two_visitors_get_the_same_page_but_for_the_session_and_each_their_own_state(tmp_path):
    with served(tmp_path / "log") as url:

        def page_of(query):
            text = urllib.request.urlopen(f"{url}?v=1&{query}").read().decode()
            for part in (r'"token":"[^"]+"', r'nonce="[^"]+"', r'"docid":"[^"]+"', r"\bp\d+\b"):
                text = re.sub(part, "", text)
            return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", text)

        assert page_of("workspace=Cells&lesson=one-alpha") == page_of("tau_syn_fast=1.25")

        async def value_of(tau):
            async with Visitor(f"{url}?v=1&tau_syn_fast={tau}") as visitor:
                return visitor.models[visitor.find(label="tau_syn_fast (ms)")]["value"]

        async def both():
            return await asyncio.gather(value_of(1.25), value_of(0.75))

        assert run(both()) == [1.25, 0.75]

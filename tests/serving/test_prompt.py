"""Parts of a message do not wait for each other's arrival, and leave together."""

import asyncio
import gc
import socket

import pytest
from bokeh.server.urls import per_app_patterns
from glifscope.server import _ours
from glifscope.server.prompt import Prompt
from tornado.iostream import IOStream
from tornado.web import Application
from tornado.websocket import WebSocketClosedError, WebSocketHandler, websocket_connect

from tests.served import free_port
from tests.visitors import run

PARTS = [f"part {i}" for i in range(30)]


class Handler(WebSocketHandler):
    """Answers anything with all parts, and a last message with the end."""

    opened: list["Handler"]
    socket: socket.socket

    def open(self):
        self.opened.append(self)
        self.socket = self.ws_connection.stream.socket

    def on_message(self, message):
        for part in PARTS:
            self.write_message(part)
        if message == "last":
            self.close()


async def visited(visit, *kinds):
    """What a visit to a server of such websockets tells; it has the client and the handler."""
    opened, port = [], free_port()
    handler = type("Tried", (*kinds, Handler), {"opened": opened})
    server = Application([("/", handler)]).listen(port)
    client = await websocket_connect(f"ws://127.0.0.1:{port}/")
    while not opened:
        await asyncio.sleep(0.01)
    try:
        return await visit(client, opened[0])
    finally:
        client.close()
        await asyncio.sleep(0.1)  # the other side answers
        server.stop()


def test_a_websocket_does_not_wait_with_a_part():
    async def at_once(client, handler):
        return bool(handler.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    assert run(visited(at_once, Prompt))
    assert not run(visited(at_once))  # else there would be no need of it


def test_what_is_written_in_one_turn_is_sent_once(monkeypatch):
    sends, write = [], IOStream.write_to_fd
    monkeypatch.setattr(
        IOStream,
        "write_to_fd",
        lambda stream, data: (sends.append(stream.socket), write(stream, data))[1],
    )

    async def parts(client, handler):
        sends.clear()
        await client.write_message("all")
        told = [await client.read_message() for _ in PARTS]
        return told, sends.count(handler.socket)

    assert run(visited(parts, Prompt)) == (PARTS, 1)
    assert run(visited(parts)) == (PARTS, len(PARTS))


def test_what_was_written_comes_before_the_end():
    async def until_the_end(client, handler):
        await client.write_message("last")
        return [await client.read_message() for _ in range(len(PARTS) + 1)]

    assert run(visited(until_the_end, Prompt)) == [*PARTS, None]


def test_what_is_written_to_a_page_that_has_gone_is_told_to_who_wrote_it():
    async def gone(client, handler):
        handler.socket.close()
        handler.ws_connection.stream.close()
        with pytest.raises(WebSocketClosedError):
            await handler.write_message("part")

    run(visited(gone, Prompt))


def test_who_does_not_ask_what_became_of_it_leaves_no_complaint():
    async def complaints(client, handler):
        told = []
        asyncio.get_running_loop().set_exception_handler(lambda loop, said: told.append(said))
        handler.ws_connection.stream.close()
        handler.ws_connection.stream.write(b"a ping")
        await asyncio.sleep(0.05)
        gc.collect()
        await asyncio.sleep(0.05)
        return told

    assert run(visited(complaints, Prompt)) == []


def test_the_websocket_of_the_page_is_one_of_them():
    handlers = [_ours(handler) for _, handler, *_ in per_app_patterns]
    assert [issubclass(ours, Prompt) for ours in handlers] == [
        issubclass(ours, WebSocketHandler) for ours in handlers
    ]
    assert any(issubclass(ours, Prompt) for ours in handlers)

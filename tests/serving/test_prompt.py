"""Parts of a message do not wait for each other's arrival."""

import asyncio
import socket

from bokeh.server.urls import per_app_patterns
from glifscope.server import _ours
from glifscope.server.prompt import Prompt
from tornado.web import Application
from tornado.websocket import WebSocketHandler, websocket_connect

from tests.served import free_port
from tests.visitors import run


def test_a_websocket_sends_each_part_when_it_is_written():
    opened = []

    class Handler(WebSocketHandler):
        def open(self):
            opened.append(self.ws_connection.stream.socket)

    async def waits(*kinds):
        port = free_port()
        server = Application([("/", type("Tried", (*kinds, Handler), {}))]).listen(port)
        connection = await websocket_connect(f"ws://127.0.0.1:{port}/")
        await asyncio.sleep(0.1)
        at_once = opened.pop().getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        connection.close()
        server.stop()
        return not at_once

    assert not run(waits(Prompt))
    assert run(waits())  # else there would be no need of it


def test_the_websocket_of_the_page_is_one_of_them():
    handlers = [_ours(handler) for _, handler, *_ in per_app_patterns]
    assert [issubclass(ours, Prompt) for ours in handlers] == [
        issubclass(ours, WebSocketHandler) for ours in handlers
    ]
    assert any(issubclass(ours, Prompt) for ours in handlers)

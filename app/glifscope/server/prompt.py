"""Messages that leave at once, and in one piece."""

import asyncio
from typing import Any

from tornado.concurrent import chain_future, future_set_exception_unless_cancelled
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketHandler


class OnePiece:
    """A stream of Tornado on which what one turn of the event loop writes is sent together.

    A picture is a message of nearly forty frames, and Tornado sends each when it is written. To
    send lets the threads that compute take over, and it takes a while to get the turn back.
    """

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._waiting = bytearray()
        self._sent: asyncio.Future[None] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, data: bytes) -> "asyncio.Future[None]":
        """Send this at the end of the turn; done when it is sent, as Tornado counts it."""
        self._waiting += data
        if self._sent is None:
            loop = asyncio.get_running_loop()
            self._sent = loop.create_future()
            self._sent.add_done_callback(_noticed)
            loop.call_soon(self._send)
        return self._sent

    def close(self, *reason: Any) -> None:
        """Send what waits, and close the stream."""
        self._send()
        self._stream.close(*reason)

    def _send(self) -> None:
        sent, self._sent = self._sent, None
        if sent is None:
            return
        data = bytes(self._waiting)
        self._waiting.clear()
        try:
            chain_future(self._stream.write(data), sent)
        except StreamClosedError as error:
            future_set_exception_unless_cancelled(sent, error)


def _noticed(sent: "asyncio.Future[None]") -> None:
    """Not everybody asks what became of a ping, and the log would tell that nobody did."""
    if not sent.cancelled():
        sent.exception()


class Prompt(WebSocketHandler):
    """For Bokeh's handler of the websocket, whose messages are of many small parts.

    Tornado leaves it to TCP to wait with a part until the part before it has arrived, which the
    other side tells after up to 40 ms.
    """

    def open(self, *args: str, **kwargs: str) -> None:
        """Have what is written sent at once."""
        self.set_nodelay(True)
        connection: Any = self.ws_connection
        connection.stream = OnePiece(connection.stream)
        super().open(*args, **kwargs)

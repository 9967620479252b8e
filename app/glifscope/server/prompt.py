"""Messages that leave at once, and in one piece."""

import asyncio
from typing import Any

from tornado.concurrent import chain_future
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
            loop.call_soon(self._send)
        return self._sent

    def close(self, *reason: Any) -> None:
        """Send what waits, and close the stream."""
        self._send()
        self._stream.close(*reason)

    def _send(self) -> None:
        sent, data = self._sent, bytes(self._waiting)
        self._sent = None
        self._waiting.clear()
        if sent is not None:
            try:
                chain_future(self._stream.write(data), sent)
            except Exception as error:  # the stream is closed
                sent.set_exception(error)


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

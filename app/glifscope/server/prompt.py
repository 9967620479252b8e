"""Messages that leave at once."""

from tornado.websocket import WebSocketHandler


class Prompt(WebSocketHandler):
    """For Bokeh's handler of the websocket, whose messages are of many small parts.

    Tornado leaves it to TCP to wait with a part until the part before it has arrived, which the
    other side tells after up to 40 ms.
    """

    def open(self, *args: str, **kwargs: str) -> None:
        """Have each part sent when it is written."""
        self.set_nodelay(True)
        super().open(*args, **kwargs)

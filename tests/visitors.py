"""Visitors without a browser, for tests of many of them, for load and for endurance.

Each opens the page, holds its websocket, moves controls, and answers pictures as the page does.
"""

import asyncio
import json
import re
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import uuid4

import numpy as np
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

T = TypeVar("T")

PAINTING = 0.02
"""Seconds that a picture takes to be painted."""

READY = {
    "kind": "MessageSent",
    "msg_type": "bokeh_event",
    "msg_data": {"type": "event", "name": "document_ready", "values": {"type": "map"}},
}


class Visitor:
    """One page, from its opening to its end.

    Args:
        url: of the page, with a query if need be.
        headers: of its requests.

    Attributes:
        models: attributes of each model of the page, by its id; kept up to date.
        errors: what the server refused, as it said it.
        pictures: how many came.
        cookies: that the server set.
    """

    def __init__(self, url: str, headers: dict[str, str] | None = None) -> None:
        self.url = url
        self.models: dict[str, dict[str, Any]] = {}
        self.errors: list[str] = []
        self.pictures = 0
        self.cookies: list[str] = []
        self._headers = headers or {}
        self._socket: WebSocketClientConnection | None = None
        self._waiting: list[dict[str, Any]] = []
        self._turn = asyncio.Lock()
        self._replies: dict[str, asyncio.Future[Any]] = {}
        self._listeners: list[Callable[[str, str, Any], None]] = []
        self._tasks: set[asyncio.Task[Any]] = set()

    async def __aenter__(self) -> Self:
        answer = await AsyncHTTPClient().fetch(self._request(self.url), raise_error=True)
        self.cookies = [text.split(";")[0] for text in answer.headers.get_list("Set-Cookie")]
        found = re.search(r'"token":"([^"]+)"', answer.body.decode())
        assert found, "The page holds no token."
        base, _, query = self.url.partition("?")
        address = base.replace("http", "ws", 1) + "/ws" + (f"?{query}" if query else "")
        self._socket = await websocket_connect(
            self._request(address),
            subprotocols=["bokeh", found[1]],
            max_message_size=1 << 28,
        )
        self._socket.protocol.set_nodelay(True)  # as browsers do
        self._known = asyncio.Event()
        self._begin(self._listen())
        await self._known.wait()
        pulled = await self._ask("PULL-DOC-REQ", {})
        self._learn(pulled)
        await self.send(READY)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.leave()
        for task in [*self._tasks]:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def leave(self) -> None:
        """Close the page."""
        if self._socket is not None:
            self._socket.close()

    def _request(self, url: str) -> HTTPRequest:
        headers = dict(self._headers)
        if self.cookies:
            headers["Cookie"] = "; ".join(self.cookies)
        return HTTPRequest(url, headers=headers, connect_timeout=120, request_timeout=120)

    # What the visitor does

    async def send(self, *events: dict[str, Any]) -> None:
        """Tell the server of events, and wait until it has taken them.

        As in `page/sending.js`, one message is on its way at a time; events that come meanwhile go
        together with the next, and of each value only the last.
        """
        for event in events:
            _add(self._waiting, event)
        async with self._turn:
            waiting, self._waiting = self._waiting, []
            if waiting:
                await self._ask("PATCH-DOC", {"events": waiting})

    async def move(self, label: str, value: Any) -> None:
        """Give the control of this label a new value."""
        await self.change(self.find(label=label), value=value)

    async def change(self, model: str, **attributes: Any) -> None:
        """Give a model new values, as the page does."""
        self.models[model] |= attributes
        await self.send(*(_changed(model, name, new) for name, new in attributes.items()))

    async def lay_out(self, width: int = 600) -> None:
        """Tell how wide each plot is, as a page does that has drawn it; some wait for that."""
        new = {
            model: held
            for model, held in self.models.items()
            if str(held.get("name")).endswith("-figure") and held.get("inner_width") != width
        }
        for held in new.values():
            held["inner_width"] = width
        await self.send(*(_changed(model, "inner_width", width) for model in new))

    async def click(self, label: str) -> None:
        """Click a button."""
        await self._tell("dom_event", label, ["node", "click"], ["data", {"type": "map"}])

    async def pick(self, label: str, item: int) -> None:
        """Open a menu and take one of its items."""
        entries = [["type", "click"], ["item", item]]
        await self._tell("data_event", label, ["data", {"type": "map", "entries": entries}])

    async def _tell(self, name: str, label: str, *entries: list[Any]) -> None:
        """Tell of an event of a component; its model is named among the tags of its data."""
        (reference,) = self.models[self.find(label=label)]["tags"]
        model = ["model", {"id": reference.removeprefix("__ref:")}]
        values = {"type": "map", "entries": [model, *entries]}
        message = {"type": "event", "name": name, "values": values}
        await self.send({"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": message})

    async def look_again(self) -> None:
        """Forget the models that the page no longer has."""
        pulled = await self._ask("PULL-DOC-REQ", {})
        self.models = {}
        self._learn(pulled)

    # What the visitor sees

    def find(self, **attributes: Any) -> str:
        """The id of the model that has these attributes; KeyError where there is none."""
        for model, held in self.models.items():
            if _fits(held, attributes):
                return model
        raise KeyError(f"Nothing on the page has {attributes}.")

    def has(self, **attributes: Any) -> bool:
        """Whether a model of the page has these attributes."""
        return any(_fits(held, attributes) for held in self.models.values())

    def value(self, label: str) -> Any:
        """The value of the control of this label."""
        return self.models[self.find(label=label)]["value"]

    def column(self, source: str, name: str) -> np.ndarray:
        """A column of the source of this name."""
        held = self.models[self.find(name=source)]["data"]
        entries = held["entries"] if "entries" in held else held.items()
        return _array(dict(entries)[name])

    async def until(self, claim: Callable[[], bool], seconds: float = 20.0) -> None:
        """Wait until this is true of the page.

        Raises:
            TimeoutError: it was not.
        """
        end = time.perf_counter() + seconds
        while not claim():
            if time.perf_counter() > end:
                raise TimeoutError("What was waited for did not come.")
            await asyncio.sleep(0.01)

    def listen(self, listener: Callable[[str, str, Any], None]) -> None:
        """Have this called with the model, the attribute and the new value of each change."""
        self._listeners.append(listener)

    # The wire

    def _begin(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _ask(self, kind: str, content: Any) -> Any:
        assert self._socket is not None
        number = uuid4().hex
        reply = self._replies[number] = asyncio.get_running_loop().create_future()
        # All at once: nothing else may come between the parts of a message.
        parts = ({"msgid": number, "msgtype": kind}, {}, content)
        written = [self._socket.write_message(json.dumps(part)) for part in parts]
        await asyncio.gather(*written)
        return await reply

    async def _listen(self) -> None:
        assert self._socket is not None
        socket = self._socket
        while (frame := await socket.read_message()) is not None:
            header = json.loads(frame)
            await socket.read_message()
            content = await socket.read_message()
            assert content is not None
            buffers = {}
            for _ in range(header.get("num_buffers") or 0):
                key = await socket.read_message()
                assert key is not None
                buffers[json.loads(key)["id"]] = await socket.read_message()
            self._take(header, json.loads(content), buffers)
        for reply in self._replies.values():
            if not reply.done():
                reply.set_exception(ConnectionError("The server closed the page."))

    def _take(self, header: dict[str, Any], content: Any, buffers: dict[str, Any]) -> None:
        if buffers:
            _fill(content, buffers)
        if header["msgtype"] == "ACK":
            self._known.set()
        if header["msgtype"] == "ERROR":
            self.errors.append(content["text"])
        reply = self._replies.pop(header.get("reqid", ""), None)
        if reply is not None:
            reply.set_result(content)
        elif header["msgtype"] == "PATCH-DOC":
            for event in content["events"]:
                self._follow(event)

    def _follow(self, event: dict[str, Any]) -> None:
        if event["kind"] in ("ModelChanged", "ColumnDataChanged"):
            model, new = event["model"]["id"], event.get("new", event.get("data"))
            attribute = event.get("attr", "data")
            self._learn(new)
            self.models.setdefault(model, {})[attribute] = new
            for listener in self._listeners:
                listener(model, attribute, new)
            if attribute == "sent" and isinstance(new, int):
                self.pictures += 1
                self._begin(self._answer(model, new))

    async def _answer(self, model: str, number: int) -> None:
        await asyncio.sleep(PAINTING)
        await self.send(_changed(model, "painted", number))

    def _learn(self, content: Any) -> None:
        """Take in every model that a message holds."""
        if isinstance(content, dict):
            if content.get("type") == "object" and "id" in content:
                self.models[content["id"]] = content.get("attributes", {})
            for part in content.values():
                self._learn(part)
        elif isinstance(content, list):
            for part in content:
                self._learn(part)


def _fits(held: dict[str, Any], attributes: dict[str, Any]) -> bool:
    return all(held.get(name) == value for name, value in attributes.items())


def _changed(model: str, attribute: str, new: Any) -> dict[str, Any]:
    return {"kind": "ModelChanged", "model": {"id": model}, "attr": attribute, "new": new}


def _add(events: list[dict[str, Any]], event: dict[str, Any]) -> None:
    """Put an event last, in place of an older value of the same attribute."""
    if event["kind"] == "ModelChanged":
        for i in range(len(events) - 1, -1, -1):
            if events[i]["kind"] != "ModelChanged":
                break
            if all(events[i][key] == event[key] for key in ("model", "attr")):
                del events[i]
    events.append(event)


def _fill(content: Any, buffers: dict[str, Any]) -> None:
    """Put the binary parts of a message where it refers to them."""
    parts = content.values() if isinstance(content, dict) else content
    for part in parts:
        if isinstance(part, dict):
            data = part.get("data")
            if part.get("type") == "bytes" and isinstance(data, dict):
                part["data"] = buffers[data["id"]]
            else:
                _fill(part, buffers)
        elif isinstance(part, list):
            _fill(part, buffers)


def _array(held: Any) -> np.ndarray:
    if isinstance(held, dict):
        return np.frombuffer(held["array"]["data"], held["dtype"])
    return np.array(held)


def run(visit: Coroutine[Any, Any, T]) -> T:
    """What comes of a visit; in a thread of its own, for Playwright's loop may run in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, visit).result()

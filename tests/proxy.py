"""A bad network: a proxy on the loopback that can be cut, slowed and mended."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Proxy:
    """Hands on what comes in at its port to another one.

    Attributes:
        port: where it listens.
    """

    port: int

    def __init__(self) -> None:
        self._cut = False
        self._rate: float | None = None
        self._ends: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()

    def cut(self) -> None:
        """End every connection, and take no new one."""
        self._cut = True
        self._loop.call_soon_threadsafe(lambda: [end.transport.abort() for end in self._ends])

    def slow(self, rate: float) -> None:
        """Hand on so many bytes a second, in each direction, from now on."""
        self._rate = rate

    def mend(self) -> None:
        """Take connections again, and be fast."""
        self._cut, self._rate = False, None

    def run(self, target: int, listening: threading.Event) -> None:
        """Hand on to the port `target` until stopped; in a thread of its own."""
        self._target = target
        self._loop.run_until_complete(self._serve(listening))
        self._loop.close()

    def stop(self) -> None:
        """End everything."""
        self.cut()
        self._loop.call_soon_threadsafe(self._ended.set)

    async def _serve(self, listening: threading.Event) -> None:
        self._ended = asyncio.Event()
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        listening.set()
        await self._ended.wait()
        for listener in server.sockets:  # closed at once, it would leave who is just being let in
            self._loop.remove_reader(listener.fileno())
        await asyncio.sleep(0.1)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*others, return_exceptions=True)  # what was cut comes to its end
        server.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends = {writer}
        self._ends |= ends
        try:
            if not self._cut:
                onward, outward = await asyncio.open_connection("127.0.0.1", self._target)
                ends.add(outward)
                self._ends |= ends
                await asyncio.gather(self._hand_on(reader, outward), self._hand_on(onward, writer))
        except OSError:  # nobody listens there now
            pass
        finally:
            for end in ends:
                end.transport.abort()
                await _ended(end)
            self._ends -= ends

    async def _hand_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(4096):
                if self._rate:
                    await asyncio.sleep(len(data) / self._rate)
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()
            await _ended(writer)


async def _ended(writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        await writer.wait_closed()


@contextmanager
def proxied(target: int) -> Iterator[Proxy]:
    """A proxy before a port of the loopback."""
    proxy, listening = Proxy(), threading.Event()
    thread = threading.Thread(target=proxy.run, args=(target, listening))
    thread.start()
    listening.wait()
    try:
        yield proxy
    finally:
        proxy.stop()
        thread.join()

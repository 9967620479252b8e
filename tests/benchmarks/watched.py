"""A server of its own for a benchmark: its memory, its processor, and the errors in its log."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.classroom import a_class
from tests.served import free_port, running
from tests.visitors import Visitor


class Watched:
    """A server that is watched.

    Attributes:
        url: of its page.
        errors: what its log tells of each error, once the server has ended.
    """

    def __init__(self, url: str, pids: Iterable[int]) -> None:
        self.url = f"{url}/app"
        self.errors: list[str] = []
        self._processes = [Path(f"/proc/{pid}") for pid in pids]

    def resident(self) -> float:
        """Its memory, MB."""
        return sum(map(_resident, self._processes))

    def processor(self) -> float:
        """Seconds of processor that it has used."""
        return sum(map(_processor, self._processes))

    async def warm_up(self) -> None:
        """Have each process do what it does at its first visitor only."""
        async with AsyncExitStack() as stack:
            for _ in self._processes:
                await stack.enter_async_context(Visitor(self.url))
            await asyncio.sleep(30.0 * len(self._processes))

    def print_errors(self) -> None:
        """How many there were, as the last row of a table, and the first of them below it."""
        print(f"| errors in the server's log | {len(self.errors)} |")
        for error in self.errors[:3]:
            print(error)


def _resident(process: Path) -> float:
    status = (process / "status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return float(line.split()[1]) / 1000.0


def _processor(process: Path) -> float:
    fields = (process / "stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100.0


@contextmanager
def watched(processes: int = 1) -> Iterator[Watched]:
    """A server, until the block ends: one process, or two behind nginx, as a class has them."""
    with TemporaryDirectory() as folder, ExitStack() as stack:
        log, port = Path(folder) / "log", free_port()
        if processes == 1:
            server = stack.enter_context(running(port, log))
            held = Watched(f"http://127.0.0.1:{port}", [server.pid])
        else:
            room = stack.enter_context(a_class(log))
            held = Watched(room.url, room.processes())
        yield held
        stack.close()
        said = log.read_text().splitlines()
        held.errors = [
            "\n".join(said[max(i - 1, 0) : i + 40])
            for i, line in enumerate(said)
            if any(sign in line for sign in ("ERROR", "Traceback", '"level": "error"'))
        ]

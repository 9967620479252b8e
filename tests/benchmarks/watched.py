"""A server of its own for a benchmark: its memory, its processor, and the errors in its log."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.served import free_port, started
from tests.visitors import Visitor


class Watched:
    """A server that is watched.

    Attributes:
        url: of its page.
        errors: what its log tells of each error, once the server has ended.
    """

    def __init__(self, port: int, pid: int) -> None:
        self.url = f"http://127.0.0.1:{port}/app"
        self.errors: list[str] = []
        self._process = Path(f"/proc/{pid}")

    def resident(self) -> float:
        """Its memory, MB."""
        status = (self._process / "status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return float(line.split()[1]) / 1000.0

    def processor(self) -> float:
        """Seconds of processor that it has used."""
        fields = (self._process / "stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / 100.0

    async def warm_up(self) -> None:
        """Have it do what it does at its first visitor only."""
        async with Visitor(self.url):
            await asyncio.sleep(30.0)

    def print_errors(self) -> None:
        """How many there were, as the last row of a table, and the first of them below it."""
        print(f"| errors in the server's log | {len(self.errors)} |")
        for error in self.errors[:3]:
            print(error)


@contextmanager
def watched() -> Iterator[Watched]:
    """A server, until the block ends."""
    with TemporaryDirectory() as folder:
        log, port = Path(folder) / "log", free_port()
        server = started(port, log)
        held = Watched(port, server.pid)
        try:
            yield held
        finally:
            server.terminate()
            server.wait()
            said = log.read_text().splitlines()
            held.errors = [
                "\n".join(said[max(i - 1, 0) : i + 40])
                for i, line in enumerate(said)
                if "ERROR" in line or "Traceback" in line
            ]

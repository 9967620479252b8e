"""A class on its server: two processes behind one nginx, as `make serve-class` starts them."""

import http.client
import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.served import ROOT, free_port


class Class:
    """What `make serve-class` runs, with two processes.

    Args:
        log: the file that its output is written to.
        **variables: of its environment, beside those of this process.

    Attributes:
        url: where nginx listens.
    """

    def __init__(self, log: Path, **variables: str) -> None:
        self.port, self._log = free_port(), log
        self.url = f"http://127.0.0.1:{self.port}"
        with log.open("w") as out:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "deploy/serve_class.py", f"--port={self.port}"),
                    *("--processes=2", "--bind=127.0.0.1", "--grace=1", f"--public={self.url}"),
                ],
                cwd=ROOT,
                env=os.environ | variables,
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    def lines(self) -> list[dict[str, Any]]:
        """The log: every line of it is an object."""
        return [json.loads(line) for line in self._log.read_text().splitlines()]

    def said(self, pattern: str) -> list[Any]:
        """What was found in the messages, in their order."""
        found = (re.search(pattern, line["message"]) for line in self.lines())
        return [match.groups() for match in found if match]

    def wait_until_said(self, pattern: str, times: int = 1, seconds: float = 60.0) -> None:
        """Wait until messages of this form were written."""
        end = time.monotonic() + seconds
        while len(self.said(pattern)) < times:
            assert self.process.poll() is None and time.monotonic() < end, self._log.read_text()
            time.sleep(0.1)

    def processes(self) -> set[int]:
        """The process numbers of all that were started."""
        return {int(pid) for (pid,) in self.said(r"is started as process (\d+)")}

    def sessions(self, process: int) -> int:
        """How many sessions a process holds."""
        return self.ready(process)["sessions"]

    def ready(self, process: int) -> dict[str, Any]:
        """What the health address of a process says."""
        ports = [int(port) for (port,) in self.said(r"Server \d listens at port (\d+)")]
        with urllib.request.urlopen(f"http://127.0.0.1:{ports[process]}/ready") as answer:
            return json.load(answer)

    def ask(self, path: str, **headers: str) -> Any:
        """An answer of nginx, which is not followed elsewhere."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        body = headers.pop("body", None)
        connection.request("POST" if body else "GET", path, body=body, headers=headers)
        answer: Any = connection.getresponse()
        answer.body = answer.read()
        connection.close()
        return answer


@contextmanager
def a_class(log: Path, **variables: str) -> Iterator[Class]:
    """A class, until the block ends."""
    held = Class(log, **variables)
    try:
        held.wait_until_said("Glifscope is at")
        yield held
    finally:
        held.process.terminate()
        held.process.wait()

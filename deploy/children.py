"""Processes that are kept running, and whose output becomes one log."""

import asyncio
import json
import logging
import re
import signal
import socket
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]

PATIENCE_S = 180.0
"""How long a process may take until it is ready: the first one compiles."""

FAILURES = 3
"""Starts in a row that fail before it is given up."""

_log = logging.getLogger("serve_class")


class Child:
    """A process that is started again when it ends before its time.

    Args:
        name: in the log.
        command: what it runs.
        environment: of it.
        is_ready: whether it serves; asked again and again until it does.
        tell: takes each line that it writes, and its process number.
        options: of `asyncio.create_subprocess_exec`.
    """

    def __init__(
        self,
        name: str,
        command: list[str],
        environment: dict[str, str],
        is_ready: Callable[[], bool],
        tell: Callable[[str, int], None],
        **options: Any,
    ) -> None:
        self.name = name
        self.ready = asyncio.Event()
        self._command, self._environment, self._options = command, environment, options
        self._is_ready, self._tell = is_ready, tell
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = False

    async def keep(self) -> None:
        """Run it until `stop`; raise RuntimeError where it cannot be brought to serve."""
        failures = 0
        while not self._stopping:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                cwd=ROOT,
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C in a terminal is for us alone
                limit=2**20,
                **self._options,
            )
            _log.info("%s is started as process %d", self.name, self._process.pid)
            reading = asyncio.create_task(self._hand_on(self._process))
            waiting = asyncio.create_task(self._wait_until_ready())
            code = await self._process.wait()
            waiting.cancel()
            await reading
            if self._stopping:
                return
            failures = 0 if self.ready.is_set() else failures + 1
            self.ready.clear()
            _log.warning("%s ended with code %d", self.name, code)
            if failures >= FAILURES:
                raise RuntimeError(f"{self.name} could not be started {FAILURES} times in a row")
            await asyncio.sleep(2.0**failures - 1)

    async def stop(self, number: signal.Signals, patience: float) -> None:
        """End it; where it does not end in so many seconds, by force."""
        self._stopping = True
        process = self._process
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.send_signal(number)
            try:
                await asyncio.wait_for(process.wait(), patience)
            except TimeoutError:
                _log.warning("%s did not end by itself", self.name)
                process.kill()
                await process.wait()

    async def _wait_until_ready(self) -> None:
        since = time.monotonic()
        while not await asyncio.to_thread(self._is_ready):
            if time.monotonic() - since > PATIENCE_S:
                _log.error("%s is not ready after %d s", self.name, PATIENCE_S)
                assert self._process
                self._process.kill()
                return
            await asyncio.sleep(0.1)
        _log.info("%s is ready after %.1f s", self.name, time.monotonic() - since)
        self.ready.set()

    async def _hand_on(self, process: asyncio.subprocess.Process) -> None:
        """Tell what it writes, a line at a time; a line that has no end is left out."""
        assert process.stdout
        while True:
            try:
                line = await process.stdout.readline()
            except ValueError:
                continue
            if not line:
                return
            self._tell(line.decode(errors="replace").rstrip(), process.pid)


def teller(as_json: bool, longest: int) -> Callable[[str, int], None]:
    """What writes a child's lines to our output, as objects where the log is one of objects."""

    def tell(line: str, process: int) -> None:
        if not line:
            return
        if as_json and not line.startswith('{"time"'):
            line = json.dumps(
                {
                    "time": time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime()),
                    "level": "info",
                    "process": process,
                    "logger": "output",
                    "message": line[:longest],
                }
            )
        print(line, flush=True)

    return tell


def tell_nginx(line: str, process: int) -> None:
    """A line of nginx, without whose request it was."""
    found = re.search(r"\[(\w+)\] [\d#]+: (?:\*\d+ )?(.*?)(?:, client: .*)?$", line)
    level, text = found.groups() if found else ("warn", line.partition("client")[0])
    known = {"notice": logging.INFO, "info": logging.INFO, "warn": logging.WARNING}
    _log.log(known.get(level, logging.ERROR), "nginx: %s", re.sub(r'"[^"]*"', "(hidden)", text))


def is_ready(port: int) -> bool:
    """Whether the process at this port would serve a visitor at once."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=5) as answer:
            return answer.status == 200
    except OSError:  # nobody listens, or it says 503
        return False


def is_there(port: int) -> bool:
    """Whether anyone listens at this port."""
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0

"""Uploaded files are read in processes that can be killed, so that none takes the server along.

Parsers of HDF5 and of the programs of patch-clamp rigs are native code, and a file is whatever
somebody sends. Here is the server's side; `reading_child` is the other. What comes back is JSON
and plain numbers, nothing that could run a program when it is taken up.
"""

import atexit
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np

import glifcore
from glifcore.readers.contents import megabytes
from glifcore.recordings import (
    DEFAULT_BYTES,
    Channel,
    Recording,
    RecordingError,
    load_recording,
)

from ..limits import LIMITS, Limits
from .reading_child import frame, receive, receive_head

_log = logging.getLogger(__name__)

_PROGRAM = Path(__file__).with_name("reading_child.py")
_PATIENCE = 5.0
"""Seconds beyond the limit after which even the keeper of a reader is not waited for."""
_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""A process with one thread can be forked at any time."""


class Reading:
    """The reading of files for all visitors of one server process.

    Args:
        program: that reads them.
    """

    def __init__(self, program: Path = _PROGRAM) -> None:
        self._program = program
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        atexit.register(self.close)

    def read(
        self,
        name: str,
        content: bytes,
        channel: int = 0,
        unit: str | None = None,
        limits: Limits = LIMITS,
    ) -> Recording:
        """The recording in an uploaded file; waits for it, so call it off the event loop.

        Args:
            name: of the file.
            content: of the file.
            channel: which signal to read.
            unit: of the numbers in the file, whatever it says; None for what it says.
            limits: what it may take.

        Raises:
            RecordingError: it is no recording, takes more than it may, crashed its reader, or finds
                the disk full.
            RuntimeError: a reader has an error of its own.
        """
        _check_size(name, content, limits)
        largest = max(DEFAULT_BYTES, int(1e6 * limits.upload_mb))
        wanted = {"name": name, "channel": channel, "unit": unit, "largest": largest}
        if not hasattr(os, "fork"):
            # Windows has neither fork nor limits of a process: there, as in a notebook of one's
            # own, a file is read where it is asked for, and only its size is limited.
            return load_recording(content, **wanted)
        order = {
            **wanted,
            "size": len(content),
            "seconds": limits.read_seconds,
            "megabytes": limits.read_mb,
        }
        try:
            head, body = self._answer(order, content, limits)
            if "ended" not in head:
                return _recording_of(head, body)
            how = str(head["ended"])
        except TimeoutError:
            how = "time"
        except (EOFError, OSError):
            how = "the end of its process"
        except (LookupError, TypeError, ValueError) as error:
            if isinstance(error, RecordingError):
                raise
            how = "an answer that is none"
        _log.warning("The reading of an uploaded file was ended by: %s", how)
        raise RecordingError(_why(name, how, limits))

    def start(self) -> None:
        """Have the readers loaded, so that the first file does not wait for them."""
        with self._lock:
            self._started()

    def close(self) -> None:
        """End the program; readers that are under way end with what listens to them."""
        with self._lock:
            if self._control is not None:
                self._control.close()
            if self._process is not None and self._owner == os.getpid():
                try:
                    self._process.wait(_PATIENCE)
                except subprocess.TimeoutExpired:
                    self._process.kill()
                    self._process.wait()
            self._control = self._process = None

    def _answer(
        self, order: dict[str, Any], content: bytes, limits: Limits
    ) -> tuple[dict[str, Any], bytearray]:
        """What a reader makes of a file: a head, and the numbers after it."""
        connection = self._connect()
        with connection:
            deadline = time.monotonic() + limits.read_seconds + _PATIENCE
            connection.settimeout(limits.read_seconds + _PATIENCE)
            connection.sendall(frame(order))
            connection.sendall(content)
            head = receive_head(connection)
            if "ended" in head:
                return head, bytearray()
            connection.settimeout(max(deadline - time.monotonic(), 1.0))
            head = receive_head(connection)
            size = _bytes_of(head)
            if not 0 <= size <= 1e6 * limits.read_mb:
                raise ValueError(size)
            return head, receive(connection, size)

    def _connect(self) -> socket.socket:
        """A connection to a process that reads one file."""
        with self._lock:
            for again in (True, False):
                ours, theirs = socket.socketpair()
                try:
                    with theirs:
                        socket.send_fds(self._started(), [b"+"], [theirs.fileno()])
                    return ours
                except OSError:  # the program was killed; another one takes its place
                    ours.close()
                    if self._control is not None:
                        self._control.close()
                        self._control = None
                    if not again:
                        raise
        raise AssertionError

    def _started(self) -> socket.socket:
        """The wire to the program, which is started where it does not run."""
        # A server of several processes is forked; each has a program of its own.
        if self._control is None or self._owner != os.getpid():
            ours, theirs = socket.socketpair()
            if self._process is not None and self._owner == os.getpid():
                self._process.kill()
                self._process.wait()
            with theirs:
                folder = os.path.dirname(os.path.abspath(glifcore.__file__))
                self._process = subprocess.Popen(
                    [sys.executable, "-P", "-W", "ignore", str(self._program), folder],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    env={**os.environ, **_ONE_THREAD},
                )
            self._control, self._owner = ours, os.getpid()
        return self._control


_READING = Reading()
"""Shared by all visitors, as the pool of threads is; it keeps nothing of any of them."""

read_recording = _READING.read


def _check_size(name: str, content: bytes, limits: Limits) -> None:
    if len(content) > 1e6 * limits.upload_mb:
        raise RecordingError(
            f"{name!r} has {megabytes(len(content))}; this server opens files of at most "
            f"{limits.upload_mb} MB. Cut out what you need, or have it raise GLIFSCOPE_UPLOAD_MB."
        )


def _bytes_of(head: dict[str, Any]) -> int:
    """How many bytes of numbers follow a head."""
    if "shape" not in head:
        return 0
    count, length = (int(x) for x in head["shape"])
    return 8 * length * (count + 1 + bool(head["sem"]))


def _recording_of(head: dict[str, Any], body: bytearray) -> Recording:
    """The recording that was sent; whatever it is not is refused."""
    if "refused" in head:
        raise RecordingError(str(head["refused"]))
    if "broken" in head:
        raise RuntimeError(f"A reader of recordings broke: {head['broken']}")
    count, length = head["shape"]
    numbers = np.frombuffer(body).reshape(-1, length)
    if count < 1 or not np.isfinite(numbers).all():
        raise ValueError("no recording")
    return Recording(
        name=str(head["name"]),
        format=str(head["format"]),
        channels=tuple(Channel(str(name), str(unit)) for name, unit in head["channels"]),
        channel=range(len(head["channels"]))[head["channel"]],
        time=numbers[0],
        sweeps=numbers[1 : count + 1],
        sem=numbers[count + 1] if head["sem"] else None,
        scale=float(head["scale"]),
        notes=tuple(map(str, head["notes"])),
    )


def _why(name: str, how: str, limits: Limits) -> str:
    """What is told of a reader that was ended."""
    if how == "time":
        return (
            f"Reading {name!r} was stopped after {limits.read_seconds} s; a file may take no "
            "longer here. Cut out what you need, or have this server raise GLIFSCOPE_READ_SECONDS."
        )
    if how == "memory":
        return (
            f"Reading {name!r} takes more than {limits.read_mb} MB of memory; a file may take no "
            "more here. Cut out what you need, or have this server raise GLIFSCOPE_READ_MB."
        )
    if how == "room":
        return (
            f"The disk of this server has no room left to read {name!r}; the file is not at fault. "
            "Try again later, or tell whoever runs the server."
        )
    return (
        f"{name!r} crashed its reader ({how}); a file must be whole and of a known kind, and may "
        f"take {limits.read_seconds} s and {limits.read_mb} MB. Export it again, as CSV if need be."
    )

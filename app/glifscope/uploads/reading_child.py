"""The other side of `reading`: processes in which uploaded files are read, and nothing else is.

It is run as a program of its own, by its path, and knows nothing of the page. The program loads
the readers once and then waits; for each file it forks a keeper, and the keeper a worker. The
worker reads the file under the limits. The keeper waits for it, no longer than it may take and no
longer than the server listens, kills it, clears away its files, and tells how it ended. When the
server goes, however it goes, its sockets close, and all of them go.
"""

import errno
import importlib
import json
import os
import select
import signal
import socket
import struct
import sys
import tempfile
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from types import ModuleType
from typing import Any

_LENGTH = struct.Struct(">Q")
_LIBRARIES = ("pyabf", "h5py", "neo.rawio", "pynwb")
"""Slow to import, so they are there before a file asks for them, and none while one waits."""
_NO_MEMORY, _NO_ROOM = 3, 4
"""How a worker exits for which the memory, or the room on the disk, was too little."""
_FULL = (errno.ENOSPC, errno.EDQUOT)
_NICE = 10
"""Pictures of all visitors come before the file of one."""
_MOST_FILES = 64


def frame(head: dict[str, Any]) -> bytes:
    """A message as it is sent: how long it is, and what it says as JSON."""
    text = json.dumps(head).encode()
    return _LENGTH.pack(len(text)) + text


def receive(connection: socket.socket, size: int) -> bytearray:
    """Exactly so many bytes.

    Raises:
        EOFError: the other side closed before.
    """
    data = bytearray(size)
    view = memoryview(data)
    while view:
        count = connection.recv_into(view)
        if not count:
            raise EOFError
        view = view[count:]
    return data


def receive_head(connection: socket.socket, most: int = 1 << 24) -> dict[str, Any]:
    """The message that `frame` made.

    Raises:
        EOFError: the other side closed before, or sent none.
    """
    (size,) = _LENGTH.unpack(receive(connection, _LENGTH.size))
    if size > most:
        raise EOFError
    return json.loads(bytes(receive(connection, size)))


def main(load: Callable[..., Any] | None = None) -> None:
    """Serve until the server, at the other end of standard input, is gone.

    Args:
        load: what reads a file; `glifcore.load_recording`, unless a test has something worse.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers are not waited for
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of the terminal; the server is told and closes
    # Not `os.nice`, which would add to what the starting thread has stepped back.
    os.setpriority(os.PRIO_PROCESS, 0, max(_NICE, os.getpriority(os.PRIO_PROCESS, 0)))
    control = socket.socket(fileno=0)
    ours = _loader()
    load = load or ours
    with _place() as folder:
        tempfile.tempdir = folder
        _serve(control, load)
        with suppress(ChildProcessError):  # keepers hear it too, and are soon gone
            os.wait()


def _place() -> AbstractContextManager[str | None]:
    """One place for what all keepers write, so that nothing stays of one that was killed.

    Where the disk is full there is none; each keeper then looks for one, and says so.
    """
    try:
        return tempfile.TemporaryDirectory(prefix="glifscope-", ignore_cleanup_errors=True)
    except OSError:
        return nullcontext()


def _serve(control: socket.socket, load: Callable[..., Any]) -> None:
    """Fork a keeper for each connection, until there will be no more."""
    waiting = list(_LIBRARIES)
    while True:
        if waiting and not select.select([control], [], [], 0)[0]:
            with suppress(ImportError):  # the reader says what is missing
                importlib.import_module(waiting.pop(0))
            continue
        message, files, *_ = socket.recv_fds(control, 1, 1)
        if not message:
            return
        for number in files:
            if not os.fork():
                control.close()
                _exit_after(lambda number=number: _keep(socket.socket(fileno=number), load))
            os.close(number)


def _loader() -> Callable[..., Any]:
    """`load_recording`, without JAX, which importing glifcore itself would import."""
    package = ModuleType("glifcore")
    package.__path__ = [sys.argv[1]]
    sys.modules["glifcore"] = package
    return importlib.import_module("glifcore.recordings").load_recording


def _exit_after(act: Callable[[], int | None]) -> None:
    """Do this in a process that was just forked, and end it: nothing of its parent is unwound."""
    code = 1
    try:
        code = act() or 0
    except MemoryError:
        code = _NO_MEMORY
    except (EOFError, OSError):
        pass  # the server has gone, or does not listen any more
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(code)


def _keep(connection: socket.socket, load: Callable[..., Any]) -> None:
    """Have one file read, and tell the server what came of it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    order = receive_head(connection)
    content = bytes(receive(connection, order["size"]))
    try:
        place = tempfile.TemporaryDirectory()
    except OSError:
        connection.sendall(frame({"ended": "room"}))
        return
    with place as folder:
        reply = os.path.join(folder, "reply")
        ended, held = os.pipe()
        worker = os.fork()
        if not worker:
            connection.close()
            _exit_after(lambda: _work(load, order, content, folder, reply))
        os.close(held)
        # The worker's end of the pipe closes with it; the server says no more, so what can be read
        # of its socket is the end of it.
        known = select.select([ended, connection], [], [], order["seconds"])[0]
        if ended not in known:
            os.kill(worker, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1])
        how = "time" if not known else _how(code)
        if how:
            connection.sendall(frame({"ended": how}))
        else:
            with open(reply, "rb") as file:
                connection.sendall(frame({}))
                connection.sendfile(file)


def _how(code: int) -> str:
    """What a worker's exit code means; "" where it did what it should."""
    if code >= 0:
        return {0: "", _NO_MEMORY: "memory", _NO_ROOM: "room"}.get(code, f"exit code {code}")
    if -code in (signal.SIGXCPU, signal.SIGALRM):
        return "time"
    return signal.Signals(-code).name


def _work(
    load: Callable[..., Any], order: dict[str, Any], content: bytes, folder: str, reply: str
) -> int:
    """Read a file under the limits, and write what came of it."""
    _limit(order["seconds"], order["megabytes"])
    tempfile.tempdir = folder
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):  # what a library prints may be of the file
        os.dup2(quiet, stream)
    wanted = {key: order[key] for key in ("name", "channel", "unit", "largest")}
    # Not at the head of the module: `_loader` comes before glifcore.
    from glifcore.levels import ParameterError

    arrays: list[Any] = []
    try:
        made = load(content, **wanted)
        head = _head_of(made, order["largest"])
        arrays = [made.time, made.sweeps, *([] if made.sem is None else [made.sem])]
    except MemoryError:
        return _NO_MEMORY
    except ParameterError as error:
        head = {"refused": str(error)}
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _FULL:
            return _NO_ROOM
        # Where it happened, not what the error says: that may be of the file.
        places = "".join(traceback.format_tb(error.__traceback__))
        head = {"broken": f"{type(error).__name__}\n{places}"}
    try:
        with open(reply, "wb") as file:
            file.write(frame(head))
            for array in arrays:
                array.tofile(file)
    except OSError:
        return _NO_ROOM
    return 0


def _head_of(made: Any, largest: int) -> dict[str, Any]:
    """What is told of a recording before its numbers.

    Raises:
        RecordingError: the server would hold too much of it.
    """
    from glifcore.readers.contents import RecordingError, megabytes

    if made.sweeps.nbytes > largest:
        raise RecordingError(
            f"{made.name!r} has {megabytes(made.sweeps.nbytes)} of samples; the limit is "
            f"{megabytes(largest)}. Cut out what you need."
        )
    told = ("name", "format", "channels", "channel", "scale", "notes")
    shape = {"shape": made.sweeps.shape, "sem": made.sem is not None}
    return shape | {key: getattr(made, key) for key in told}


def _limit(seconds: float, megabytes: float) -> None:
    """Let the kernel end or refuse what takes more; a keeper may have been killed."""
    import resource  # not on Windows, where `reading` does not come here

    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds + 1)
    memory = int(1e6 * megabytes)
    processor = int(seconds) + 1
    mapped = 0
    with suppress(OSError):
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
        mapped = int(pages) * resource.getpagesize()
    limits = {
        resource.RLIMIT_CPU: processor,
        resource.RLIMIT_FSIZE: memory,
        resource.RLIMIT_NOFILE: _MOST_FILES,
        resource.RLIMIT_CORE: 0,
        # All that is mapped, of which the readers themselves are a part that costs nothing more.
        resource.RLIMIT_AS: mapped + memory,
    }
    for kind, most in limits.items():
        with suppress(ValueError, OSError):  # macOS takes no limit of the memory
            resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    main()

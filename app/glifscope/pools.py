"""Where work is done off the event loop: pictures at once, heavy work behind them.

Threads for heavy work step back, so that one visitor's population does not slow the pictures of
others; and each visitor has only so much heavy work in them at a time, while the rest of it waits.
"""

import os
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple, ParamSpec, TypeVar

from .limits import LIMITS

P = ParamSpec("P")
T = TypeVar("T")

_NICE = 10
"""How far a thread of heavy work steps back, of 19."""


def _step_back() -> None:
    """Let other threads go first, where the system grants it to single threads (Linux)."""
    if hasattr(os, "setpriority"):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)


# Shared by all visitors of a process; neither knows of whom its work is.
LIVE = ThreadPoolExecutor(LIMITS.threads, "live")
HEAVY = ThreadPoolExecutor(2 * LIMITS.threads, "heavy", initializer=_step_back)


class Share(Executor):
    """One visitor's share of a pool: so many of its jobs run at a time, and the others wait.

    Args:
        pool: shared by all.
        most: jobs that are in the pool at a time.
    """

    def __init__(self, pool: Executor, most: int) -> None:
        self._pool, self._most = pool, most
        self._lock = threading.Lock()
        self._waiting: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._running = 0

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have this done in the pool, when it is its turn."""
        future: Future[T] = Future()
        with self._lock:
            self._waiting.append((future, partial(fn, *args, **kwargs)))
        self._next()
        return future

    def _next(self) -> None:
        with self._lock:
            if self._running >= self._most or not self._waiting:
                return
            self._running += 1
            job = self._waiting.popleft()
        self._pool.submit(self._work, *job)

    def _work(self, future: Future[Any], job: Callable[[], Any]) -> None:
        if future.set_running_or_notify_cancel():
            try:
                result = job()
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)
        with self._lock:
            self._running -= 1
        self._next()


class Pools(NamedTuple):
    """Of one visitor.

    Attributes:
        live: for pictures that take some milliseconds.
        heavy: for what takes longer.
    """

    live: Executor
    heavy: Executor


def visitor_pools() -> Pools:
    """What one more visitor may use."""
    return Pools(LIVE, Share(HEAVY, LIMITS.heavy_jobs))

"""Work that takes long is done in a thread, and what comes of it is told on the page's own loop."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from typing import Any

import panel as pn

from .trouble import caught


class Background:
    """The way off the event loop and back, for one visitor.

    Args:
        pool: where the work is done, shared by all visitors.
    """

    def __init__(self, pool: Executor) -> None:
        self._pool = pool
        self._doc = pn.state.curdoc

    def run(self, work: Callable[[], Any], then: Callable[[Future[Any]], None]) -> None:
        """Do this in the pool; then hand what came of it, an exception too, to `then`.

        What `then` does not expect is logged and told.
        """
        future = self._pool.submit(work)
        if self._doc is None:  # a notebook without a server: wait for it
            _end(then, future)
        else:
            future.add_done_callback(lambda done: self.on_loop(partial(_end, then, done)))

    def on_loop(self, act: Callable[[], None]) -> None:
        """Do this on the event loop, from whichever thread."""
        if self._doc is None:
            act()
        else:
            self._doc.add_next_tick_callback(act)


def _end(then: Callable[[Future[Any]], None], done: Future[Any]) -> None:
    try:
        then(done)
    except Exception as error:
        caught(error)

"""What the server does once, before its first visitor."""

import gc
import os
import threading
from pathlib import Path
from typing import Any

import jax

# Bokeh asks at each message whether a value is of pandas, as soon as anyone has begun to import it:
# so it is whole before the first message, and not begun by HoloViews in the warm-up's thread.
import pandas  # noqa: F401
from glifscope.cells.workspace import warm_up as warm_up_cells
from glifscope.choices import Choices
from glifscope.climb import compute_climb
from glifscope.firing import compute_firing
from glifscope.population.detail import warm_up as warm_up_population
from glifscope.results import warm_up
from glifscope.server import COMPILED, document_of, prepare
from glifscope.synapses.workspace import warm_up as warm_up_synapses
from glifscope.workshop.results import warm_up as warm_up_workshop

QUIET = 4.0
"""Seconds that it takes to open a page."""

PATIENCE = 30.0
"""Seconds that a server which is to end waits for what is just being compiled."""

_ENDING, _WARM = threading.Event(), threading.Event()
_WARM.set()  # nothing is being compiled

prepare()


def on_server_loaded(server_context: Any) -> None:
    """Compile the simulation now, and the rest in the background, so that no visitor waits.

    What is compiled is kept for the next start: in JAX_COMPILATION_CACHE_DIR, or in the user's
    cache.
    """
    if "JAX_COMPILATION_CACHE_DIR" not in os.environ:
        jax.config.update("jax_compilation_cache_dir", str(Path.home() / ".cache" / "glifscope"))
    warm_up()
    document_of(server_context.application_context)
    _spare_the_collector()
    COMPILED.set()
    _WARM.clear()
    threading.Thread(
        target=_warm_up_the_rest, args=(server_context,), daemon=True, name="warm-up"
    ).start()


def on_server_unloaded(server_context: Any) -> None:
    """Let what is being compiled come to its end: a process that ends meanwhile ends badly."""
    _ENDING.set()
    _WARM.wait(PATIENCE)


def _warm_up_the_rest(server_context: Any) -> None:
    """Compile and import one thing after the other, while no page is being opened."""
    try:
        for warm_up_one in (
            lambda: compute_climb(Choices()),
            lambda: compute_firing(Choices()),
            warm_up_population,
            warm_up_workshop,
            warm_up_cells,
            warm_up_synapses,
        ):
            _wait_for_quiet(server_context)
            if _ENDING.is_set():
                return
            warm_up_one()
        _spare_the_collector()
    finally:
        _WARM.set()


def _wait_for_quiet(server_context: Any) -> None:
    """Wait until no new visitor has come for some seconds; where they keep coming, not for ever."""
    known = None
    for _ in range(2):
        before, known = known, {session.id for session in server_context.sessions}
        if before == known or _ENDING.wait(QUIET):
            return


def _spare_the_collector() -> None:
    """Leave to itself what is there for good, and the few pages that may be open already.

    The garbage collector looked through it every few visits, for a third of a second in which
    nobody was answered.
    """
    gc.collect()
    gc.freeze()

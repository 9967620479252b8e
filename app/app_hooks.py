"""What the server does once, before its first visitor."""

import os
import threading
from pathlib import Path
from typing import Any

import jax
from glifscope.cells import warm_up as warm_up_cells
from glifscope.choices import Choices
from glifscope.climb import compute_climb
from glifscope.firing import compute_firing
from glifscope.population.detail import warm_up as warm_up_population
from glifscope.results import warm_up
from glifscope.synapses import warm_up as warm_up_synapses
from glifscope.workshop.results import warm_up as warm_up_workshop


def on_server_loaded(server_context: Any) -> None:
    """Compile the simulation now, and the rest in the background, so that no visitor waits.

    What is compiled is kept for the next start: in JAX_COMPILATION_CACHE_DIR, or in the user's
    cache.
    """
    if "JAX_COMPILATION_CACHE_DIR" not in os.environ:
        jax.config.update("jax_compilation_cache_dir", str(Path.home() / ".cache" / "glifscope"))
    warm_up()
    threading.Thread(target=_warm_up_the_rest, daemon=True, name="warm-up").start()


def _warm_up_the_rest() -> None:
    compute_climb(Choices())
    compute_firing(Choices())
    warm_up_population()
    warm_up_workshop()
    warm_up_cells()
    warm_up_synapses()

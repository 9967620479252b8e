"""What the server does once, before its first visitor."""

import os
import threading
from pathlib import Path
from typing import Any

import jax
from glifscope.results import warm_up
from glifscope.workshop.results import warm_up as warm_up_workshop


def on_server_loaded(server_context: Any) -> None:
    """Compile the simulation now, and the fits in the background, so that no visitor waits.

    What is compiled is kept for the next start: in JAX_COMPILATION_CACHE_DIR, or in the user's
    cache.
    """
    if "JAX_COMPILATION_CACHE_DIR" not in os.environ:
        jax.config.update("jax_compilation_cache_dir", str(Path.home() / ".cache" / "glifscope"))
    warm_up()
    threading.Thread(target=warm_up_workshop, daemon=True, name="warm-up").start()

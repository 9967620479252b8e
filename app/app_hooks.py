"""What the server does once, before its first visitor."""

from typing import Any

from glifscope.results import warm_up


def on_server_loaded(server_context: Any) -> None:
    """Compile the simulation now, so that no visitor waits for it."""
    warm_up()

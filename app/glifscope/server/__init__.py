"""What this server adds to Panel's: headers, bounds, promptness, a health address, logs.

`app_hooks.py` calls `prepare` while Panel reads it, before the server's addresses are settled.
Nothing here is for a notebook.
"""

from typing import Any

from bokeh.server.urls import per_app_patterns, toplevel_patterns
from bokeh.server.views.doc_handler import DocHandler
from bokeh.settings import settings
from tornado.websocket import WebSocketHandler

from . import headers, logs
from .frame import Framed, document_of
from .memory import give_back
from .places import Bounded
from .prompt import Prompt
from .ready import COMPILED, Ready

__all__ = ["COMPILED", "document_of", "prepare"]


def prepare() -> None:
    """Add it all, to the lists where Panel too puts its handlers; once more changes nothing."""
    give_back()
    settings.perform_document_validation = False  # of each page anew, while all wait
    logs.install()
    headers.install()
    per_app_patterns[:] = [(route, _ours(handler)) for route, handler, *_ in per_app_patterns]
    if not any(pattern[1] is Ready for pattern in toplevel_patterns):
        toplevel_patterns.append((r"/ready", Ready))


def _ours(handler: Any) -> Any:
    """This handler of a page, its script, its data or its websocket, bounded and with headers."""
    if issubclass(handler, Bounded):
        return handler
    prompt = (Prompt,) if issubclass(handler, WebSocketHandler) else ()
    framed = (Framed,) if issubclass(handler, DocHandler) else ()
    return type(handler.__name__, (Bounded, headers.Headed, *prompt, *framed, handler), {})

"""What goes wrong although it should not: logged once with its cause, and told in a sentence."""

import logging
from typing import Any

import panel as pn

_log = logging.getLogger(__name__)

# Panel logs a failed change itself, with all that the visitor chose or uploaded, and hands it on.
logging.getLogger("panel.reactive").addFilter(
    lambda record: not str(record.msg).startswith("Callback failed")
)


def forget_with_the_session() -> None:
    """Have this session's place for such sentences end with it.

    Panel 1.9 keeps the place for ever, and with it the session.
    """
    area, doc = pn.state.notifications, pn.state.curdoc
    if area is not None and doc is not None:

        def forget(context: Any) -> None:
            kept = pn.state._views
            for ref in [ref for ref, (view, *_) in kept.items() if view is area]:
                del kept[ref]

        doc.on_session_destroyed(forget)


class Trouble:
    """The faults of one part of the page; one that comes again and again is logged and told once.

    Args:
        part: what the page calls it.
    """

    def __init__(self, part: str) -> None:
        self._part = part
        self._last: tuple[type, str] | None = None

    def tell(self, error: BaseException) -> None:
        """Log a fault and tell the visitor of it."""
        now = type(error), str(error)
        if now != self._last:
            self._last = now
            _report(f"{self._part} could not be drawn", error)

    def over(self) -> None:
        """Note that it went well again."""
        self._last = None


def caught(error: BaseException) -> None:
    """Log and tell a fault of what a visitor's click or choice sets off."""
    _report("That did not work", error)


def _report(what: str, error: BaseException) -> None:
    _log.error(what, exc_info=error)
    tell(
        f"{what}: a fault of this page, which is in the server's log. What you chose is kept, "
        "and the rest of the page goes on.",
        "error",
    )


def tell(sentence: str, kind: str) -> None:
    """Show a sentence at the page's edge; a success goes by itself, a warning or error stays."""
    area = pn.state.notifications
    if area is not None:
        getattr(area, kind)(sentence, duration=2500 if kind == "success" else 0)

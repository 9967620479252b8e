"""Latest wins: pictures are computed for the newest choices only, and never faster than painted.

A drag makes more choices than can be drawn. `Gate` computes one picture at a time, in a thread, for
what is chosen at that moment; choices that come meanwhile overwrite each other. The page answers
each picture after it is painted, and at most two are unanswered at a time, so nothing queues up on
a slow page or a slow network. A page that does not answer at all is asked again after ten seconds.

Private names of Panel are needed for this, here and nowhere else: `_debounce`, by which a widget
holds its events back for 50 ms; `_busy__ignore`, without which each event is sent to the page's
busy indicator too; and the coroutine that takes up clicks.
"""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

import panel as pn
from bokeh.core.properties import Int
from bokeh.model import DataModel
from bokeh.models import CustomJS, Spacer
from panel.reactive import Syncable

from .trouble import Trouble

# A click that overtakes a change takes it along. Panel does so without the document's lock, and
# then no view could be fed: the change would fail, and the page would stay as it was.
setattr(Syncable._event_coroutine, "lock", True)  # noqa: B010

MOST_UNPAINTED = 2
"""Pictures on their way: while the page paints one, the next is computed."""

PATIENCE_MS = 10_000
"""How long an answer may take, over a slow network too."""

_ANSWER = Path(__file__).with_name("painted.js").read_text(encoding="utf-8")

Choice = TypeVar("Choice")
Picture = TypeVar("Picture")


def send_at_once(component: Any, *names: str) -> None:
    """Let the page's changes of these parameters reach Python without delay or busy indicator."""
    component._debounce = 0
    component._busy__ignore = [*component._busy__ignore, *names]


class PictureNumbers(DataModel):
    """Of the last picture sent, and of the last one on the screen; the page knows both.

    It is of Bokeh alone: with a component of Panel a picture took the server a tenth longer.
    """

    sent = Int(default=0)
    painted = Int(default=0)


class Gate(Generic[Choice, Picture]):
    """The way from a choice to the page, for one visitor.

    Args:
        snapshot: takes the choices; on the event loop.
        compute: makes a picture of them; in a thread of `pool`, where nothing else is touched.
        apply: draws the picture; on the event loop, in one message to the page.
        pool: where pictures are computed, shared by all visitors.
        part: what the page calls what is drawn.

    Attributes:
        numbers: of the pictures sent and painted.
        probe: an invisible element, without which the page does not answer.
    """

    def __init__(
        self,
        snapshot: Callable[[], Choice],
        compute: Callable[[Choice], Picture],
        apply: Callable[[Picture], None],
        pool: Executor,
        part: str,
    ) -> None:
        self.numbers: Any = PictureNumbers(name="picture-numbers")
        self.numbers.js_on_change("sent", CustomJS(code=_ANSWER))
        self.numbers.on_change("painted", lambda attr, old, new: self._advance())
        place = Spacer(width=0, height=0, tags=[self.numbers])
        self.probe = pn.pane.Bokeh(place, width=0, height=0, margin=0)
        self._snapshot = snapshot
        self._compute = compute
        self._apply = apply
        self._pool = pool
        self._trouble = Trouble(part)
        self._stale = False
        self._computing = False
        self._open = False
        self._doc = pn.state.curdoc
        pn.state.onload(self._opened)  # what is sent in one message before that is lost

    def _opened(self) -> None:
        self._open = True
        self._advance()

    def request(self) -> None:
        """Have the present choices drawn as soon as the page can take them."""
        self._stale = True
        self._advance()

    def _advance(self) -> None:
        unpainted = self.numbers.sent - self.numbers.painted
        if not self._open or not self._stale or self._computing or unpainted >= MOST_UNPAINTED:
            return
        self._stale = False
        self._computing = True
        future = self._pool.submit(self._compute, self._snapshot())
        doc = self._doc
        if doc is None:  # a notebook without a server: draw at once
            self._finish(future)
        else:
            future.add_done_callback(
                lambda done: doc.add_next_tick_callback(partial(self._finish, done))
            )

    def _finish(self, future: Future[Picture]) -> None:
        self._computing = False
        number = self.numbers.sent + 1
        try:
            with pn.io.hold(self._doc):
                self._apply(future.result())
                self.numbers.sent = number
        except Exception as error:
            self._trouble.tell(error)
        else:
            self._trouble.over()
            if self._doc is None:
                self.numbers.painted = number
            else:
                self._doc.add_timeout_callback(partial(self._give_up, number), PATIENCE_MS)
        self._advance()

    def _give_up(self, number: int) -> None:
        """Go on without the page's answer, which a browser that is asleep never gives."""
        if self.numbers.painted < number:
            self.numbers.painted = number

"""The time axis of a workspace: what of the run is seen, which the session keeps."""

from typing import Any

import panel as pn
from bokeh.models import Range1d

from .session import LEAST_SEEN, Session


class TimeAxis:
    """The range that plots share, and the session's window; each follows the other.

    Args:
        session: keeps the window.

    Attributes:
        range: of the plots.
    """

    def __init__(self, session: Session) -> None:
        self._session, self._end = session, session.duration
        self._following = self._waiting = False
        self.range: Any = Range1d(min_interval=LEAST_SEEN)
        self._follow()
        for name in ("start", "end"):
            self.range.on_change(name, lambda attr, old, new: self._moved())
        session.param.watch(lambda _: self._follow(), "window")

    def fit(self, duration: float) -> None:
        """Go with a run of another duration, ms, once it is drawn."""
        if duration != self._end:
            self._end = duration
            self._follow()

    def _follow(self) -> None:
        """Show the session's window, as soon as there is a run as long as that."""
        start, end = self._session.window or (0.0, self._end)
        bounds = (0.0, self._end)
        if end > self._end or (self.range.bounds == bounds and self._seen == self._session.window):
            return
        self._following = True
        # The bounds first: the page holds the ends within those that it knows.
        self.range.update(bounds=bounds, reset_start=bounds[0], reset_end=bounds[1])
        self.range.update(start=start, end=end)
        self._following = False

    def _moved(self) -> None:
        """Tell the session, once both ends have moved."""
        if self._following or self._waiting:
            return
        self._waiting = True
        doc: Any = pn.state.curdoc
        if doc is None:  # a notebook
            self._tell()
        else:
            doc.add_next_tick_callback(self._tell)

    def _tell(self) -> None:
        self._waiting = False
        self._session.window = self._seen

    @property
    def _seen(self) -> tuple[float, float] | None:
        start, end = (round(float(x), 2) for x in (self.range.start, self.range.end))
        return None if start <= 0.0 and end >= self._end else (start, end)

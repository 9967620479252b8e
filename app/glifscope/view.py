"""What all views share: they draw the last picture, and are fed only while they are shown."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import panel as pn
from bokeh.models import ColumnDataSource, Range1d

from .equations import explained
from .figures import plot
from .legend import legend
from .page_text import html
from .results import Frame, Results
from .trouble import Trouble


class Reading(NamedTuple):
    """A number that the shared cursor reads out: a column of a source, and how it is told."""

    column: str
    label: str
    unit: str
    digits: int


class View(pn.viewable.Viewer):
    """Something that draws the last picture of Results, built once and then only fed.

    A view that is not `shown` is not fed, and catches up when it is shown again. A view that fails
    says so, and leaves the others alone.

    Attributes:
        title: what the page calls it.
    """

    title: str

    def __init__(self, results: Results) -> None:
        super().__init__()
        self._results = results
        self._shown = True
        self._trouble = Trouble(self.title)
        self._build()
        self._draw()
        results.param.watch(lambda _: self._draw(), "frame")

    def _build(self) -> None:
        raise NotImplementedError

    def draw(self, frame: Frame) -> None:
        """Show this picture."""
        raise NotImplementedError

    def _draw(self) -> None:
        if self._shown:
            assert self._results.frame is not None
            try:
                self.draw(self._results.frame)
            except Exception as error:
                self._trouble.tell(error)
            else:
                self._trouble.over()

    @property
    def shown(self) -> bool:
        """Whether the view is on the page."""
        return self._shown

    @shown.setter
    def shown(self, shown: bool) -> None:
        if shown != self._shown:
            self._shown = shown
            if shown:
                self._draw()
            else:
                self._empty()

    def _empty(self) -> None:
        """Let go of what is not shown any more."""


class TimeView(View):
    """A view of traces on a time axis that it shares with others.

    Args:
        results: what is drawn.
        time: the axis; one of its own where there is none.
        prefix: of the names of its plots and sources.

    Attributes:
        equations: the name of its equations, if it has some.
        readings: what the shared cursor reads out of `source`.
        figure: the plot.
        source: its traces, with the times in column t.
    """

    equations = ""
    readings: tuple[Reading, ...]
    figure: Any
    source: ColumnDataSource

    def __init__(self, results: Results, time: Range1d | None = None, prefix: str = "") -> None:
        assert results.frame is not None
        self._time = time or Range1d(start=0.0, end=results.frame.choices.duration)
        self._prefix = prefix
        self._head = html()
        self._in_legend: Mapping[str, Any] = {}
        super().__init__(results)

    def _source(self, name: str, *columns: str) -> ColumnDataSource:
        """An empty source with these columns, the times among them."""
        data: dict[str, Any] = {column: [] for column in ("t", *columns)}
        return ColumnDataSource(data, name=self._prefix + name)

    def _plot(self, name: str, y_label: str, height: int, **options: Any) -> Any:
        """An empty plot on the time axis."""
        return plot(f"{self._prefix}{name}-figure", y_label, height, self._time, **options)

    def _empty(self) -> None:
        """Hold no traces, which would be told by the cursor as they were."""
        nothing: dict[str, Any] = {str(column): [] for column in self.source.data}
        self.source.data = nothing

    def _name(self, entries: Mapping[str, Any]) -> None:
        """Say above the plot what these glyphs stand for; the equations are beside it."""
        if entries == self._in_legend:
            return  # as with most pictures
        self._in_legend = entries
        text = legend(entries)
        if self.equations:
            text = f'<div class="head">{text}{explained(self.equations)}</div>'
        self._head.object = text

    def __panel__(self) -> Any:
        return pn.Column(
            self._head, figure_pane(self.figure), sizing_mode="stretch_width", margin=0
        )


def figure_pane(figure: Any) -> pn.pane.Bokeh:
    """A plot that is as wide as there is room."""
    return pn.pane.Bokeh(figure, sizing_mode="stretch_width", margin=0)


def page_source(name: str, columns: list[str]) -> ColumnDataSource:
    """A source that the page fills itself: what it holds is not sent back."""
    source = ColumnDataSource({column: [] for column in columns}, name=name)
    source.syncable = False
    return source

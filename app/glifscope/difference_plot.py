"""A plot below another: how what is shown differs from what is pinned."""

from typing import Any

import numpy as np
import panel as pn
from bokeh.models import ColumnDataSource, Range1d

from .figures import GREY, PURPLE, SOLID, plot, set_range
from .legend import legend
from .page_text import html
from .view import figure_pane


class DifferencePlot(pn.viewable.Viewer):
    """Hidden until there is a difference.

    Args:
        name: of the figure.
        text: what is less what, for the legend.
        source: has the column "difference".
        x: the column across.
        x_range: shared with the plot above.
        height: pixels.
        least: the smallest extent of the axis that makes sense, 1/s.
        **options: of the plot.
    """

    def __init__(
        self,
        name: str,
        text: str,
        source: ColumnDataSource,
        x: str,
        x_range: Range1d,
        height: int,
        least: float,
        **options: Any,
    ) -> None:
        super().__init__()
        self._least = least
        fig = self.figure = plot(name, "Δ rate (1/s)", height, x_range, **options)
        line = fig.line(x, "difference", source=source, line_color=PURPLE, **SOLID)
        fig.hspan(y=[0.0], line_color=GREY, line_width=1)
        self.column = pn.Column(
            html(legend({text: line.glyph})),
            figure_pane(fig),
            sizing_mode="stretch_width",
            margin=0,
            visible=False,
        )

    def show(self, difference: np.ndarray | None) -> None:
        """Make room for these values, 1/s; None hides the plot."""
        if self.column.visible != (difference is not None):
            self.column.visible = difference is not None
        if difference is not None:
            reach = float(np.nanmax(np.abs(difference), initial=0.0))
            set_range(self.figure.y_range, -reach, reach, self._least)

    def __panel__(self) -> Any:
        return self.column

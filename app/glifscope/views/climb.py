"""The climb: five levels in bands, once refitted and once by their flags.

All bands share one scale, so heights compare within a figure and between the two; a click on a band
chooses its level, and so does the menu above it.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import panel as pn
from bokeh.models import Range1d

from glifcore import GlifModel

from ..climb import Climb, Run, captions, introduction, told
from ..climb_bands import ENTRIES, PINNED_ENTRY, Bands
from ..downloads import take_away
from ..export.climb import climb_csv, climb_document, climb_figure, climb_script
from ..layout import card
from ..legend import legend
from ..page_text import html, problems_as_html, sentence, show


class ClimbView(pn.viewable.Viewer):
    """Both ways up, next to each other or, on a narrow page, below each other.

    Args:
        time: the time axis, shared with other plots.
        on_choose: takes the level that was clicked, and whether its refit was.
    """

    def __init__(self, time: Range1d, on_choose: Callable[[GlifModel, bool], None]) -> None:
        super().__init__()
        self._last: Climb | None = None
        self._intro, self._legend = html(visible=False), html(legend(ENTRIES))
        self.refitted = Bands("refitted", time, lambda level: on_choose(level, True))
        self.flags = Bands("flags", time, lambda level: on_choose(level, False))
        self._notes = html(visible=False, margin=(6, 0, 0, 0))
        self._columns = [
            pn.Column(
                pn.Row(bands.title, bands.menu, sizing_mode="stretch_width", margin=0),
                bands.pane,
                sizing_mode="stretch_width",
                styles={"flex": "1 1 300px"},
                margin=0,
            )
            for bands in (self.refitted, self.flags)
        ]

    def draw(self, climb: Climb) -> None:
        """Show this climb."""
        show(self._notes, _notes(climb))
        if climb.problems:  # the last picture stays
            return
        self._last = climb
        pinned = () if climb.pinned is None else climb.pinned.runs
        low, high = _extent((*climb.runs, *pinned))
        for bands, runs in ((self.refitted, climb.refitted), (self.flags, climb.flags)):
            bands.draw(runs, [climb.behind(run) for run in runs], low, high)
        show(self._legend, legend(ENTRIES | (PINNED_ENTRY if pinned else {})))
        self._columns[0].visible = bool(climb.refitted)
        show(self._intro, f'<p class="caption">{sentence(introduction(climb))}</p>')

    def __panel__(self) -> Any:
        return card(
            "The climb",
            self._intro,
            self._legend,
            pn.FlexBox(*self._columns, gap="12px", sizing_mode="stretch_width", margin=0),
            self._notes,
            take_away(
                "climb",
                lambda: self._last,
                {"": climb_csv},
                climb_figure,
                climb_script,
                climb_document,
            ),
            equations="climb",
        )


def _extent(runs: tuple[Run, ...]) -> tuple[float, float]:
    """Lowest and highest potential of all runs, mV, in steps of 5 so that it seldom moves."""
    drawn = [run for run in runs if len(run.time)]
    low = min((float(run.V_m.min()) for run in drawn), default=-80.0)
    high = max((float(max(run.V_m.max(), run.threshold[0])) for run in drawn), default=-50.0)
    return 5.0 * np.floor(low / 5.0), 5.0 * np.ceil(high / 5.0 + 0.1)


def _notes(climb: Climb) -> str:
    lines = [f'<p class="caption">{sentence(text)}</p>' for text in captions(climb)]
    return "".join(lines) + problems_as_html(told(climb))

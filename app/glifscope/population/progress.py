"""How far a run is, and the button that ends it; told only once it has taken a while."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import panel as pn
import panel_material_ui as pmui

from ..page_text import html

PATIENCE_MS = 300
"""How long a run may take before anything is told of it."""


class Progress(pn.viewable.Viewer):
    """A bar, a sentence, a button.

    Args:
        cancel: ends the run.
        go_on: goes on with a run that was ended.
    """

    def __init__(self, cancel: Callable[[], None], go_on: Callable[[], None]) -> None:
        super().__init__()
        self._cancel, self._go_on = cancel, go_on
        self._doc = pn.state.curdoc
        self._began = 0.0
        self._last = (False, 0, 0)
        self.bar = pmui.LinearProgress(
            value=0, variant="determinate", visible=False, sizing_mode="stretch_width", margin=0
        )
        self.told = html()
        self.button = pmui.Button(
            label="Cancel", variant="outlined", size="small", visible=False, margin=0
        )
        self.button.on_click(lambda _: (self._cancel if self._last[0] else self._go_on)())

    def begin(self) -> None:
        """Note that a run begins."""
        self._began = time.monotonic()
        self._last = (True, 0, 0)
        if self._doc is not None:
            self._doc.add_timeout_callback(partial(self._look_again, self._began), PATIENCE_MS)

    def _look_again(self, began: float) -> None:
        if began == self._began:
            self.show(*self._last)

    def show(self, going: bool, done: int, count: int) -> None:
        """Tell that `done` of `count` neurons are simulated, and whether it goes on."""
        self._last = (going, done, count)
        late = time.monotonic() - self._began > 0.9e-3 * PATIENCE_MS
        stopped = not going and done < count
        shown = stopped or (going and late)
        text = f"{done:,} of {count:,} neurons" if count else "The first neurons are simulated."
        self.bar.param.update(
            visible=shown and going,
            variant="determinate" if done else "indeterminate",
            value=round(100 * done / count) if count else 0,
        )
        self.button.param.update(visible=shown, label="Cancel" if going else "Go on")
        sentence = f"Stopped after {text}; what is drawn is theirs." if stopped else text
        told = f'<p class="caption">{sentence}</p>' if shown else ""
        if self.told.object != told:
            self.told.object = told

    def __panel__(self) -> Any:
        return pn.Row(
            pn.Column(self.bar, self.told, sizing_mode="stretch_width", margin=0),
            self.button,
            sizing_mode="stretch_width",
            height=40,
            align="center",
            margin=0,
        )

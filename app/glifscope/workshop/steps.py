"""Going through numbered things one by one, where a click on a plot is the other way."""

from collections.abc import Callable
from typing import Any

import numpy as np
import panel as pn
import panel_material_ui as pmui

from ..page_text import html, show


class Steps(pn.viewable.Viewer):
    """A button to the previous and one to the next, and which is shown.

    Args:
        what: the name of one of them.
        choose: takes the index of the one that is wanted.
    """

    def __init__(self, what: str, choose: Callable[[int], None]) -> None:
        super().__init__()
        self._what, self._choose = what, choose
        self._count, self._at = 0, None
        options: dict[str, Any] = {"variant": "outlined", "size": "small", "margin": (4, 4)}
        self.previous = pmui.Button(label=f"Previous {what}", **options)
        self.next = pmui.Button(label=f"Next {what}", **options)
        self.previous.on_click(lambda _: self._step(-1))
        self.next.on_click(lambda _: self._step(1))
        self._told = html(sizing_mode="fixed", width=150, margin=(0, 4))
        self._part = pn.FlexBox(
            self.previous, self.next, self._told, align_items="center", margin=0, visible=False
        )

    def _step(self, by: int) -> None:
        at = self._at if self._at is not None else (-1 if by > 0 else self._count)
        if self._count:
            self._choose(int(np.clip(at + by, 0, self._count - 1)))

    def tell(self, at: int | None, count: int) -> None:
        """Say which of how many is shown, from 0; None for no single one."""
        self._at, self._count = at, count
        self.previous.disabled = at == 0
        self.next.disabled = at is not None and at >= count - 1
        what = self._what
        text = f"{count} {what}{'' if count == 1 else 's'}"
        if at is not None:
            text = f"{what.capitalize()} {at + 1} of {count}"
        show(self._told, f'<p class="caption" role="status">{text}</p>')
        if self._part.visible != (count > 0):
            self._part.visible = count > 0

    def __panel__(self) -> Any:
        return self._part

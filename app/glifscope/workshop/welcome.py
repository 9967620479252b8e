"""What the workshop shows before there is a recording: a place to drop one, and examples."""

from collections.abc import Callable
from typing import Any

import panel as pn
import panel_material_ui as pmui

from ..layout import card
from ..page_text import html
from ..uploads.file_input import file_input
from .examples import TITLES

_TALL = {
    "minHeight": "150px",
    "borderStyle": "dashed",
    "borderWidth": "2px",
    "textTransform": "none",
    "fontSize": "16px",
}


class WelcomeView(pn.viewable.Viewer):
    """A place to drop a recording.

    Args:
        open_file: takes a file's name and content.
        open_example: takes an example's title.
    """

    def __init__(
        self, open_file: Callable[[str, bytes], None], open_example: Callable[[str], None]
    ) -> None:
        super().__init__()
        self.file = file_input(open_file, sx=_TALL)
        self.told = html(visible=False)
        self.examples = {title: self._button(title, open_example) for title in TITLES}

    def _button(self, title: str, open_example: Callable[[str], None]) -> Any:
        button = pmui.Button(
            label=title, variant="outlined", size="small", margin=0, sx={"textTransform": "none"}
        )
        button.on_click(lambda _: open_example(title))
        return button

    def __panel__(self) -> Any:
        return card(
            "From a recorded PSC to a synapse",
            html(
                '<p class="caption">Open a recording of a synaptic current. What is proposed '
                "for it can be dragged: the window, the curve, each handle on it. Least squares "
                "then says how well each number is determined, and the result leaves as a NEST "
                "script.</p>"
            ),
            self.file,
            self.told,
            html(
                '<p class="caption">ABF, NWB, CSV, TSV, ATF and files of other patch-clamp '
                "programs. Or an example:</p>"
            ),
            pn.FlexBox(*self.examples.values(), gap="8px", margin=(8, 0)),
        )

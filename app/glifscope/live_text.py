"""Text that changes with every picture, so must not have the page laid out anew each time."""

from pathlib import Path
from typing import Any

import param
from panel.custom import JSComponent

from .page_text import STYLESHEET


class LiveText(JSComponent):
    """A piece of HTML of ours; Panel's own pane lays the whole page out at every change."""

    text = param.String(default="", doc="The HTML.")

    _esm = Path(__file__).with_name("live_text.js")

    def __init__(self, **params: Any) -> None:
        look = {"stylesheets": [STYLESHEET], "sizing_mode": "stretch_width", "margin": 0}
        super().__init__(**(look | params))

"""The cells as a table: sorted by its heads, walked through by keys, one row chosen.

With a box over the points it lists the cells in the box.

A table of HTML, since Panel's Tabulator cannot be added to a page that was loaded without its half
megabyte of scripts, and no key chooses a row in it.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import panel as pn
import param
from panel.custom import JSComponent

from glifcore import GlifModel

from ..downloads import take_away
from ..layout import card
from ..live import send_at_once
from ..page_text import html
from .atlas import Atlas, label_of
from .choices import COLUMNS, Picture
from .export import table_csv

_HERE = Path(__file__).parent

_HOW = (
    '<p class="caption">explained: share of the spiking that the fit at this level explains. '
    "★ is on the neuron. A head sorts; the arrow keys walk through the rows.</p>"
)


class Rows(JSComponent):
    """The element of the page that shows the rows."""

    content = param.String(default="", doc="JSON: heads, rows, and the name of each row's cell.")
    shown = param.List(default=[], doc="Indices of the cells that are listed.")
    columns = param.List(default=list(COLUMNS), doc="What a head is called in `sort`.")
    sort = param.String(default=COLUMNS[0], doc="The column that sorts; with a minus, downwards.")
    chosen = param.String(default="", doc="Name of the cell that was chosen.")
    marked = param.String(default="", doc="Name of the cell on the neuron.")

    _esm = _HERE / "table.js"
    _stylesheets = [(_HERE / "table.css").read_text(encoding="utf-8")]  # noqa: RUF012


class TableView(pn.viewable.Viewer):
    """The table on its card."""

    def __init__(self, picture: Picture, sort: str) -> None:
        super().__init__()
        self._picture = picture
        looks = {"height": 340, "sizing_mode": "stretch_width", "margin": 0}
        self.rows = Rows(sort=sort, **looks, **_content(picture))
        send_at_once(self.rows, "chosen", "sort")

    def draw(self, picture: Picture) -> None:
        """Show the cells of this picture."""
        self._picture = picture
        new = _content(picture)
        changed = {name: value for name, value in new.items() if getattr(self.rows, name) != value}
        if changed:
            self.rows.param.update(**changed)

    def mark(self, chosen: str, neuron: str) -> None:
        """Mark the rows of the chosen cell and of the one on the neuron."""
        self.rows.param.update(chosen=chosen, marked=neuron)

    def __panel__(self) -> Any:
        files = take_away("atlas", lambda: self._picture, {"": table_csv})
        return card("Every cell a row", self.rows, html(_HOW, margin=(6, 0, 0, 0)), files)


def _content(picture: Picture) -> dict[str, Any]:
    asked, atlas = picture.asked, picture.atlas
    keys = list(dict.fromkeys((asked.x, asked.y)))
    content = {
        "heads": ["cell", "line", "species", "levels", "explained", *map(label_of, keys)],
        "names": atlas.names,
        "rows": _rows(atlas, keys),
    }
    # As one text it is ten times faster to send than as lists.
    return {"content": json.dumps(content), "shown": picture.listed.tolist()}


def _rows(atlas: Atlas, keys: list[str]) -> list[list[Any]]:
    numbers = [atlas.numbers[key].tolist() for key in keys]
    return [
        [
            preset.name,
            preset.line or "–",
            preset.species,
            _brief(preset.levels),
            None if np.isnan(atlas.explained[i]) else float(atlas.explained[i]),
            *(column[i] for column in numbers),
        ]
        for i, preset in enumerate(atlas.presets)
    ]


def _brief(levels: tuple[GlifModel, ...]) -> str:
    """Levels without their common letters; three and more that follow each other as a range."""
    numbers = [int(level.name.removeprefix("GLIF")) for level in levels]
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"{numbers[0]}–{numbers[-1]}"
    return ", ".join(map(str, numbers))

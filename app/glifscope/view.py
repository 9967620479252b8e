"""What all views share: they draw the last picture, and stand on cards with text in one type."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import panel as pn
import panel_material_ui as pmui
from bokeh.models import Range1d

from .results import Frame, Results

STYLESHEET = Path(__file__).with_name("page.css").read_text(encoding="utf-8")


class View(pn.viewable.Viewer):
    """Something that draws the last picture of Results, built once and then only fed."""

    def __init__(self, results: Results) -> None:
        super().__init__()
        self._build()
        assert results.frame is not None
        self.draw(results.frame)
        results.param.watch(lambda event: self.draw(event.new), "frame")

    def _build(self) -> None:
        raise NotImplementedError

    def draw(self, frame: Frame) -> None:
        """Show this picture."""
        raise NotImplementedError


class TimeView(View):
    """A view of traces on a time axis that it shares with others."""

    figure: Any

    def __init__(self, results: Results, time: Range1d) -> None:
        self._time = time
        super().__init__(results)

    def __panel__(self) -> Any:
        return pn.pane.Bokeh(self.figure, sizing_mode="stretch_width", margin=0)


def readouts(values: Mapping[str, str]) -> str:
    """Named numbers with units, as HTML."""
    items = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in values.items())
    return f'<dl class="readouts">{items}</dl>'


def html(text: str = "", **options: Any) -> pn.pane.HTML:
    """A piece of text in the page's own type."""
    options = {"sizing_mode": "stretch_width", "margin": 0} | options
    return pn.pane.HTML(text, stylesheets=[STYLESHEET], **options)


def card(title: str, *parts: Any, **options: Any) -> pmui.Paper:
    """A titled surface that plots stand on."""
    heading = html(f'<h2 class="card-title">{title}</h2>')
    return pmui.Paper(
        pn.Column(heading, *parts, sizing_mode="stretch_width", margin=0),
        elevation=0,
        sizing_mode="stretch_width",
        sx={"p": 2, "border": "1px solid", "borderColor": "divider", "borderRadius": 2},
        **options,
    )

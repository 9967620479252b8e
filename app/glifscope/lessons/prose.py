"""Panes for the text of lessons, which is longer than what stands elsewhere on the page."""

from typing import Any

import panel as pn
import panel_material_ui as pmui

from .. import layout
from ..page_text import html

_STYLE = """
p, li { margin: 0 0 8px; font-size: 13.5px; line-height: 1.5; }
p.caption { font-size: 12.5px; margin: 0 0 6px; }
h2 { margin: 0 0 6px; font-size: 17px; font-weight: 600; line-height: 1.3; }
p.goal { color: var(--mui-palette-text-secondary); }
.solved { font-size: 12.5px; font-weight: 500; white-space: nowrap;
  color: var(--mui-palette-success-main, #2e7d32); }
ul, ol { margin: 0 0 8px; padding-left: 20px; }
li { margin-bottom: 4px; }
div.math.block { margin: 2px 0 4px; padding: 6px 0; overflow-x: auto; text-align: center; }
p.now { font-variant-numeric: tabular-nums; }
div.remark { margin: 10px 0 0; padding: 6px 10px; border-left: 3px solid; }
div.remark p { margin-bottom: 4px; }
div.remark ul { list-style: none; padding: 0; margin: 0; }
div.remark li { font-size: 12.5px; margin-bottom: 2px; font-variant-numeric: tabular-nums; }
div.remark li::before { content: "✗ "; }
div.remark li.met::before { content: "✓ "; }
div.remark li span { color: var(--mui-palette-text-secondary); }
div.remark.good { border-color: var(--mui-palette-success-main, #2e7d32); }
div.remark.grave { border-color: var(--mui-palette-warning-main, #ed6c02); }
"""


def prose(text: str = "", **options: bool) -> pn.pane.HTML:
    """A piece of a lesson's text."""
    pane = html(text, **options)
    pane.stylesheets = [*pane.stylesheets, _STYLE]
    return pane


def surface(*parts: Any, **options: Any) -> pmui.Paper:
    """What a lesson stands on, as high as its row; its own first part is its heading."""
    return layout.surface(*parts, look={"height": "100%"}, **options)

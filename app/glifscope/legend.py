"""What the lines and marks of a plot stand for, as a row of words above it.

It is HTML, because Bokeh's own legend is laid out and painted anew with each picture of the data.
"""

from collections.abc import Mapping
from html import escape
from typing import Any

_MARKS = {
    "circle": "●",
    "square": "■",
    "triangle": "▲",
    "inverted_triangle": "▼",
    "diamond": "◆",
    "x": "✕",
    "star": "★",
    "dash": "❘",  # it stands upright: a spike
}
_RING = "○"


def legend(entries: Mapping[str, Any]) -> str:
    """The legend of a plot.

    Args:
        entries: each label, and the Bokeh glyph that it stands for.
    """
    items = "".join(f"<li>{_drawn(glyph)}{escape(label)}</li>" for label, glyph in entries.items())
    return f'<ul class="legend">{items}</ul>'


def _drawn(glyph: Any) -> str:
    # Where a glyph lacks a name, hasattr has Bokeh look for similar ones at each picture.
    has = glyph.properties()
    if "marker" in has:
        filled = glyph.fill_color is not None
        mark = _MARKS[glyph.marker] if filled else _RING
        colour = glyph.line_color or glyph.fill_color
        look = f"color: {colour}; opacity: {glyph.fill_alpha if filled else 1}"
        return f'<b aria-hidden="true" style="{look}">{mark}</b>'
    if "fill_color" in has:
        look = f'fill="{glyph.fill_color}" fill-opacity="{glyph.fill_alpha}"'
        if glyph.fill_color is None:
            look = f'fill="none" stroke="{glyph.line_color}" stroke-width="3"'
        shape = f'<rect width="12" height="12" {look}/>'
        return f'<svg width="12" height="12" aria-hidden="true">{shape}</svg>'
    dash = "" if glyph.line_dash == "solid" else " ".join(map(str, glyph.line_dash))
    look = f'stroke="{glyph.line_color}" stroke-width="{glyph.line_width}"'
    shape = f'<path d="M0 6H20" {look} stroke-dasharray="{dash}"/>'
    return f'<svg width="20" height="12" aria-hidden="true">{shape}</svg>'

"""Where things stand on the page: cards, and what is beside or below what."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import panel as pn
import panel_material_ui as pmui

from .equations import explained
from .page_text import html


def stack(*parts: Any, flex: str = "") -> pn.Column:
    """Parts below each other, apart; `flex` is how the column shares a row's width."""
    styles = {"gap": "12px"} | ({"flex": flex} if flex else {})
    # Panel has a button to scroll in each column, which takes a gap though it is not seen.
    sheets = [".scroll-button { display: none; }"]
    options = {"sizing_mode": "stretch_width", "margin": 0}
    return pn.Column(*parts, styles=styles, stylesheets=sheets, **options)


def row(*parts: tuple[Any, str]) -> pn.FlexBox:
    """Small parts next to each other, each with its `flex`; they wrap where the page is narrow."""
    return pn.FlexBox(
        *(pn.Column(part, styles={"flex": flex}, margin=0) for part, flex in parts),
        align_items="center",
        gap="16px",
        sizing_mode="stretch_width",
        margin=(0, 0, 8, 0),
    )


def beside(left: Any, right: Any, *unseen: Any) -> pn.Column:
    """Two columns next to each other, or below each other where the page is narrow.

    Args:
        left: a column, with its `flex`.
        right: another.
        unseen: elements without a size, which must be on the page but take part in no row.
    """
    both = pn.FlexBox(
        left,
        right,
        gap="12px",
        align_items="flex-start",
        sizing_mode="stretch_width",
        margin=12,
    )
    return pn.Column(both, *unseen, sizing_mode="stretch_width", margin=0)


# The width that counts is that of the part of the page, which a lesson or the drawer makes narrow.
_AROUND = """:host {
  display: grid; gap: 12px; align-items: start;
  grid-template: "first large" auto "rest large" 1fr / 2fr 3fr;
}
@container (max-width: 699px) {
  :host { grid-template: "first" auto "large" auto "rest" auto / 100%; }
}
.first { grid-area: first; } .large { grid-area: large; } .rest { grid-area: rest; }"""


def around(first: Any, large: Any, rest: Any, *unseen: Any) -> pn.Column:
    """A large part beside two others, or between them where the page is narrow."""
    for name, part in (("first", first), ("large", large), ("rest", rest)):
        part.css_classes = [*part.css_classes, name]
    grid = pn.Column(
        first, large, rest, sizing_mode="stretch_width", margin=0, stylesheets=[_AROUND]
    )
    held = pn.Column(grid, sizing_mode="stretch_width", margin=12)
    held.styles = {"container-type": "inline-size"}
    return pn.Column(held, *unseen, sizing_mode="stretch_width", margin=0)


def card(title: str, *parts: Any, equations: str = "", **options: Any) -> pmui.Paper:
    """A titled surface that plots stand on; beside the title their equations, if they have some."""
    heading = f'<h2 class="card-title">{title}</h2>'
    if equations:
        heading = f'<div class="head">{heading}{explained(equations)}</div>'
    return surface(html(heading), *parts, **options)


def surface(*parts: Any, look: Mapping[str, Any] | None = None, **options: Any) -> pmui.Paper:
    """A surface without a title; `look` adds to its style."""
    border = {"border": "1px solid", "borderColor": "divider", "borderRadius": 2}
    return pmui.Paper(
        pn.Column(*parts, sizing_mode="stretch_width", margin=0),
        elevation=0,
        sizing_mode="stretch_width",
        sx={"p": 2} | border | dict(look or {}),
        **options,
    )


def accordion(
    groups: Iterable[tuple[str, Any]], opened: Sequence[int] = (0, 1), **options: Any
) -> pmui.Accordion:
    """Titled groups, some of them open at first."""
    return pmui.Accordion(
        *groups,
        active=list(opened),
        dynamic=True,  # what is closed is not made, which is a third of the page
        title_variant="subtitle2",
        disable_gutters=True,
        elevation=0,
        sizing_mode="stretch_width",
        margin=0,
        **options,
    )

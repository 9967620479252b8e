"""Text on the page: HTML in its one type, in which what visitors wrote stays text."""

import re
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any

import panel as pn

from glifcore import Problem

STYLESHEET = Path(__file__).with_name("page.css").read_text(encoding="utf-8")


def html(text: str = "", **options: Any) -> pn.pane.HTML:
    """A piece of text in the page's own type."""
    options = {"sizing_mode": "stretch_width", "margin": 0} | options
    return pn.pane.HTML(text, stylesheets=[STYLESHEET], **options)


def show(pane: pn.pane.HTML, text: str) -> None:
    """Give a piece of text new HTML; it takes no room where there is none."""
    if pane.object != text:
        pane.param.update(object=text, visible=bool(text))


def sentence(message: str) -> str:
    """A message as HTML, its quoted names as code; everything else stays text."""
    parts = escape(message).split("`")
    return "".join(f"<code>{p}</code>" if i % 2 else p for i, p in enumerate(parts))


def notices(messages: Iterable[str], severity: str = "error") -> str:
    """What is wrong, one paragraph a message, as HTML; an empty message leaves nothing."""
    return "".join(
        f'<p class="problem {severity}">{sentence(message)}</p>' for message in messages if message
    )


def problems_as_html(found: Iterable[Problem]) -> str:
    """Each problem in a paragraph of its severity."""
    return "".join(notices([problem.message], problem.severity) for problem in found)


def readouts(values: Mapping[str, str]) -> str:
    """Named numbers with units, as HTML; a hyphen before a number becomes a minus."""
    shown = {name: re.sub(r"(?<![\w\-])-(?=\d)", "−", value) for name, value in values.items()}
    items = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in shown.items())
    return f'<dl class="readouts">{items}</dl>'


def table(head: list[str], body: list[list[str]], kind: str = "") -> str:
    """Text cells as an HTML table; the first of each row heads it."""
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    rows = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in body
    )
    return f'<table class="{kind}"><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table>'

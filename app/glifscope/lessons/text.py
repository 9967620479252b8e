"""Markdown as lessons are written in it: text with equations, and never HTML. No Panel.

Equations stand between $ signs, or between $$ on lines of their own, and become MathML here on the
server, so the page needs no script for them. HTML and pictures stay the text that was typed.
"""

import logging
from html import escape
from typing import Any, NamedTuple

import nh3
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from ..equations import mathml

# latex2mathml hands on what stands in \text{...} as it is, and writes links for \href; so what it
# makes is held to elements that only draw.
_ELEMENTS = """
    math mrow mi mo mn ms mtext mspace mstyle mfrac msqrt mroot msub msup msubsup munder mover
    munderover mmultiscripts mtable mtr mtd mpadded mphantom menclose
"""
_LOOKS = """
    display displaystyle scriptlevel mathvariant mathcolor stretchy fence form separator accent
    accentunder lspace rspace minsize maxsize movablelimits linethickness width height depth
    voffset columnalign columnspacing columnlines rowspacing rowlines notation
"""

_log = logging.getLogger(__name__)


class Parts(NamedTuple):
    """A file taken apart: what stands between the lines of --- at its top, and what follows."""

    front: str | None
    body: str


def take_apart(content: str) -> Parts:
    """The front matter of a file, None where it has none, and the Markdown after it."""
    first = next(iter(_reader().parse(content)), None)
    if first is None or first.type != "front_matter" or first.map is None:
        return Parts(None, content)
    return Parts(first.content, "\n".join(content.splitlines()[first.map[1] :]).strip())


def to_html(markdown: str) -> str:
    """Markdown as HTML."""
    return _reader().render(markdown)


def to_html_inline(markdown: str) -> str:
    """One line of Markdown as HTML, without a paragraph around it."""
    return _reader().renderInline(markdown)


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    reader.add_render_rule("link_open", _link)
    reader.use(front_matter_plugin)
    return reader.use(dollarmath_plugin, allow_labels=False, allow_space=False, renderer=_equation)


def _link(self: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
    """A link leaves the page, and with it the visitor's work, only in a tab of its own."""
    tokens[index].attrs |= {"target": "_blank", "rel": "noopener noreferrer"}
    return self.renderToken(tokens, index, options, env)


def _equation(latex: str, options: dict[str, Any]) -> str:
    try:
        drawn = mathml(latex, "block" if options.get("display_mode") else "inline")
    except Exception as error:  # whatever is wrong with a teacher's LaTeX, the text stays readable
        _log.info("An equation could not be read: %s", error)
        return f"<code>{escape(latex)}</code>"
    return nh3.clean(drawn, tags=set(_ELEMENTS.split()), attributes={"*": set(_LOOKS.split())})

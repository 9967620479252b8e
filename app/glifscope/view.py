"""What all views share: they draw the last picture, and stand on cards with text in one type."""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import panel as pn
import panel_material_ui as pmui
from bokeh.models import ColumnDataSource, Range1d

from glifcore import Problem

from .equations import explained
from .figures import plot
from .legend import legend
from .results import Frame, Results
from .trouble import Trouble

STYLESHEET = Path(__file__).with_name("page.css").read_text(encoding="utf-8")


class Reading(NamedTuple):
    """A number that the shared cursor reads out: a column of a source, and how it is told."""

    column: str
    label: str
    unit: str
    digits: int


class View(pn.viewable.Viewer):
    """Something that draws the last picture of Results, built once and then only fed.

    A view that is not `shown` is not fed, and catches up when it is shown again. A view that fails
    says so, and leaves the others alone.

    Attributes:
        title: what the page calls it.
    """

    title: str

    def __init__(self, results: Results) -> None:
        super().__init__()
        self._results = results
        self._shown = True
        self._trouble = Trouble(self.title)
        self._build()
        self._draw()
        results.param.watch(lambda _: self._draw(), "frame")

    def _build(self) -> None:
        raise NotImplementedError

    def draw(self, frame: Frame) -> None:
        """Show this picture."""
        raise NotImplementedError

    def _draw(self) -> None:
        if self._shown:
            assert self._results.frame is not None
            try:
                self.draw(self._results.frame)
            except Exception as error:
                self._trouble.tell(error)
            else:
                self._trouble.over()

    @property
    def shown(self) -> bool:
        """Whether the view is on the page."""
        return self._shown

    @shown.setter
    def shown(self, shown: bool) -> None:
        if shown != self._shown:
            self._shown = shown
            if shown:
                self._draw()
            else:
                self._empty()

    def _empty(self) -> None:
        """Let go of what is not shown any more."""


class TimeView(View):
    """A view of traces on a time axis that it shares with others.

    Args:
        results: what is drawn.
        time: the axis; one of its own where there is none.
        prefix: of the names of its plots and sources.

    Attributes:
        equations: the name of its equations, if it has some.
        readings: what the shared cursor reads out of `source`.
        figure: the plot.
        source: its traces, with the times in column t.
    """

    equations = ""
    readings: tuple[Reading, ...]
    figure: Any
    source: ColumnDataSource

    def __init__(self, results: Results, time: Range1d | None = None, prefix: str = "") -> None:
        assert results.frame is not None
        self._time = time or Range1d(start=0.0, end=results.frame.choices.duration)
        self._prefix = prefix
        self._head = html()
        super().__init__(results)

    def _source(self, name: str, *columns: str) -> ColumnDataSource:
        """An empty source with these columns, the times among them."""
        data: dict[str, Any] = {column: [] for column in ("t", *columns)}
        return ColumnDataSource(data, name=self._prefix + name)

    def _plot(self, name: str, y_label: str, height: int, **options: Any) -> Any:
        """An empty plot on the time axis."""
        return plot(f"{self._prefix}{name}-figure", y_label, height, self._time, **options)

    def _empty(self) -> None:
        """Hold no traces, which would be told by the cursor as they were."""
        nothing: dict[str, Any] = {str(column): [] for column in self.source.data}
        self.source.data = nothing

    def _name(self, entries: Mapping[str, Any]) -> None:
        """Say above the plot what these glyphs stand for; the equations are beside it."""
        text = legend(entries)
        if self.equations:
            text = f'<div class="head">{text}{explained(self.equations)}</div>'
        if self._head.object != text:
            self._head.object = text

    def __panel__(self) -> Any:
        return pn.Column(
            self._head, figure_pane(self.figure), sizing_mode="stretch_width", margin=0
        )


def figure_pane(figure: Any) -> pn.pane.Bokeh:
    """A plot that is as wide as there is room."""
    return pn.pane.Bokeh(figure, sizing_mode="stretch_width", margin=0)


def page_source(name: str, columns: list[str]) -> ColumnDataSource:
    """A source that the page fills itself: what it holds is not sent back."""
    source = ColumnDataSource({column: [] for column in columns}, name=name)
    source.syncable = False
    return source


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


def html(text: str = "", **options: Any) -> pn.pane.HTML:
    """A piece of text in the page's own type."""
    options = {"sizing_mode": "stretch_width", "margin": 0} | options
    return pn.pane.HTML(text, stylesheets=[STYLESHEET], **options)


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


def show(pane: pn.pane.HTML, text: str) -> None:
    """Give a piece of text new HTML; it takes no room where there is none."""
    if pane.object != text:
        pane.param.update(object=text, visible=bool(text))


# Of a label that the eye does not need, only the mark is seen, behind the buttons; screen readers
# have the text. A selector said twice outweighs the theme.
_MARK_BEHIND = """.MuiFormControl-root.MuiFormControl-root {
  flex-direction: row-reverse; align-items: center; justify-content: flex-end;
}
.MuiFormLabel-root.MuiFormLabel-root { flex: none; color: inherit; font-size: 0; line-height: 0; }
.MuiFormLabel-root .MuiSvgIcon-root { margin: 0 0 0 6px; font-size: 14px; }"""
_LABEL_ABOVE = """.MuiFormLabel-root.MuiFormLabel-root { font-size: 12.5px; line-height: 1.45; }
.MuiFormLabel-root .MuiSvgIcon-root {
  color: var(--mui-palette-text-primary); font-size: 14px; vertical-align: -2px;
}"""


def switch(
    kind: type,
    label: str,
    options: Any,
    value: Any,
    *,
    meaning: str,
    titled: bool = False,
    look: Any = None,
    **more: Any,
) -> Any:
    """A row of buttons of which one, or any, can be on.

    Args:
        kind: the widget's class.
        label: what is chosen; for screen readers, where the row is not `titled`.
        options: what the buttons say.
        value: which are on.
        meaning: a line on what the choice does, behind the mark.
        titled: whether the label stands above the row.
        look: styles of the buttons, beside those of all such rows.
        **more: options of the widget.
    """
    buttons = {
        "textTransform": "none",
        "padding": "3px 11px",
        "whiteSpace": "nowrap",
        "@media (max-width: 480px)": {"padding": "3px 7px"},
    }
    sx = {"& .MuiToggleButton-root": buttons} | (look or {})
    return kind(
        label=label,
        description=meaning,
        options=options,
        value=value,
        sx=sx,
        stylesheets=[_LABEL_ABOVE if titled else _MARK_BEHIND],
        **{"size": "small", "margin": 0, "color": "primary"} | more,
    )


def cross(label: str, **options: Any) -> pmui.IconButton:
    """A cross, with the label as its name and its tooltip."""
    options = {"size": "small", "margin": 0} | options
    return pmui.IconButton(icon="close", label=label, description=label, **options)


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


def stack(*parts: Any, flex: str = "") -> pn.Column:
    """Parts below each other, apart; `flex` is how the column shares a row's width."""
    styles = {"gap": "12px"} | ({"flex": flex} if flex else {})
    # Panel has a button to scroll in each column, which takes a gap though it is not seen.
    sheets = [".scroll-button { display: none; }"]
    options = {"sizing_mode": "stretch_width", "margin": 0}
    return pn.Column(*parts, styles=styles, stylesheets=sheets, **options)


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

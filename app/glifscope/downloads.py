"""Buttons that make a file when they are clicked."""

import asyncio
import io
from collections.abc import Callable, Mapping
from typing import Any

import panel as pn
import panel_material_ui as pmui

from glifcore import ParameterError

from .export.run import json_of
from .export.scripts import SCRIPTS
from .page_text import html, notices, show
from .pools import HEAVY

FORMS = ("png", "svg")
"""What a figure can be saved as."""

_NOTHING = "There is no picture yet. Wait until there is one, then click again."


def download(
    label: str,
    filename: str,
    make: Callable[[], str | bytes],
    told: pn.pane.HTML,
    **options: Any,
) -> pmui.FileDownload:
    """A button for one file; where it cannot be made, the reason is told, and is in the file.

    Args:
        label: what the button says.
        filename: of the file.
        make: its content, made in a thread, so that nobody waits; a ParameterError of it is told.
        told: where.
        **options: of the button.
    """

    async def safely() -> io.BytesIO:
        button.data = None  # what is the same as last time is sent once more
        try:
            content = await asyncio.wrap_future(HEAVY.submit(make))
            show(told, "")
        except ParameterError as error:
            content = f"{error}\n"
            show(told, notices([str(error)]))
        return io.BytesIO(content.encode() if isinstance(content, str) else content)

    looks = {"variant": "outlined", "size": "small", "margin": 0}
    button = pmui.FileDownload(
        label=label, filename=filename, callback=safely, auto=True, **looks | options
    )
    return button


def downloads(*buttons: Any) -> pn.FlexBox:
    """Such buttons next to each other."""
    return pn.FlexBox(*buttons, margin=(4, 0), gap="6px")


def take_away(
    name: str,
    picture: Callable[[], Any],
    tables: Mapping[str, Callable[[Any], str]],
    figure: Callable[[Any, str], bytes] | None = None,
    script: Callable[[str, Any], str] | None = None,
    document: Callable[[Any], Mapping[str, Any]] | None = None,
) -> pn.Column:
    """A row below a figure: its numbers as CSV, itself as PNG and SVG, what it is of as source.

    Args:
        name: of the files.
        picture: the last one, an immutable value; None where there is none yet.
        tables: makes CSV of a picture, by what it is of; empty where there is but one.
        figure: makes a file of a picture, "svg" or "png"; None where there is no figure.
        script: writes source text for a program, a key of `SCRIPTS`, that runs what is shown.
        document: gives all that the picture depends on, and its numbers, for JSON.
    """
    told = html(visible=False)

    def last() -> Any:
        found = picture()
        if found is None:
            raise ParameterError(_NOTHING)
        return found

    files: dict[str, tuple[str, Callable[[], str | bytes]]] = {}
    for of, table in tables.items():
        suffix = f"-{of.replace(' ', '-')}" if of else ""
        files[f"{of} CSV".strip()] = (
            f"{name}{suffix}.csv",
            lambda table=table: table(last()),
        )
    if figure is not None:
        for form in FORMS:
            files[form.upper()] = (f"{name}.{form}", lambda form=form: figure(last(), form))
    if script is not None:
        for program in SCRIPTS:
            files[program] = (
                f"{name}-{program.lower()}.py",
                lambda program=program: script(program, last()),
            )
    if document is not None:
        files["JSON"] = (f"{name}.json", lambda: json_of(document(last())))
    buttons = [
        download(
            label,
            filename,
            make,
            told,
            description=f"{label}: {filename}",  # a name: many buttons of a page say CSV
            description_delay=2000,  # ms: as a tooltip it would cover the next button
            variant="text",
            icon_size="15px",
            sx=_QUIET,
        )
        for label, (filename, make) in files.items()
    ]
    return pn.Column(
        pn.FlexBox(
            html(
                '<p class="caption">Take it away</p>',
                sizing_mode=None,
                width=82,
                align="center",
            ),
            *buttons,
            align_items="center",
            gap="2px",
            margin=0,
        ),
        told,
        sizing_mode="stretch_width",
        margin=(6, 0, 0, 0),
    )


_QUIET = {
    "textTransform": "none",
    "minWidth": 0,
    "padding": "1px 7px",
    "&.MuiButton-sizeSmall": {"py": "1px"},
    "& .MuiButton-startIcon": {"marginRight": "3px"},
}

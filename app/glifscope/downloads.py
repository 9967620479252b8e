"""Buttons that make a file when they are clicked."""

import io
from collections.abc import Callable
from typing import Any

import panel as pn
import panel_material_ui as pmui

from glifcore import ParameterError

from .view import notices, show


def download(
    label: str, filename: str, make: Callable[[], str | bytes], told: pn.pane.HTML
) -> pmui.FileDownload:
    """A button for one file; where it cannot be made, the reason is told, and is in the file.

    Args:
        label: what the button says.
        filename: of the file.
        make: its content; a ParameterError of it is told.
        told: where.
    """

    def safely() -> io.BytesIO:
        try:
            content = make()
            show(told, "")
        except ParameterError as error:
            content = f"{error}\n"
            show(told, notices([str(error)]))
        return io.BytesIO(content.encode() if isinstance(content, str) else content)

    return pmui.FileDownload(
        label=label,
        filename=filename,
        callback=safely,
        auto=True,
        variant="outlined",
        size="small",
        margin=0,
    )


def downloads(*buttons: Any) -> pn.FlexBox:
    """Such buttons next to each other."""
    return pn.FlexBox(*buttons, margin=(4, 0), gap="6px")

"""A button that takes a file from the visitor."""

from collections.abc import Callable
from typing import Any

import panel_material_ui as pmui

LARGEST_UPLOAD = 100_000_000
"""Bytes that a file may have; the page refuses larger ones before they are sent."""


def file_input(open_file: Callable[[str, bytes], None], **options: Any) -> Any:
    """A button that takes a file, and on which one can be dropped."""
    label = options.setdefault("label", "Drop a recording here, or choose one")
    options.setdefault("sx", {"borderStyle": "dashed", "textTransform": "none"})
    widget = pmui.FileInput(
        uploaded_label=label,
        variant="outlined",
        max_file_size=LARGEST_UPLOAD,
        sizing_mode="stretch_width",
        margin=(6, 10),
        **options,
    )
    widget.param.watch(lambda e: e.new and open_file(widget.filename, e.new), "value")
    return widget

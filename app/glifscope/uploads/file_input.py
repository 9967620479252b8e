"""A button that takes a file from the visitor."""

from collections.abc import Callable
from typing import Any

import panel_material_ui as pmui

from ..limits import LIMITS


def file_input(open_file: Callable[[str, bytes], None], **options: Any) -> Any:
    """A button that takes a file, and on which one can be dropped."""
    label = options.setdefault("label", "Drop a recording here, or choose one")
    options.setdefault("sx", {"borderStyle": "dashed", "textTransform": "none"})
    widget = pmui.FileInput(
        uploaded_label=label,
        variant="outlined",
        max_file_size=1_000_000 * LIMITS.upload_mb,  # refused before it is sent
        sizing_mode="stretch_width",
        margin=(6, 10),
        **options,
    )
    widget.param.watch(lambda e: e.new and open_file(widget.filename, e.new), "value")
    return widget

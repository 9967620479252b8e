"""Buttons that several parts of the page have: a row of which one is on, and a cross."""

from typing import Any

import panel_material_ui as pmui

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

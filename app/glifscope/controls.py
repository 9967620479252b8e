"""A control for one number: slider, exact entry, and the problem it causes under them.

Units, meanings, ranges and steps are read from the fields' metadata, so none is written twice. A
control writes to the Session and to nothing else, and follows it when something else changes it.
"""

from collections.abc import Sequence
from typing import Any

import panel as pn
import panel_material_ui as pmui

from glifcore import FIELDS, FieldInfo, Problem

from .choices import OWN_FIELDS
from .live import send_at_once
from .page_text import html, problems_as_html, show
from .session import Session

ALL_FIELDS: dict[str, FieldInfo] = FIELDS | OWN_FIELDS

# Name and unit at the left, the number at the right, the slider under both.
_COMPACT = {
    "& .MuiFormLabel-root": {"maxWidth": "none", "whiteSpace": "nowrap", "fontSize": "13px"},
    "& .MuiFormLabel-root + .MuiBox-root": {"justifyContent": "flex-end"},
    "& .MuiTextField-root": {"flexGrow": 0, "width": "92px"},
    "& .MuiInputBase-input": {"fontSize": "14px", "padding": "0 0 1px"},
    "& .MuiIconButton-root": {"color": "text.secondary"},
    "& .MuiSlider-root": {"padding": "9px 0"},
}


def number_slider(label: str, info: FieldInfo, value: float, **options: Any) -> Any:
    """A slider with an entry for the exact number, whose changes reach Python without delay."""
    low, high = info.typical
    slider = pmui.EditableFloatSlider(
        label=label,
        description=info.meaning,
        value=value,
        start=min(low, value),
        end=max(high, value),
        step=info.step,
        size="small",
        sx=_COMPACT,
        sizing_mode="stretch_width",
        margin=(1, 10),
        **{"format": "0[.][000000]"} | options,
    )
    send_at_once(slider, "value", "value_throttled", "start", "end")
    return slider


class NumberControl(pn.viewable.Viewer):
    """Slider and exact entry for one number that something else keeps.

    Args:
        label: name and unit.
        info: what is known about the number.
        value: what it is now.
    """

    def __init__(self, label: str, info: FieldInfo, value: float) -> None:
        super().__init__()
        self._info = info
        self.slider = number_slider(label, info, value)
        self._problem = html(visible=False)
        self._part = pn.Column(self.slider, self._problem, sizing_mode="stretch_width", margin=0)
        self.slider.param.watch(self._write, "value")

    def read(self) -> float:
        """The number that is kept."""
        raise NotImplementedError

    def write(self, value: float) -> None:
        """Keep a new number."""
        raise NotImplementedError

    @property
    def unused(self) -> bool:
        """Whether the number has no effect now."""
        return False

    def concerns(self, problem: Problem) -> bool:
        """Whether the problem is about this number."""
        raise NotImplementedError

    def _write(self, event: Any) -> None:
        if event.new is None:  # the entry was emptied
            self.follow()
        elif event.new != self.read():
            # Steps of the arrow keys add up to numbers like 2.9999999999999964.
            self.write(float(f"{event.new:.12g}"))

    def follow(self) -> None:
        """Show the number that is kept, and whether it has an effect."""
        value = self.read()
        slider, info = self.slider, self._info
        low, high = info.typical
        changes: dict[str, Any] = {}
        if slider.value != value:
            changes = {"start": min(low, value), "end": max(high, value), "value": value}
        elif info.above is not None and slider.start <= info.above:
            changes = {"start": low}  # a typed value took the track to where no value may be
        if slider.disabled != self.unused:
            changes["disabled"] = self.unused
        if changes:
            slider.param.update(**changes)

    def tell(self, found: Sequence[Problem]) -> None:
        """Show what is wrong with this number, or that nothing is."""
        tell(self._problem, [problem for problem in found if self.concerns(problem)])

    def __panel__(self) -> Any:
        return self._part


class Control(NumberControl):
    """A number of the cell, the weight of a port, or the duration.

    Args:
        session: keeps it.
        field: its name.
        index: which after-spike current it is of; numbers of a port are of the one that is shown.
    """

    def __init__(self, session: Session, field: str, index: int | None = None) -> None:
        self.field, self.index = field, index
        self._session = session
        info = ALL_FIELDS[field]
        self._per_port = info.per == "port"
        unit = f" ({info.unit})" if info.unit else ""
        label = f"{field}[{index}]{unit}" if info.per == "asc" else f"{field}{unit}"
        super().__init__(label, info, session.value(field, self._at))
        self.follow()

    @property
    def _at(self) -> int | None:
        return self._session.port if self._per_port else self.index

    def read(self) -> float:
        return self._session.value(self.field, self._at)

    def write(self, value: float) -> None:
        self._session.choose(self.field, value, self._at)

    @property
    def unused(self) -> bool:
        return self._session.cell.model not in self._info.used_by

    def concerns(self, problem: Problem) -> bool:
        return problem.field in (self.field, f"{self.field}[{self._at}]")


def tell(pane: pn.pane.HTML, found: Sequence[Problem]) -> None:
    """Show these problems as sentences; no room is taken where there are none."""
    show(pane, problems_as_html(found))

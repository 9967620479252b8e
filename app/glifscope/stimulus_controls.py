"""The stimulus: how long it lasts, and its parts one below the other."""

from typing import Any

import panel as pn
import panel_material_ui as pmui

from glifcore import RecordedCurrent, SpikeTrain
from glifcore.stimulus import Part
from glifcore.trains import Train

from .background import Background
from .buttons import cross
from .controls import Control
from .page_text import html
from .part_controls import PartControl, ReceptorControl, RecordedControl, TimesControl
from .session import Session
from .stimuli import KINDS, MOST_PARTS, part_with


class StimulusControls(pn.viewable.Viewer):
    """Length of the run, and the parts of the stimulus one below the other."""

    def __init__(self, session: Session, background: Background) -> None:
        super().__init__()
        self._session, self._background = session, background
        self._duration = Control(session, "duration")
        self.add = pmui.MenuButton(
            label="Add an input",
            description="Add an input: a current into the cell, or presynaptic spikes at a port",
            items=[{"label": kind.title} for kind in KINDS.values()],
            variant="outlined",
            size="small",
            margin=(6, 10),
        )
        self.add.on_click(self._add)
        self._parts = pn.Column(sizing_mode="stretch_width", margin=0)
        self._kinds: list[type] = []
        self._own: list[Any] = []
        session.param.watch(lambda *_: self.follow(), ["stimulus", "weights", "duration"])
        self.follow()

    @property
    def controls(self) -> list[Any]:
        """Every control of a number, for the problems that they cause."""
        return [self._duration, *self._own]

    def _add(self, item: Any) -> None:
        kind = next(kind for kind in KINDS.values() if kind.title == item["label"])
        part = kind.start
        if isinstance(part, Train):
            part = part_with(part, receptor=self._session.port)
        self._session.add_part(part)

    def follow(self) -> None:
        """Show the parts that there are; they are built anew only where others take their place."""
        session = self._session
        kinds = [type(part) for part in session.stimulus]
        if kinds != self._kinds:
            self._kinds, self._own = kinds, []
            self._parts[:] = [self._block(i, part) for i, part in enumerate(session.stimulus)]
            self.add.disabled = len(kinds) >= MOST_PARTS
        for control in self.controls:
            control.follow()

    def _block(self, index: int, part: Part) -> Any:
        session, kind = self._session, KINDS[type(part).__name__]
        remove = cross(f"Remove stimulus {index}")
        remove.on_click(lambda _: session.replace_part(index, None))
        head: list[Any] = [html(f"<h3>{index} · {kind.title}</h3>", margin=(4, 0, 0, 10)), remove]
        own: list[Any] = [
            PartControl(session, index, name, kind.numbers[name]) for name in kind.numbers
        ]
        if isinstance(part, Train):
            own.append(ReceptorControl(session, index))
        if isinstance(part, SpikeTrain):
            own.append(TimesControl(session, index))
        if isinstance(part, RecordedCurrent):
            own.insert(0, RecordedControl(session, index, self._background))
        self._own += own
        row = pn.Row(*head, sizing_mode="stretch_width", margin=0)
        return pn.Column(row, *own, sizing_mode="stretch_width", margin=0)

    def __panel__(self) -> Any:
        return pn.Column(
            self._duration, self._parts, self.add, sizing_mode="stretch_width", margin=0
        )

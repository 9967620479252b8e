"""The button that keeps the present choices to compare with, in every workspace that draws them."""

from typing import Any

import panel as pn
import panel_material_ui as pmui

from .session import Session

_KEPT = "its curves stay behind those of Neuron and Population, and the difference to them"
_GONE = "its curves go"


class PinButton(pn.viewable.Viewer):
    """Pins what is chosen now, or unpins what is pinned."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.button = pmui.Button(variant="outlined", size="small", margin=0)
        self.button.on_click(lambda _: self._push())
        session.param.watch(lambda *_: self._name(), "pinned")
        self._name()

    def _push(self) -> None:
        session = self._session
        session.pinned = session.choices if session.pinned is None else None

    def _name(self) -> None:
        free = self._session.pinned is None
        label = "Pin this run" if free else "Unpin the run"
        self.button.param.update(label=label, description=f"{label}: {_KEPT if free else _GONE}")

    def __panel__(self) -> Any:
        return self.button

"""The receptor ports of the neuron: which one is looked at, one more, one less."""

from typing import Any

import panel as pn
import panel_material_ui as pmui

from .buttons import switch
from .choices import MOST_PORTS
from .session import Session

GOES_TO = "Receptor port of the neuron that the synapse is put on; each has its own"
"""The meaning of the port where a synapse is found for it."""


class PortControls(pn.viewable.Viewer):
    """Which port's synapse is shown, and how many ports there are.

    Args:
        session: has the ports.
        meaning: what the chosen port is for, in a line.
        indent: of the ports, pixels.
    """

    def __init__(self, session: Session, meaning: str, indent: int = 0) -> None:
        super().__init__()
        self._session = session
        self.port = switch(
            pmui.RadioButtonGroup,
            "Port",
            ["port 0"],
            "port 0",
            meaning=meaning,
            margin=(4, indent),
        )
        options: dict[str, Any] = {"variant": "text", "size": "small", "margin": 0}
        self.add = pmui.Button(label="Add port", **options)
        self.remove = pmui.Button(label="Remove this port", **options)
        self.buttons = pn.Row(self.add, self.remove, margin=0)
        self.port.param.watch(self._show, "value")
        self.add.on_click(lambda _: session.add_port())
        self.remove.on_click(lambda _: session.remove_port())
        session.param.watch(lambda *_: self.follow(), ["weights", "port"])
        self.follow()

    def _show(self, event: Any) -> None:
        if event.new in self.port.options:
            self._session.port = self.port.options.index(event.new)

    def follow(self) -> None:
        """Show the ports that there are."""
        count = len(self._session.weights)
        names = [f"port {i}" for i in range(count)]
        value = names[min(self._session.port, count - 1)]
        if self.port.options != names or self.port.value != value:
            self.port.param.update(options=names, value=value)
        self.port.visible = self.remove.visible = count > 1
        self.add.disabled = count >= MOST_PORTS

    def __panel__(self) -> Any:
        return pn.Column(self.port, self.buttons, sizing_mode="stretch_width", margin=0)

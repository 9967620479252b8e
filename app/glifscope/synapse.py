"""The Synapse workspace: fit a recording, or look among the synapses of mouse V1."""

from typing import Any

import panel as pn
import panel_material_ui as pmui

from .buttons import switch
from .pools import Pools
from .session import SYNAPSE_PARTS, Session
from .synapses.workspace import Explorer
from .workshop.workspace import Workshop

WORKSHOP, EXPLORER = SYNAPSE_PARTS


class SynapseWorkspace:
    """Two workspaces under one name, each built when it is first asked for."""

    def __init__(self, session: Session, pools: Pools) -> None:
        self._makers = {
            WORKSHOP: lambda: Workshop(session, pools),
            EXPLORER: lambda: Explorer(session, pools.live),
        }
        self.made: dict[str, Any] = {}
        self._visible = True
        self.which = switch(
            pmui.RadioButtonGroup,
            "Synapse",
            [*self._makers],
            session.part,
            meaning="Fit a recording of your own, or look among the fitted synapses of mouse V1",
        )
        self.which.param.watch(lambda event: setattr(session, "part", event.new), "value")
        session.param.watch(lambda event: setattr(self.which, "value", event.new), "part")
        self.which.param.watch(lambda _: self._show(), "value")
        self.sidebar = pn.Column(sizing_mode="stretch_width", margin=0)
        self.main = pn.Column(
            pn.Row(self.which, margin=(12, 12, 0, 12)), sizing_mode="stretch_width", margin=0
        )
        self._show()

    def shown(self, visible: bool) -> None:
        """Say whether the workspace is on the screen."""
        self._visible = visible
        for name, made in self.made.items():
            made.shown(visible and name == self.which.value)

    def _show(self) -> None:
        chosen = self.which.value
        if chosen not in self.made:
            made = self.made[chosen] = self._makers[chosen]()
            self.sidebar.append(made.sidebar)
            self.main.append(made.main)
        for name, made in self.made.items():
            made.sidebar.visible = made.main.visible = name == chosen
        self.shown(self._visible)

"""The explorer as a whole: choices at the side, tiles, points, curves and a card, and the wires."""

from concurrent.futures import Executor

import panel as pn
from bokeh.document import Document

from glifcore import GlifParameters
from glifcore.validation import problems_of_value

from ..choices import presets
from ..layout import beside, stack
from ..live import Gate
from ..mirror import mirror
from ..session import Session
from .card import SynapseCard
from .choices import SIZE, Asked, ExplorerChoices, Picture, compute
from .controls import ExplorerControls
from .heat_map import HeatMapView
from .scatter import ScatterView
from .waveform import WaveformView


class Explorer:
    """The explorer of one visitor: `sidebar` and `main` are what the page shows of it."""

    def __init__(self, session: Session, pool: Executor) -> None:
        self._session = session
        self._shown = True
        self.choices = ExplorerChoices()
        mirror(session, "explorer", self.choices)
        self.picture = compute(*self._snapshot())
        self.controls = ExplorerControls(self.choices)
        self.heat_map = HeatMapView(self.picture, self._choose)
        self.scatter = ScatterView(self.picture, self._choose)
        self.waveform = WaveformView()
        self.card = SynapseCard(session, lambda: self.choices.shape)
        self._gate = Gate(
            self._snapshot, lambda now: compute(*now), self._apply, pool, "The synapses"
        )
        self.choices.param.watch(lambda *_: self._changed(), "asked")
        session.param.watch(lambda *_: self._changed(), ["cell", "weights", "port", "preset"])
        self._lay_out()
        self._apply(self.picture)

    def shown(self, visible: bool) -> None:
        """Say whether the workspace is on the screen; hidden, it neither computes nor sends."""
        self._shown, before = visible, self._shown
        if visible and not before:
            self._changed()

    @property
    def usable(self) -> bool:
        """Whether there is a picture of what is chosen."""
        return not problems_of_value("weight", self.choices.asked.size, SIZE)

    def _snapshot(self) -> tuple[Asked, GlifParameters, int]:
        return self.choices.asked, self._session.cell, self._session.port

    def _changed(self) -> None:
        if not self._shown:
            return
        self.card.follow(self.usable)
        if self.usable and self._snapshot() != self.picture[:3]:
            self._gate.request()

    def _apply(self, picture: Picture) -> None:
        self.picture = picture
        self.heat_map.draw(picture)
        self.scatter.draw(picture)
        self.waveform.draw(picture, presets()[self._session.preset].title)
        self.card.draw(picture)
        self.card.follow(self.usable)

    def _choose(self, name: str) -> None:
        self.choices.ask(synapse=name)

    def _lay_out(self) -> None:
        self.sidebar = pn.Column(
            self.controls, self._gate.probe, sizing_mode="stretch_width", margin=0
        )
        self.main = beside(
            stack(self.heat_map, self.scatter, flex="3 1 480px"),
            stack(self.card, self.waveform, flex="2 1 360px"),
        )


def warm_up() -> None:
    """Compute and draw once, so that no visitor waits for it.

    In a document of its own: another thread may be at work on a visitor's.
    """
    picture = compute(Asked(), GlifParameters(), 0)
    for view in (HeatMapView, ScatterView):
        view(picture, lambda name: None).pane.get_root(Document())

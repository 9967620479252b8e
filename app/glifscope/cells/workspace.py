"""The atlas as a whole: filters at the side, points, rows and a card, and the wires between."""

from concurrent.futures import Executor

import panel as pn
import panel_material_ui as pmui
from bokeh.document import Document

from glifcore import GlifModel

from ..layout import beside, stack
from ..live import Gate
from ..mirror import mirror
from ..page_text import html, show
from ..session import Session
from .atlas import cells
from .box import counted_in
from .card import CellCard
from .choices import ORDERS, Asked, CellsChoices, Picture, compute
from .controls import CellsControls
from .filters import TITLES
from .scatter import Marks, ScatterView
from .table import TableView


class Cells:
    """The atlas of one visitor: `sidebar` and `main` are what the page shows of it."""

    def __init__(self, session: Session, pool: Executor) -> None:
        self._session = session
        self._shown = True
        self.choices = CellsChoices()
        mirror(session, "atlas", self.choices)
        self.picture = compute(self.choices.asked)
        self.controls = CellsControls(self.choices)
        self.scatter = ScatterView(
            self.picture, self._choose, lambda box: self.choices.ask(box=box)
        )
        self.table = TableView(self.picture, self.choices.sort)
        self.card = CellCard(session)
        self._count = html(sizing_mode=None, styles={"flex": "0 1 auto"})
        self.clear = pmui.Button(
            label="Clear the box",
            description="Clear the box: the table lists every cell that passes the filters again",
            size="small",
            variant="outlined",
            margin=0,
        )
        self.clear.on_click(lambda _: self.choices.ask(box=None))
        self._empty = html(visible=False)
        self._gate = Gate(lambda: self.choices.asked, compute, self._apply, pool, "The atlas")
        self.table.rows.param.watch(lambda event: self._choose(event.new), "chosen")
        self.table.rows.param.watch(lambda event: self._sort(event.new), "sort")
        self.choices.param.watch(lambda event: setattr(self.table.rows, "sort", event.new), "sort")
        self.choices.param.watch(lambda *_: self._request(), "asked")
        self.choices.param.watch(lambda *_: self._look(), "cell")
        session.param.watch(lambda *_: self._follow(), ["preset", "cell"])
        self._lay_out()
        self._tell()
        self._look()

    def shown(self, visible: bool) -> None:
        """Say whether the workspace is on the screen; hidden, it neither computes nor sends."""
        if visible and not self._shown:
            self._shown = True
            self._follow()
            self._request()
        self._shown = visible

    def _request(self) -> None:
        if self._shown and self.choices.asked != self.picture.asked:
            self._gate.request()

    def _apply(self, picture: Picture) -> None:
        self.picture = picture
        self.scatter.draw(picture)
        self.table.draw(picture)
        self._tell()
        self._mark()

    def _choose(self, name: str) -> None:
        self.choices.cell = name

    def _sort(self, order: str) -> None:
        if order in ORDERS:
            self.choices.sort = order

    @property
    def _on_card(self) -> str:
        """The cell that was chosen; before that, the neuron's own, where it is of the atlas."""
        own = self._session.preset
        return self.choices.cell or (own if own in cells() else "")

    def _look(self) -> None:
        """Put the chosen cell on the card, and mark it."""
        name = self._on_card
        with pn.io.hold(pn.state.curdoc):
            self.card.draw(name, cells().get(name))
            self._mark()

    def _follow(self) -> None:
        """Tell what became of the neuron."""
        if self._shown:
            self.card.follow()
            self._mark()

    def _mark(self) -> None:
        chosen, neuron = self._on_card, self._session.preset
        self.scatter.mark(Marks(self.picture.place(chosen), self.picture.place(neuron)))
        self.table.mark(chosen, neuron)

    def _tell(self) -> None:
        """How many cells are shown and how many are in the box; what to loosen where none is."""
        picture = self.picture
        box = counted_in(picture.asked.box, len(picture.listed), len(picture.shown))
        show(self._count, f'<p class="caption">{counted(picture)}. {box}</p>')
        self.clear.disabled = picture.asked.box is None
        none = not len(self.picture.shown)
        show(self._empty, f'<p class="problem warning">{too_strict(self.picture)}</p>' * none)

    def _lay_out(self) -> None:
        self.sidebar = pn.Column(
            self.controls, self._gate.probe, sizing_mode="stretch_width", margin=0
        )
        count = pn.FlexBox(self._count, self.clear, align_items="center", gap="4px 12px", margin=0)
        left = stack(stack(count, self._empty), self.scatter, self.table, flex="3 1 480px")
        self.main = beside(left, stack(self.card, flex="2 1 360px"))


def counted(picture: Picture) -> str:
    """How many cells are shown, of how many."""
    n, level = len(picture.shown), picture.asked.level.name
    fitted = len(picture.atlas.names)
    missing = "" if fitted == len(cells()) else f"; {fitted} were fitted at {level}"
    return f"<b>{n} of {len(cells())} cells</b>{missing}"


def too_strict(picture: Picture) -> str:
    """A sentence for the case that no cell passes: which filter to loosen."""
    counts = [f"without “{TITLES[name]}”, {n}" for name, n in picture.loosened.items()]
    if not counts:
        return "No cell passes these filters, nor without any single one. Show all cells again."
    return f"No cell passes all filters at {picture.asked.level.name}; {', '.join(counts)} would."


def warm_up() -> None:
    """Read every level and draw once, so that no visitor waits for it.

    In a document of its own: another thread may be at work on a visitor's.
    """
    for level in GlifModel:
        compute(Asked(level))
    ScatterView(compute(Asked()), lambda name: None).pane.get_root(Document())

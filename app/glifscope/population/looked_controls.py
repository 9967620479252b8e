"""How a population is looked at: a slider for the width of a bin, one for the chosen neuron."""

from ..controls import number_slider
from ..session import Session
from .url import NEURON, WIDTH


class LookedControls:
    """Both sliders; they write to the session and follow it."""

    def __init__(self, session: Session) -> None:
        self._session, self._count = session, 0
        looked = session.looked
        self.width = number_slider("bin width (ms)", WIDTH, looked.width)
        self.neuron = number_slider("chosen neuron", NEURON, looked.neuron, format="0")
        self.width.param.watch(lambda event: self._choose_width(event.new), "value")
        self.neuron.param.watch(lambda event: self.look(event.new), "value")
        session.param.watch(lambda _: self._follow(), "looked")

    @property
    def index(self) -> int:
        """The neuron whose traces are shown; the last where there are fewer than was chosen."""
        chosen = int(self._session.looked.neuron)
        return min(chosen, self._count - 1) if self._count else chosen

    def look(self, index: float | None) -> None:
        """Choose a neuron; None, as of an emptied entry, leaves what was chosen."""
        if index is not None and self._count and index != self.index:
            whole = float(min(max(round(index), 0), self._count - 1))
            self._session.looked = self._session.looked._replace(neuron=whole)
        self._follow()

    def choose_among(self, count: int) -> None:
        """Say how many neurons there are."""
        self._count = count
        self._follow()

    def _choose_width(self, width: float | None) -> None:
        looked = self._session.looked
        if width is not None and width != looked.width:
            low, high = WIDTH.within or (width, width)
            self._session.looked = looked._replace(width=float(min(max(width, low), high)))
        self._follow()

    def _follow(self) -> None:
        width, last = self._session.looked.width, float(max(self._count - 1, 0))
        low, high = WIDTH.typical
        if self.width.value != width:
            self.width.param.update(start=min(low, width), end=max(high, width), value=width)
        changes = {"end": max(last, 1.0), "disabled": last == 0.0, "value": float(self.index)}
        changes = {k: v for k, v in changes.items() if getattr(self.neuron, k) != v}
        if changes:
            self.neuron.param.update(**changes)

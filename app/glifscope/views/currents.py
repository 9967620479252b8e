"""The after-spike currents, each for itself."""

import numpy as np

from ..behind import Behind, extent
from ..figures import BLUE, DASHED, ORANGE, SOLID, absent, set_range, tell_absent
from ..results import Frame
from ..view import Reading, TimeView

# One line for each current; every cell that can be chosen has two of them.
_LINES = {"asc_0": {"line_color": BLUE, **SOLID}, "asc_1": {"line_color": ORANGE, **DASHED}}


class CurrentsView(TimeView):
    """Each after-spike current."""

    title = "ASCurrents"
    equations = "currents"
    readings = tuple(Reading(name, f"ASCurrents[{j}]", "pA", 1) for j, name in enumerate(_LINES))

    def _build(self) -> None:
        self.source = self._source("currents", *_LINES)
        fig = self.figure = self._plot("currents", "current (pA)", 122)
        fig.xaxis.visible = False
        self._behind = Behind(fig, f"{self._prefix}currents-pinned", _LINES)
        self._lines = {
            f"ASCurrents[{j}]": fig.line("t", name, source=self.source, **how).glyph
            for j, (name, how) in enumerate(_LINES.items())
        }
        self._absent = absent(fig)

    def draw(self, frame: Frame) -> None:
        pinned = frame.pinned
        currents = _columns(frame.ASCurrents, len(frame.time))
        behind = pinned and _columns(pinned.ASCurrents, len(frame.time))
        self.source.data = {"t": frame.time, **currents}
        self._name(self._lines | self._behind.draw(frame.time, behind))
        low, high = extent(0.0, *currents.values(), *(behind or {}).values())
        set_range(self.figure.y_range, low, high, 10.0)
        model = frame.choices.cell.model
        text = ""
        if not model.after_spike_currents and not behind:
            text = f"{model.name} has no after-spike currents;\nthey come at GLIF3, 4 and 5"
        tell_absent(self.figure, self._absent, text)


def _columns(currents: np.ndarray, n: int) -> dict[str, np.ndarray]:
    """A column for each line; zero where the model has no such current."""
    found = np.zeros((len(_LINES), n), np.float32)
    found[: len(currents)] = currents[: len(_LINES)]
    return dict(zip(_LINES, found, strict=True))

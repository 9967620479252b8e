"""How far the potential is from that of the pinned run."""

import numpy as np

from ..figures import GREY, PURPLE, SOLID, set_range
from ..results import Frame
from ..view import Reading, TimeView


class DifferenceView(TimeView):
    """V_m less the pinned run's."""

    title = "Difference"
    readings = (
        Reading("pinned", "V_m, pinned", "mV", 2),
        Reading("difference", "V_m − pinned", "mV", 2),
    )

    def _build(self) -> None:
        self.source = self._source("difference", "pinned", "difference")
        fig = self.figure = self._plot("difference", "ΔV_m (mV)", 104)
        fig.xaxis.visible = False
        line = fig.line("t", "difference", source=self.source, line_color=PURPLE, **SOLID)
        fig.hspan(y=[0.0], line_color=GREY, line_width=1)
        self._name({"V_m less V_m of the pinned run": line.glyph})

    def draw(self, frame: Frame) -> None:
        if frame.pinned is None:
            return
        apart = frame.pinned.difference
        self.source.data = {"t": frame.time, "pinned": frame.pinned.V_m, "difference": apart}
        reach = float(np.nanmax(np.abs(apart), initial=0.0))
        set_range(self.figure.y_range, -reach, reach, 1.0)

"""The synaptic current: the sum, and the fast and the slow part of each port."""

from typing import Any

import numpy as np

from ..behind import Behind, extent
from ..choices import MOST_PORTS
from ..figures import BLUE, DASHED, DOTTED, GREEN, GREY, ORANGE, PURPLE, set_range
from ..results import Frame
from ..view import Reading, TimeView

# The colour tells the part where there is one port, and the port where there are several.
_ALONE = (GREEN, ORANGE)
_PORTS = (GREEN, ORANGE, PURPLE, GREY)
_PARTS = ("fast", "slow")


class SynapticView(TimeView):
    """I_syn by port and component."""

    title = "I_syn"
    equations = "synaptic"
    readings = (
        Reading("total", "I_syn", "pA", 1),
        *(
            Reading(f"{part}_{port}", f"port {port}, {part}", "pA", 1)
            for port in range(MOST_PORTS)
            for part in ("fast", "slow")
        ),
    )

    def _build(self) -> None:
        self.source = self._source("synaptic", "total")
        fig = self.figure = self._plot("synaptic", "I_syn (pA)", 152)
        fig.xaxis.visible = False
        self._behind = Behind(fig, f"{self._prefix}synaptic-pinned", {"total": {}})
        self._total = fig.line("t", "total", source=self.source, line_color=BLUE, line_width=2.2)
        self._lines: list[Any] = []
        self._n_ports = 0
        self._named: dict[str, Any] = {}

    def draw(self, frame: Frame) -> None:
        fast, slow, pinned = frame.I_syn_fast, frame.I_syn_slow, frame.pinned
        behind = pinned and {"total": pinned.I_syn}
        total = fast.sum(axis=0) + slow.sum(axis=0)
        if self._is_drawn(total, fast, behind):
            return
        n_ports = len(fast)
        data = {"t": frame.I_syn_time, "total": total}
        for port in range(max(n_ports, len(self._lines) // 2)):
            there = port < n_ports
            for part, traces in (("fast", fast), ("slow", slow)):
                data[f"{part}_{port}"] = traces[port] if there else np.full_like(total, np.nan)
        self.source.data = data
        if n_ports != self._n_ports:
            self._show_ports(n_ports)
        self._name(self._named | self._behind.draw(frame.I_syn_time, behind))
        low, high = extent(0.0, total, fast, slow, *(behind or {}).values())
        set_range(self.figure.y_range, low, high, 10.0)

    def _is_drawn(self, total: np.ndarray, fast: np.ndarray, behind: Any) -> bool:
        """Whether there is nothing to paint: the neuron alone has changed."""
        data, before = self.source.data, self._behind.source.data
        return (
            len(fast) == self._n_ports
            and np.array_equal(data["total"], total)
            and np.array_equal(data["fast_0"], fast[0])
            and np.array_equal(before["total"], behind["total"] if behind else [], equal_nan=True)
        )

    def _show_ports(self, n_ports: int) -> None:
        """Give each port its two lines; those of a port that is gone are hidden."""
        for i in range(len(self._lines), 2 * n_ports):
            port, part = divmod(i, 2)
            column = f"{_PARTS[part]}_{port}"
            style = (DASHED, DOTTED)[part]
            self._lines.append(self.figure.line("t", column, source=self.source, **style))
        parts = [part for part in self.figure.renderers if part is not self._total]
        self.figure.renderers = [*parts, self._total]  # above its parts; an overlay is not clipped
        shown = {"sum": self._total.glyph}
        for i, line in enumerate(self._lines):
            port, part = divmod(i, 2)
            line.visible = port < n_ports
            line.glyph.line_color = _ALONE[part] if n_ports == 1 else _PORTS[port]
            if line.visible:
                shown[f"port {port}, {_PARTS[part]}"] = line.glyph
        self._named = shown
        self._n_ports = n_ports

"""The lines of the pinned run, grey and behind those of the present one."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from bokeh.models import ColumnDataSource

from .figures import PINNED, SOLID


class Behind:
    """Lines of a plot that are there while a run is pinned.

    Args:
        fig: the plot; what is drawn later is in front.
        name: of their source.
        lines: for each column, the dash that it shares with the present line.
    """

    def __init__(self, fig: Any, name: str, lines: Mapping[str, Any]) -> None:
        self._none: dict[str, Any] = {column: [] for column in ("t", *lines)}
        self.source = ColumnDataSource({**self._none}, name=name)
        drawn = [
            fig.line("t", column, source=self.source, **{**SOLID, **dash, **PINNED})
            for column, dash in lines.items()
        ]
        self._entries = {"pinned": drawn[0].glyph}

    def draw(self, time: np.ndarray, columns: Mapping[str, np.ndarray] | None) -> dict[str, Any]:
        """Show these columns, or none; what the legend says of them."""
        if columns is None:
            if len(self.source.data["t"]):
                self.source.data = {**self._none}
            return {}
        self.source.data = {"t": time, **columns}
        return self._entries


def extent(*traces: np.ndarray | float) -> tuple[float, float]:
    """The smallest and the largest of all values; NaN stands for none."""
    return (
        float(min(np.nanmin(trace) for trace in traces)),
        float(max(np.nanmax(trace) for trace in traces)),
    )

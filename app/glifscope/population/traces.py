"""The chosen neuron of a population: its traces, and what makes it differ from the others."""

from typing import Any

import numpy as np
import panel as pn
from bokeh.models import ColumnDataSource, Range1d

from glifcore import FIELDS, GlifModel

from ..choices import presets
from ..figures import BLUE, DASHED, ORANGE, SOLID, draw_spikes, plot, set_range
from ..legend import legend
from ..view import Reading, figure_pane, html, notices, sentence, show, table
from .detail import Detail


class TracesView(pn.viewable.Viewer):
    """V_m, threshold and spikes of one neuron."""

    readings = (Reading("V_m", "V_m", "mV", 2), Reading("threshold", "threshold", "mV", 2))

    def __init__(self, time: Range1d) -> None:
        super().__init__()
        self.source = ColumnDataSource(
            {"t": [], "V_m": [], "threshold": []}, name="population-traces"
        )
        self.spikes = ColumnDataSource({"t": [], "low": [], "high": []}, name="population-spikes")
        fig = self.figure = plot(
            "population-traces-figure", "potential (mV)", 212, time, x_label="time (ms)"
        )
        fig.segment("t", "low", "t", "high", source=self.spikes, line_color=BLUE, line_width=1.5)
        limit = fig.line("t", "threshold", source=self.source, line_color=ORANGE, **DASHED)
        potential = fig.line("t", "V_m", source=self.source, line_color=BLUE, **SOLID)
        self._entries = {"V_m": potential.glyph, "threshold": limit.glyph}
        self._problem = html(visible=False)

    def draw(self, detail: Detail) -> None:
        """Show this neuron."""
        show(self._problem, notices([detail.problem]))
        self.source.data = {"t": detail.time, "V_m": detail.V_m, "threshold": detail.threshold}
        if len(detail.time):
            low = float(min(detail.V_m.min(), detail.threshold.min()))
            high = float(max(detail.V_m.max(), detail.threshold.max()))
            # Room for the spikes above.
            set_range(self.figure.y_range, low, high + 0.3 * (high - low), 20.0)
        draw_spikes(self.figure, self.spikes, detail.spike_times, detail.spike_thresholds)

    def __panel__(self) -> Any:
        return pn.Column(
            self._problem,
            html(legend(self._entries)),
            figure_pane(self.figure),
            sizing_mode="stretch_width",
            margin=0,
        )


def parameters_of(detail: Detail) -> str:
    """What one neuron has of its own, then everything else, as HTML."""
    members, model = detail.members, detail.members.neurons.model
    assert isinstance(model, GlifModel)
    neuron, centre = members.one(detail.index), members.centre_of(detail.index)
    own, same = [], []
    for name, info in FIELDS.items():
        if model in info.used_by:
            value, middle = (np.asarray(getattr(x, name)) for x in (neuron, centre))
            unit = f" ({info.unit})" if info.unit else ""
            if np.array_equal(value, middle):
                same.append([name + unit, _text(value)])
            else:
                own.append([name + unit, _text(value), _text(middle)])
    parts = [f'<p class="caption">{_origin(detail, bool(own))}</p>']
    if own:
        parts.append(table(["parameter", "its value", "middle"], own, "dense"))
    title = "What it shares with that" if own else "Its parameters"
    parts.append(
        f"<details><summary>{title}</summary>{table(['parameter', 'value'], same, 'dense')}"
        "</details>"
    )
    return "".join(parts)


def _origin(detail: Detail, drawn: bool) -> str:
    cell = detail.members.cell_of(detail.index)
    middle = sentence(presets()[cell].title) if cell else "the neuron of the Neuron workspace"
    return f"Neuron {detail.index}, {'drawn around' if drawn else 'the same as'} {middle}."


def _text(value: np.ndarray) -> str:
    return ", ".join(f"{x:.4g}" for x in np.ravel(value)).replace("-", "\u2212")

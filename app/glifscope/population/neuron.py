"""The neuron of a population that is looked at: its traces, its parameters, and its way out."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any

import panel as pn
import panel_material_ui as pmui
from bokeh.models import Range1d

from ..cursor import Readable
from ..downloads import take_away
from ..layout import card, row
from ..live import Gate
from ..page_text import html, notices, show
from ..results import Results
from ..session import Session
from ..stimuli import MOST_PARTS
from ..traces_pane import TracesPane, rows_of
from ..trouble import tell
from ..views.stimulus import InjectedView
from .detail import Detail, Look, look_at
from .export import neuron_csv, neuron_figure
from .looked_controls import LookedControls
from .parameters import parameters_of
from .scripts import neuron_document, neuron_script


class OneNeuron:
    """Its traces are built once there are some; the neuron can be taken to the workspace Neuron.

    Args:
        session: keeps which neuron and which rows are shown.
        looked: the slider that chooses the neuron.
        look: what is looked at now; None before there is a population.
        pool: where it is simulated.
        time: the axis, shared with the plots of the population.
        read: views on it, whose numbers the cursor reads out too.
        figures: plots on it, which the cursor's line goes through too.

    Attributes:
        gate: of its pictures.
        traces: for the page.
        parameters: for the page.
    """

    def __init__(
        self,
        session: Session,
        looked: LookedControls,
        look: Callable[[], Look],
        pool: Executor,
        time: Range1d,
        read: Sequence[Readable],
        figures: Sequence[Any],
    ) -> None:
        self._session, self._looked, self._time = session, looked, time
        self._read, self._figures = read, figures
        self._detail: Detail | None = None
        self._results: Results | None = None
        self._pane: TracesPane | None = None
        self.gate: Any = Gate(look, look_at, self._apply, pool, "The neuron")
        self._problem, self._parameters = html(visible=False), html()
        waiting = html('<p class="caption" role="status">Waiting for the population …</p>')
        self.traces = pn.Column(waiting, sizing_mode="stretch_width", margin=0)
        self.parameters = card("Parameters of this neuron", self._parameters)

    def _apply(self, detail: Detail) -> None:
        self._detail = detail
        show(self._problem, notices([detail.problem]))
        show(self._parameters, parameters_of(detail.look))  # a drag seldom changes it
        if detail.frame is None:
            return
        if self._results is None:
            self._results = Results(frame=detail.frame)
            # A plot that is being built misses what it is sent, so it is drawn before it is added.
            self._pane = self.traces[0] = self._built(self._results)
        else:
            self._results.frame = detail.frame
        assert self._pane is not None
        self._pane.arrange()

    def _built(self, results: Results) -> TracesPane:
        prefix = "population-"
        stimulus = InjectedView(results, self._time, prefix)
        rows = rows_of(results, self._time, stimulus, prefix)
        rows[0].figure.xaxis.axis_label = "time (ms)"
        take = pmui.Button(
            label="Take it to Neuron",
            description="Take it to Neuron: its parameters and its input become those of the "
            "workspace Neuron, where all that is shared arrives in full",
            variant="outlined",
            size="small",
            margin=0,
        )
        take.on_click(lambda _: self._take())
        head = row((self._looked.neuron, "1 1 240px"), (take, "none"))
        files = take_away(
            "neuron",
            lambda: self._detail,
            {"": neuron_csv},
            neuron_figure,
            neuron_script,
            neuron_document,
        )
        return TracesPane(
            self._session,
            "looked",
            results,
            rows,
            title="One neuron",
            read=self._read,
            figures=self._figures,
            above=[head, self._problem],
            below=[files],
        )

    def _take(self) -> None:
        assert self._detail is not None
        look = self._detail.look
        choices = look.alone()
        if len(choices.stimulus) > MOST_PARTS:
            tell(
                f"With its own input the neuron has {len(choices.stimulus)} inputs; at most "
                f"{MOST_PARTS} can be shown. Remove one in Neuron, then take it again.",
                "warning",
            )
            return
        with self._session.one_step():
            self._session.workspace = "Neuron"  # first, lest the population be drawn once more
            self._session.take(choices)
        share = look.asked.choices.population.shared
        if share not in (0.0, 1.0):
            tell(f"In Neuron what is shared arrives in full, here {share:g} of it.", "info")

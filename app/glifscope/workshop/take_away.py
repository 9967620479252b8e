"""What to do with a fit: put it on the neuron, take it away as files and scripts."""

from collections.abc import Callable
from typing import Any

import panel as pn
import panel_material_ui as pmui

from glifcore import report as fit_report

from ..downloads import download, downloads
from ..session import Session
from ..view import card, html, show
from .choices import WorkshopChoices
from .export import report_zip, samples_csv, script, synapse_of, with_synapse
from .results import WorkshopResults


class TakeAwayView(pn.viewable.Viewer):
    """Accept, and downloads; all of what the sliders show."""

    def __init__(
        self, session: Session, choices: WorkshopChoices, results: WorkshopResults
    ) -> None:
        super().__init__()
        self._session, self._choices, self._results = session, choices, results
        self.accept = pmui.Button(
            label="Put it on the neuron", variant="contained", size="small", disabled=True
        )
        told = self._told = html(visible=False)
        self.downloads = {
            "NEST script": download("NEST script", "psc_nest.py", self._script("NEST"), told),
            "BrainPy script": download(
                "BrainPy script", "psc_brainpy.py", self._script("BrainPy"), told
            ),
            "Report": download("Report", "psc_fit.zip", self._report, told),
            "CSV": download("CSV", "psc_samples.csv", self._csv, told),
            "JSON": download("JSON", "psc_fit.json", self._json, told),
        }
        self.accept.on_click(lambda _: self._accept())
        choices.param.watch(lambda *_: self._enable(), "recording")
        results.param.watch(lambda *_: self._enable(), "fit")
        self._enable()

    def _enable(self) -> None:
        open_ = self._choices.recording is not None
        fitted = self._results.fit is not None
        self.accept.disabled = not open_
        for name, button in self.downloads.items():
            button.disabled = not (fitted if name in ("Report", "JSON") else open_)

    def _accept(self) -> None:
        shape = synapse_of(self._choices.shape)
        cell = with_synapse(self._session.cell, shape, self._session.port)
        self._session.accept(cell, float(shape.weight))
        show(
            self._told,
            f'<p class="caption">Port {self._session.port} of the neuron has this synapse, with '
            f"<code>weight</code> {shape.weight:+.4g} pA: inward current is negative in a "
            "recording and depolarises, and what depolarises is positive in the model. Undo takes "
            "it back.</p>",
        )

    def _script(self, kind: str) -> Callable[[], str]:
        return lambda: script(kind, self._session.cell, self._choices.values, self._session.port)

    def _report(self) -> bytes:
        prepared, fit = self._results.prepared, self._results.fit
        assert prepared is not None and fit is not None
        closer = self._results.closer
        closer = closer if closer and closer.fit is fit else None
        return report_zip(prepared, fit, closer).getvalue()

    def _csv(self) -> str:
        assert self._results.prepared is not None
        return samples_csv(self._results.prepared, self._choices.values)

    def _json(self) -> str:
        fit, closer = self._results.fit, self._results.closer
        assert fit is not None
        intervals = closer.intervals if closer and closer.fit is fit else None
        return fit_report.to_json(fit, intervals)

    def __panel__(self) -> Any:
        return card(
            "Take it away",
            pn.Row(self.accept, margin=(4, 0)),
            downloads(*self.downloads.values()),
            self._told,
        )

"""What to do with a fit: put it on the neuron, take it away as files and scripts."""

from collections.abc import Callable
from typing import Any

import panel as pn
import panel_material_ui as pmui

from glifcore import report as fit_report

from ..downloads import FORMS, download, downloads
from ..export.event import event_script, with_synapse
from ..export.scripts import SCRIPTS
from ..ports import GOES_TO, PortControls
from ..session import Session
from ..view import card, html, show
from .choices import WorkshopChoices
from .export import figure_of, report_zip, samples_csv, synapse_of
from .results import WorkshopResults


class TakeAwayView(pn.viewable.Viewer):
    """Accept, and downloads; all of what the sliders show."""

    def __init__(
        self, session: Session, choices: WorkshopChoices, results: WorkshopResults
    ) -> None:
        super().__init__()
        self._session, self._choices, self._results = session, choices, results
        self.accept = pmui.Button(
            label="Put it on the neuron", variant="contained", size="small", margin=0, disabled=True
        )
        told = self._told = html(visible=False)
        self.downloads = {
            **{
                f"{program} script": download(
                    f"{program} script",
                    f"psc_{program.lower()}.py",
                    self._script(program),
                    told,
                )
                for program in SCRIPTS
            },
            **{
                f"Curve ({form.upper()})": download(
                    f"Curve ({form.upper()})", f"psc_curve.{form}", self._figure(form), told
                )
                for form in FORMS
            },
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

    def _script(self, program: str) -> Callable[[], str]:
        session = self._session
        return lambda: event_script(
            program, session.cell, synapse_of(self._choices.shape), session.port
        )

    def _figure(self, form: str) -> Callable[[], bytes]:
        def make() -> bytes:
            assert self._results.prepared is not None
            return figure_of(self._results.prepared, self._choices.values, form)

        return make

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
            PortControls(self._session, GOES_TO),
            pn.Row(self.accept, margin=(4, 0)),
            downloads(*self.downloads.values()),
            self._told,
        )

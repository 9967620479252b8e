"""What to do with a fit: put it on the neuron, take it away as files and scripts."""

from collections.abc import Callable
from typing import Any

import panel as pn
import panel_material_ui as pmui

from glifcore import ParameterError
from glifcore import report as fit_report
from glifcore.fit_result import PscFit

from ..downloads import FORMS, download, downloads
from ..export.event import event_script, with_synapse
from ..export.scripts import SCRIPTS
from ..layout import card
from ..page_text import html, show
from ..ports import GOES_TO, PortControls
from ..session import Session
from .choices import WorkshopChoices
from .export import figure_of, report_zip, samples_csv, synapse_of
from .results import Closer, Prepared, WorkshopResults

_OF_A_FIT = ("Report", "JSON")
_NO_FIT = (
    "Report and JSON hold the numbers of a fit, and these samples have none yet. "
    "Click Fit in the card Least squares."
)
_NO_SAMPLES = "The samples are not there yet. Wait until they are drawn, then click again."


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
        self._missing = html(visible=False)
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
            button.disabled = not (fitted if name in _OF_A_FIT else open_)
        missing = open_ and not fitted
        show(self._missing, f'<p class="caption">{_NO_FIT}</p>' if missing else "")

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
        return lambda: figure_of(self._samples(), self._choices.values, form)

    def _report(self) -> bytes:
        fit = self._fit()
        return report_zip(self._samples(), fit, self._closer_to(fit)).getvalue()

    def _csv(self) -> str:
        return samples_csv(self._samples(), self._choices.values)

    def _json(self) -> str:
        fit = self._fit()
        closer = self._closer_to(fit)
        return fit_report.to_json(fit, closer.intervals if closer else None)

    def _samples(self) -> Prepared:
        if self._results.prepared is None:
            raise ParameterError(self._results.problem or _NO_SAMPLES)
        return self._results.prepared

    def _fit(self) -> PscFit:
        if self._results.fit is None:  # it went while the button was being clicked
            raise ParameterError(_NO_FIT)
        return self._results.fit

    def _closer_to(self, fit: PscFit) -> Closer | None:
        closer = self._results.closer
        return closer if closer and closer.fit is fit else None

    def __panel__(self) -> Any:
        return card(
            "Take it away",
            PortControls(self._session, GOES_TO),
            pn.Row(self.accept, margin=(4, 0)),
            downloads(*self.downloads.values()),
            self._missing,
            self._told,
        )

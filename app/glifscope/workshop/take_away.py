"""What to do with a fit: put it on the neuron, take it away as files and scripts."""

import io
from collections.abc import Callable
from typing import Any

import panel as pn
import panel_material_ui as pmui

from glifcore import ParameterError
from glifcore import report as fit_report

from ..session import Session
from ..view import card, html, sentence, show
from .choices import WorkshopChoices
from .export import report_zip, samples_csv, script, synapse_of, with_synapse
from .results import WorkshopResults


class TakeAwayView(pn.viewable.Viewer):
    """Accept, undo, and downloads; all of what the sliders show."""

    def __init__(
        self, session: Session, choices: WorkshopChoices, results: WorkshopResults
    ) -> None:
        super().__init__()
        self._session, self._choices, self._results = session, choices, results
        self.accept = pmui.Button(
            label="Put it on the neuron", variant="contained", size="small", disabled=True
        )
        self.undo = pmui.Button(label="Undo", variant="outlined", size="small", disabled=True)
        self._told = html(visible=False)
        self.downloads = {
            "NEST script": self._download("NEST script", "psc_nest.py", self._script("NEST")),
            "BrainPy script": self._download(
                "BrainPy script", "psc_brainpy.py", self._script("BrainPy")
            ),
            "Report": self._download("Report", "psc_fit.zip", self._report),
            "CSV": self._download("CSV", "psc_samples.csv", self._csv),
            "JSON": self._download("JSON", "psc_fit.json", self._json),
        }
        self.accept.on_click(lambda _: self._accept())
        self.undo.on_click(lambda _: self._undo())
        choices.param.watch(lambda *_: self._enable(), "recording")
        results.param.watch(lambda *_: self._enable(), "fit")
        session.param.watch(lambda *_: self._enable(), "before")
        self._enable()

    def _download(self, label: str, filename: str, make: Callable[[], Any]) -> Any:
        def safely() -> Any:
            try:
                show(self._told, "")
                return make()
            except ParameterError as error:
                show(self._told, f'<p class="problem error">{sentence(str(error))}</p>')
                return io.StringIO(f"{error}\n")

        return pmui.FileDownload(
            label=label,
            filename=filename,
            callback=safely,
            auto=True,
            variant="outlined",
            size="small",
        )

    def _enable(self) -> None:
        open_ = self._choices.recording is not None
        fitted = self._results.fit is not None
        self.accept.disabled = not open_
        self.undo.disabled = self._session.before is None
        for name, button in self.downloads.items():
            button.disabled = not (fitted if name in ("Report", "JSON") else open_)

    def _accept(self) -> None:
        shape = synapse_of(self._choices.shape)
        cell = with_synapse(self._session.cell, shape)
        self._session.accept(cell, float(shape.weight))
        show(
            self._told,
            '<p class="caption">Port 0 of the neuron has this synapse now, with '
            f"<code>weight</code> {shape.weight:+.4g} pA: inward current is negative in a "
            "recording and depolarises, and what depolarises is positive in the model.</p>",
        )

    def _undo(self) -> None:
        self._session.undo()
        show(self._told, '<p class="caption">The neuron has its earlier synapse again.</p>')

    def _script(self, kind: str) -> Callable[[], io.StringIO]:
        return lambda: io.StringIO(script(kind, self._session.cell, self._choices.values))

    def _report(self) -> io.BytesIO:
        prepared, fit = self._results.prepared, self._results.fit
        assert prepared is not None and fit is not None
        closer = self._results.closer
        return report_zip(prepared, fit, closer if closer and closer.fit is fit else None)

    def _csv(self) -> io.StringIO:
        assert self._results.prepared is not None
        return io.StringIO(samples_csv(self._results.prepared, self._choices.values))

    def _json(self) -> io.StringIO:
        fit, closer = self._results.fit, self._results.closer
        assert fit is not None
        intervals = closer.intervals if closer and closer.fit is fit else None
        return io.StringIO(fit_report.to_json(fit, intervals))

    def __panel__(self) -> Any:
        return card(
            "Take it away",
            pn.Row(self.accept, self.undo, margin=(4, 0)),
            pn.FlexBox(*self.downloads.values(), margin=(4, 0), gap="6px"),
            self._told,
        )

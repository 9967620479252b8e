"""What is on the page as files: figures, traces, and source text that runs elsewhere."""

from typing import Any

import panel as pn

from ..choices import Driven
from ..downloads import download, downloads
from ..export.neuron import psc_figure, told_of, traces_figure
from ..export.run import choices_json, script, traces_csv
from ..export.scripts import SCRIPTS
from ..layout import accordion, surface
from ..page_text import html
from ..results import Frame
from ..view import View

_AS_A_CARD = {
    "& .MuiAccordionSummary-root": {"padding": 0, "minHeight": 0},
    "& .MuiAccordionSummary-content": {"margin": 0},
    "& .MuiAccordionSummary-root .MuiTypography-root": {"fontSize": "15px", "fontWeight": 600},
    "& .MuiAccordionDetails-root": {"padding": "8px 0 0"},
}


class TakeAwayView(View):
    """A button for each file; each is made of the last picture when it is clicked."""

    title = "Take it away"

    def _build(self) -> None:
        told = html(visible=False)
        self.scripts = {
            program: download(
                f"{program} script",
                f"glif_{program.lower()}.py",
                lambda program=program: script(program, self._frame.choices),
                told,
            )
            for program in SCRIPTS
        }
        self.files = {
            "CSV": download("Traces (CSV)", "traces.csv", self._csv, told),
            "JSON": download("Choices (JSON)", "choices.json", self._json, told),
        }
        for form in ("svg", "png"):
            self.files[f"traces.{form}"] = download(
                f"Traces ({form.upper()})",
                f"traces.{form}",
                lambda form=form: self._figure(form),
                told,
            )
            self.files[f"psc.{form}"] = download(
                f"PSC ({form.upper()})",
                f"psc.{form}",
                lambda form=form: psc_figure(self._frame.choices, self._frame.port, form),
                told,
            )
        self._told = told

    @property
    def _frame(self) -> Frame:
        frame = self._results.frame
        assert frame is not None
        return frame

    def _runs(self) -> tuple[Driven, Driven | None]:
        """What is shown, and the pinned run."""
        pinned = self._frame.pinned
        return (
            Driven.by(self._frame.choices),
            None if pinned is None else Driven.by(pinned.choices),
        )

    def _figure(self, form: str) -> bytes:
        run, pinned = self._runs()
        told = told_of(run.choices, pinned and pinned.choices)
        return traces_figure(run, form, told, pinned)

    def _csv(self) -> str:
        return traces_csv(*self._runs())

    def _json(self) -> str:
        return choices_json(self._frame.choices)

    def draw(self, frame: Frame) -> None:
        """Nothing: files are made when they are asked for."""

    def __panel__(self) -> Any:
        files = pn.Column(
            downloads(*self.scripts.values()),
            downloads(*self.files.values()),
            self._told,
            sizing_mode="stretch_width",
        )
        return surface(accordion([(self.title, files)], opened=(), sx=_AS_A_CARD))

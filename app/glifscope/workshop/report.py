"""What a fit found: numbers with errors and intervals, remarks, the flattest direction, models."""

from collections.abc import Callable
from typing import Any

import panel as pn
import panel_material_ui as pmui

from glifcore.fit_result import PscFit
from glifcore.identifiability import Remark, along_valley
from glifcore.report import MODEL_HEAD, goodness, interval_text, model_rows, number, rows

from ..layout import card
from ..live import send_at_once
from ..page_text import html, notices, readouts, sentence, show, table
from .choices import WorkshopChoices
from .results import Closer, WorkshopResults

_GRAVE = {"search", "bound", "alike", "vague", "tied", "misfit"}
_INVITATION = (
    "Bring the curve near the recording with the sliders or with the handles on it, "
    "then let least squares finish."
)


class ReportView(pn.viewable.Viewer):
    """The fit and its report.

    Args:
        choices: of the visitor.
        results: what follows from them.
        fit: asks for a fit.
    """

    def __init__(
        self, choices: WorkshopChoices, results: WorkshopResults, fit: Callable[[], None]
    ) -> None:
        super().__init__()
        self._choices, self._results = choices, results
        self.fit = pmui.Button(
            label="Fit",
            color="primary",
            variant="contained",
            size="medium",
            width=110,
            margin=(8, 0),
        )
        self.keep = pmui.Switch(
            label="Keep fitted",
            description="Fit again at each change; a number whose slider is moved is then held",
            value=False,
            margin=(8, 10),
        )
        self._problem = html(visible=False)
        self._numbers = html(f'<p class="caption">{_INVITATION}</p>')
        self._remarks = html(visible=False)
        self._more = html(visible=False)
        self.along = pmui.FloatSlider(
            label="Along the flattest direction (standard errors)",
            description="Moves all numbers together, the way that changes the fit least",
            start=-3.0,
            end=3.0,
            step=0.05,
            value=0.0,
            size="small",
            sizing_mode="stretch_width",
            margin=(4, 10),
        )
        send_at_once(self.along, "value", "value_throttled")
        self._flattest = html()
        self._valley = pn.Column(
            self._flattest, self.along, sizing_mode="stretch_width", visible=False, margin=(8, 0)
        )
        self.fit.on_click(lambda _: fit())
        self.keep.param.watch(lambda e: setattr(choices, "keep_fitted", e.new), "value")
        self.along.param.watch(lambda e: self._move(e.new), "value")
        choices.param.watch(lambda e: setattr(self.keep, "value", e.new), "keep_fitted")
        choices.param.watch(lambda *_: self._enable(), "recording")
        results.param.watch(lambda *_: self.draw(), ["fit", "closer"])
        results.param.watch(lambda e: self._tell(e.new), "problem")
        self._enable()

    def _enable(self) -> None:
        self.fit.disabled = self._choices.recording is None

    def _tell(self, problem: str) -> None:
        show(self._problem, notices([problem]))

    def draw(self) -> None:
        """Show the last fit, and as much as is known of it."""
        fit, closer = self._results.fit, self._results.closer
        if fit is None:
            show(self._numbers, f'<p class="caption">{_INVITATION}</p>')
            show(self._remarks, "")
            show(self._more, "")
            self._valley.visible = False
            return
        mine = closer if closer is not None and closer.fit is fit else None
        show(self._numbers, _numbers(fit, mine) + readouts(goodness(fit)))
        show(self._remarks, _remarks(mine.remarks) if mine else "")
        show(self._more, _more(fit, mine) if mine else "")
        self._valley.visible = mine is not None and mine.valley is not None
        if mine is not None and mine.valley is not None:
            self._flattest.object = _flattest(mine.valley, None)
            self.along.value = 0.0

    def _move(self, distance: float) -> None:
        """Show the parameters that lie this far along the flattest direction."""
        fit, closer = self._results.fit, self._results.closer
        if fit is None or closer is None or closer.fit is not fit or closer.valley is None:
            return
        values, ratio = along_valley(fit, distance) if distance else (fit.best, 1.0)
        self._flattest.object = _flattest(closer.valley, ratio)
        self._choices.values = values

    def __panel__(self) -> Any:
        return card(
            "Least squares",
            pn.Row(self.fit, self.keep, margin=(4, 0)),
            self._problem,
            self._numbers,
            self._remarks,
            self._valley,
            self._more,
            equations="fit",
        )


def _numbers(fit: PscFit, closer: Closer | None) -> str:
    body = []
    for name, unit, best, error, low, high, state in rows(fit, closer.intervals if closer else {}):
        mark = {"fixed": "held", "at bound": "at its bound"}.get(state)
        told = f"± {number(error, 2)}" if error is not None else mark or "not determined"
        interval = interval_text(low, high, error) if closer else "…"
        body.append([name, number(best, error=error), told, interval if not mark else "–", unit])
    return table(["", "best", "standard error", "95 % interval", "unit"], body)


def _remarks(found: tuple[Remark, ...]) -> str:
    if not found:
        return '<p class="remark good">These data determine every number of the shape.</p>'
    return "".join(
        f'<p class="remark {"grave" if one.kind in _GRAVE else "plain"}">'
        f"{sentence(one.message)}</p>"
        for one in found
    )


def _flattest(valley: Any, ratio: float | None) -> str:
    moves = [
        f"<code>{name}</code> {100 * share * valley.spread:+.1f} %"
        for name, share in valley.direction.items()
        if abs(share) > 0.05
    ]
    text = f"One standard error along it: {', '.join(moves)}."
    if ratio is not None:
        text += f" Here the sum of squares is {ratio:.4f} times the least."
    return f'<p class="caption">{text}</p>'


def _more(fit: PscFit, closer: Closer) -> str:
    names = [name for i, name in enumerate(fit.best._fields) if fit.stderr[i] is not None]
    where = [fit.best._fields.index(name) for name in names]
    body = [
        [names[i], *(f"{fit.correlations[a, b]:+.2f}" for b in where[: i + 1])]
        + [""] * (len(where) - i - 1)
        for i, a in enumerate(where)
    ]
    correlations = table(["", *names], body, "dense")
    models = table(MODEL_HEAD, model_rows(closer.models))
    return (
        f"<h3>Other models on the same data</h3>{models}"
        f"<details><summary>Correlations of the estimates</summary>{correlations}</details>"
        f'<p class="caption">{sentence(fit.message)}</p>'
    )

"""A fit in words and tables: as Markdown for people, as CSV and JSON for programs."""

import csv
import io
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from typing import Any

import numpy as np

from glifcore.comparison import ModelFit
from glifcore.fit_result import PARAMETERS, PscFit
from glifcore.identifiability import Remark
from glifcore.intervals import Interval
from glifcore.psc import psc_features

COLUMNS = ("parameter", "unit", "best", "stderr", "low_95", "high_95", "state")
"""Columns of `rows` and of the CSV."""

FEATURE_UNITS = {"peak": "pA", "charge": "pA ms", "slow_fraction": ""}


def rows(fit: PscFit, intervals: Mapping[str, Interval] | None = None) -> list[tuple[Any, ...]]:
    """One row of `COLUMNS` for each parameter of one fit; None where there is no such number."""
    found = []
    for i, (name, unit) in enumerate(PARAMETERS.items()):
        state = "free" if fit.free[i] else "fixed"
        interval = (intervals or {}).get(name, Interval(None, None))
        found.append(
            (
                name,
                unit,
                float(fit.best[i]),
                fit.stderr[i],
                interval.low,
                interval.high,
                "at bound" if fit.at_bound[i] else state,
            )
        )
    return found


def to_csv(table: Iterable[Sequence[Any]], header: Sequence[str] = COLUMNS) -> str:
    """Rows as CSV text; an empty cell where a number is missing."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for row in table:
        writer.writerow(["" if value is None else value for value in row])
    return text.getvalue()


def to_json(fit: PscFit, intervals: Mapping[str, Interval] | None = None) -> str:
    """One fit as JSON text: estimates, errors, intervals, covariance and measures of the fit."""
    names = ("r2", "rms", "chisqr", "redchi", "aic", "bic", "ndata", "nvarys", "autocorrelation")
    document = {
        "format": "glifcore-fit",
        "version": 1,
        "glifcore": version("glifcore"),
        "parameters": {
            row[0]: dict(zip(COLUMNS[1:], row[1:], strict=True)) for row in rows(fit, intervals)
        },
        "covariance": _without_nan(fit.covariance.tolist()),
        "order": list(PARAMETERS),
        "success": bool(fit.success),
        "message": fit.message,
        **{name: _without_nan(float(getattr(fit, name))) for name in names},
    }
    return json.dumps(document, indent=2, allow_nan=False)


def to_markdown(
    fit: PscFit,
    *,
    title: str = "Fit of a double alpha function",
    about: Sequence[str] = (),
    intervals: Mapping[str, Interval] | None = None,
    remarks: Sequence[Remark] = (),
    models: Sequence[ModelFit] = (),
    figure: str = "",
) -> str:
    """One fit as a report in Markdown.

    Args:
        fit: of one event.
        title: heading.
        about: sentences on the recording and what was done to it.
        intervals: of `profile_interval`.
        remarks: of `remarks`.
        models: of `compare_models`.
        figure: file name of a picture to show.
    """
    parts = [f"# {title}", *about]
    if figure:
        parts.append(f"![The recording, the model and the residuals]({figure})")
    table = [
        [
            name,
            number(best, error=error),
            number(error, 2),
            interval_text(low, high, error),
            unit,
            state,
        ]
        for name, unit, best, error, low, high, state in rows(fit, intervals)
    ]
    head = ["parameter", "best", "standard error", "95 % interval", "unit", "state"]
    parts.append(_table(head, table))
    parts.append(
        "baseline + weight [alpha(t; tau_syn_fast) + amp_slow alpha(t; tau_syn_slow)], "
        "t from the onset, alpha(t; tau) = (t / tau) exp(1 - t / tau)."
    )
    measures = " · ".join(f"{name} {value}" for name, value in goodness(fit).items())
    parts.append(f"{measures}. {fit.message}")
    parts += [f"- {remark.message}" for remark in remarks]
    features = psc_features(fit.shape)._asdict()
    parts.append(
        _table(
            ["feature", "value", "unit"],
            [[k, number(float(v)), FEATURE_UNITS.get(k, "ms")] for k, v in features.items()],
        )
    )
    if models:
        parts.append(_table(MODEL_HEAD, model_rows(models)))
    parts.append(f"Made with glifcore {version('glifcore')}.")
    return "\n\n".join(parts) + "\n"


MODEL_HEAD = ["model", "free", "R²", "ΔAIC", "ΔBIC", "Akaike weight"]


def model_rows(models: Sequence[ModelFit]) -> list[list[str]]:
    """The models compared, as text under `MODEL_HEAD`."""
    aic, bic = min(m.aic for m in models), min(m.bic for m in models)
    return [
        [
            m.name,
            str(m.nvarys),
            f"{m.r2:.4f}",
            f"{m.aic - aic:.1f}",
            f"{m.bic - bic:.1f}",
            f"{100 * m.weight:.1f} %",
        ]
        for m in models
    ]


def goodness(fit: PscFit) -> dict[str, str]:
    """How well one fit does, as text with units."""
    unit = "" if fit.samples.sigma_known else " pA²"
    return {
        "R²": f"{fit.r2:.4f}",
        "RMS": f"{fit.rms:.3g} pA",
        "redchi": f"{fit.redchi:.3g}{unit}",
        "AIC": f"{fit.aic:.1f}",
        "BIC": f"{fit.bic:.1f}",
        "samples": f"{fit.ndata}",
        "autocorrelation": f"{fit.autocorrelation:.2f}",
    }


def number(value: float | None, digits: int = 4, error: float | None = None) -> str:
    """A number as text; a dash where there is none.

    Args:
        value: the number.
        digits: significant ones, where its error is not known.
        error: its standard error; then as many decimals as give two digits of that.
    """
    if value is None or not math.isfinite(value):
        return "–"
    if error is not None and math.isfinite(error) and error > 0:
        decimals = 1 - math.floor(math.log10(error))
        return f"{value:.{decimals}f}" if decimals >= 0 else f"{round(value, decimals):.0f}"
    return f"{value:.{digits}g}"


def interval_text(low: float | None, high: float | None, error: float | None = None) -> str:
    """An interval; an open end where the data set no limit."""
    if low is None and high is None:
        return "–"
    return " to ".join("open" if end is None else number(end, error=error) for end in (low, high))


def _table(head: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _without_nan(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_nan(one) for one in value]
    return None if np.isnan(value) else value

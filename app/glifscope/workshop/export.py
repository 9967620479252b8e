"""What a visitor takes away: the fit as files, the neuron with its synapse as a script."""

import io
import zipfile

import numpy as np

from glifcore import PscShape, psc_components
from glifcore import report as fit_report
from glifcore.fit_result import PARAMETERS, PscFit, PscParameters

from ..export.paper import above, bare, draw_parts, saved, sheet
from ..export.words import made_by, number, sentences
from ..figures import BLUE, GREY
from .results import Closer, Prepared


def synapse_of(shape: PscShape) -> PscShape:
    """The recorded shape as a synapse of the model.

    In a voltage-clamp recording an inward current is negative, and it depolarises; in the model
    what depolarises is positive. So the weight changes its sign.
    """
    return shape._replace(weight=-shape.weight)


def samples_csv(prepared: Prepared, values: PscParameters) -> str:
    """The samples that were fitted, the model and its parts, as CSV."""
    shape, t = PscShape(*values[:4]), prepared.time
    fast, slow = (np.asarray(part) for part in psc_components(shape, t - values.onset))
    total = values.baseline + fast + slow
    columns = {
        "time_ms": t,
        "current_pA": prepared.current,
        "model_pA": total,
        "fast_pA": fast,
        "slow_pA": slow,
        "residual_pA": prepared.current - total,
    }
    if prepared.sem is not None:
        columns["sem_pA"] = prepared.sem
    rows = np.stack(list(columns.values()), axis=1)
    return fit_report.to_csv(([f"{x:.6g}" for x in row] for row in rows), list(columns))


def report_zip(prepared: Prepared, fit: PscFit, closer: Closer | None) -> io.BytesIO:
    """The report in Markdown with its figure, the tables and the numbers, in one file."""
    intervals = closer.intervals if closer else None
    window = prepared.preparation.window
    text = fit_report.to_markdown(
        fit,
        title=f"Double alpha function fitted to {name_of(prepared)}",
        about=[
            f"Window {window[0]:g} to {window[1]:g} ms, {fit.ndata} samples. "
            + " ".join(prepared.notes)
        ],
        intervals=intervals,
        remarks=closer.remarks if closer else (),
        models=closer.models if closer else (),
        figure="figure.svg",
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("report.md", text)
        archive.writestr("figure.svg", figure_of(prepared, fit.best, "svg"))
        archive.writestr("parameters.csv", fit_report.to_csv(fit_report.rows(fit, intervals)))
        archive.writestr("samples.csv", samples_csv(prepared, fit.best))
        archive.writestr("fit.json", fit_report.to_json(fit, intervals))
    packed.seek(0)
    return packed


def figure_of(prepared: Prepared, values: PscParameters, form: str) -> bytes:
    """Recording, curve, parts and residuals, as "svg" or "png"."""
    shape, t, y = PscShape(*values[:4]), prepared.time, prepared.current
    fast, slow = (np.asarray(part) for part in psc_components(shape, t - values.onset))
    base = values.baseline
    figure = sheet(4.8)
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    if prepared.sem is not None:
        upper.fill_between(t, y - prepared.sem, y + prepared.sem, color=GREY, alpha=0.3, lw=0)
    upper.plot(t, y, color=GREY, lw=0.8, label="recording")
    draw_parts(upper, t, base + fast, base + slow, base + fast + slow)
    lower.plot(t, y - base - fast - slow, color=GREY, lw=0.8)
    lower.axhline(0.0, color=BLUE, lw=0.8)
    upper.set(ylabel="current (pA)", xlim=(t[0], t[-1]))
    lower.set(xlabel="time (ms)", ylabel="residual (pA)")
    for axes in (upper, lower):
        bare(axes)
    above(upper)
    figure.align_ylabels()
    return saved(figure, _caption(prepared, values), form)


def _caption(prepared: Prepared, values: PscParameters) -> str:
    named = [
        number(name, value, unit)
        for (name, unit), value in zip(PARAMETERS.items(), values, strict=True)
    ]
    start, end = prepared.preparation.window
    sem = "; the band: standard error of the mean of the sweeps" if prepared.sem is not None else ""
    return sentences(
        f"{name_of(prepared)}, {start:g} to {end:g} ms, {len(prepared.time)} samples{sem}",
        *prepared.notes,
        f"Double alpha function: {', '.join(named)}",
        made_by(),
    )


def name_of(prepared: Prepared) -> str:
    """The file that the samples are of."""
    recording = prepared.preparation.recording
    return recording.name if recording and recording.name else "a recording"

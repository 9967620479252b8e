"""What a visitor takes away: the fit as files, the neuron with its synapse as a script."""

import io
import zipfile
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from glifcore import (
    GlifParameters,
    PscShape,
    SpikeTrain,
    make_stimulus,
    psc_components,
    to_brainpy,
    to_nest,
)
from glifcore import report as fit_report
from glifcore.fit_result import PscFit, PscParameters

from ..figures import BLUE, GREEN, GREY, ORANGE
from .results import Closer, Prepared

SCRIPT_DURATION = 200.0
"""ms that an exported script simulates at least."""

_EVENT = 20.0
_DT = 0.1


def synapse_of(shape: PscShape) -> PscShape:
    """The recorded shape as a synapse of the model.

    In a voltage-clamp recording an inward current is negative, and it depolarises; in the model
    what depolarises is positive. So the weight changes its sign.
    """
    return shape._replace(weight=-shape.weight)


def with_synapse(cell: GlifParameters, shape: PscShape, port: int = 0) -> GlifParameters:
    """The neuron with this shape on one of its ports."""
    changes = {}
    for name in ("tau_syn_fast", "tau_syn_slow", "amp_slow"):
        values = np.array(getattr(cell, name), float)
        values[..., port] = getattr(shape, name)
        changes[name] = values
    return cell.replace(**changes)


def script(kind: str, cell: GlifParameters, values: PscParameters, port: int = 0) -> str:
    """A script in which one spike of the fitted weight reaches the neuron after 20 ms.

    Args:
        kind: "NEST" or "BrainPy".
        cell: the neuron.
        values: the fit.
        port: where the synapse is.

    Raises:
        ParameterError: that program refuses the neuron.
    """
    shape = synapse_of(PscShape(*values[:4]))
    slowest = max(shape.tau_syn_fast, shape.tau_syn_slow)
    duration = max(SCRIPT_DURATION, float(np.ceil(_EVENT + 10.0 * slowest)))
    neuron = with_synapse(cell, shape, port)
    stimulus = make_stimulus(
        SpikeTrain([_EVENT], shape.weight, port),
        duration=duration,
        dt=_DT,
        n_receptors=neuron.tau_syn_fast.shape[-1],
    )
    write = {"NEST": to_nest, "BrainPy": to_brainpy}[kind]
    return write(neuron, stimulus, _DT)


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
    recording = prepared.preparation.recording
    name = recording.name if recording and recording.name else "a recording"
    window = prepared.preparation.window
    text = fit_report.to_markdown(
        fit,
        title=f"Double alpha function fitted to {name}",
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
        archive.writestr("figure.svg", figure_svg(prepared, fit))
        archive.writestr("parameters.csv", fit_report.to_csv(fit_report.rows(fit, intervals)))
        archive.writestr("samples.csv", samples_csv(prepared, fit.best))
        archive.writestr("fit.json", fit_report.to_json(fit, intervals))
    packed.seek(0)
    return packed


def figure_svg(prepared: Prepared, fit: PscFit) -> str:
    """Recording, model, parts and residuals as SVG."""
    figure = Figure(figsize=(7.0, 5.0), layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    t, y, best = prepared.time, prepared.current, fit.best
    fast, slow = (np.asarray(part) for part in psc_components(fit.shape, t - best.onset))
    if prepared.sem is not None:
        upper.fill_between(t, y - prepared.sem, y + prepared.sem, color=GREY, alpha=0.3, lw=0)
    lines: list[tuple[Any, str, dict[str, Any]]] = [
        (y, "recording", {"color": GREY, "lw": 0.8}),
        (best.baseline + fast, "fast", {"color": GREEN, "ls": "--"}),
        (best.baseline + slow, "slow", {"color": ORANGE, "ls": ":"}),
        (best.baseline + fast + slow, "sum", {"color": BLUE, "lw": 1.8}),
    ]
    for values, label, style in lines:
        upper.plot(t, values, label=label, **style)
    upper.set_ylabel("current (pA)")
    upper.legend(frameon=False, ncols=4, loc="lower left", bbox_to_anchor=(0, 1))
    lower.plot(t, y - best.baseline - fast - slow, color=GREY, lw=0.8)
    lower.axhline(0.0, color=BLUE, lw=0.8)
    lower.set(xlabel="time (ms)", ylabel="residual (pA)")
    text = io.StringIO()
    figure.savefig(text, format="svg")
    return text.getvalue()

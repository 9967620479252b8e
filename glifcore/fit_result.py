"""What a fit found, and what can be said of it."""

from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from glifcore.least_squares import Space
from glifcore.psc import PscShape, psc_waveform
from glifcore.samples import Samples
from glifcore.uncertainty import covariance

PARAMETERS = {
    "weight": "pA",
    "tau_syn_fast": "ms",
    "tau_syn_slow": "ms",
    "amp_slow": "",
    "onset": "ms",
    "baseline": "pA",
}
"""What is fitted, in order, with its unit."""


class PscParameters(NamedTuple):
    """One number for each thing that is fitted; (n,) of them for n events.

    Attributes:
        weight: peak of the fast part, pA; negative for an inward current.
        tau_syn_fast: ms.
        tau_syn_slow: ms.
        amp_slow: peak of the slow part relative to that of the fast one.
        onset: time at which the event begins, ms.
        baseline: current without the event, pA.
    """

    weight: Any
    tau_syn_fast: Any
    tau_syn_slow: Any
    amp_slow: Any
    onset: Any
    baseline: Any


class PscFit(NamedTuple):
    """What least squares found; for `fit_events` numbers and arrays have a leading axis of n.

    Attributes:
        best: the estimates.
        stderr: their standard errors; None where none can be given (`reasons` says why), NaN for
            events.
        covariance: of the estimates, in the order of `best`; NaN where there is none.
        correlations: the same, scaled to 1 on the diagonal.
        inflation: by how much correlated noise raises the variance of each estimate.
        autocorrelation: of neighbouring samples of the noise, with what the fit took away put back.
        noise_variance: of one sample, in the units of `chisqr`, likewise.
        dof: degrees of freedom for intervals; less than ndata - nvarys, as `autocorrelation` is an
            estimate too.
        ndata: number of samples.
        nvarys: number of free parameters.
        chisqr: sum of squared residuals; in units of sigma squared if it was given, else pA^2.
        redchi: `chisqr` over ndata - nvarys.
        r2: share of the current's variance that the model explains.
        rms: of the residuals, pA.
        aic: Akaike's criterion for independent noise, as in lmfit; see `compare_models`.
        bic: the Bayesian one, likewise.
        free: which parameters were free.
        at_bound: which of them ended at a bound.
        swapped: whether the search ended with fast and slow part exchanged, and they were put back.
        n_steps: steps of the search.
        success: whether it ended by itself.
        message: a sentence on how it ended.
        samples: what was fitted.
        space: what the parameters could be.
    """

    best: PscParameters
    stderr: PscParameters
    covariance: Float[np.ndarray, "*n 6 6"]
    correlations: Float[np.ndarray, "*n 6 6"]
    inflation: Float[np.ndarray, "*n 6"]
    autocorrelation: Any
    noise_variance: Any
    dof: Any
    ndata: int
    nvarys: int
    chisqr: Any
    redchi: Any
    r2: Any
    rms: Any
    aic: Any
    bic: Any
    free: Bool[np.ndarray, "6"]
    at_bound: Bool[np.ndarray, "*n 6"]
    swapped: Any
    n_steps: Any
    success: Any
    message: Any
    samples: Samples
    space: Space

    @property
    def shape(self) -> PscShape:
        """The shape of the fitted PSC."""
        return PscShape(*self.best[:4])

    @property
    def reasons(self) -> dict[str, str]:
        """For each parameter of one fit without a standard error: why it has none."""
        found = {}
        for i, (name, error) in enumerate(zip(PARAMETERS, self.stderr, strict=True)):
            if error is None:
                found[name] = (
                    "it was fixed"
                    if not self.free[i]
                    else "it lies at its bound"
                    if self.at_bound[i]
                    else "the curve does not depend on it here"
                )
        return found

    def waveform(self, t: Any) -> Float[np.ndarray, "*T"]:
        """The current of one fit, pA, at times `t` (ms) of the recording."""
        since = np.asarray(t, float) - self.best.onset
        return self.best.baseline + np.asarray(psc_waveform(self.shape, since))


def summarise(
    best: PscParameters,
    space: Space,
    at_bound: np.ndarray,
    samples: Samples,
    residuals: np.ndarray,
    jacobian: np.ndarray,
    n_steps: int,
    success: bool,
    swapped: bool,
) -> PscFit:
    """The figures of one fit, from the residuals (in units of sigma) and their derivatives."""
    free = np.asarray(space.free)
    told = free & ~at_bound
    n, nvarys = len(residuals), int(free.sum())
    found = covariance(jacobian[:, told], residuals)
    matrix = np.full((6, 6), np.nan)
    matrix[np.ix_(told, told)] = found.matrix
    inflation = np.ones(6)
    inflation[told] = found.inflation
    errors = np.sqrt(np.diag(matrix))
    chisqr = float(np.sum(residuals**2))
    misses = residuals * samples.sigma
    scatter = float(np.sum((samples.current - samples.current.mean()) ** 2))
    per_sample = n * np.log(max(chisqr, 1e-300) / n)
    return PscFit(
        best=best,
        stderr=PscParameters(*(float(e) if np.isfinite(e) else None for e in errors)),
        covariance=matrix,
        correlations=matrix / np.outer(errors, errors),
        inflation=inflation,
        autocorrelation=found.autocorrelation,
        noise_variance=found.variance,
        dof=found.dof,
        ndata=n,
        nvarys=nvarys,
        chisqr=chisqr,
        redchi=chisqr / max(n - nvarys, 1),
        r2=1.0 - float(np.sum(misses**2)) / scatter if scatter > 0 else float("nan"),
        rms=float(np.sqrt(np.mean(misses**2))),
        aic=float(per_sample + 2 * nvarys),
        bic=float(per_sample + np.log(n) * nvarys),
        free=free,
        at_bound=at_bound,
        swapped=swapped,
        n_steps=n_steps,
        success=success,
        message=(
            f"The sum of squares stopped falling after {n_steps} steps."
            if success
            else f"Stopped after {n_steps} steps, still falling; start closer to the recording, or "
            "fix a parameter."
        ),
        samples=samples,
        space=space,
    )


def stack(fits: list[PscFit]) -> PscFit:
    """Many fits of the same length as one, with a leading axis."""
    first = fits[0]
    shared = ("ndata", "nvarys", "free", "space")
    values = {
        name: np.array([getattr(fit, name) for fit in fits])
        for name in PscFit._fields
        if name not in (*shared, "best", "stderr", "samples")
    }
    return first._replace(
        best=PscParameters(*np.array([fit.best for fit in fits]).T),
        stderr=PscParameters(*np.array([fit.stderr for fit in fits], float).T),
        samples=first.samples._replace(current=np.array([fit.samples.current for fit in fits])),
        **values,
    )

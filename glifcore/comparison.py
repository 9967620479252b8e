"""One alpha function, two exponentials, or two alpha functions: which do the data ask for?

Criteria for independent noise would count every sample of a filtered recording as news, and ask for
ever more parameters. Where the noise of neighbouring samples has correlation rho, what a model
misses (which is smooth beside the noise) weighs as much as with

    n_eff = n (1 - rho) / (1 + rho)

independent samples: that is what whitening an autoregressive process leaves of a slow signal. The
criteria are then

    AIC = n_eff log(chisqr / n) + 2 k,    BIC = n_eff log(chisqr / n) + k log n_eff

(Akaike, IEEE Trans. Autom. Control 19:716, 1974; Schwarz, Ann. Stat. 6:461, 1978), with one rho for
all models, from the residuals of the one that leaves the least.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np

from glifcore.fit_result import PARAMETERS, PscFit
from glifcore.fitting import AMP_SLOW, psc_residual, tau_limits
from glifcore.least_squares import Space, solve
from glifcore.propagators import phi1
from glifcore.psc import ALPHA_HALF_WIDTH, alpha, psc_features
from glifcore.samples import padded
from glifcore.uncertainty import autocorrelation


class ModelFit(NamedTuple):
    """One model on these data.

    Attributes:
        name: "one alpha", "biexponential" or "double alpha".
        values: its parameters, by name.
        nvarys: how many of them were free.
        r2: share of the current's variance that it explains.
        aic: Akaike's criterion; only differences between models mean something.
        bic: the Bayesian one.
        weight: Akaike weight: the share of belief that goes to it among those compared.
    """

    name: str
    values: dict[str, float]
    nvarys: int
    r2: float
    aic: float
    bic: float
    weight: float


class _Solved(NamedTuple):
    values: np.ndarray
    residuals: np.ndarray
    nvarys: int


def one_alpha(values: Any, time: Any) -> Any:
    """An alpha function: weight (pA), tau (ms), onset (ms), baseline (pA)."""
    weight, tau, onset, baseline = values
    return baseline + weight * alpha(time - onset, tau)


def biexponential(values: Any, time: Any) -> Any:
    """A difference of two exponentials: scale (pA), tau_rise, tau_decay, onset (ms), baseline (pA).

    Written as scale e t/tau_decay e^(-t/tau_decay) phi1(-x) with x = t (1/tau_rise - 1/tau_decay),
    which is smooth where the two are equal: it is the alpha function of peak `scale` there.
    """
    scale, rise, decay, onset, baseline = values
    t = jnp.maximum(time - onset, 0.0)
    # The curve is the same with the two exchanged, so the search cannot fall over their order.
    short, long = jnp.minimum(rise, decay), jnp.maximum(rise, decay)
    x = t * (1.0 / short - 1.0 / long)
    return baseline + scale * t / long * jnp.exp(1.0 - t / long) * phi1(-x)


def compare_models(fit: PscFit) -> tuple[ModelFit, ...]:
    """The three models on the data of one fit, the simplest first.

    Takes some 10 ms. What was fixed or bounded of the shape is free here, since the models share no
    shape; a fixed onset or baseline stays fixed.
    """
    models = _models(fit)
    solved = [_solve(fit, residual, start) for residual, start in models.values()]
    least = min(solved, key=lambda one: float(np.sum(one.residuals**2)))
    rho = autocorrelation(least.residuals)
    n_eff = fit.ndata * (1.0 - rho) / (1.0 + rho)
    current = fit.samples.current
    scatter = float(np.sum((current - current.mean()) ** 2))
    found = []
    for (name, (_, start)), one in zip(models.items(), solved, strict=True):
        misses = one.residuals * fit.samples.sigma
        chisqr = max(float(np.sum(one.residuals**2)), 1e-300)
        deviance = n_eff * math.log(chisqr / fit.ndata)
        found.append(
            ModelFit(
                name=name,
                values=dict(zip(start, one.values.tolist(), strict=True)),
                nvarys=one.nvarys,
                r2=1.0 - float(np.sum(misses**2)) / scatter if scatter > 0 else math.nan,
                aic=deviance + 2.0 * one.nvarys,
                bic=deviance + math.log(max(n_eff, 1.0)) * one.nvarys,
                weight=math.nan,
            )
        )
    best = min(model.aic for model in found)
    belief = np.exp([-0.5 * (model.aic - best) for model in found])
    shares = (belief / belief.sum()).tolist()
    return tuple(m._replace(weight=share) for m, share in zip(found, shares, strict=True))


def _models(fit: PscFit) -> dict[str, tuple[Callable[..., Any], dict[str, float]]]:
    """For each model its function, and numbers to start from."""
    seen, place = psc_features(fit.shape), {"onset": fit.best.onset, "baseline": fit.best.baseline}
    peak, rise = float(seen.peak), float(seen.time_to_peak)
    tau = float(seen.half_width) / ALPHA_HALF_WIDTH
    decay = {"tau_rise": 0.4 * rise, "tau_decay": max(float(seen.decay_time), 0.5 * rise)}
    return {
        "one alpha": (_alpha_residual, {"weight": peak, "tau": tau, **place}),
        "biexponential": (_biexponential_residual, {"scale": 3.0 * peak, **decay, **place}),
        "double alpha": (psc_residual, fit.best._asdict()),
    }


def _solve(fit: PscFit, residual: Callable[..., Any], start: dict[str, float]) -> _Solved:
    space = _space(fit, start)
    solution = solve(residual, np.array(list(start.values())), space, padded(fit.samples))
    left = np.asarray(solution.residuals)[: fit.ndata]
    return _Solved(np.asarray(solution.x), left, int(np.sum(space.free)))


def _space(fit: PscFit, start: dict[str, float]) -> Space:
    """Bounds of the fit's own parameters where a model has them too; those of taus for others."""
    own = {name: i for i, name in enumerate(PARAMETERS)}
    rows = []
    for name in start:
        if name in ("onset", "baseline"):
            i = own[name]
            rows.append((fit.space.lower[i], fit.space.upper[i], fit.free[i], False))
        elif name.startswith("tau"):
            rows.append((*tau_limits(fit.samples), True, True))
        elif name == "amp_slow":
            rows.append((*AMP_SLOW, True, True))
        else:
            rows.append((-np.inf, np.inf, True, False))
    lower, upper, free, positive = (np.array(column) for column in zip(*rows, strict=True))
    return Space(lower.astype(float), upper.astype(float), free.astype(bool), positive.astype(bool))


def _alpha_residual(values: Any, args: tuple[Any, ...]) -> Any:
    time, current, weight = args
    return (one_alpha(values, time) - current) * weight


def _biexponential_residual(values: Any, args: tuple[Any, ...]) -> Any:
    time, current, weight = args
    return (biexponential(values, time) - current) * weight

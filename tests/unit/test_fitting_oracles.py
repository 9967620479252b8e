"""Fits against lmfit and SciPy, and against NIST's certified results."""

import re
from pathlib import Path

import jax
import jax.numpy as jnp
import lmfit
import numpy as np
import pytest
import scipy.optimize

from glifcore import PscShape, psc_features, psc_waveform
from glifcore.fit_result import PARAMETERS
from glifcore.fitting import fit_psc, psc_residual
from glifcore.least_squares import Space, solve
from glifcore.uncertainty import covariance
from tests.tolerances import CERTIFIED_DIGITS, OPTIMUM, STDERR

NAMES = tuple(PARAMETERS)
TIME = 0.08 * np.arange(400)
# Mouse V1 triples, of which the parts are well told at this noise.
TRIPLES = [
    (0.918254, 4.920762, 0.228037),
    (1.486, 4.543, 0.418),
    (1.04, 3.08, 0.198),
    (1.833, 7.238, 0.773),
]
SHAPES = [PscShape(s * 80.0, *triple) for s, triple in zip((-1, 1, -1, 1), TRIPLES, strict=True)]


def model(t, weight, tau_syn_fast, tau_syn_slow, amp_slow, onset, baseline):
    """The current, written anew in NumPy."""
    since = np.maximum(t - onset, 0.0)
    x, y = since / tau_syn_fast, since / tau_syn_slow
    return baseline + weight * (x * np.exp(1.0 - x) + amp_slow * y * np.exp(1.0 - y))


def recording(shape, weighted):
    rng = np.random.default_rng(3)
    sigma = rng.uniform(0.5, 2.0, len(TIME)) if weighted else np.ones(len(TIME))
    clean = np.asarray(psc_waveform(shape, TIME - 4.037))
    sigma *= 0.01 * abs(float(psc_features(shape).peak))
    return clean + sigma * rng.normal(size=len(TIME)), sigma


@pytest.fixture(scope="module", params=[(s, w) for s in SHAPES for w in (False, True)], ids=str)
def problem(request):
    """Start, current, sigma, our fit, and what white noise would make of its errors."""
    shape, weighted = request.param
    current, sigma = recording(shape, weighted)
    start = PscShape(*(np.array(shape) * (0.8, 1.2, 0.8, 1.3)))
    fit = fit_psc((TIME, current, sigma) if weighted else (TIME, current), start, onset=4.2)
    sigma = sigma if weighted else np.ones(len(TIME))
    values = jnp.asarray(fit.best, float)
    jacobian = np.asarray(jax.jacfwd(psc_residual)(values, (TIME, current, 1.0 / sigma)))
    residuals = np.asarray(psc_residual(values, (TIME, current, 1.0 / sigma)))
    white = covariance(jacobian, residuals, rho=0.0).matrix
    return [*start, 4.2, 0.0], current, sigma, fit, white


def test_lmfit_finds_the_same_optimum_errors_and_criteria(problem):
    start, current, sigma, fit, white = problem
    params = lmfit.Parameters()
    for name, value in zip(NAMES, start, strict=True):
        params.add(name, value)
    tight = {"ftol": 1e-15, "xtol": 1e-15, "gtol": 1e-15}
    found = lmfit.minimize(
        lambda p: (model(TIME, **p.valuesdict()) - current) / sigma, params, **tight
    )
    best = list(found.params.valuesdict().values())
    assert np.allclose(fit.best[:5], best[:5], rtol=OPTIMUM, atol=0)
    errors = np.array([found.params[name].stderr for name in NAMES])
    assert abs(fit.best.baseline - best[5]) < 1e-3 * OPTIMUM * abs(start[0]) + 1e-4 * errors[5]
    assert np.allclose(np.sqrt(np.diag(white)), errors, rtol=STDERR, atol=0)
    # The same from the fit's own figures, with what it put to the account of correlation removed.
    plain = np.diag(fit.covariance) / fit.inflation / fit.noise_variance * fit.redchi
    assert np.allclose(np.sqrt(plain), errors, rtol=STDERR, atol=0)
    for i, name in enumerate(NAMES):
        for j, other in enumerate(NAMES):
            if i != j:
                ours = white[i, j] / np.sqrt(white[i, i] * white[j, j])
                assert ours == pytest.approx(found.params[name].correl[other], abs=STDERR)
    for name in ("chisqr", "redchi", "aic", "bic"):
        assert getattr(fit, name) == pytest.approx(getattr(found, name), rel=1e-8)
    assert (fit.ndata, fit.nvarys) == (found.ndata, found.nvarys)


def test_scipy_finds_the_same_optimum_and_errors(problem):
    start, current, sigma, fit, white = problem
    tight = {"ftol": 1e-15, "xtol": 1e-15, "gtol": 1e-15}
    best, matrix = scipy.optimize.curve_fit(
        model, TIME, current, start, sigma, absolute_sigma=False, **tight
    )
    assert np.allclose(fit.best[:5], best[:5], rtol=OPTIMUM, atol=0)
    assert np.allclose(np.sqrt(np.diag(white)), np.sqrt(np.diag(matrix)), rtol=STDERR, atol=0)
    by_trf = scipy.optimize.least_squares(
        lambda p: (model(TIME, *p) - current) / sigma, start, x_scale="jac", **tight
    )
    assert fit.chisqr == pytest.approx(2.0 * by_trf.cost, rel=1e-9)
    assert np.allclose(fit.best[:5], by_trf.x[:5], rtol=OPTIMUM, atol=0)


def monomolecular(b, x):
    return b[0] * (1.0 - jnp.exp(-b[1] * x))


def three_exponentials(b, x):
    return sum(b[k] * jnp.exp(-b[k + 1] * x) for k in (0, 2, 4))


def two_exponentials(b, x):
    return b[0] + b[1] * jnp.exp(-x * b[3]) + b[2] * jnp.exp(-x * b[4])


def over_a_line(b, x):
    return jnp.exp(-b[0] * x) / (b[1] + b[2] * x)


def two_peaks(b, x):
    return b[0] * jnp.exp(-b[1] * x) + sum(
        b[k] * jnp.exp(-(((x - b[k + 1]) / b[k + 2]) ** 2)) for k in (2, 5)
    )


def arrhenius(b, x):
    return b[0] * jnp.exp(b[1] / (x + b[2]))


def logistic(b, x):
    return b[0] / (1.0 + jnp.exp(b[1] - b[2] * x))


def richards(b, x):
    return b[0] / (1.0 + jnp.exp(b[1] - b[2] * x)) ** (1.0 / b[3])


def one_peak(b, x):
    return b[0] / b[1] * jnp.exp(-0.5 * ((x - b[2]) / b[1]) ** 2)


MODELS = {
    "Misra1a": monomolecular,
    "Chwirut2": over_a_line,
    "Lanczos1": three_exponentials,
    "Lanczos2": three_exponentials,
    "Lanczos3": three_exponentials,
    "Gauss1": two_peaks,
    "BoxBOD": monomolecular,
    "MGH10": arrhenius,
    "MGH17": two_exponentials,
    "Rat42": logistic,
    "Rat43": richards,
    "Eckerle4": one_peak,
}
# Starts from which the search ends in a hollow far from the optimum. They are wrong by factors of
# 360 and 130, and SciPy's trf takes 255 and 935 evaluations from there.
TOO_FAR = {("MGH10", 1), ("MGH17", 1)}
CASES = [(name, start) for name in MODELS for start in (1, 2)]


# One function object for each model, so that each compiles once for a length.
RESIDUALS = {
    model: (lambda b, args, model=model: model(b, args[0]) - args[1])
    for model in set(MODELS.values())
}


def read(name):
    """Starts 1 and 2, certified values and their standard deviations, (P,) each; RSS; x, y."""
    text = (Path(__file__).parent / "nist" / f"{name}.dat").read_text()
    rows = re.findall(r"^\s*b\d+\s*=\s*(\S+)\s+(\S+)\s+(\S+)\s+(\S+)", text, re.MULTILINE)
    squares = re.search(r"Residual Sum of Squares:\s+(\S+)", text)
    lines = text.split("Data:")[-1].splitlines()[1:]
    y, x = np.array([line.split() for line in lines if line.strip()], float).T
    return np.array(rows, float).T, float(squares[1]), x, y


def digits(ours, certified):
    """The log relative error: how many digits agree, in the worst of them."""
    return -np.log10(np.max(np.abs(ours / certified - 1.0)) + 1e-16)


@pytest.mark.parametrize(("name", "start"), CASES)
def test_nists_certified_digits_are_found(name, start, request):
    if (name, start) in TOO_FAR:
        request.applymarker(pytest.mark.xfail(reason="the search ends elsewhere", strict=True))
    (*starts, values, deviations), squares, x, y = read(name)
    unbounded = np.full(len(values), np.inf)
    every = np.ones(len(values), bool)
    space = Space(-unbounded, unbounded, every, ~every)
    found = solve(RESIDUALS[MODELS[name]], starts[start - 1], space, (x, y))
    assert digits(np.asarray(found.x), values) >= CERTIFIED_DIGITS
    residuals = np.asarray(found.residuals)
    if name == "Lanczos1":
        # Its data are exact: squares of 1e-25 are left, which the last digit of the values decides.
        assert np.sum(residuals**2) < 1e-20
        return
    matrix = covariance(np.asarray(found.jacobian), residuals, rho=0.0).matrix
    assert digits(np.sqrt(np.diag(matrix)), deviations) >= CERTIFIED_DIGITS
    assert digits(np.sum(residuals**2), squares) >= 9

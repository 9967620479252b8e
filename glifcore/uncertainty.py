"""How well least squares determines its parameters, where noise is alike from sample to sample.

Least squares with independent noise has the covariance s^2 (J'J)^-1. Filtered recordings have noise
that is correlated over several samples, and then that is too small by a factor that differs from
parameter to parameter. Here the noise is taken for a first-order autoregressive process, whose
correlation at lag k is rho^k, with rho from the residuals; the covariance of the estimates is then

    (J'J)^-1 J' V J (J'J)^-1,    V_ij = s^2 rho^|i - j|

(the sandwich of generalised least squares; White, Econometrica 48:817, 1980). A profile likelihood
is corrected by the same factor, parameter by parameter (Kent, Biometrika 69:19, 1982).

A fit follows the slow part of the noise, so residuals are less alike than the noise was: with six
parameters, 1,000 samples and rho = 0.9 they have 0.886, which makes errors 7 % too small. The rho
used is the one for which such residuals would be expected. It is itself an estimate, and near 1
the errors hang on it more than on s^2; the degrees of freedom count that.

Noise that is white but for a filter forgets sooner than such a process with the same rho. Its
errors are then told too large, by some two times (docs/fitting-evidence.md has the figures).
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.signal import lfilter
from scipy.stats import t as student

# Singular values below this share of the largest, for columns of length 1, count as zero.
_RANK = 1e-9
# Largest correlation of neighbours; closer to 1 the noise is no longer told from a drift.
_MOST = 0.99
_ROUNDS = 30
_SETTLED = 1e-6


class Covariance(NamedTuple):
    """What the Jacobian and the residuals tell of P parameters.

    Attributes:
        matrix: covariance, (P, P); NaN rows where a parameter is not determined.
        inflation: by how much the noise's correlation raises each variance, (P,).
        autocorrelation: rho.
        variance: s^2, of the residuals, with what the fit took away put back.
        dof: degrees of freedom for intervals; where rho was measured, its uncertainty counts.
    """

    matrix: Float[np.ndarray, "P P"]
    inflation: Float[np.ndarray, "P"]
    autocorrelation: float
    variance: float
    dof: float


def autocorrelation(residuals: Float[np.ndarray, "T"]) -> float:
    """Correlation of neighbouring residuals, between 0 and 0.99; 0 where there are none."""
    energy = float(np.sum(residuals**2))
    if energy == 0 or len(residuals) < 3:
        return 0.0
    return float(np.clip(np.sum(residuals[1:] * residuals[:-1]) / energy, 0.0, _MOST))


def noise_autocorrelation(
    residuals: Float[np.ndarray, "T"], basis: Float[np.ndarray, "T P"]
) -> float:
    """Correlation of neighbouring samples of the noise, of which a fit left these residuals.

    Noise e leaves M e, M = 1 - U U'. The answer is the rho for which the expected products of
    neighbours, tr(M S M V), over the expected squares, tr(M V M), are as observed; 2 rho / n is
    what the estimate of a ratio falls short by (Marriott & Pope, Biometrika 41:390, 1954).

    Args:
        residuals: at the estimates, evenly spaced in time.
        basis: U, orthonormal columns: what the fit can follow.
    """
    n, observed = len(residuals), autocorrelation(residuals)
    beside = np.zeros_like(basis)
    beside[1:] += 0.5 * basis[:-1]
    beside[:-1] += 0.5 * basis[1:]
    own, rho = basis.T @ beside, observed
    for _ in range(_ROUNDS if observed > 0 else 0):
        seen = _correlated(basis, rho)
        spread = basis.T @ seen
        products = (n - 1) * rho - 2.0 * np.sum(beside * seen) + np.sum(own * spread)
        squares = max(n - np.trace(spread), 1.0)
        change = observed + 2.0 * rho / n - products / squares
        old, rho = rho, float(np.clip(rho + change, 0.0, _MOST))
        if abs(rho - old) < _SETTLED:
            break
    return rho


def _correlated(columns: np.ndarray, rho: float) -> np.ndarray:
    """V times some columns, for s = 1, by running the process over them forwards and backwards."""
    forwards = lfilter([1.0], [1.0, -rho], columns, axis=0)
    backwards = lfilter([1.0], [1.0, -rho], columns[::-1], axis=0)[::-1]
    return forwards + backwards - columns


def covariance(
    jacobian: Float[np.ndarray, "T P"], residuals: Float[np.ndarray, "T"], rho: float | None = None
) -> Covariance:
    """Covariance of the least-squares estimates.

    Args:
        jacobian: derivatives of the residuals by the free parameters.
        residuals: at the estimates, evenly spaced in time.
        rho: correlation of neighbouring samples of the noise; None measures it.
    """
    n, count = jacobian.shape
    lengths = np.sqrt(np.sum(jacobian**2, axis=0))
    known = lengths > 0
    u, sizes, vt = np.linalg.svd(jacobian[:, known] / lengths[known], full_matrices=False)
    large = sizes > _RANK * (sizes[0] if len(sizes) else 1.0)
    measured = noise_autocorrelation(residuals, u[:, large]) if rho is None else rho
    spread = u.T @ _correlated(u, measured)
    variance = float(np.sum(residuals**2)) / max(n - float(np.trace(spread)), 1.0)
    back = (vt[large].T / sizes[large]) / lengths[known][:, None]
    corrected = variance * back @ spread[np.ix_(large, large)] @ back.T
    plain = variance * back @ back.T
    determined = np.zeros(count, bool)
    # A parameter that moves along a direction without effect is not determined.
    determined[known] = np.all(np.abs(vt[~large]) < 1e-6, axis=0)
    matrix = np.full((count, count), np.nan)
    matrix[np.ix_(known, known)] = corrected
    matrix[~determined] = matrix[:, ~determined] = np.nan
    inflation = np.ones(count)
    inflation[known] = np.diag(corrected) / np.maximum(np.diag(plain), 1e-300)
    dof = effective(n, measured) - count if rho is not None else _freedom(n, count, measured)
    return Covariance(matrix, inflation, measured, variance, max(dof, 1.0))


def _freedom(n: int, count: int, rho: float) -> float:
    """Degrees of freedom of a slow parameter's variance, which goes as e^2 / (1 - rho)^2.

    Satterthwaite's: 2 / (variance of its logarithm). The innovations' variance e^2 adds
    2 / (n - count) to that, and rho, whose variance is (1 - rho^2) / n, adds
    4 (1 + rho) / ((1 - rho) n).
    """
    return 1.0 / (1.0 / max(n - count, 1) + 2.0 * (1.0 + rho) / ((1.0 - rho) * n))


def effective(n: int, rho: float) -> float:
    """Number of independent samples that tell as much of a variance as `n` correlated ones."""
    return n * (1.0 - rho**2) / (1.0 + rho**2)


def quantile(level: float, dof: float) -> float:
    """How many standard errors an interval of this level reaches to each side."""
    return float(student.ppf(0.5 + 0.5 * level, dof))

"""How well least squares determines its parameters, where noise is alike from sample to sample.

Least squares with independent noise has the covariance s^2 (J'J)^-1. Filtered recordings have noise
that is correlated over several samples, and then that is too small by a factor that differs from
parameter to parameter. Here the noise is taken for a first-order autoregressive process, whose
correlation at lag k is rho^k, with rho from the residuals; the covariance of the estimates is then

    (J'J)^-1 J' V J (J'J)^-1,    V_ij = s^2 rho^|i - j|

(the sandwich of generalised least squares; White, Econometrica 48:817, 1980). A profile likelihood
is corrected by the same factor, parameter by parameter (Kent, Biometrika 69:19, 1982).
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.signal import lfilter
from scipy.stats import t as student

# Singular values below this share of the largest, for columns of length 1, count as zero.
_RANK = 1e-9


class Covariance(NamedTuple):
    """What the Jacobian and the residuals tell of P parameters.

    Attributes:
        matrix: covariance, (P, P); NaN rows where a parameter is not determined.
        inflation: by how much the noise's correlation raises each variance, (P,).
        autocorrelation: rho.
        variance: s^2, of the residuals, with what the fit took away put back.
        dof: independent samples that tell of it, less the parameters.
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
    return float(np.clip(np.sum(residuals[1:] * residuals[:-1]) / energy, 0.0, 0.99))


def covariance(
    jacobian: Float[np.ndarray, "T P"], residuals: Float[np.ndarray, "T"], rho: float | None = None
) -> Covariance:
    """Covariance of the least-squares estimates.

    Args:
        jacobian: derivatives of the residuals by the free parameters.
        residuals: at the estimates, evenly spaced in time.
        rho: correlation of neighbouring residuals; None measures it.
    """
    rho = autocorrelation(residuals) if rho is None else rho
    n, count = jacobian.shape
    lengths = np.sqrt(np.sum(jacobian**2, axis=0))
    known = lengths > 0
    u, sizes, vt = np.linalg.svd(jacobian[:, known] / lengths[known], full_matrices=False)
    large = sizes > _RANK * (sizes[0] if len(sizes) else 1.0)
    # V J, by running the process over the columns forwards and backwards.
    forwards = lfilter([1.0], [1.0, -rho], u, axis=0)
    backwards = lfilter([1.0], [1.0, -rho], u[::-1], axis=0)[::-1]
    spread = u.T @ (forwards + backwards - u)
    dof = max(n - float(np.trace(spread)), 1.0)
    variance = float(np.sum(residuals**2)) / dof
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
    return Covariance(matrix, inflation, rho, variance, max(effective(n, rho) - count, 1.0))


def effective(n: int, rho: float) -> float:
    """Number of independent samples that tell as much of a variance as `n` correlated ones."""
    return n * (1.0 - rho**2) / (1.0 + rho**2)


def quantile(level: float, dof: float) -> float:
    """How many standard errors an interval of this level reaches to each side."""
    return float(student.ppf(0.5 + 0.5 * level, dof))

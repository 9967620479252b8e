"""How near a double alpha function comes to a single one: where it does, data cannot tell two."""

from typing import NamedTuple

import numpy as np

from glifcore import PscShape

NEAR = 0.05
"""Share of the peak below which the difference drowns in the noise of most recordings."""

_TIMES, _TAUS = 400, 200


class OneAlpha(NamedTuple):
    """The single alpha function that comes nearest, by least squares.

    Attributes:
        tau: its time to peak, ms.
        misfit: largest difference from the double one, as a share of the peak.
    """

    tau: float
    misfit: float


def one_alpha(shape: PscShape) -> OneAlpha:
    """The nearest single alpha function; its time constant lies between the two."""
    fast, slow = float(shape.tau_syn_fast), float(shape.tau_syn_slow)
    t = np.linspace(0.0, 8.0 * max(fast, slow), _TIMES)
    taus = np.geomspace(fast, slow, _TAUS)
    double = _alpha(t, fast) + float(shape.amp_slow) * _alpha(t, slow)
    single = _alpha(t, taus[:, None])
    heights = single @ double / (single**2).sum(axis=1)
    rest = double - heights[:, None] * single
    best = int((rest**2).sum(axis=1).argmin())
    return OneAlpha(float(taus[best]), float(np.abs(rest[best]).max() / np.abs(double).max()))


def _alpha(t: np.ndarray, tau: float | np.ndarray) -> np.ndarray:
    # In NumPy, since a hundred small jobs would each wait for JAX.
    return t / tau * np.exp(1.0 - t / tau)

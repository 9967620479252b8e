"""The same step as a scalar loop in numba: about what C could do. For comparison only."""

from typing import Any

import jax
import numba
import numpy as np

from glifcore import GlifParameters, Stimulus
from glifcore.propagators import Propagators, pack, propagators

_propagators = jax.jit(propagators)


def run_numba(params: GlifParameters, stimulus: Stimulus, dt: float) -> np.ndarray:
    """Number of spikes of every neuron, shape (N,); all neurons share the stimulus."""
    packed = pack(params)
    if packed.scalars.ndim == 1:
        packed = type(packed)(*(x[..., None] for x in packed))
    p = Propagators(*(np.asarray(x) for x in _propagators(packed, dt)))
    return _population(tuple(p), np.asarray(stimulus.current), np.asarray(stimulus.weights))


@numba.njit(parallel=True, fastmath=False, cache=False)
def _population(p: Any, current: Any, weights: Any) -> Any:
    n_neurons = p[0].shape[0]
    spikes = np.zeros(n_neurons, np.int64)
    for i in numba.prange(n_neurons):
        spikes[i] = _neuron(p, i, current, weights)
    return spikes


@numba.njit
def _neuron(p: Any, i: int, current: Any, weights: Any) -> int:
    (P33, P30, P31, P32, P11, P21, jump, asc_init, asc_mean, asc_decay, asc_add, asc_keep) = p[:12]
    (reset_fraction, reset_add, s_decay, s_keep, s_add, v_decay, v_U, v_I, n_ref, I_e) = p[12:22]
    theta_inf = p[23][i]
    n_ascs, n_ports = asc_init.shape[0], weights.shape[1]
    ascs = asc_init[:, i].copy()
    y1, y2 = np.zeros((2, n_ports)), np.zeros((2, n_ports))
    U = theta_s = theta_v = kept = 0.0
    refractory = count = 0
    for n in range(len(current)):
        if refractory == 0:
            theta_s *= s_decay[i]
            injected = kept + I_e[i]
            for j in range(n_ascs):
                injected += asc_mean[j, i] * ascs[j]
                ascs[j] *= asc_decay[j, i]
            old = U
            U = P33[i] * U + P30[i] * injected
            for part in range(2):
                for k in range(n_ports):
                    U += P31[part, k, i] * y1[part, k] + P32[part, k, i] * y2[part, k]
            theta_v = v_decay[i] * theta_v + v_U[i] * old + v_I[i] * injected
            if theta_inf + theta_s + theta_v < U:
                count += 1
                refractory = n_ref[i]
                for j in range(n_ascs):
                    ascs[j] = asc_add[j, i] + asc_keep[j, i] * ascs[j]
                U = reset_fraction[i] * old + reset_add[i]
                theta_s = s_keep[i] * theta_s + s_add[i]
        else:
            refractory -= 1
        for part in range(2):
            for k in range(n_ports):
                y2[part, k] = P21[part, k, i] * y1[part, k] + P11[part, k, i] * y2[part, k]
                y1[part, k] = P11[part, k, i] * y1[part, k] + jump[part, k, i] * weights[n, k]
        kept = current[n]
    return count

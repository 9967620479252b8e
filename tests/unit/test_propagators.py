"""Propagators against 60-digit arithmetic, and their derivatives through the singularities."""

import jax
import mpmath
import numpy as np
import pytest

from glifcore.parameters import GlifModel, GlifParameters
from glifcore.propagators import exp_on_alpha, exp_on_exp, pack, propagators, refractory_steps
from tests.tolerances import GRADIENT, PROPAGATOR

RATIOS = np.unique(
    np.concatenate(
        [
            np.logspace(-3, 3, 61),
            [1.0],
            1.0 + np.logspace(-15, -1, 29),
            1.0 - np.logspace(-15, -1, 29),
        ]
    )
)
STEPS = np.logspace(-4, 0, 9)


def exact(h, rate, other):
    """Both responses with 60 digits, from their defining integrals."""
    with mpmath.workdps(60):
        h, rate, other = (mpmath.mpf(float(x)) for x in (h, rate, other))
        z = h * (rate - other)
        if z == 0:
            return h * mpmath.exp(-h * rate), h**2 / 2 * mpmath.exp(-h * rate)
        phi1 = mpmath.expm1(z) / z
        phi2 = (mpmath.exp(z) * (z - 1) + 1) / z**2
        scale = mpmath.exp(-h * rate)
        return h * scale * phi1, h * h * scale * phi2


@pytest.mark.parametrize("step", STEPS)
def test_responses_are_exact_for_every_ratio_of_the_rates(step):
    worst = 0.0
    for ratio in RATIOS:
        # h relative to the membrane's time constant, then to the synapse's
        for h, rate, other in ((step, 1.0, 1.0 / ratio), (step, ratio, 1.0)):
            ours = exp_on_exp(h, rate, other), exp_on_alpha(h, rate, other)
            for got, want in zip(ours, exact(h, rate, other), strict=True):
                worst = max(worst, abs(float((mpmath.mpf(float(got)) - want) / want)))
    assert worst <= PROPAGATOR


@pytest.mark.parametrize("tau_syn", [0.004, 4.0, 6.2269, 40.0, 4000.0])
def test_a_neuron_uses_them_with_its_own_capacitance(tau_syn):
    cell = GlifParameters(tau_syn_fast=(tau_syn,))
    p = propagators(pack(cell), 0.1)
    P32, P31 = exact(0.1, np.float64(cell.g) / cell.C_m, 1.0 / np.float64(tau_syn))
    assert abs(float(p.P32[0, 0]) * cell.C_m / float(P32) - 1) <= PROPAGATOR
    assert abs(float(p.P31[0, 0]) * cell.C_m / float(P31) - 1) <= PROPAGATOR


@pytest.mark.parametrize("response", [exp_on_exp, exp_on_alpha])
@pytest.mark.parametrize("other", [0.16, 0.1600001, 0.16 - 1e-12, 0.3, 0.01])
def test_derivatives_are_finite_and_right_through_the_singularity(response, other):
    rate, h = 0.16, 0.1
    for argument, point in ((1, rate), (2, other)):
        gradient = jax.grad(response, argnums=argument)(h, rate, other)
        values = [rate, other]
        e = 1e-4
        values[argument - 1] = point + e
        above = float(response(h, *values))
        values[argument - 1] = point - e
        slope = (above - float(response(h, *values))) / (2 * e)
        assert gradient == pytest.approx(slope, rel=GRADIENT)


def test_a_threshold_that_decays_like_the_membrane_is_finite_and_continuous():
    cell = GlifParameters(model=GlifModel.GLIF5)

    def drive(decay):
        return propagators(pack(cell.replace(th_voltage_decay=decay)), 0.1).theta_v_U

    same = cell.g / cell.C_m
    assert np.isfinite(drive(same))
    assert float(drive(same)) == pytest.approx(float(drive(same * (1 + 1e-9))), rel=1e-8)
    assert np.isfinite(jax.grad(drive)(same))


@pytest.mark.parametrize(
    ("t_ref", "dt", "steps"),
    [(3.75, 0.05, 75), (3.75, 0.1, 38), (5.03, 0.025, 202), (0.3, 0.1, 3), (1.0, 0.01, 100)],
)
def test_refractory_steps_are_counted_in_whole_tics(t_ref, dt, steps):
    assert refractory_steps(t_ref, dt) == steps

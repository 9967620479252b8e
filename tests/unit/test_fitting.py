"""What `fit_psc` and `fit_events` find, keep, refuse and compile, and what they say of it."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.signal import lfilter

from glifcore import ParameterError, PscShape, psc_features, psc_waveform
from glifcore.comparison import biexponential, compare_models, one_alpha
from glifcore.fit_result import PARAMETERS, PscParameters
from glifcore.fitting import fit_events, fit_psc, guess_onset, psc_residual, swap_parts
from glifcore.identifiability import along_valley, remarks, valley
from glifcore.intervals import Interval, profile_interval
from glifcore.least_squares import solve
from glifcore.samples import as_samples
from glifcore.uncertainty import (
    autocorrelation,
    covariance,
    effective,
    noise_autocorrelation,
    quantile,
)
from tests.tolerances import FIT

SHAPES = [
    PscShape(100.0, 2.0, 6.0, 0.3),
    PscShape(-8.8, 0.39, 2.75, 0.17),
    PscShape(-50.0, 0.5, 4.0, 1.4),
    PscShape(20.0, 1.2, 3.5, 0.37),
    PscShape(-0.3, 1.0, 9.0, 0.05),
]
CLEAR, ALIKE = PscShape(-80.0, 0.9, 5.0, 0.25), PscShape(-60.0, 1.8, 2.6, 1.1)
TIME = 0.1 * np.arange(400)
ONSET = 5.037
NAMES = tuple(PARAMETERS)


def noise(sd, rho=0.0, seed=0, n=400):
    steps = np.random.default_rng(seed).normal(size=n)
    steps[1:] *= np.sqrt(1.0 - rho**2)
    return sd * lfilter([1.0], [1.0, -rho], steps)


def recording(shape, sd=0.0, rho=0.0, seed=0, time=TIME, onset=ONSET, baseline=0.0):
    current = baseline + np.asarray(psc_waveform(shape, time - onset))
    return time, current + noise(sd, rho, seed, len(time))


def near(shape, factor=1.3):
    return PscShape(shape[0] / factor, shape[1] * factor, shape[2] / factor, shape[3] * factor)


def kinds(fit):
    return {remark.kind for remark in remarks(fit)}


@pytest.fixture(scope="module")
def clear():
    return fit_psc(recording(CLEAR, sd=1.0), near(CLEAR))


@pytest.fixture(scope="module")
def flat():
    return fit_psc(recording(ALIKE, sd=1.0), near(ALIKE, 0.85))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("onset", [5.0, 5.037, 7.999])
def test_without_noise_the_shape_comes_back(shape, onset):
    fit = fit_psc(recording(shape, onset=onset, baseline=-3.0), near(shape), baseline=-2.0)
    assert fit.success
    assert np.allclose(fit.best, (*shape, onset, -3.0), rtol=FIT, atol=0)
    assert fit.r2 == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize(
    "start",
    [
        PscShape(-10.0, 1.0, 5.0, 0.3),
        PscShape(-10.0, 0.2, 20.0, 1.0),
        PscShape(-500.0, 9.0, 50.0, 2.5),
        PscShape(-80.0, 1e-3, 1e3, 0.01),
    ],
)
def test_a_start_far_away_finds_the_same_optimum(clear, start):
    assert np.allclose(fit_psc(clear.samples[:2], start).best, clear.best, rtol=1e-5, atol=0)


@pytest.mark.parametrize("factor", [1e-3, 1e3, 1e12])
def test_the_unit_of_the_current_does_not_matter(clear, factor):
    time, current, *_ = clear.samples
    start = near(CLEAR)
    fit = fit_psc((time, factor * current), start._replace(weight=factor * start.weight))
    scale = np.array([factor, 1.0, 1.0, 1.0, 1.0, factor])
    assert np.allclose(fit.best, scale * clear.best, rtol=1e-6, atol=0)
    assert np.allclose(fit.stderr, scale * clear.stderr, rtol=1e-5, atol=0)
    assert fit.n_steps == clear.n_steps


@pytest.mark.parametrize("factor", [0.01, 100.0])
def test_the_unit_of_the_time_does_not_matter(clear, factor):
    time, current, *_ = clear.samples
    start = near(CLEAR)
    slower = start._replace(
        tau_syn_fast=factor * start.tau_syn_fast, tau_syn_slow=factor * start.tau_syn_slow
    )
    fit = fit_psc((factor * time, current), slower)
    scale = np.array([1.0, factor, factor, 1.0, factor, 1.0])
    assert np.allclose(fit.best, scale * clear.best, rtol=1e-6, atol=0)


@pytest.mark.parametrize("names", [("baseline",), ("tau_syn_fast", "onset"), NAMES[:5]])
def test_what_is_fixed_stays_exactly(names):
    start = near(CLEAR)
    fit = fit_psc(recording(CLEAR, sd=1.0), start, onset=5.1, baseline=0.25, fixed=names)
    for name, value in zip(NAMES, (*start, 5.1, 0.25), strict=True):
        if name in names:
            assert getattr(fit.best, name) == value
            assert getattr(fit.stderr, name) is None
            assert fit.reasons[name] == "it was fixed"
        else:
            assert getattr(fit.stderr, name) > 0
    assert fit.nvarys == 6 - len(names)


def test_a_bound_that_the_optimum_is_behind_holds_and_is_told():
    data = recording(CLEAR, sd=1.0)
    fit = fit_psc(data, near(CLEAR), bounds={"tau_syn_slow": (1.0, 4.0), "amp_slow": (0.1, 0.9)})
    assert fit.best.tau_syn_slow == 4.0
    assert fit.at_bound.tolist() == [name == "tau_syn_slow" for name in NAMES]
    assert fit.stderr.tau_syn_slow is None and fit.stderr.amp_slow > 0
    assert fit.reasons == {"tau_syn_slow": "it lies at its bound"}
    # The others are where they are with it fixed there.
    held = fit_psc(data, near(CLEAR)._replace(tau_syn_slow=4.0), fixed=["tau_syn_slow"])
    assert np.allclose(fit.best, held.best, rtol=1e-6, atol=0)


def test_bounds_around_the_optimum_change_nothing(clear):
    bounds = {"weight": (-200.0, -1.0), "tau_syn_fast": (0.5, 3.0), "onset": (4.0, 6.0)}
    fit = fit_psc(clear.samples[:2], near(CLEAR), bounds=bounds)
    assert np.allclose(fit.best, clear.best, rtol=1e-6, atol=0)
    assert not fit.at_bound.any()


def test_a_start_with_the_parts_exchanged_gives_the_same_fit(clear):
    weight, fast, slow, amp, *_ = swap_parts(np.array([*near(CLEAR), 0.0, 0.0]))
    fit = fit_psc(clear.samples[:2], PscShape(weight, fast, slow, amp))
    assert fit.swapped and not clear.swapped
    assert fit.best.tau_syn_fast < fit.best.tau_syn_slow
    assert np.allclose(fit.best, clear.best, rtol=1e-5, atol=0)
    assert np.allclose(fit.stderr, clear.stderr, rtol=1e-4, atol=0)
    assert np.allclose(fit.correlations, clear.correlations, atol=1e-4)
    assert np.allclose(fit.waveform(TIME), clear.waveform(TIME), rtol=0, atol=1e-4)


@pytest.mark.parametrize(
    "kept", [{"fixed": ["tau_syn_fast"]}, {"bounds": {"tau_syn_fast": (3.0, 9.0)}}]
)
def test_nothing_is_exchanged_where_a_name_has_a_meaning_of_its_own(kept):
    weight, fast, slow, amp, *_ = swap_parts(np.array([*CLEAR, 0.0, 0.0]))
    fit = fit_psc(recording(CLEAR, sd=1.0), PscShape(weight, fast, slow, amp), **kept)
    assert not fit.swapped
    assert fit.best.tau_syn_fast > fit.best.tau_syn_slow


def test_a_sample_of_large_sigma_counts_little():
    time, current = recording(CLEAR, sd=1.0)
    spoilt = current.copy()
    spoilt[70:90] += 40.0
    sigma = np.where(spoilt == current, 1.0, 1e4)
    fit = fit_psc((time, spoilt, sigma), near(CLEAR))
    assert np.all(np.abs(np.array(fit.best) - (*CLEAR, ONSET, 0.0)) < 4.0 * np.array(fit.stderr))
    assert fit.redchi == pytest.approx(380.0 / 394.0, rel=0.2)


def test_an_equal_sigma_scales_the_sum_of_squares_and_nothing_else(clear):
    fit = fit_psc((*clear.samples[:2], 2.0), near(CLEAR))
    assert np.allclose(fit.best, clear.best, rtol=1e-7, atol=0)
    assert np.allclose(fit.stderr, clear.stderr, rtol=1e-6, atol=0)
    assert fit.chisqr == pytest.approx(clear.chisqr / 4.0, rel=1e-9)
    assert (fit.rms, fit.r2) == pytest.approx((clear.rms, clear.r2), rel=1e-9)


def test_the_onset_is_guessed_within_the_rise():
    for shape in SHAPES:
        guess = guess_onset(as_samples(recording(shape, sd=0.03 * abs(shape.weight))), shape)
        assert abs(guess - ONSET) < float(psc_features(shape).time_to_peak)


def jacobian_of(fit):
    time, current, sigma, _ = fit.samples
    values, args = jnp.asarray(fit.best, float), (time, current, 1.0 / sigma)
    jacobian = jax.jacfwd(psc_residual)(values, args)
    return np.asarray(jacobian), np.asarray(psc_residual(values, args))


def test_for_white_noise_the_covariance_is_the_textbooks(clear):
    jacobian, residuals = jacobian_of(clear)
    s2 = residuals @ residuals / (len(residuals) - 6)
    found = covariance(jacobian, residuals, rho=0.0)
    assert np.allclose(found.matrix, s2 * np.linalg.inv(jacobian.T @ jacobian), rtol=1e-8, atol=0)
    assert found.dof == len(residuals) - 6
    assert np.allclose(found.inflation, 1.0)


@pytest.mark.parametrize("rho", [0.3, 0.9])
def test_for_correlated_noise_the_covariance_is_the_sandwich(clear, rho):
    jacobian, residuals = jacobian_of(clear)
    n = len(residuals)
    V = rho ** np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    bread = np.linalg.inv(jacobian.T @ jacobian)
    hat = np.eye(n) - jacobian @ bread @ jacobian.T
    s2 = residuals @ residuals / np.trace(hat @ V)
    found = covariance(jacobian, residuals, rho=rho)
    dense = s2 * bread @ jacobian.T @ V @ jacobian @ bread
    assert np.allclose(found.matrix, dense, rtol=1e-7, atol=0)
    assert found.variance == pytest.approx(s2, rel=1e-9)
    assert np.allclose(found.inflation, np.diag(dense) / np.diag(s2 * bread), rtol=1e-7)
    assert found.dof == pytest.approx(effective(n, rho) - 6)


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9])
def test_the_noises_correlation_is_told_from_that_of_the_residuals(clear, rho):
    """A fit takes slow noise away: the residuals are less alike than the noise was."""
    jacobian, _ = jacobian_of(clear)
    basis = np.linalg.qr(jacobian)[0]
    found = []
    for seed in range(300):
        e = noise(1.0, rho, seed)
        left = e - basis @ (basis.T @ e)
        found.append((autocorrelation(left), noise_autocorrelation(left, basis)))
    seen, told = np.mean(found, axis=0)
    if rho == 0.0:
        # Where it would be below 0 it is 0.
        assert 0.0 <= told < 0.04
    else:
        assert told == pytest.approx(rho, abs=0.01)
        assert seen < rho - 0.02


def test_intervals_are_wider_where_correlation_had_to_be_measured(clear):
    jacobian, residuals = jacobian_of(clear)
    measured, given = (covariance(jacobian, residuals, rho) for rho in (None, 0.0))
    assert 1.0 <= measured.dof < given.dof
    assert 1.96 < quantile(0.95, given.dof) < quantile(0.95, measured.dof) < 2.0
    # Near 1 there is next to nothing to measure the noise by.
    assert covariance(jacobian, noise(1.0, 0.97), None).dof < 10


def test_a_parameter_without_effect_has_no_error():
    jacobian = np.stack([TIME, np.ones(400), np.zeros(400), 2.0 * TIME], axis=1)
    found = covariance(jacobian, noise(1.0))
    assert np.isnan(np.diag(found.matrix)).tolist() == [True, False, True, True]


def test_a_current_of_zero_is_fitted_without_a_warning():
    fit = fit_psc((TIME, np.zeros(400)), PscShape(1.0, 1.0, 5.0, 0.3))
    assert abs(fit.best.weight) < 1e-6
    assert all(np.isfinite(fit.best))
    assert remarks(fit)


def test_nothing_that_a_user_changes_compiles_again():
    data = recording(CLEAR, sd=1.0)
    fit = fit_psc(data, near(CLEAR))
    profile_interval(fit, "weight")
    before = solve._cache_size()
    rng = np.random.default_rng(0)
    for fixed, bounds in (
        ((), {}),
        (("baseline",), {}),
        (("onset", "tau_syn_fast"), {"weight": (-200.0, -1.0)}),
        ((), {"amp_slow": (0.1, 0.2), "baseline": (-1.0, 1.0)}),
    ):
        for n in (300, 357, 400, 1024):
            time = 0.05 * np.arange(n)
            shape = PscShape(*(np.array(CLEAR) * rng.uniform(0.7, 1.4, 4)))
            current = np.asarray(psc_waveform(shape, time - 3)) + noise(1.0, n=n)
            sigma = rng.uniform(1.0, 2.0, n)
            fit = fit_psc(
                (time, current, sigma), near(shape), fixed=fixed, bounds=bounds, onset=3.0
            )
            for name in fit.reasons.keys() ^ NAMES:
                profile_interval(fit, name)
    fit_psc((TIME, np.round(data[1]).astype(int)), PscShape(-80, 1, 5, 1), onset=5.0)
    assert solve._cache_size() == before


@pytest.mark.parametrize("kept", [{}, {"fixed": ["baseline"], "sigma": 2.0}])
def test_events_are_fitted_as_each_of_them_alone(kept):
    clean = recording(CLEAR)[1]
    events = np.stack([s * clean + noise(1.0, seed=i) for i, s in enumerate(np.linspace(1, 2, 18))])
    many = fit_events(events, TIME, near(CLEAR), onset=5.2, **kept)
    alone = {name: value for name, value in kept.items() if name != "sigma"}
    for i, event in enumerate(events):
        one = fit_psc((TIME, event, kept.get("sigma")), near(CLEAR), onset=5.2, **alone)
        assert [x[i] for x in many.best] == pytest.approx(list(one.best), rel=1e-5)
        errors = [np.nan if x is None else x for x in one.stderr]
        assert [x[i] for x in many.stderr] == pytest.approx(errors, rel=1e-4, nan_ok=True)
        for name in ("chisqr", "redchi", "r2", "rms", "aic", "bic", "autocorrelation"):
            assert getattr(many, name)[i] == pytest.approx(getattr(one, name), rel=1e-6)


def test_a_fit_of_many_events_has_an_axis_for_them():
    events = np.stack([recording(CLEAR, sd=1.0, seed=i)[1] for i in range(17)])
    fit = fit_events(events, TIME, near(CLEAR))
    for numbers in (*fit.best, *fit.stderr, fit.chisqr, fit.r2, fit.success, fit.n_steps, fit.dof):
        assert numbers.shape == (17,)
    assert fit.covariance.shape == fit.correlations.shape == (17, 6, 6)
    assert fit.at_bound.shape == fit.inflation.shape == (17, 6)
    assert fit.samples.current.shape == (17, 400)
    assert (fit.ndata, fit.nvarys, fit.free.shape) == (400, 6, (6,))
    assert fit.shape.weight.shape == (17,)


def spoilt(at, value):
    time, current = recording(CLEAR, sd=1.0)
    current[at] = value
    return time, current


@pytest.mark.parametrize(
    ("data", "options", "sentence"),
    [
        (spoilt(7, np.nan), {}, "Sample 7 is nan pA at 0.7 ms; every number must be finite"),
        (spoilt(9, np.inf), {}, "Sample 9 is inf pA"),
        ((TIME**1.2, TIME), {}, "ms apart; they must be evenly spaced"),
        ((TIME[::-1], TIME), {}, "in order of time"),
        ((TIME[:6], TIME[:6]), {}, "There are 6 samples; at least 7 are needed"),
        ((TIME, TIME[:9]), {}, r"shape \(400,\) and `current` \(9,\)"),
        ((TIME, TIME, np.ones(9)), {}, r"`sigma` has shape \(9,\)"),
        ((TIME, TIME, 0.0), {}, "`sigma` must be finite and above 0"),
        ((TIME, TIME, np.where(TIME > 1, 1.0, np.nan)), {}, "`sigma` must be finite and above 0"),
        (None, {"fixed": ["tau"]}, "Nothing called 'tau' is fitted. Known: weight, tau_syn_fast"),
        (None, {"bounds": {"Weight": (0.0, 1.0)}}, "Nothing called 'Weight' is fitted"),
        (None, {"fixed": NAMES}, "Every parameter is fixed; leave at least one free"),
        (
            None,
            {"bounds": {"weight": (5.0, -5.0)}},
            "bounds of `weight` are 5 and -5 pA; the first",
        ),
        (None, {"bounds": {"amp_slow": (0.0, 1.0)}}, "`amp_slow` are 0 and 1 ; .* above 0"),
        (None, {"bounds": {"onset": (1.0, np.inf)}}, "`onset` are 1 and inf ms; give both"),
        (None, {"start": PscShape(0, 1, 5, 0.3)}, "The start is .* the weight must not be 0"),
        (None, {"start": PscShape(1, -1, 5, 0.3)}, "time constants and amp_slow must be above 0"),
        (None, {"start": PscShape(1, np.nan, 5, 0.3)}, "The start is"),
    ],
)
def test_what_cannot_be_fitted_is_refused_with_a_sentence(data, options, sentence):
    start = options.pop("start", CLEAR) if "start" in options else CLEAR
    with pytest.raises(ParameterError, match=sentence):
        fit_psc(data or recording(CLEAR), start, **options)


def test_no_events_are_refused():
    with pytest.raises(ParameterError, match=r"\(0, 400\); it must be \(n, T\), one event in each"):
        fit_events(np.zeros((0, 400)), TIME, CLEAR)


@pytest.mark.parametrize("name", NAMES)
def test_a_profile_interval_holds_the_best_value(clear, flat, name):
    for fit in (clear, flat):
        low, high = profile_interval(fit, name)
        best = getattr(fit.best, name)
        assert (low is None or low < best) and (high is None or best < high)
    wide, narrow = (profile_interval(clear, name, level) for level in (0.99, 0.5))
    assert wide.low < narrow.low < narrow.high < wide.high


def test_profile_intervals_agree_with_standard_errors_where_the_problem_is_nearly_linear():
    fit = fit_psc(recording(CLEAR, sd=0.05), near(CLEAR))
    for name in NAMES:
        error = quantile(0.95, fit.dof) * getattr(fit.stderr, name)
        best = getattr(fit.best, name)
        assert profile_interval(fit, name) == pytest.approx((best - error, best + error), rel=5e-3)


def test_at_the_ends_of_an_interval_the_sum_of_squares_has_risen_as_it_should(clear):
    low, high = profile_interval(clear, "tau_syn_slow")
    reach = quantile(0.95, clear.dof)
    for end in (low, high):
        start = clear.shape._replace(tau_syn_slow=end)
        held = fit_psc(clear.samples[:2], start, onset=ONSET, fixed=["tau_syn_slow"])
        rise = (held.chisqr - clear.chisqr) / clear.noise_variance / clear.inflation[2]
        assert rise == pytest.approx(reach**2, rel=5e-3)


def test_where_the_data_set_no_limit_an_interval_is_open():
    """The recording ends before the slow part has peaked."""
    shape, time = PscShape(-50.0, 0.5, 40.0, 0.5), 0.05 * np.arange(300)
    fit = fit_psc(recording(shape, sd=5.0, time=time), near(shape), fixed=["baseline"])
    interval = profile_interval(fit, "tau_syn_slow")
    assert interval.high is None
    assert isinstance(interval, Interval) and interval.low > shape.tau_syn_fast


@pytest.mark.parametrize("seed", range(6))
def test_profiles_of_flat_fits_end(seed):
    fit = fit_psc(recording(ALIKE, sd=8.0, seed=seed), PscShape(-100.0, 1.0, 5.0, 0.3))
    for name in set(NAMES) - fit.reasons.keys():
        assert len(profile_interval(fit, name)) == 2


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("tau", "Nothing called 'tau'"), ("baseline", "`baseline` has no interval: it was fixed")],
)
def test_what_has_no_interval_is_said(name, sentence):
    fit = fit_psc(recording(CLEAR, sd=1.0), near(CLEAR), fixed=["baseline"])
    with pytest.raises(ParameterError, match=sentence):
        profile_interval(fit, name)


@pytest.mark.parametrize("distance", [-1.0, 0.5, 1.0])
def test_a_step_along_the_valley_costs_less_than_the_same_step_of_any_parameter(flat, distance):
    found = valley(flat)
    assert np.linalg.norm(list(found.direction.values())) == pytest.approx(1.0)
    assert found.leader == max(found.direction, key=lambda name: abs(found.direction[name]))
    moved, ratio = along_valley(flat, distance)
    step = np.log(np.array(moved[:4]) / flat.best[:4])
    assert ratio >= 1.0 - 1e-9
    for k in range(4):
        values = np.array(flat.best, float)
        values[k] *= np.exp(np.linalg.norm(step))
        time, current, sigma, _ = flat.samples
        left = np.asarray(psc_residual(jnp.asarray(values), (time, current, 1.0 / sigma)))
        assert ratio < np.sum(left**2) / flat.chisqr


def test_a_shape_with_one_free_number_has_no_valley():
    names = ["weight", "tau_syn_fast", "tau_syn_slow"]
    fit = fit_psc(recording(CLEAR, sd=1.0), CLEAR, fixed=names)
    assert valley(fit) is None
    with pytest.raises(ParameterError, match="no flattest direction"):
        along_valley(fit, 1.0)


def test_nothing_is_remarked_of_a_clear_case(clear):
    assert remarks(clear) == ()
    assert remarks(fit_psc((*clear.samples[:2], 1.0), near(CLEAR))) == ()


def test_parts_that_are_alike_and_their_consequences_are_remarked(flat):
    assert {"alike", "vague", "tied"} <= kinds(flat)
    by_kind = {remark.kind: remark.message for remark in remarks(flat)}
    assert "the two parts are nearly one" in by_kind["alike"]
    assert "`amp_slow` (0.7" in by_kind["vague"] and "±" in by_kind["vague"]
    assert "`amp_slow` from `weight`" in by_kind["tied"]


def test_time_constants_that_are_alike_but_well_told_are_no_cause_for_a_remark():
    fit = fit_psc(recording(ALIKE, sd=0.01), near(ALIKE, 0.85))
    assert fit.best == pytest.approx((*ALIKE, ONSET, 0.0), rel=0.1, abs=0.1)
    assert abs(fit.correlations[3, 0]) > 0.98
    assert remarks(fit) == ()


def test_each_other_remark_has_its_case(clear):
    data = clear.samples[:2]
    assert "search" in kinds(clear._replace(success=False, message="Stopped."))
    assert "bound" in kinds(fit_psc(data, near(CLEAR), bounds={"tau_syn_slow": (1.0, 4.0)}))
    exchanged = PscShape(*swap_parts(np.array([*CLEAR, 0.0, 0.0]))[:4])
    assert kinds(fit_psc(data, exchanged)) == {"swapped"}
    assert kinds(fit_psc(recording(CLEAR, sd=0.5, rho=0.9), near(CLEAR))) == {"noise"}
    assert kinds(fit_psc((*data, 0.5), near(CLEAR))) == {"misfit"}


CURVES = {
    "one alpha": lambda t: one_alpha((-80.0, 2.0, ONSET, 0.0), t),
    "biexponential": lambda t: biexponential((-200.0, 0.4, 4.0, ONSET, 0.0), t),
    "double alpha": lambda t: psc_waveform(CLEAR, t - ONSET),
}


@pytest.mark.parametrize("kind", CURVES)
@pytest.mark.parametrize("rho", [0.0, 0.8])
def test_the_true_model_is_chosen(kind, rho):
    current = np.asarray(CURVES[kind](TIME)) + noise(0.5, rho, seed=2)
    models = compare_models(fit_psc((TIME, current), PscShape(-80.0, 1.0, 5.0, 0.3)))
    assert [model.name for model in models] == list(CURVES)
    assert [model.nvarys for model in models] == [4, 5, 6]
    assert sum(model.weight for model in models) == pytest.approx(1.0)
    for criterion in ("aic", "bic"):
        assert min(models, key=lambda model: getattr(model, criterion)).name == kind
    assert max(models, key=lambda model: model.weight).name == kind


def test_models_share_what_was_fixed_of_onset_and_baseline():
    fit = fit_psc(recording(CLEAR, sd=1.0), CLEAR, onset=ONSET, fixed=["onset", "baseline"])
    for model, nvarys in zip(compare_models(fit), (2, 3, 4), strict=True):
        assert (model.values["onset"], model.values["baseline"]) == (ONSET, 0.0)
        assert model.nvarys == nvarys


def test_equal_time_constants_make_the_biexponential_an_alpha_function():
    values = np.asarray(biexponential((3.0, 2.0, 2.0, 1.0, 0.5), TIME))
    assert np.allclose(values, one_alpha((3.0, 2.0, 1.0, 0.5), TIME), rtol=1e-12, atol=0)
    slopes = jax.jacfwd(biexponential)((3.0, 2.0, 2.0, 1.0, 0.5), TIME)
    assert all(np.all(np.isfinite(slope)) for slope in slopes)


def test_the_fitted_waveform_is_the_models(clear):
    curve = clear.waveform(TIME)
    expected = clear.best.baseline + np.asarray(psc_waveform(clear.shape, TIME - clear.best.onset))
    assert np.array_equal(curve, expected)
    assert np.sum((curve - clear.samples.current) ** 2) == pytest.approx(clear.chisqr, rel=1e-9)
    assert isinstance(clear.best, PscParameters)

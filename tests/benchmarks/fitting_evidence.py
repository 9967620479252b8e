"""What fits of simulated PSCs get right: bias, spread, coverage, remarks, the choice of a model.

The shapes are the distinct mouse V1 triples, each with a peak of -100 pA. A recording has 1,000
samples: 5 ms before the onset and six times tau_syn_slow (200 ms at most) after it. Every fit
starts from the same shape, `START`, guesses the onset and has all six parameters free.

What can be known is decided before anything is fitted: by the worst of the relative standard
errors of the four parameters of the shape that the Jacobian at the truth and the true noise
promise. "Told" are the cases in which that is below 50 %.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import jax
import numpy as np
from scipy.signal import lfilter

from glifcore.comparison import biexponential, compare_models, one_alpha
from glifcore.fit_result import PscFit
from glifcore.fitting import fit_psc, psc_residual
from glifcore.identifiability import remarks
from glifcore.intervals import Interval, profile_interval
from glifcore.levels import ParameterError
from glifcore.presets import list_synapses
from glifcore.psc import PscShape, psc_features, psc_waveform
from glifcore.uncertainty import covariance, quantile

SAMPLES, BEFORE, PEAK = 1000, 5.0, -100.0
NOISES = {"white": 0.0, "AR(1) 0.9": 0.9}
SNRS = (5, 20, 100)
REPEATS = 8
TOLD = 0.5
START = PscShape(PEAK, 1.0, 5.0, 0.3)
NAMES = PscShape._fields
SPEAK_OF_IT = {"alike", "vague", "tied", "bound"}

_jacobian = jax.jit(jax.jacfwd(psc_residual))


class Case(NamedTuple):
    """A true PSC: its six parameters, and the times at which it is sampled."""

    values: np.ndarray
    time: np.ndarray


class Trial(NamedTuple):
    """One fit beside the truth; arrays have one entry for each parameter of the shape."""

    expected: float
    ended: bool
    log_ratio: np.ndarray
    in_stderr: np.ndarray
    in_profile: np.ndarray
    spoken: bool
    spoken_or_open: bool


def triples() -> list[tuple[float, float, float]]:
    """The distinct (tau_syn_fast, tau_syn_slow, amp_slow) of mouse V1."""
    return sorted({tuple(synapse.shape[1:]) for synapse in list_synapses()})


def case(triple: Iterable[float], onset: float = 0.5) -> Case:
    """A PSC of this shape that begins `onset` samples after the end of the baseline."""
    shape = PscShape(1.0, *triple)
    shape = shape._replace(weight=PEAK / float(psc_features(shape).peak))
    interval = (BEFORE + min(6.0 * shape.tau_syn_slow, 200.0)) / SAMPLES
    return Case(np.array([*shape, BEFORE + onset * interval, 0.0]), interval * np.arange(SAMPLES))


def waveform(truth: Case) -> np.ndarray:
    """The current without noise, pA."""
    return np.asarray(psc_waveform(PscShape(*truth.values[:4]), truth.time - truth.values[4]))


def noise(rng: np.random.Generator, rho: float, snr: float) -> np.ndarray:
    """Noise whose standard deviation is the peak over `snr`."""
    steps = rng.normal(size=SAMPLES)
    steps[1:] *= np.sqrt(1.0 - rho**2)
    return abs(PEAK) / snr * lfilter([1.0], [1.0, -rho], steps)


def expected_errors(truth: Case, rho: float, snr: float, free: int = 6) -> np.ndarray:
    """Relative standard errors of the shape by the Jacobian at the truth and the true noise."""
    args = (truth.time, np.zeros(SAMPLES), np.ones(SAMPLES))
    found = covariance(np.asarray(_jacobian(truth.values, args))[:, :free], np.ones(SAMPLES), rho)
    variances = np.diag(found.matrix)[:4] / found.variance * (PEAK / snr) ** 2
    return np.sqrt(variances) / np.abs(truth.values[:4])


@cache
def worst_error(triple: tuple[float, float, float], rho: float, snr: float) -> float:
    """The worst of these errors."""
    return float(expected_errors(case(triple), rho, snr).max())


def told(triple: tuple[float, float, float], rho: float, snr: float) -> bool:
    """Whether such a recording determines each parameter of the shape."""
    return worst_error(triple, rho, snr) < TOLD


def holds(fit: PscFit, k: int, true: float) -> tuple[bool, bool, bool]:
    """Whether k's standard error and profile intervals hold the truth; whether one is open."""
    error = fit.stderr[k]
    by_error = error is not None and abs(fit.best[k] - true) < quantile(0.95, fit.dof) * error
    try:
        low, high = profile_interval(fit, NAMES[k])
    except ParameterError:
        return by_error, False, True
    inside = (low is None or low <= true) and (high is None or true <= high)
    return by_error, inside, None in Interval(low, high)


def trial(triple: tuple[float, float, float], rho: float, snr: float, seed: int) -> Trial:
    """Simulate, fit, compare."""
    rng = np.random.default_rng(seed)
    truth = case(triple, rng.uniform())
    fit = fit_psc((truth.time, waveform(truth) + noise(rng, rho, snr)), START)
    by_error, inside, is_open = zip(
        *(holds(fit, k, truth.values[k]) for k in range(4)), strict=True
    )
    spoken = bool({remark.kind for remark in remarks(fit)} & SPEAK_OF_IT)
    return Trial(
        worst_error(triple, rho, snr),
        fit.success,
        np.log(np.abs(np.array(fit.shape) / truth.values[:4])),
        np.array(by_error),
        np.array(inside),
        spoken,
        spoken or any(is_open),
    )


def in_parallel(run: Callable[..., Any], jobs: list[tuple[Any, ...]]) -> list[Any]:
    """Results of many runs, on both cores."""
    run(*jobs[0])
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda job: run(*job), jobs))


def print_recovery() -> None:
    """Tables of bias and spread, coverage and remarks."""
    groups: dict[tuple[str, int, str], list[Trial]] = {}
    for name, rho in NOISES.items():
        for snr in SNRS:
            jobs = [
                (t, rho, snr, 1000 * i + j) for i, t in enumerate(triples()) for j in range(REPEATS)
            ]
            for one in in_parallel(trial, jobs):
                group = (name, snr, "told" if one.expected < TOLD else "not told")
                groups.setdefault(group, []).append(one)
    _print_bias(groups)
    _print_coverage(groups)
    _print_remarks(groups)


def _print_bias(groups: dict[tuple[str, int, str], list[Trial]]) -> None:
    print(
        "Fits of simulated PSCs: median of log(estimate / truth) in %, and half of the range that"
    )
    print("holds 68 % of them (a standard deviation, if they were normal)")
    heads = "".join(f"{name:>19}" for name in NAMES)
    print(f"{'noise':11}{'SNR':>4} {'case':9}{'fits':>5}{'ended':>7}{heads}")
    for (name, snr, case_), trials in groups.items():
        logs = 100.0 * np.array([one.log_ratio for one in trials])
        low, middle, high = np.percentile(logs, [16, 50, 84], axis=0)
        cells = "".join(
            f"{m:+10.1f} ±{s:7.1f}" for m, s in zip(middle, 0.5 * (high - low), strict=True)
        )
        ended = 100.0 * np.mean([one.ended for one in trials])
        print(f"{name:11}{snr:4} {case_:9}{len(trials):5}{ended:6.1f}%{cells}")


def _print_coverage(groups: dict[tuple[str, int, str], list[Trial]]) -> None:
    print(
        "\nShare of 95 % intervals that hold the truth, %: best ± t stderr, and profile likelihood"
    )
    heads = "".join(f"{name.removeprefix('tau_syn_'):>9}" for name in (*NAMES, "all"))
    print(f"{'noise':11}{'SNR':>4} {'case':9}{'fits':>5} |{heads} |{heads} | all, ± of simulation")
    for (name, snr, case_), trials in groups.items():
        row = f"{name:11}{snr:4} {case_:9}{len(trials):5}"
        for kind in ("in_stderr", "in_profile"):
            inside = 100.0 * np.array([getattr(one, kind) for one in trials])
            cells = "".join(f"{x:9.1f}" for x in (*inside.mean(axis=0), inside.mean()))
            row += f" |{cells}"
        error = inside.mean(axis=1).std() / np.sqrt(len(trials))
        print(f"{row} | ±{error:.1f}")


def _print_remarks(groups: dict[tuple[str, int, str], list[Trial]]) -> None:
    edges = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0, np.inf)
    print("\nShare of fits, %, of which `remarks` says that the data do not tell the shape (alike,")
    print(
        "vague, tied, bound), by the worst expected error, %; in brackets the number of fits. Then"
    )
    print("all that are told, all that are not, and these if an open profile interval counts too")
    heads = "".join(f"{f'{100 * a:.0f} to {100 * b:.0f}':>13}" for a, b in pairwise(edges))
    print(f"{'noise':11}{'SNR':>4}{heads}{'told':>7}{'not told':>10}{'or open':>9}")
    for name in NOISES:
        for snr in SNRS:
            both = [groups.get((name, snr, which), []) for which in ("told", "not told")]
            row = f"{name:11}{snr:4}"
            for low, high in pairwise(edges):
                some = [one.spoken for ones in both for one in ones if low <= one.expected < high]
                row += f"{f'{percent(some)} ({len(some)})':>13}"
            spoken = [percent([one.spoken for one in ones]) for ones in both]
            either = percent([one.spoken_or_open for one in both[1]])
            print(f"{row}{spoken[0]:>7}{spoken[1]:>10}{either:>9}")


def percent(cases: list[bool]) -> str:
    """The share of those that are true."""
    return f"{100.0 * np.mean(cases):.1f}" if cases else "-"


def choose(kind: str, triple: tuple[float, float, float], rho: float, snr: float, seed: int) -> Any:
    """The models that AIC and BIC choose where this one is true."""
    rng = np.random.default_rng(seed)
    truth = case(triple, rng.uniform())
    fast, slow, _ = triple
    at = truth.values[4]
    curve = {
        "one alpha": lambda: one_alpha((1.0, 0.5 * (fast + slow), at, 0.0), truth.time),
        "biexponential": lambda: biexponential((1.0, 0.3 * fast, slow, at, 0.0), truth.time),
        "double alpha": lambda: waveform(truth),
    }[kind]
    current = np.abs(np.asarray(curve()))
    current *= PEAK / current.max()
    models = compare_models(fit_psc((truth.time, current + noise(rng, rho, snr)), START))
    return tuple(min(models, key=lambda m: getattr(m, by)).name == kind for by in ("aic", "bic"))


def print_choice() -> None:
    """How often the true model is chosen."""
    print(
        "Share of recordings, %, for which the true model is chosen. One alpha: tau is the mean of"
    )
    print("the triple's; biexponential: rise 0.3 tau_syn_fast, decay tau_syn_slow")
    heads = "".join(f"{name:>24}" for name in ("one alpha", "biexponential", "double alpha"))
    print(f"{'':15}{heads}{'double alpha, told':>24}")
    print(f"{'noise':11}{'SNR':>4}" + f"{'AIC':>16}{'BIC':>8}" * 4)
    for name, rho in NOISES.items():
        for snr in SNRS:
            row = f"{name:11}{snr:4}"
            for kind in ("one alpha", "biexponential", "double alpha"):
                jobs = [
                    (kind, t, rho, snr, 100 * i + j)
                    for i, t in enumerate(triples())
                    for j in range(4)
                ]
                right = np.array(in_parallel(choose, jobs))
                row += "{:16.0f}{:8.0f}".format(*100.0 * right.mean(axis=0))
            known = np.array([told(job[1], rho, snr) for job in jobs])
            shares = 100.0 * right[known].mean(axis=0) if known.any() else (np.nan, np.nan)
            print(row + "{:16.0f}{:8.0f}".format(*shares))


def print_valley() -> None:
    """How many V1 shapes the noise leaves undetermined."""
    every = [tuple(synapse.shape[1:]) for synapse in list_synapses()]
    print(
        "Share of V1 shapes, %, with a relative standard error above 50 % (SNR 20, that is noise of"
    )
    print("5 % of the peak; 1,000 samples)")
    print(f"{'noise':11}{'free':44}{'distinct':>9}{'all 121':>9}")
    frees = {"the four of the shape": 4, "and the onset": 5, "and the baseline": 6}
    for name, rho in NOISES.items():
        for what, free in frees.items():
            worst = {t: expected_errors(case(t), rho, 20, free).max() for t in triples()}
            shares = [100.0 * np.mean([worst[t] > TOLD for t in ts]) for ts in (triples(), every)]
            print(f"{name:11}{what:44}{shares[0]:9.0f}{shares[1]:9.0f}")
    print(
        "\nThe worst relative standard error, %, by tau_syn_slow / tau_syn_fast (SNR 20, six free)"
    )
    edges = (1.0, 1.5, 2.0, 3.0, 6.0)
    ranges = "".join(f"{f'{a:g} to {b:g}':>20}" for a, b in pairwise(edges))
    print(f"{'noise':11}{ranges}")
    for name, rho in NOISES.items():
        row = f"{name:11}"
        for low, high in pairwise(edges):
            some = [t for t in triples() if low <= t[1] / t[0] < high]
            errors = [100.0 * expected_errors(case(t), rho, 20).max() for t in some]
            row += f"{f'{min(errors):.0f} to {max(errors):.0f} ({len(some)})':>20}"
        print(row)

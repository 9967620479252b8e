"""Fits: what they get right on simulated PSCs (`fitting_evidence`), and how fast they are.

The contenders fit the same 40 recordings (V1 shapes that are told, white noise, SNR 20, 1,000
samples) from the same start by the same residual, written in NumPy for them; they take derivatives
by finite differences, as programs that call them usually do. Everybody is warm.
"""

import time
from collections.abc import Callable
from typing import Any

import lmfit
import numpy as np
import scipy.optimize
import scipy.signal

from glifcore.comparison import compare_models
from glifcore.fit_result import PARAMETERS, PscFit
from glifcore.fitting import fit_events, fit_psc, guess_onset
from glifcore.intervals import profile_interval
from glifcore.psc import PscShape
from glifcore.samples import as_samples
from tests.benchmarks.fitting_evidence import (
    NAMES,
    SAMPLES,
    START,
    case,
    holds,
    in_parallel,
    noise,
    percent,
    print_choice,
    print_recovery,
    print_valley,
    told,
    triples,
    waveform,
)

RECORDINGS, EVENTS, SNR = 40, 500, 20
# The bounds of time constants and amp_slow that `fit_psc` sets by itself.
BOUNDED = ("tau_syn_fast", "tau_syn_slow", "amp_slow")


def residual(values: Any, t: np.ndarray, current: np.ndarray) -> np.ndarray:
    """(Model - recording) in NumPy."""
    weight, fast, slow, amp, onset, baseline = values
    since = np.maximum(t - onset, 0.0)
    x, y = since / fast, since / slow
    model = weight * (x * np.exp(1.0 - x) + amp * y * np.exp(1.0 - y))
    return baseline + model - current


def start(t: np.ndarray, current: np.ndarray) -> list[float]:
    """The six numbers that `fit_psc` starts from."""
    return [*START, guess_onset(as_samples((t, current)), START), 0.0]


def limits(t: np.ndarray) -> dict[str, tuple[float, float]]:
    """Bounds, by name."""
    interval, inf = t[1] - t[0], np.inf
    tau = (0.1 * interval, 10.0 * len(t) * interval)
    own = {"tau_syn_fast": tau, "tau_syn_slow": tau, "amp_slow": (1e-3, 1e3)}
    return {name: own.get(name, (-inf, inf)) for name in PARAMETERS}


def by_glifcore(t: np.ndarray, current: np.ndarray) -> float:
    """Sum of squares that is left."""
    return fit_psc((t, current), START).chisqr


def by_lmfit(t: np.ndarray, current: np.ndarray) -> float:
    """The same by `lmfit.minimize` (leastsq, that is MINPACK)."""
    params = lmfit.Parameters()
    for (name, (low, high)), value in zip(limits(t).items(), start(t, current), strict=True):
        params.add(name, value, min=low, max=high)
    found = lmfit.minimize(lambda p: residual(p.valuesdict().values(), t, current), params)
    return float(found.chisqr)


def by_scipy(t: np.ndarray, current: np.ndarray) -> float:
    """The same by `scipy.optimize.least_squares` with bounds (trf)."""
    low, high = zip(*limits(t).values(), strict=True)
    found = scipy.optimize.least_squares(
        residual, start(t, current), bounds=(low, high), x_scale="jac", args=(t, current)
    )
    return float(2.0 * found.cost)


def recordings() -> list[tuple[np.ndarray, np.ndarray]]:
    """Time and current of each."""
    rng = np.random.default_rng(0)
    shapes = [triple for triple in triples() if told(triple, 0.0, SNR)]
    truths = [case(shapes[i % len(shapes)], rng.uniform()) for i in range(RECORDINGS)]
    return [(truth.time, waveform(truth) + noise(rng, 0.0, SNR)) for truth in truths]


def in_turns(contenders: dict[str, Callable[..., Any]], jobs: list[Any]) -> dict[str, Any]:
    """(ms, result) of each call, by contender."""
    found: dict[str, Any] = {name: [] for name in contenders}
    for run in contenders.values():
        run(*jobs[0])
    for job in jobs:
        for name, run in contenders.items():
            begin = time.perf_counter()
            result = run(*job)
            found[name].append((1e3 * (time.perf_counter() - begin), result))
    return found


def print_fits(jobs: list[tuple[np.ndarray, np.ndarray]]) -> None:
    """One fit at a time."""
    contenders = {
        "glifcore.fit_psc": by_glifcore,
        "lmfit.minimize": by_lmfit,
        "scipy least_squares": by_scipy,
    }
    found = in_turns(contenders, jobs)
    table = {name: np.array(rows) for name, rows in found.items()}
    base = np.median(table["glifcore.fit_psc"][:, 0])
    least = np.min([rows[:, 1] for rows in table.values()], axis=0)
    print(f"One fit, {len(jobs)} recordings of 1,000 samples; the contenders take turns")
    print(f"{'':24}{'median ms':>11}{'90 % ms':>9}{'ratio':>8}{'at the least sum':>18}")
    for name, rows in table.items():
        there = 100.0 * np.mean(rows[:, 1] < least * (1.0 + 1e-4))
        middle, slow = np.percentile(rows[:, 0], [50, 90])
        print(f"{name:24}{middle:11.2f}{slow:9.2f}{middle / base:8.1f}{there:17.0f}%")


def print_events() -> None:
    """Many events of one kind."""
    rng = np.random.default_rng(1)
    truth = case(next(t for t in triples() if told(t, 0.0, SNR)))
    curve = waveform(truth)
    events = np.stack([curve + noise(rng, 0.0, SNR) for _ in range(EVENTS)])

    def ours() -> None:
        fit_events(events, truth.time, START)

    def loop() -> None:
        for event in events[:50]:
            by_scipy(truth.time, event)

    spent = {"glifcore.fit_events": [], "scipy least_squares in a loop": []}
    ours()
    for _ in range(3):
        for (name, rows), run, count in zip(spent.items(), (ours, loop), (EVENTS, 50), strict=True):
            begin = time.perf_counter()
            run()
            spent[name] = [*rows, 1e3 * (time.perf_counter() - begin) / count]
    print(f"\n{EVENTS} events of 1,000 samples, for each")
    print(f"{'':32}{'ms':>8}{'ratio':>8}")
    base = np.median(spent["glifcore.fit_events"])
    for name, times in spent.items():
        print(f"{name:32}{np.median(times):8.2f}{np.median(times) / base:8.1f}")


def print_what_follows(jobs: list[tuple[np.ndarray, np.ndarray]]) -> None:
    """Intervals and comparison, of fits that are there."""
    fits: list[tuple[PscFit]] = [(fit_psc(job, START),) for job in jobs]
    slow = noise(np.random.default_rng(2), 0.9, SNR)

    def search_twice(fit: PscFit) -> PscFit:
        time = fit.samples.time
        return fit_psc((time, fit.waveform(time) + slow), START)

    calls: dict[str, Callable[..., Any]] = {"fit_psc": lambda fit: fit_psc(fit.samples[:2], START)}
    calls["fit_psc, AR(1) noise: searches twice"] = search_twice
    calls |= {f"profile_interval {n}": lambda fit, n=n: profile_interval(fit, n) for n in NAMES}
    calls["compare_models"] = compare_models
    print("\nWhat follows a fit, the same recordings")
    print(f"{'':38}{'median ms':>11}{'90 % ms':>9}{'ratio':>8}")
    base = None
    for name, rows in in_turns(calls, fits).items():
        middle, slow = np.percentile([ms for ms, _ in rows], [50, 90])
        base = base or middle
        print(f"{name:38}{middle:11.2f}{slow:9.2f}{middle / base:8.1f}")


def start_finds(triple: tuple[float, float, float], factor: float, seed: int) -> bool:
    """Whether a fit from a start off by up to a factor ends as low as one from the truth."""
    rng = np.random.default_rng(seed)
    truth = case(triple, rng.uniform())
    data = (truth.time, waveform(truth) + noise(rng, 0.0, 20))
    away = np.exp(np.log(factor) * rng.uniform(-1.0, 1.0, 4))
    near = fit_psc(data, PscShape(*truth.values[:4]), onset=truth.values[4])
    far = fit_psc(data, PscShape(*(away * truth.values[:4])))
    return far.chisqr < near.chisqr + near.noise_variance


def print_starts() -> None:
    """How near a start must be."""
    known = [triple for triple in triples() if told(triple, 0.0, 20)]
    print(
        "Share of fits, %, that end as low as from the truth (but for one variance of the noise),"
    )
    print("from starts off by up to a factor in each number; white noise, SNR 20, told")
    for factor in (2, 5, 10, 30):
        jobs = [(t, factor, 10 * i + j) for i, t in enumerate(known) for j in range(5)]
        print(f"factor {factor:3} {percent(in_parallel(start_finds, jobs)):>8} of {len(jobs)}")


def bessel_noise(rng: np.random.Generator, corner: float) -> np.ndarray:
    """White noise of variance 1 after a four-pole Bessel filter; `corner` relative to Nyquist's."""
    b, a = scipy.signal.bessel(4, corner)
    response = scipy.signal.lfilter(b, a, np.eye(1, 2000)[0])
    filtered = scipy.signal.lfilter(b, a, rng.normal(size=2 * SAMPLES))[SAMPLES:]
    return filtered / np.sqrt(np.sum(response**2))


def filtered_trial(triple: tuple[float, float, float], corner: float, seed: int) -> tuple[Any, ...]:
    """Correlation found; errors told, errors made and intervals that hold, for each parameter."""
    rng = np.random.default_rng(seed)
    truth = case(triple, rng.uniform())
    fit = fit_psc((truth.time, waveform(truth) + bessel_noise(rng, corner)), START)
    held = [holds(fit, k, truth.values[k]) for k in range(4)]
    made = np.array(fit.shape) - truth.values[:4]
    by_error, by_profile, _ = zip(*held, strict=True)
    return fit.autocorrelation, np.array(fit.stderr[:4], float), made, by_error, by_profile


def print_filtered() -> None:
    """Noise that is not what the error bars take it for."""
    known = [triple for triple in triples() if told(triple, 0.9, 100)]
    print("White noise after a four-pole Bessel filter (SNR 100, the shapes told with AR(1) 0.9):")
    print(
        "standard errors told relative to errors made, and share of intervals that hold the truth"
    )
    print(
        f"{'corner / Nyquist':18}{'correlation':>12}{'told / made':>13}{'stderr':>9}{'profile':>9}"
    )
    for corner in (0.1, 0.3, 0.6):
        jobs = [(t, corner, 10 * i + j) for i, t in enumerate(known) for j in range(6)]
        found = in_parallel(filtered_trial, jobs)
        rho, told_, made, *holding = (np.array(x) for x in zip(*found, strict=True))
        each = [x.reshape(len(known), 6, 4) for x in (told_, made)]
        ratio = np.median(np.sqrt(np.nanmean(each[0] ** 2, 1) / np.mean(each[1] ** 2, 1)))
        shares = "".join(f"{100.0 * x.mean():9.1f}" for x in holding)
        print(f"{corner:<18}{rho.mean():12.2f}{ratio:13.1f}{shares}")


def main() -> None:
    """Print all tables."""
    jobs = recordings()
    print_fits(jobs)
    print_events()
    print_what_follows(jobs)
    print()
    print_recovery()
    print()
    print_filtered()
    print()
    print_starts()
    print()
    print_choice()
    print()
    print_valley()

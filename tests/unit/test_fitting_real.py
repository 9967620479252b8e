"""Fits of recordings, beside what others measured on them.

The table of means is shipped with glifcore. The raw recordings lie beside the repository, if at
all, in ../shared/recordings; their SOURCES.md says where they are from.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy import signal

from glifcore import PscShape, psc_features, psc_waveform
from glifcore.comparison import compare_models
from glifcore.fitting import fit_events, fit_psc
from glifcore.identifiability import remarks
from glifcore.intervals import profile_interval

ROOT = Path(__file__).parents[2]
RAW = ROOT.parent / "shared" / "recordings"
EVENTS, TRAIN = RAW / "gc_mini_trace_results.h5", RAW / "f1.abf"
MEANS = (ROOT / "glifcore" / "data" / "recordings", ROOT / "assets" / "recordings", RAW / "means")
START = PscShape(-10.0, 0.5, 3.0, 0.3)
INTERVAL = 0.02

needs_events = pytest.mark.skipif(not EVENTS.exists(), reason="needs ../shared/recordings")
needs_train = pytest.mark.skipif(not TRAIN.exists(), reason="needs ../shared/recordings")


def mean_event():
    """Time, current and SEM of the mean granule-cell mEPSC."""
    path = next(folder / "granule_cell_mepsc.csv" for folder in MEANS if folder.exists())
    return np.loadtxt(path, delimiter=",", skiprows=1).T


def test_the_mean_of_granule_cell_mepscs_is_a_double_alpha_function():
    time, current, _ = mean_event()
    fit = fit_psc((time, current), START, fixed=["baseline"])
    assert fit.success and not fit.at_bound.any()
    assert fit.r2 >= 0.985
    assert fit.best.tau_syn_fast == pytest.approx(0.389, abs=0.002)
    assert fit.best.tau_syn_slow == pytest.approx(2.750, abs=0.005)
    assert fit.best.amp_slow == pytest.approx(0.169, abs=0.002)
    # Its noise is that of filtered recordings, and nothing else is to be remarked.
    assert fit.autocorrelation > 0.9
    assert [remark.kind for remark in remarks(fit)] == ["noise"]


def test_a_free_baseline_moves_its_slow_part_within_the_interval():
    time, current, _ = mean_event()
    fit = fit_psc((time, current), START)
    assert fit.r2 == pytest.approx(0.988, abs=0.001)
    assert fit.best.tau_syn_fast == pytest.approx(0.364, abs=0.002)
    assert fit.best.tau_syn_slow == pytest.approx(2.155, abs=0.005)
    held = fit_psc((time, current), START, fixed=["baseline"])
    low, high = profile_interval(held, "tau_syn_slow")
    assert low < fit.best.tau_syn_slow < high


def test_simpler_models_fit_it_worse_and_the_criteria_say_so():
    time, current, _ = mean_event()
    models = compare_models(fit_psc((time, current), START, fixed=["baseline"]))
    assert [model.r2 for model in models] == pytest.approx([0.862, 0.932, 0.986], abs=0.002)
    assert models[2].weight > 0.999
    assert models[2].bic == min(model.bic for model in models)


@cache
def events():
    """The 43 single events, pA, and the other program's figures for them."""
    h5py = pytest.importorskip("h5py")
    with h5py.File(EVENTS) as file:
        stored = {name: data[:] for name, data in file["event_params"].items()}
        return file["events"][:], np.array(
            [
                stored["event_amplitudes"],
                1e3 * stored["event_risetimes"],
                1e3 * stored["event_halfdecays"],
                1e3 * stored["event_charges"],
            ]
        )


def as_the_other_program_measures(event):
    """Amplitude (pA), rise (ms), half decay (ms) and charge (pA ms) as miniML defines them.

    All but the amplitude are read off the event smoothed by a Hann window of 20 samples. The
    baseline is the mean of the 100 samples that end twice the rise before the peak. The amplitude
    is the mean of the 12 raw samples around the peak. The onset is where the current leaves the
    baseline by a quarter of its noise. The rise goes from 10 to 90 % of the way from the onset to
    the peak, the half decay to the first sample below half; the charge ends four half decays after
    the peak.
    """
    raw, window = -event, signal.windows.hann(20)
    x = signal.convolve(raw, window, mode="same") / window.sum()
    x[:20], x[-20:] = raw[:20], raw[-20:]
    peak = 200 + int(np.argmax(x[200:366]))
    end = max(200 - 2 * (peak - 200), 100)
    baseline, noise = x[end - 100 : end].mean(), x[end - 100 : end].std()
    height = x[peak] - baseline
    # A curve without noise leaves its baseline at a thousandth of the peak.
    below = x[:peak][::-1] < baseline + max(0.25 * noise, 1e-3 * height)
    onset = peak - int(np.argmax(below))
    rise, way = x[onset:peak][::-1], x[peak] - x[onset]
    levels = [int(np.argmax(rise < x[onset] + share * way)) for share in (0.1, 0.9)]
    half = int(np.argmax(x[peak:] < baseline + 0.5 * height))
    return np.array(
        [
            -(raw[peak - 6 : peak + 6].mean() - baseline),
            (levels[0] - levels[1]) * INTERVAL if levels[0] else 0.8 * (peak - onset) * INTERVAL,
            half * INTERVAL,
            -np.trapezoid(x[onset : peak + 4 * half] - baseline, dx=INTERVAL),
        ]
    )


@cache
def fits():
    """Fits of the 43 events with the baseline fixed at 0, which the file has subtracted."""
    raw, _ = events()
    time = INTERVAL * np.arange(raw.shape[1])
    fit = fit_events(raw, time, START, fixed=["baseline"])
    shapes = [PscShape(*(float(x[i]) for x in fit.shape)) for i in range(len(raw))]
    curves = [
        np.asarray(psc_waveform(shape, time - at))
        for shape, at in zip(shapes, fit.best.onset, strict=True)
    ]
    return fit, shapes, np.array(curves)


@needs_events
def test_the_other_programs_definitions_are_understood():
    raw, theirs = events()
    ours = np.array([as_the_other_program_measures(event) for event in raw]).T
    off = np.abs(ours / theirs - 1.0)
    assert off[1:3].max() < 1e-12
    assert off[[0, 3]].max() < 5e-3 and np.median(off[[0, 3]]) < 1e-12


@needs_events
def test_single_events_are_fitted():
    fit, shapes, _ = fits()
    assert np.mean(fit.success) == 1.0
    assert np.median(fit.r2) == pytest.approx(0.80, abs=0.03)
    # Each event begins where the file aligned it, and the median event is like the mean one.
    assert np.ptp(fit.best.onset) < 0.6
    assert np.median([shape.tau_syn_fast for shape in shapes]) == pytest.approx(0.37, abs=0.05)
    assert np.median([shape.tau_syn_slow for shape in shapes]) == pytest.approx(2.7, abs=0.5)


@needs_events
def test_measured_the_same_way_fitted_curves_agree_with_the_stored_figures():
    """Noise moves the peak, and with it rise and half decay, of an event; hardly its charge."""
    _, theirs = events()
    ours = np.array([as_the_other_program_measures(curve) for curve in fits()[2]]).T
    ratio = np.median(ours / theirs, axis=1)
    alike = [np.corrcoef(a, b)[0, 1] for a, b in zip(ours, theirs, strict=True)]
    assert ratio == pytest.approx([0.97, 1.0, 1.12, 1.02], abs=0.08)
    assert alike[0] > 0.97 and alike[3] > 0.95
    assert alike[1] > 0.5 and alike[2] > 0.75


@needs_events
def test_features_differ_from_the_stored_figures_by_their_definitions():
    """Peaks are not smoothed, rises are those of the curve, charges reach to the end."""
    _, theirs = events()
    features = [psc_features(shape) for shape in fits()[1]]
    ours = np.array([[float(f.peak), float(f.rise_time), float(f.charge)] for f in features]).T
    peak, rise, charge = np.median(ours / theirs[[0, 1, 3]], axis=1)
    assert peak == pytest.approx(0.99, abs=0.03)
    assert np.corrcoef(ours[0], theirs[0])[0, 1] > 0.97
    # Smoothing over 0.4 ms makes a rise of 0.2 ms longer.
    assert rise == pytest.approx(0.75, abs=0.1)
    # Theirs ends some 3 ms after the peak, where a third of the slow part is still to come.
    assert charge == pytest.approx(1.5, abs=0.2)


@cache
def sweeps():
    """Time from the first stimulus, ms, and the mean of the sweeps, pA, without its baseline."""
    pyabf = pytest.importorskip("pyabf")
    abf = pyabf.ABF(str(TRAIN))
    currents = []
    for k in range(abf.sweepCount):
        abf.setSweep(k, channel=0)
        currents.append(np.array(abf.sweepY, float))
    time = 1e3 * np.array(abf.sweepX, float) - 164.3
    mean = np.mean(currents, axis=0)
    return time, mean - mean[(time > -14) & (time < -0.3)].mean()


@needs_train
def test_the_first_epsc_of_a_train_is_a_double_alpha_function():
    time, current = sweeps()
    window = (time > 1.5) & (time < 19.5)
    fit = fit_psc((time[window], current[window]), PscShape(-200.0, 1.0, 5.0, 0.3))
    assert fit.success and fit.r2 > 0.997
    assert float(psc_features(fit.shape).peak) == pytest.approx(-228.0, abs=6.0)
    assert fit.best.onset == pytest.approx(6.7, abs=0.1)
    assert compare_models(fit)[2].weight > 0.9


@needs_train
def test_the_train_depresses():
    """Events are fitted one by one between the artefacts, each on what those before have left.

    Fitted peaks are 2 to 12 % lower than the lowest sample, which noise picks, and the later
    events, which overlap and are less synchronous, are less like a double alpha function.
    """
    time, current = sweeps()
    before = np.zeros_like(time)
    lowest, peaks, shares = [], [], []
    for k in range(5):
        window = (time > 20 * k + 1.5) & (time < 20 * k + 19.5)
        left = (time[window], current[window] - before[window])
        fit = fit_psc(left, PscShape(-100.0, 1.0, 5.0, 0.3), fixed=["baseline"])
        before = before + fit.waveform(time)
        lowest.append(current[window].min())
        peaks.append(before[window].min())
        shares.append(fit.r2)
    assert lowest == pytest.approx([-233.0, -137.0, -80.0, -43.0, -63.0], abs=2.5)
    assert peaks == pytest.approx([-226.0, -125.0, -70.0, -36.0, -57.0], abs=3.0)
    assert shares == pytest.approx([0.998, 0.985, 0.951, 0.864, 0.962], abs=0.01)

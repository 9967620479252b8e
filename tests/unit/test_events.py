"""Events are found where they are, noise and artefacts are not taken for them."""

from pathlib import Path

import numpy as np
import pytest
from scipy.signal import lfilter

from glifcore import PscShape, list_synapses, psc_waveform
from glifcore.events import METHODS, align_events, find_artefacts, find_events
from glifcore.levels import ParameterError
from glifcore.recordings import load_recording

ROOT = Path(__file__).parents[2]
TABLES = ROOT / "glifcore" / "data" / "recordings"
RAW = ROOT.parent / "shared" / "recordings" / "f1.abf"
# What can be seen on the mean: when the current leaves the baseline (ms), and its peak (pA).
EPSCS = ((170.9, -233.0), (190.9, -137.0), (210.9, -80.0), (231.0, -43.0), (251.2, -63.0))

TIME = np.arange(6000) * 0.05
SHAPE = PscShape(-50.0, 0.7, 4.0, 0.3)


def sweep(onsets, noise=1.5, shape=SHAPE, time=TIME, seed=1):
    clean = sum((np.asarray(psc_waveform(shape, time - x)) for x in onsets), np.zeros(len(time)))
    return clean - 20.0 + noise * np.random.default_rng(seed).standard_normal(len(time))


def mean_of(path):
    recording = load_recording(path)
    return recording.time, recording.mean()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("sign", [-1, 1])
def test_events_of_either_sign_are_found_where_they_are(method, sign):
    onsets = [40.0, 90.0, 100.0, 106.0, 200.0]
    found = find_events(TIME, sign * -sweep(onsets), method=method)
    assert found.sign == sign
    np.testing.assert_allclose(found.onset, onsets, atol=0.1)  # two samples
    peak = float(np.asarray(psc_waveform(SHAPE, np.linspace(0, 5, 500))).min())
    np.testing.assert_allclose(found.amplitude, -sign * peak, rtol=0.15)
    assert np.all((found.peak_time > found.onset + 0.3) & (found.peak_time < found.onset + 2.0))
    assert np.all(found.score >= 5.0)


@pytest.mark.parametrize("method", METHODS)
def test_onsets_of_clean_events_of_all_classes_are_right_to_two_samples(method):
    classes = sorted({tuple(float(x) for x in s.shape) for s in list_synapses()})[::4]
    for weight, *rest in classes:
        found = find_events(
            TIME, sweep([100.02], 1e-3, PscShape(50 * weight, *rest)), method=method
        )
        assert len(found.onset) == 1 and found.sign == np.sign(weight)
        assert abs(found.onset[0] - 100.02) < 0.11


def test_the_side_that_stands_out_can_be_overruled():
    current = sweep([50.0]) - sweep([150.0], 0.0) * 0.5
    found = find_events(TIME, current)
    assert found.sign == -1 and found.onset == pytest.approx([50.0], abs=0.2)
    found = find_events(TIME, current, sign=1)
    assert found.sign == 1 and found.onset == pytest.approx([150.0], abs=0.3)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("keep", [0.0, 0.6, 0.98])
def test_in_noise_white_or_not_there_is_no_event(method, keep):
    time = np.arange(40_000) * 0.05
    counts = []
    for seed in range(12):
        white = np.random.default_rng(seed).standard_normal(len(time))
        noise = np.asarray(lfilter([np.sqrt(1 - keep**2)], [1.0, -keep], white))
        counts.append(len(find_events(time, noise, method=method).onset))
    # 5 standard deviations are passed in one sweep of fifty.
    assert sum(counts) <= 1


def test_scores_do_not_depend_on_scale_and_offset():
    current = sweep([50.0, 150.0])
    one, other = find_events(TIME, current), find_events(TIME, 1e-3 * current + 7.0)
    np.testing.assert_allclose(one.score, other.score, rtol=1e-6)
    np.testing.assert_allclose(one.onset, other.onset, atol=1e-6)


def test_events_nearer_than_the_interval_are_one():
    current = sweep([100.0, 104.0])
    assert len(find_events(TIME, current).onset) == 2
    assert len(find_events(TIME, current, min_interval=8.0).onset) == 1


@pytest.mark.parametrize("method", METHODS)
def test_a_flat_sweep_has_no_events(method):
    assert len(find_events(TIME, np.full(len(TIME), -3.7), method=method).onset) == 0
    assert find_artefacts(TIME, np.full(len(TIME), -3.7)) == ()


# Artefacts


def with_artefacts(current, times):
    current = current.copy()
    for t in times:
        i = round(t / 0.05)
        current[i : i + 4] += [900.0, 2000.0, -1000.0, -300.0]
    return current


def test_artefacts_are_found_and_neither_events_nor_noise():
    times, onsets = [60.0, 120.0, 180.0], [63.0, 123.0, 183.0]
    current = with_artefacts(sweep(onsets), times)
    found = find_artefacts(TIME, current)
    assert [start for start, _ in found] == pytest.approx(times, abs=0.11)
    assert all(0.1 < stop - start < 0.6 for start, stop in found)
    np.testing.assert_allclose(find_events(TIME, current).onset, onsets, atol=0.15)


@pytest.mark.parametrize("interval", [0.02, 0.05, 0.1])
def test_no_synaptic_current_is_an_artefact(interval):
    time = np.arange(0.0, 60.0, interval)
    for tau in (0.2, 0.5, 2.0):
        for noise in (0.5, 2.0, 10.0):
            current = sweep([20.013], noise, PscShape(-50.0, tau, 4 * tau, 0.3), time)
            assert find_artefacts(time, current) == ()


# Recorded


def test_the_train_that_ships_has_five_artefacts_and_five_events():
    time, current = mean_of(TABLES / "epsc_train_50hz.csv")
    starts = [start for start, _ in find_artefacts(time, current)]
    assert starts == pytest.approx(24.1 + 20.0 * np.arange(5), abs=0.06)
    found = find_events(time, current)
    assert found.onset == pytest.approx([onset - 140.0 for onset, _ in EPSCS], abs=0.2)


def test_the_granule_cell_has_one_event_and_no_artefact():
    time, current = mean_of(TABLES / "granule_cell_mepsc.csv")
    assert find_artefacts(time, current) == ()
    for method in METHODS:
        found = find_events(time, current, method=method)
        assert found.onset == pytest.approx([3.85], abs=0.06) and found.sign == -1


@pytest.mark.skipif(not RAW.exists(), reason="the raw recording is not here")
def test_the_raw_recording_has_its_stimuli_its_test_step_and_its_epscs():
    time, current = mean_of(RAW)
    starts = [start for start, _ in find_artefacts(time, current)]
    # The last two are the edges of a step of the command, 400 ms apart.
    expected = [*(164.1 + 20.0 * np.arange(5)), 1664.05, 2064.05]
    assert starts == pytest.approx(expected, abs=0.06)
    found = find_events(time, current)
    train = (found.onset > 160.0) & (found.onset < 260.0)
    assert found.onset[train] == pytest.approx([onset for onset, _ in EPSCS], abs=0.2)
    # Amplitudes are from the tail of the event before, peaks from the baseline.
    shares = found.amplitude[train] / [peak for _, peak in EPSCS]
    assert np.all((shares > 0.7) & (shares < 1.05))


# Aligning


def test_aligned_events_have_their_onset_at_zero_and_those_at_an_end_are_left_out():
    ramp = np.arange(len(TIME), dtype=float)
    found = align_events(TIME, ramp, [1.0, 50.02, 100.0, 299.0, 1e300], before=2.0, after=10.0)
    assert found.kept.tolist() == [1, 2]
    assert found.time[0] == pytest.approx(-2.0) and found.time[-1] == pytest.approx(10.0)
    zero = np.argmin(np.abs(found.time))
    assert found.events[:, zero].tolist() == [1000.0, 2000.0]
    assert align_events(TIME, ramp, [], before=2.0, after=10.0).events.shape == (0, 241)


# What is refused

HOLED = np.where(TIME[7] == TIME, np.nan, 0.0)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: find_events(TIME, HOLED), "Sample 7 is nan pA .* finite"),
        (lambda: find_events(TIME, TIME[1:]), r"shape \(6000,\).*\(5999,\)"),
        (lambda: find_events(TIME, ["a"] * 6000), "arrays of numbers"),
        (lambda: find_events(TIME[:9], TIME[:9]), "9 samples; at least 16"),
        (lambda: find_events(TIME**1.1, TIME), "evenly spaced.*Resample"),
        (lambda: find_artefacts(TIME[::-1], TIME), "in order of time"),
        (lambda: find_events(TIME, TIME, method="neural"), "'neural'; known are template and"),
        (lambda: find_events(TIME, TIME, sign=2), "`sign` is 2; .* -1"),
        (lambda: find_events(TIME, TIME, threshold=-1.0), "`threshold` is -1 SD; .* Try 5"),
        (lambda: find_events(TIME, TIME, min_interval=float("nan")), "`min_interval` is nan ms"),
        (lambda: find_events(TIME, TIME, template=PscShape(1.0, -1.0, 4.0, 0.3)), "`template` is"),
        (lambda: find_events(TIME[:60], TIME[:60]), "the template .* the longer.*faster"),
        (lambda: align_events(TIME, TIME, [9.0], before=-1.0, after=2.0), "`before` is -1"),
        (lambda: align_events(TIME, TIME, [9.0], before=1.0, after=1e9), "at most the 299.95 ms"),
        (lambda: align_events(TIME, TIME, [np.nan], before=1.0, after=2.0), "`onsets` must be fin"),
    ],
)
def test_what_breaks_a_rule_is_refused_with_a_sentence(call, sentence):
    with pytest.raises(ParameterError, match=sentence):
        call()

"""Recordings as values, and how files and arrays become them."""

import numpy as np
import pytest

from glifcore.levels import ParameterError
from glifcore.recordings import DEFAULT_BYTES, Recording, RecordingError, load_recording
from glifcore.samples import as_samples

TIME = np.arange(400) * 0.05
RNG = np.random.default_rng(1)
SWEEPS = RNG.normal(size=(5, 400)) + np.arange(5)[:, None]
SPIKED = SWEEPS.copy()
SPIKED[2, 3] = np.inf


def recording(**changes) -> Recording:
    fields = {"time": TIME, "sweeps": SWEEPS} | changes
    return Recording.from_arrays(**fields)


def table(*columns, header="", form="{:.6g}", delimiter=",") -> bytes:
    rows = [delimiter.join(map(form.format, row)) for row in zip(*columns, strict=True)]
    return "\n".join([header, *rows] if header else rows).encode()


WAVE = -100 * np.exp(-TIME / 3)
CSV = table(TIME, WAVE, header="time_ms,current_pA")


def test_arrays_become_a_recording_in_pa():
    made = recording(unit="nA", name="x")
    assert (made.name, made.format, made.unit, made.scale) == ("x", "arrays", "nA", 1e3)
    np.testing.assert_allclose(made.sweeps, SWEEPS * 1e3)
    np.testing.assert_allclose(made.time, TIME, atol=1e-12)
    assert made.interval == 0.05
    assert recording(sweeps=SWEEPS[0]).sweeps.shape == (1, 400)
    assert recording(time=TIME.tolist(), sweeps=SWEEPS.tolist()).sweeps.shape == (5, 400)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"time": TIME[:-1]}, r"shape \(399,\)"),
        ({"time": TIME[:7], "sweeps": SWEEPS[:, :7]}, "7 samples; .* at least 8"),
        ({"time": TIME[::-1]}, "Sample 1: .* must increase"),
        ({"time": TIME**1.1}, "evenly spaced to 1 %.*numpy.interp"),
        ({"time": np.where(TIME == 5.0, np.nan, TIME)}, "Sample 100: the value is nan"),
        ({"sweeps": SPIKED}, "Sweep 2, sample 3: .* inf"),
        ({"sweeps": np.full(400, 1e300)}, r"1e\+300 pA.*finite"),
        ({"sweeps": [[1.0], [1.0, 2.0]]}, "arrays of numbers"),
        ({"sweeps": np.zeros((0, 400))}, "one sweep in each row"),
        ({"unit": "mV"}, "`unit` is 'mV'; the units of current are fA, pA"),
    ],
)
def test_arrays_obey_the_rules_of_files(changes, sentence):
    with pytest.raises(RecordingError, match=sentence):
        recording(**changes)


def test_its_error_is_a_parameter_error():
    assert issubclass(RecordingError, ParameterError)


def test_nothing_changes_a_recording():
    own = SWEEPS.copy()
    made = recording(sweeps=own)
    with pytest.raises(ValueError, match="read-only"):
        made.sweeps[0, 0] = 1.0
    own[0, 0] = 1.0
    for change in (
        lambda r: r.choose(0),
        lambda r: r.window(1.0, 9.0),
        lambda r: r.scaled(2.0),
        lambda r: r.inverted(),
        lambda r: r.without_baseline(0.0, 1.0),
        lambda r: r.resampled(0.2),
    ):
        assert change(made) is not made
    np.testing.assert_array_equal(made.sweeps[1:], SWEEPS[1:])


def test_sweeps_are_chosen_in_the_order_given():
    np.testing.assert_array_equal(recording().choose([3, 1]).sweeps, SWEEPS[[3, 1]])
    np.testing.assert_array_equal(recording().choose(2).sweeps, SWEEPS[[2]])


@pytest.mark.parametrize("sweeps", [5, -1, [0, 7]])
def test_unknown_sweeps_are_told_with_the_known_ones(sweeps):
    with pytest.raises(RecordingError, match=r"no sweep (5|-1|7); known: 0, 1, 2, 3, 4"):
        recording().choose(sweeps)


def test_a_window_holds_its_start_and_not_its_stop():
    part = recording().window(0.3, 2.0)
    assert (part.time[0], part.time[-1]) == pytest.approx((0.3, 1.95))
    np.testing.assert_array_equal(part.sweeps, SWEEPS[:, 6:40])
    halves = recording().window(0.0, 10.0), recording().window(10.0, np.inf)
    np.testing.assert_array_equal(np.hstack([h.sweeps for h in halves]), SWEEPS)


def test_an_empty_window_says_how_long_the_recording_is():
    with pytest.raises(RecordingError, match=r"Between 30 and 40 ms there are 0 .* 0 to 19.95 ms"):
        recording().window(30.0, 40.0)
    with pytest.raises(RecordingError, match="there are 0 samples"):
        recording().without_baseline(-5.0, -1.0)
    with pytest.raises(RecordingError, match="1 samples, and 2 are needed"):
        recording().noise(0.0, 0.05)


def test_scaling_reaches_sweeps_scale_and_standard_error():
    loaded = load_recording(table(TIME, WAVE, 1 + TIME, header="time_ms,current_pA,sem_pA"))
    twice = loaded.scaled(-2.0)
    np.testing.assert_allclose(twice.sweeps, -2 * loaded.sweeps)
    np.testing.assert_allclose(twice.sem, 2 * loaded.sem)
    assert twice.scale == -2.0
    np.testing.assert_allclose(loaded.inverted().sweeps, -loaded.sweeps)
    assert loaded.inverted().inverted().scale == 1.0


@pytest.mark.parametrize("factor", [0.0, np.nan, np.inf])
def test_a_factor_without_sense_is_refused(factor):
    with pytest.raises(RecordingError, match="`factor` is"):
        recording().scaled(factor)


def test_each_sweep_loses_its_own_baseline():
    flat = recording().without_baseline(0.0, 5.0)
    np.testing.assert_allclose(flat.sweeps[:, :100].mean(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(np.diff(flat.sweeps), np.diff(SWEEPS), atol=1e-12)


def test_noise_is_that_of_the_mean_of_sweeps():
    expected = SWEEPS.mean(axis=0)[:100].std(ddof=1)
    assert recording().noise(0.0, 5.0) == pytest.approx(expected)


def test_the_standard_error_comes_from_three_sweeps_or_from_the_file():
    expected = SWEEPS.std(axis=0, ddof=1) / np.sqrt(5)
    np.testing.assert_allclose(recording().sem_of_mean(), expected)
    assert recording().choose([0, 1]).sem_of_mean() is None
    loaded = load_recording(table(TIME, WAVE, 1 + TIME, header="time_ms,current_nA,sem_pA"))
    np.testing.assert_allclose(loaded.sem_of_mean(), 1 + TIME, rtol=1e-5)


def test_samples_are_ready_for_a_fit():
    made = recording()
    time, current, sigma = made.samples()
    assert sigma is None
    np.testing.assert_allclose(current, SWEEPS.mean(axis=0))
    np.testing.assert_allclose(made.samples("sem")[2], made.sem_of_mean())
    sigma = made.samples("baseline", baseline=(0.0, 5.0))[2]
    np.testing.assert_allclose(sigma, made.noise(0.0, 5.0))
    samples = as_samples(made)
    np.testing.assert_array_equal(samples.time, time)
    np.testing.assert_array_equal(samples.current, current)


@pytest.mark.parametrize(
    ("made", "weights", "sentence"),
    [
        (recording(), "both", "`weights` is 'both'; known are None, 'sem' and 'baseline'"),
        (recording(), "baseline", "not known.*Give `baseline`"),
        (recording().choose(0), "sem", "not known.*three sweeps"),
        (recording(sweeps=np.zeros((3, 400))), "sem", "0 at some time"),
    ],
)
def test_weights_that_cannot_be_had_are_told(made, weights, sentence):
    with pytest.raises(RecordingError, match=sentence):
        made.samples(weights)


LONG = np.arange(6_000) * 0.02


def sine(frequency: float, time=LONG) -> np.ndarray:
    """Of this many kHz, with a phase of its own."""
    return np.sin(2 * np.pi * frequency * time + 0.7)


@pytest.mark.parametrize("interval", [0.1, 0.0733, 0.025])
@pytest.mark.parametrize("share", [0.01, 0.2, 0.39])
def test_resampling_keeps_slow_sines_in_amplitude_and_phase(interval, share):
    slow = share / interval
    made = Recording.from_arrays(LONG, sine(slow)).resampled(interval)
    inside = slice(30, -30)
    expected = sine(slow, made.time)
    np.testing.assert_allclose(made.sweeps[0, inside], expected[inside], atol=1e-3)
    assert made.interval == pytest.approx(interval)


@pytest.mark.parametrize(("interval", "share"), [(0.1, 0.51), (0.1, 0.9), (0.0733, 0.7), (0.1, 2)])
def test_resampling_takes_out_sines_above_the_new_nyquist(interval, share):
    made = Recording.from_arrays(LONG, sine(share / interval)).resampled(interval)
    assert np.abs(made.sweeps[0, 30:-30]).max() < 2e-4


def test_resampling_shifts_nothing_and_keeps_straight_lines_to_the_ends():
    line = 5.0 + 0.3 * LONG
    made = Recording.from_arrays(LONG, np.stack([line, -line])).resampled(0.13)
    np.testing.assert_allclose(made.sweeps[0], 5.0 + 0.3 * made.time, rtol=1e-9)
    np.testing.assert_allclose(made.sweeps[1], -made.sweeps[0])
    pulse = np.exp(-((LONG - 60.0) ** 2))
    made = Recording.from_arrays(LONG, pulse).resampled(0.1)
    assert made.time[np.argmax(made.sweeps[0])] == pytest.approx(60.0)


def test_resampling_only_goes_down_and_leaves_enough():
    made = recording()
    assert made.resampled(0.05) is made
    with pytest.raises(RecordingError, match=r"0.01 ms and the samples are 0.05 ms apart"):
        made.resampled(0.01)
    with pytest.raises(RecordingError, match="at least 8"):
        made.resampled(10.0)


def test_resampling_interpolates_the_standard_error_of_the_file():
    loaded = load_recording(table(TIME, WAVE, 1 + TIME, header="time_ms,current_pA,sem_pA"))
    made = loaded.resampled(0.12)
    np.testing.assert_allclose(made.sem, 1 + made.time, rtol=1e-5)


def test_a_path_and_its_bytes_are_the_same(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(CSV)
    a, b, c = load_recording(path), load_recording(str(path)), load_recording(CSV, name="x.csv")
    for made in (a, b, c):
        assert (made.name, made.format, made.channel) == ("x.csv", "CSV", 0)
        np.testing.assert_array_equal(made.sweeps, a.sweeps)
    np.testing.assert_allclose(a.sweeps[0], WAVE, rtol=1e-5)
    np.testing.assert_allclose(a.time, TIME, atol=1e-9)


def test_the_name_of_an_upload_is_never_opened(tmp_path):
    (tmp_path / "real.csv").write_bytes(CSV)
    with pytest.raises(RecordingError, match=r"'real.csv' is empty"):
        load_recording(b"", name=str(tmp_path / "real.csv"))


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("none.csv", "'none.csv' cannot be opened .*check the path"),
        ("", "is not a file"),
        ("a\0b", "cannot be opened"),
    ],
)
def test_what_is_no_file_is_told(tmp_path, path, sentence):
    with pytest.raises(RecordingError, match=sentence):
        load_recording(f"{tmp_path}/{path}")


def test_the_size_is_checked_before_anything_is_read(tmp_path):
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.truncate(DEFAULT_BYTES + 1)  # sparse: it takes no room
    with pytest.raises(RecordingError, match=r"'big.csv' has 268.4 MB; the limit is 268.4 MB"):
        load_recording(path)
    with pytest.raises(RecordingError, match="the limit is 100 bytes"):
        load_recording(CSV, largest=100)


def test_the_environment_sets_the_limit(monkeypatch):
    monkeypatch.setenv("GLIFCORE_LARGEST_RECORDING", "100")
    with pytest.raises(RecordingError, match=r"the limit is 100 bytes.*GLIFCORE_LARGEST_RECORDING"):
        load_recording(CSV)
    assert load_recording(CSV, largest=10**6).format == "CSV"
    monkeypatch.setenv("GLIFCORE_LARGEST_RECORDING", "much")
    with pytest.raises(RecordingError, match="'much'; it must be a number of bytes"):
        load_recording(CSV)


@pytest.mark.parametrize(
    ("unit", "scale"),
    [("fA", 1e-3), ("pA", 1), ("nA", 1e3), ("uA", 1e6), ("µA", 1e6), ("A", 1e12)],
)
def test_the_unit_of_the_user_wins(unit, scale):
    data = table(TIME, WAVE * 1e-6, header="time_ms,current_pA")
    made = load_recording(data, unit=unit)
    assert (made.unit, made.scale) == ("pA", scale)
    np.testing.assert_allclose(made.sweeps[0], WAVE * 1e-6 * scale, rtol=1e-5)


def test_unknown_units_and_intervals_are_refused():
    with pytest.raises(RecordingError, match="`unit` is 'parsec'"):
        load_recording(CSV, unit="parsec")
    for interval in (0.0, -1.0, np.nan):
        with pytest.raises(RecordingError, match="sampling interval is"):
            load_recording(CSV, interval=interval)


def test_sweeps_and_channels_are_chosen_while_loading():
    data = table(TIME, WAVE, 2 * WAVE, TIME, header="time_ms,a (pA),b (pA),V (mV)")
    made = load_recording(data, sweep=1)
    np.testing.assert_allclose(made.sweeps, 2 * WAVE[None], rtol=1e-5)
    assert load_recording(data, sweep=[1, 0]).sweeps.shape == (2, 400)
    volts = load_recording(data, channel=1)
    assert volts.notes == ("Channel 1 is in mV, not a current; its numbers are taken for pA.",)
    np.testing.assert_allclose(volts.sweeps[0], TIME, atol=1e-9)
    with pytest.raises(
        RecordingError, match=r"no channel 2; 0 is 'current' \(pA\), 1 is 'V' \(mV\)"
    ):
        load_recording(data, channel=2)
    with pytest.raises(RecordingError, match="no sweep 2; known: 0, 1"):
        load_recording(data, sweep=2)

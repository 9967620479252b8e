"""What each part of a stimulus is, and where it puts its events."""

import json

import numpy as np
import pytest

from glifcore import (
    BurstTrain,
    ChirpCurrent,
    NoiseCurrent,
    ParameterError,
    PoissonTrain,
    RampCurrent,
    RecordedCurrent,
    RegularTrain,
    SineCurrent,
    SpikeTrain,
    StepCurrent,
    make_stimulus,
)
from glifcore.stimulus import KINDS, from_dict, to_dict


def test_a_step_covers_its_start_and_not_its_stop():
    current, weights = make_stimulus(StepCurrent(10.0, 1.0, 2.0), duration=3.0, dt=0.1)
    assert np.flatnonzero(current).tolist() == list(range(10, 20))
    assert weights.shape == (30, 1) and not weights.any()


def test_overlapping_parts_add_up():
    stimulus = make_stimulus(
        StepCurrent(10.0),
        StepCurrent(5.0, stop=0.5),
        SpikeTrain([0.3, 0.3], 2.0),
        SpikeTrain([0.3], -1.0),
        duration=1.0,
    )
    assert stimulus.current.tolist() == [15.0] * 5 + [10.0] * 5
    assert stimulus.weights[3, 0] == 3.0


def test_a_regular_train_has_its_rate_and_port():
    train = RegularTrain(start=10.0, rate=50.0, count=3, weight=7.0, receptor=1)
    stimulus = make_stimulus(train, duration=100.0, n_receptors=2)
    assert np.flatnonzero(stimulus.weights[:, 1]).tolist() == [100, 300, 500]
    assert not stimulus.weights[:, 0].any()


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        (SpikeTrain([120.0], 1.0), "120 ms lies outside"),
        (SpikeTrain([-1.0], 1.0), "-1 ms lies outside"),
        (SpikeTrain([np.nan], 1.0), "nan ms lies outside"),
        (SpikeTrain([1.0], 1.0, receptor=2), "`receptor` is 2; the ports of this neuron are 0"),
        (SpikeTrain([1.0], np.inf), "`weight` is inf"),
        (StepCurrent(np.nan), "`amplitude` is nan"),
        (StepCurrent(1.0, start=np.nan), "`start` is nan ms"),
    ],
)
def test_what_cannot_be_delivered_is_refused(part, sentence):
    with pytest.raises(ParameterError, match=sentence):
        make_stimulus(part, duration=100.0)


@pytest.mark.parametrize("duration", [0.0, -5.0, np.nan, np.inf])
def test_a_stimulus_has_a_finite_length(duration):
    with pytest.raises(ParameterError, match="at least one step"):
        make_stimulus(duration=duration)


def test_a_train_needs_a_rate():
    with pytest.raises(ParameterError, match="`rate` is 0"):
        make_stimulus(RegularTrain(0.0, 0.0, 3, 1.0), duration=10.0)


EXAMPLES = [
    StepCurrent(10.0, 1.0, 2.0),
    RampCurrent(-5.0, 15.0, start=10.0, stop=90.0),
    SineCurrent(20.0, 50.0, phase=90.0, offset=3.0),
    ChirpCurrent(20.0, 5.0, 80.0, start=10.0),
    NoiseCurrent(10.0, 30.0, 3.0, seed=4),
    RecordedCurrent((0.0, 10.0, -4.0), interval=0.5, start=3.0),
    SpikeTrain([3.0, 4.5], 10.0, 1),
    RegularTrain(5.0, 100.0, 4, 10.0),
    BurstTrain(5.0, 30.0, 3, 4, 200.0, -10.0, 1),
    PoissonTrain(200.0, 10.0, seed=3),
]


def test_every_kind_has_an_example():
    assert {type(part).__name__ for part in EXAMPLES} == set(KINDS)


@pytest.mark.parametrize("part", EXAMPLES, ids=lambda part: type(part).__name__)
def test_a_part_is_written_down_and_read_back_to_the_same_stimulus(part):
    again = from_dict(json.loads(json.dumps(to_dict(part))))
    first, second = (make_stimulus(p, duration=100.0, dt=0.1, n_receptors=2) for p in (part, again))
    assert np.array_equal(first.current, second.current)
    assert np.array_equal(first.weights, second.weights)
    assert first.current.any() or first.weights.any()


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ({"kind": "SawCurrent"}, "'SawCurrent'.*StepCurrent"),
        ({}, "kind None"),
        ({"kind": "StepCurrent"}, "missing: amplitude; unknown: none"),
        ({"kind": "StepCurrent", "amplitude": 1.0, "colour": 2}, "missing: none; unknown: colour"),
    ],
)
def test_what_is_not_a_part_is_refused(mapping, sentence):
    with pytest.raises(ParameterError, match=sentence):
        from_dict(mapping)


def test_a_ramp_is_a_straight_line():
    current, _ = make_stimulus(RampCurrent(0.0, 80.0, 10.0, 90.0), duration=100.0)
    assert current[100] == 0.0 and current[99] == 0.0
    assert current[500] == pytest.approx(40.0)
    assert np.allclose(np.diff(current[100:900]), 0.1)


def test_a_sine_has_its_frequency_phase_and_offset():
    current, _ = make_stimulus(SineCurrent(20.0, 50.0, 90.0, 3.0), duration=100.0)
    t = np.arange(1000) * 0.1
    assert np.allclose(current, 3.0 + 20.0 * np.cos(2 * np.pi * 0.05 * t))


def test_a_chirp_goes_from_one_frequency_to_the_other():
    current, _ = make_stimulus(ChirpCurrent(1.0, 5.0, 45.0), duration=2000.0)
    crossings = np.flatnonzero((current[:-1] < 0) & (current[1:] >= 0)) * 0.1
    rates = 1000.0 / np.diff(crossings)
    assert np.all(np.diff(rates) > 0)
    assert rates[0] == pytest.approx(10.0, abs=3.0) and rates[-1] == pytest.approx(45.0, abs=1.0)


@pytest.mark.parametrize("dt", [0.1, 1.0])
def test_noise_has_its_moments_and_correlation_at_any_step(dt):
    current, _ = make_stimulus(NoiseCurrent(10.0, 30.0, 5.0), duration=200_000.0, dt=dt)
    assert current.mean() == pytest.approx(10.0, abs=1.0)
    assert current.std() == pytest.approx(30.0, rel=0.02)
    lag = round(5.0 / dt)
    centred = current - 10.0
    correlation = np.mean(centred[lag:] * centred[:-lag]) / 30.0**2
    assert correlation == pytest.approx(np.exp(-1.0), abs=0.03)


def test_seeds_repeat_and_differ():
    for kind in (
        lambda s: NoiseCurrent(0.0, 1.0, 3.0, seed=s),
        lambda s: PoissonTrain(50.0, 1.0, seed=s),
    ):
        a, b, c = (make_stimulus(kind(s), duration=500.0) for s in (1, 1, 2))
        assert np.array_equal(a.current, b.current) and np.array_equal(a.weights, b.weights)
        assert not (np.array_equal(a.current, c.current) and np.array_equal(a.weights, c.weights))


def test_a_recorded_current_is_joined_by_straight_lines_and_ends():
    current, _ = make_stimulus(RecordedCurrent((0.0, 10.0), 1.0, start=2.0), duration=5.0)
    assert np.allclose(current[20:31], np.arange(11.0))
    assert not current[:20].any() and not current[31:].any()


def test_a_poisson_train_has_its_rate_whatever_the_step():
    train = PoissonTrain(40.0, 1.0, start=1000.0, stop=101_000.0)
    times = train.times_until(1e6)
    assert len(times) == pytest.approx(4000, abs=250)
    assert times[0] >= 1000.0 and times[-1] < 101_000.0
    gaps = np.diff(times)
    assert gaps.std() == pytest.approx(gaps.mean(), rel=0.06)


def test_bursts_come_at_their_interval():
    times = BurstTrain(5.0, 30.0, 2, 3, 200.0, 1.0).times_until(100.0)
    assert times.tolist() == [5.0, 10.0, 15.0, 35.0, 40.0, 45.0]


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        (SineCurrent(np.inf, 1.0), "`amplitude` is inf pA"),
        (RampCurrent(0.0, np.nan), "`last` is nan pA"),
        (NoiseCurrent(0.0, -1.0, 3.0), "at least 0 and above 0"),
        (NoiseCurrent(0.0, 1.0, 0.0), "at least 0 and above 0"),
        (RecordedCurrent((1.0, np.nan), 1.0), "finite numbers"),
        (RecordedCurrent((1.0,), 0.0), "`interval` is 0 ms"),
        (PoissonTrain(-1.0, 1.0), "`rate` is -1"),
        (BurstTrain(0.0, 1.0, 1, 1, 0.0, 1.0), "`rate` is 0"),
    ],
)
def test_a_part_that_cannot_be_made_is_refused(part, sentence):
    with pytest.raises(ParameterError, match=sentence):
        make_stimulus(part, duration=10.0)

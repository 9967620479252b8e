"""Where a stimulus puts its events."""

import numpy as np
import pytest

from glifcore import ParameterError, SpikeTrain, StepCurrent, make_stimulus


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
    train = SpikeTrain.regular(start=10.0, rate=50.0, count=3, weight=7.0, receptor=1)
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
        (StepCurrent(1.0, start=np.nan), "not NaN"),
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
        SpikeTrain.regular(0.0, 0.0, 3, 1.0)

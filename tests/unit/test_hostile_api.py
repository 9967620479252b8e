"""Numbers at and beyond every bound through the library: a sentence, or finite numbers; soon."""

import time
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from glifcore import (
    FIELDS,
    BurstTrain,
    ChirpCurrent,
    GlifModel,
    GlifParameters,
    NoiseCurrent,
    ParameterError,
    PoissonTrain,
    PscShape,
    RampCurrent,
    RecordedCurrent,
    RegularTrain,
    SineCurrent,
    SpikeTrain,
    StepCurrent,
    Stimulus,
    draw_population,
    fit_psc,
    glif_psc_double_alpha,
    make_stimulus,
    problems,
    psc_features,
    psc_waveform,
    psp_waveform,
    shape_from_features,
    simulate,
)
from glifcore.parameters import LARGEST, SMALLEST

SECONDS = 10.0
"""For one answer, on a machine that compiles and does other things too."""

EXTREMES = (
    *(np.nan, np.inf, -np.inf, 1e308, -1e308, 1e300, 5e-324, -5e-324, 1e15, 1e12, -1e12, 1e9),
    *(-1e9, 1e6, 1.0, -1.0, 1e-3, 1e-9, 1e-12, 1e-15, 0.0, -0.0),
)

STIMULUS = make_stimulus(
    StepCurrent(400.0, 5.0, 60.0), RegularTrain(10.0, 200.0, 4, 80.0), duration=80.0
)
SHAPE = PscShape(100.0, 2.0, 6.0, 0.3)
TIME = np.linspace(0.0, 40.0, 60)


def answer(ask: Callable[[], Any]) -> Any:
    """What comes back, None where it was refused with a sentence; soon in either case."""
    start, said = time.monotonic(), []
    try:
        found = ask()
    except ParameterError as error:
        found, said = None, str(error).splitlines()
    assert time.monotonic() - start < SECONDS
    assert all(15 < len(line) < 450 for line in said), said
    return found


def assert_finite(found: Any) -> None:
    for name, value in zip(getattr(found, "_fields", range(99)), found, strict=False):
        if value is not None:
            assert np.isfinite(np.asarray(value, float)).all(), name


# Parameters and simulations


@pytest.mark.parametrize("model", [GlifModel.GLIF1, GlifModel.GLIF5])
@pytest.mark.parametrize("name", FIELDS)
def test_every_parameter_is_refused_or_simulated(name, model):
    usual = GlifParameters(model=model)
    for value in (*EXTREMES, LARGEST, -LARGEST, SMALLEST, *FIELDS[name].typical):
        changed = value * np.ones(np.shape(getattr(usual, name)))
        traces = answer(lambda c=changed: simulate(usual.replace(**{name: c}), STIMULUS))
        if traces is not None:
            assert_finite(traces)


@pytest.mark.parametrize("name", [n for n, info in FIELDS.items() if info.above is not None])
def test_a_number_too_small_to_divide_by_is_refused_with_its_rule(name):
    value = 1e-300 * np.ones(np.shape(getattr(GlifParameters(), name)))
    found = problems(GlifParameters(model=GlifModel.GLIF5, **{name: value}))
    message = next(p.message for p in found if p.field == name)
    assert f"`{name}" in message and "1e-300" in message and "Try" in message


def test_what_a_level_does_not_use_may_have_any_sign():
    odd = {"th_voltage_decay": -1e9, "th_spike_decay": -1e9, "asc_decay": (-1e9, -1e9)}
    plain = simulate(GlifParameters(), STIMULUS)
    assert np.array_equal(simulate(GlifParameters(**odd), STIMULUS).V_m, plain.V_m)
    several = GlifParameters(
        model=(GlifModel.GLIF1, GlifModel.GLIF1),
        th_voltage_decay=np.array([-1e9, 0.1]),
    )
    assert_finite(simulate(several, STIMULUS))


@pytest.mark.parametrize(
    "value", ["much", [[[1.0]]], object(), "x" * 10**6, [1.0, "a"], {}, 10**400]
)
def test_what_is_no_number_is_quoted_in_short(value):
    for name in ("g", "asc_decay"):
        with pytest.raises(ParameterError) as caught:
            GlifParameters(**{name: value})
        assert f"`{name}`" in str(caught.value) and len(str(caught.value)) < 300


def test_unknown_names_are_quoted_in_short():
    with pytest.raises(ParameterError) as caught:
        GlifParameters.from_dict({"x" * 10_000 + str(i): 1.0 for i in range(1000)})
    assert len(str(caught.value)) < 1500


@pytest.mark.parametrize("dt", [*EXTREMES, 1e6 + 0.001, 0.0005, "a step", None, [0.1, 0.2]])
def test_every_step_size_is_refused_or_simulated(dt):
    traces = answer(lambda: simulate(GlifParameters(model=GlifModel.GLIF5), STIMULUS, dt=dt))
    if traces is not None:
        assert_finite(traces)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300, 1e18, -1e18, 1e12])
@pytest.mark.parametrize("what", ["current", "weights"])
def test_every_number_of_a_stimulus_is_refused_or_simulated(what, value):
    array = np.array(getattr(STIMULUS, what))
    array.flat[7] = value
    traces = answer(lambda: simulate(GlifParameters(), STIMULUS._replace(**{what: array})))
    assert (traces is None) == (not abs(value) <= 1e18)
    if traces is not None:
        assert_finite(traces)


def test_more_than_can_be_held_is_refused_before_it_is_simulated():
    many = GlifParameters(g=np.full(1_000_000, 9.0))
    nothing = Stimulus(np.zeros(100_000), np.zeros((100_000, 1)))
    with pytest.raises(ParameterError, match=r"GB; at most 32 are recorded.*`record`"):
        simulate(many, nothing)


# Stimuli


def made(kind: type, *values: Any, **named: Any) -> Any:
    """A part that holds what no annotation allows, as it can where nobody checks them."""
    part, known = object.__new__(kind), fields(kind)
    given = {f.name: f.default for f in known} | named
    given |= dict(zip((f.name for f in known), values, strict=False))
    for name, value in given.items():
        object.__setattr__(part, name, value)
    return part


def parts() -> list[Any]:
    nan, inf, far = np.nan, np.inf, 1e300
    numbers = (nan, inf, -inf, far, -far, 1e12, -1e12, 5e-324, 0.0, -1.0)
    found: list[Any] = []
    for x in numbers:
        found += [made(StepCurrent, x), made(StepCurrent, 1.0, x), made(StepCurrent, 1.0, 0.0, x)]
        found += [
            made(RampCurrent, x, 1.0),
            made(RampCurrent, x, -x),
            made(RampCurrent, 0.0, 1.0, x, x),
        ]
        found += [
            made(SineCurrent, x, 8.0),
            made(SineCurrent, 1.0, x),
            made(SineCurrent, 1.0, 8.0, x, x, x),
        ]
        found += [
            made(ChirpCurrent, 1.0, x, 40.0),
            made(ChirpCurrent, x, 1.0, x),
            made(ChirpCurrent, 1, 1, 2, x, 9),
        ]
        found += [made(ChirpCurrent, 1.0, 1.0, 2.0, -1e12, x)]
        found += [
            made(NoiseCurrent, x, 1.0, 3.0),
            made(NoiseCurrent, 0.0, x, 3.0),
            made(NoiseCurrent, 0.0, 1.0, x),
        ]
        found += [made(RecordedCurrent, (1.0, x), 1.0), made(RecordedCurrent, (1.0, 2.0), x, x)]
        found += [made(SpikeTrain, [x], 1.0), made(SpikeTrain, [1.0], x)]
        found += [made(RegularTrain, x, 10.0, 3, 1.0), made(RegularTrain, 1.0, x, 3, 1.0)]
        found += [made(RegularTrain, 1.0, 10.0, x, 1.0), made(RegularTrain, 1.0, x, x, x)]
        found += [
            made(BurstTrain, x, 9.0, 3, 3, 100.0, 1.0),
            made(BurstTrain, 1.0, x, 3, 3, 100.0, 1.0),
        ]
        found += [
            made(BurstTrain, 1.0, 9.0, x, 3, 100.0, 1.0),
            made(BurstTrain, 1.0, 9.0, 3, x, 100.0, 1.0),
        ]
        found += [
            made(BurstTrain, 1.0, 9.0, 3, 3, x, 1.0),
            made(BurstTrain, -1e12, 1e-12, x, x, x, 1.0),
        ]
        found += [
            made(PoissonTrain, x, 1.0),
            made(PoissonTrain, 10.0, 1.0, 0, x),
            made(PoissonTrain, 9.0, x),
        ]
        found += [made(PoissonTrain, 10.0, 1.0, 0, 0.0, x), made(PoissonTrain, 1e12, 1.0, start=x)]
    for seed in (-1, 1.5, nan, "a", 10**40):
        found += [made(PoissonTrain, 10.0, 1.0, seed=seed), made(NoiseCurrent, 0.0, 1.0, 3.0, seed)]
    found += [made(SpikeTrain, times, 1.0) for times in ("abc", [[1.0]], [], None, [1.0, "x"])]
    found += [made(RecordedCurrent, values, 1.0) for values in ((), "abc", None, ((1.0,),), 3.0)]
    found += [made(SpikeTrain, [1.0], 1.0, port) for port in (-1, 7, 10**12, 0.5, None)]
    return [*found, made(StepCurrent, "a"), made(RegularTrain, 0.0, 1e9, 10**9, 1.0)]


@pytest.mark.parametrize("part", parts(), ids=lambda part: repr(part)[:60])
def test_every_part_is_refused_or_finite(part):
    stimulus = answer(lambda: make_stimulus(part, duration=100.0))
    if stimulus is not None:
        assert_finite(stimulus)


@pytest.mark.parametrize("duration", [*EXTREMES, 1e15, 1e300])
@pytest.mark.parametrize("dt", [0.1, 0.001, 1e-12, 1e6])
def test_every_duration_is_refused_or_held(duration, dt):
    if duration > 1e5 and dt == 1e6:
        return  # few steps, and as many as asked for
    stimulus = answer(lambda: make_stimulus(StepCurrent(1.0), duration=duration, dt=dt))
    assert stimulus is None or len(stimulus.current) == round(duration / dt)


@pytest.mark.parametrize("count", [0, -1, 10**12, 10**400])
def test_every_number_of_ports_is_refused_with_its_name(count):
    with pytest.raises(ParameterError, match=r"`n_receptors` is .*Try"):
        make_stimulus(duration=10.0, n_receptors=count)


def test_trains_that_repeat_without_end_are_cut_by_the_duration():
    endless = RegularTrain(0.0, 100.0, 10**15, 1.0).times_until(95.0)
    assert endless.tolist() == [10.0 * k for k in range(10)]
    bursts = BurstTrain(-1e6, 20.0, 10**15, 2, 200.0, 1.0).times_until(50.0)
    assert bursts.tolist() == [0.0, 5.0, 20.0, 25.0, 40.0, 45.0]


@pytest.mark.parametrize("part", [PoissonTrain(1e12, 1.0), RegularTrain(0.0, 1e12, 10**12, 1.0)])
def test_too_many_spikes_are_told_with_their_remedy(part):
    with pytest.raises(ParameterError, match=r"1e\+11 spikes; at most 1,000,000.*Lower its rate"):
        make_stimulus(part, duration=100.0)


# Populations


@pytest.mark.parametrize("count", [0, -1, 10**9, 10**12, 10**400])
def test_every_size_of_a_population_is_refused_with_its_name(count):
    with pytest.raises(ParameterError, match=r"`n_neurons` is .*whole number from 1"):
        draw_population(GlifParameters(), count, {"g": 1.0})
    with pytest.raises(ParameterError, match=r"`in_size` is .*whole number from 1"):
        glif_psc_double_alpha(count)
    with pytest.raises(ParameterError, match="`in_size`"):
        glif_psc_double_alpha((2, count))


def test_sizes_that_are_too_much_together_are_refused():
    with pytest.raises(ParameterError, match="`in_size` is 1000000000000"):
        glif_psc_double_alpha((10**6, 10**6))
    with pytest.raises(ParameterError, match="`batch_size`"):
        glif_psc_double_alpha(1000).init_state(10**9)


@pytest.mark.parametrize("deviation", EXTREMES)
@pytest.mark.parametrize("name", ["g", "E_L", "asc_r", "asc_amps"])
def test_every_spread_is_refused_or_drawn(name, deviation):
    drawn = answer(lambda: draw_population(GlifParameters(), 5, {name: deviation}))
    assert drawn is None or np.isfinite(getattr(drawn, name)).all()


def test_bounds_that_nothing_meets_are_told_soon_for_many_neurons_too():
    for bounds in ((1e6, 1e7), (2.0, 1.0), (np.nan, np.nan)):
        spread, within = {"g": 1.0}, {"g": bounds}
        assert (
            answer(
                lambda s=spread, w=within: draw_population(GlifParameters(), 1_000_000, s, bounds=w)
            )
            is None
        )


# Events


@pytest.mark.parametrize("name", PscShape._fields)
def test_every_number_of_a_shape_is_refused_or_measured(name):
    for value in (*EXTREMES, LARGEST, SMALLEST):
        shape = SHAPE._replace(**{name: value})
        for ask in (
            lambda s=shape: psc_features(s),
            lambda s=shape: [psc_waveform(s, TIME)],
            lambda s=shape: [psp_waveform(s, GlifParameters(), TIME)],
        ):
            found = answer(ask)
            if found is not None:
                assert_finite(found)


def test_parts_that_differ_by_all_that_is_allowed_are_measured():
    ends = (SMALLEST, 1e-6, 1.0, 1e6, LARGEST)
    for fast in ends:
        for slow in ends:
            for amp in ends:
                assert_finite(psc_features(PscShape(1.0, fast, slow, amp)))


@pytest.mark.parametrize("t", [np.inf, -np.inf, 1e300, -1e300, 0.0])
def test_an_event_is_over_at_the_end_of_time(t):
    assert float(psc_waveform(SHAPE, t)) == 0.0
    assert float(psp_waveform(SHAPE, GlifParameters(), min(t, 1e12))) == 0.0


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e308, 1e300, 1e51])
def test_a_recording_or_a_start_that_no_fit_can_take_is_refused(value):
    time_, clean = np.arange(0.0, 30.0, 0.1), np.zeros(300)
    spoilt = np.where(np.arange(300) == 9, value, clean)
    for ask in (
        lambda: fit_psc((time_, spoilt), SHAPE),
        lambda: fit_psc((time_ * value, clean), SHAPE),
        lambda: fit_psc((time_, clean), SHAPE._replace(weight=value)),
        lambda: fit_psc((time_, clean), SHAPE._replace(tau_syn_fast=value)),
        lambda: fit_psc((time_, clean), SHAPE, onset=value),
        lambda: fit_psc((time_, clean), SHAPE, baseline=value),
        lambda: fit_psc((time_, clean, abs(value)), SHAPE, bounds={"onset": (value, value)}),
    ):
        with np.errstate(all="ignore"), pytest.raises(ParameterError):
            ask()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e308, 5e-324, 0.0, -1.0, 1e12])
def test_every_feature_is_refused_or_has_a_shape(value):
    usual = {"peak": 100.0, "time_to_peak": 2.3, "half_width": 6.3, "tail": 16.0}
    for name in usual:
        found = answer(lambda n=name: shape_from_features(**(usual | {n: value})))
        if found is not None:
            assert_finite(found)

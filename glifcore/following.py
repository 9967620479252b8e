"""The way from one curve to another, given what shall be measured on it.

Curves are forms (`glifcore.normal_form`); a point is what is measured on one: the logarithms of
half width and tail over the time to peak. A way goes straight from point to point. Each step of it
is solved by Newton's method from the step before, so that the curve changes continuously; where no
step can be made, the way ends.

The method's own coordinates are lead * lag, in which the point of the alpha functions is left at a
steady pace, and log[(1 + lead)(1 - lag)], the direction in which it is left. Both are symmetric in
the two parts. As in `glifcore.normal_form`, what runs many times is exempt from checks of types.
"""

import math
from typing import NamedTuple, no_type_check

from glifcore.normal_form import Form, measure, ratio_of

Point = tuple[float, float]

ALPHA: Point = (math.log(2.4463860370301262), math.log(3.889720169867429))
"""Of one alpha function: t e^(1 - t) is a half for 2.45 times to peak, a tenth after 3.89."""

SHORTEST = 1e-9
"""The shortest step of a way, as a share of it."""

# Newton's method has arrived; it has also where rounding lets it come no closer.
_ARRIVED, _ROUNDING = 1e-14, 1e-11
_MAX_NEWTON, _MAX_STEPS = 12, 200
# Of log[(1 + lead)(1 - lag)], in one step of Newton's method.
_LONGEST = 1.0
# lead * lag where a way from the alpha functions begins, and the second coordinate, which tells its
# direction, at the ends of what is known of it.
_BESIDE, _EARLY = 1e-8, 16.0
_RATES = (math.log(1e-3), math.log(55.0))


class Place(NamedTuple):
    """A curve on the way.

    Attributes:
        form: the curve.
        point: what is measured on it.
        slopes: derivatives of the point by lead and lag, row by row.
        sheet: as in `Measures`.
        clearance: as in `Measures`.
    """

    form: Form
    point: Point
    slopes: tuple[float, float, float, float]
    sheet: str
    clearance: float


class Limits(NamedTuple):
    """What a curve on the way must keep.

    Attributes:
        clearance: at least.
        ratio: tau_syn_slow / tau_syn_fast, at most.
        one_hump: whether it must not get a second hump.
    """

    clearance: float
    ratio: float
    one_hump: bool


@no_type_check
def place_of(form: Form) -> Place | None:
    """A curve with what is measured on it; None where it has no peak at t = 1, or only one part."""
    found = measure(form)
    if found is None:
        return None
    point = math.log(found.half_width), math.log(found.tail)
    return Place(form, point, found.slopes, found.sheet, found.clearance)


@no_type_check
def distance(one: Point, other: Point) -> float:
    """The larger of the relative differences of half width and tail."""
    return max(abs(one[0] - other[0]), abs(one[1] - other[1]))


def follow(place: Place, goal: Point, limits: Limits, shortest: float = SHORTEST) -> Place:
    """From a curve straight towards a point, as far as steps of this share of the way lead."""
    origin = place.point
    done, share, failed = 0.0, 1.0, False
    for _ in range(_MAX_STEPS):
        then = min(done + share, 1.0)
        target = goal
        if then < 1.0:
            target = (
                origin[0] + then * (goal[0] - origin[0]),
                origin[1] + then * (goal[1] - origin[1]),
            )
        found = _arrive(place, target, limits)
        if found is None:
            share *= 0.5
            failed = True
            if share < shortest:
                break
            continue
        place, done = found, then
        if done == 1.0:
            break
        # A step that has just failed is not tried again at once.
        share = share if failed else 2.0 * share
        failed = False
    return place


def leave_alpha(goal: Point) -> Place | None:
    """A curve beside the alpha functions in the direction of a point; None where there is none."""
    wanted = math.atan2(goal[1] - ALPHA[1], goal[0] - ALPHA[0])
    low, high = _RATES
    # From low to high the direction falls, from 1.45 to 0 rad.
    if not _direction(high) < wanted < _direction(low):
        return None
    for _ in range(60):
        middle = 0.5 * (low + high)
        if _direction(middle) > wanted:
            low = middle
        else:
            high = middle
    return _beside_alpha(0.5 * (low + high))


@no_type_check
def _beside_alpha(rates: float) -> Place:
    """A curve with this log[(1 + lead)(1 - lag)] that is an alpha function for all that is seen."""
    # The earlier the fast part, the less of it there may be, or it would be the higher hump.
    place = place_of(_form(_BESIDE * min(1.0, math.exp(_EARLY - math.exp(rates))), rates))
    assert place is not None
    return place


@no_type_check
def _direction(rates: float) -> float:
    half, tail = _by_product(_beside_alpha(rates))
    return math.atan2(tail, half)


@no_type_check
def _by_product(place: Place) -> Point:
    """Derivatives of the point by lead * lag."""
    half_lead, half_lag, tail_lead, tail_lag = place.slopes
    s, v, both = 1.0 + place.form.lead, 1.0 - place.form.lag, place.form.lead + place.form.lag
    return (half_lead * s + half_lag * v) / both, (tail_lead * s + tail_lag * v) / both


@no_type_check
def _form(product: float, rates: float) -> Form:
    """The form with this lead * lag and this log[(1 + lead)(1 - lag)]."""
    difference = math.expm1(rates) + product
    root = math.sqrt(difference * difference + 4.0 * product)
    if difference > 0.0:
        lead = 0.5 * (root + difference)
        return Form(lead, product / lead)
    lag = 0.5 * (root - difference)
    return Form(product / lag, lag)


@no_type_check
def _arrive(place: Place, target: Point, limits: Limits) -> Place | None:
    """The curve of a point close by; None where Newton's method does not find it at once.

    That it does is told by its steps, which must become shorter, and not by how far the point is:
    the two coordinates of it may be of very different size (Deuflhard, Newton Methods for Nonlinear
    Problems, 2004, section 2.1).
    """
    before = math.inf
    for _ in range(_MAX_NEWTON):
        miss = target[0] - place.point[0], target[1] - place.point[1]
        if max(abs(miss[0]), abs(miss[1])) <= _ARRIVED:
            return place
        step = _step(place, miss)
        length = max(abs(step[0]), abs(step[1]))
        if not length < 0.5 * before:
            return place if max(abs(miss[0]), abs(miss[1])) < _ROUNDING else None
        before = length
        lead, lag = place.form
        product = lead * lag * (1.0 + step[0])
        if product <= 0.0 or abs(step[1]) > _LONGEST:
            return None
        found = place_of(_form(product, math.log1p(lead) + math.log1p(-lag) + step[1]))
        if found is None or not _allowed(place.sheet, found, limits):
            return None
        place = found
    return None


@no_type_check
def _allowed(sheet: str, place: Place, limits: Limits) -> bool:
    """Whether a way may lead from a sheet to a place."""
    if sheet != place.sheet and (limits.one_hump or "one" not in (sheet, place.sheet)):
        return False
    return place.clearance >= limits.clearance and ratio_of(place.form) <= limits.ratio


@no_type_check
def unit_steps(place: Place) -> tuple[Point, Point]:
    """The steps of Newton's method for a unit more of either coordinate of the point.

    Steps are of lead * lag, relative to itself, and of log[(1 + lead)(1 - lag)]: first both of them
    for the half width, then for the tail.
    """
    lead, lag = place.form
    half_lead, half_lag, tail_lead, tail_lag = place.slopes
    scale = (1.0 + lead) * (1.0 - lag) / (lead + lag)
    half_rates = (half_lead * lead - half_lag * lag) * scale
    tail_rates = (tail_lead * lead - tail_lag * lag) * scale
    half_product, tail_product = (lead * lag * slope for slope in _by_product(place))
    determinant = half_product * tail_rates - half_rates * tail_product
    if determinant == 0.0:
        return (0.0, 0.0), (0.0, 0.0)
    return (
        (tail_rates / determinant, -tail_product / determinant),
        (-half_rates / determinant, half_product / determinant),
    )


@no_type_check
def _step(place: Place, miss: Point) -> Point:
    """Of Newton's method, towards a point this much further; as in `unit_steps`."""
    by_half, by_tail = unit_steps(place)
    return (
        by_half[0] * miss[0] + by_tail[0] * miss[1],
        by_half[1] * miss[0] + by_tail[1] * miss[1],
    )

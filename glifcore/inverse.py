"""From what is measured on a PSC back to its parameters, so that the curve itself can be dragged.

Half width and tail over the time to peak depend on two numbers only (`glifcore.normal_form`). In
all the region searched, tau_syn_slow / tau_syn_fast from 1 to 1000, the map between the two pairs
keeps its orientation: it has no fold. It jumps where the dip between two humps passes a half or a
tenth of the peak, and where the humps change places; but the pieces do not overlap, so that one set
of features belongs to one shape. The exception is the single alpha function, which is the limit of
tau_syn_slow = tau_syn_fast, of amp_slow 0 and of amp_slow infinite; it is the corner of the region:
no curve has a half width below 2.4464 times to peak, or a tail below 3.8897.
"""

import math
from collections.abc import Callable
from typing import Any

from glifcore.following import ALPHA, Limits, Place, Point, distance, follow, leave_alpha, place_of
from glifcore.levels import ParameterError
from glifcore.normal_form import Form, form_of, ratio_of, shape_of, stretched
from glifcore.psc import PscShape
from glifcore.reachable import IS_ALPHA, MAX_RATIO, SAME, closest, ends, find

HANDLES = ("peak", "half_width", "tail")
"""What can be dragged. The handle at the peak moves the time to peak with it."""

_TYPICAL = PscShape(100.0, 2.0, 6.0, 0.3)
_TYPICAL_TIMES = {"time_to_peak": 2.3, "half_width": 6.3, "tail": 16.0}
# Ratio of time constants, and of amplitudes, up to which a start is taken.
_WIDEST = 1e9
# The tail, in a logarithm, by which a curve is told from an alpha function.
_LEAST_TAIL = 1e-10
# By how much half width and tail of a start may miss the line along which it is dragged.
_ON_LINE = 1e-6
# Dragging stops by this much of the peak before a measure would jump.
_CLEAR = 1e-3


def shape_from_features(
    peak: Any, time_to_peak: Any, half_width: Any, tail: Any, *, start: PscShape | None = None
) -> PscShape:
    """The shape on which `psc_features` measures these four, in plain floats.

    Args:
        peak: pA, with the sign of the current.
        time_to_peak: ms.
        half_width: ms.
        tail: time from the peak until a tenth of it is left, ms.
        start: one alpha function can be split into two parts in any proportion; this is where
            amp_slow is taken from. All other features have one shape, whatever the start.

    Returns:
        The shape, with tau_syn_fast <= tau_syn_slow <= 1000 tau_syn_fast.

    Raises:
        ParameterError: a feature is not what it can be, or no shape has these features; the message
            names one that would have to change, its limit, and the nearest that can be reached.
    """
    peak, time_to_peak, half_width, tail = _numbers(peak, time_to_peak, half_width, tail)
    start = _ordered(_TYPICAL if start is None else start)
    goal = _point(half_width, tail, time_to_peak)
    if abs(goal[1] - ALPHA[1]) < SAME:
        # A fast part that is over long before the peak changes the tail by less than rounding.
        goal = goal[0], max(goal[1], ALPHA[1] + _LEAST_TAIL)
    if distance(goal, ALPHA) <= SAME:
        return _one_alpha(start, peak, time_to_peak)
    place = find(goal)
    if place is not None:
        return shape_of(place.form, peak, time_to_peak)
    raise ParameterError(_unreachable(goal, time_to_peak, (half_width, tail)))


def nearest_shape(
    peak: Any, time_to_peak: Any, half_width: Any, tail: Any, *, held: str, start: PscShape
) -> tuple[PscShape, bool]:
    """The shape as far as one handle of its curve can be dragged while the others stay.

    Args:
        peak: pA, with the sign of the current.
        time_to_peak: ms.
        half_width: ms.
        tail: time from the peak until a tenth of it is left, ms.
        held: the handle under the pointer, one of `HANDLES`; with "peak" it is the time to peak
            that stops at its bound, since the height has none.
        start: the shape before this move; in a drag, what the move before returned.

    Returns:
        The shape, and whether all four features are as asked. Over a drag the curve and its
        features change continuously, and so do the parameters as long as the curve is not a single
        alpha function. A curve with one hump does not get a second, though `shape_from_features`
        may know such a shape; one with two stops 0.1 % of the peak before a measure would jump.

    Raises:
        ParameterError: a feature or the start is not what it can be, or no handle is called so.
    """
    peak, time_to_peak, half_width, tail = _numbers(peak, time_to_peak, half_width, tail)
    if held not in HANDLES:
        raise ParameterError(f"No handle is called {held!r}. Known: {', '.join(HANDLES)}.")
    start = _ordered(start)
    form = form_of(start.tau_syn_slow / start.tau_syn_fast, start.amp_slow)
    goal = _point(half_width, tail, time_to_peak)
    place = _dragged(held, start.tau_syn_fast * (1.0 + form.lead), form, goal, time_to_peak)
    point = ALPHA if place is None else place.point
    reached = distance(point, goal) <= SAME
    if held == "peak" and not reached:
        time_to_peak = half_width / math.exp(point[0])
    if place is None:
        return stretched(start, form, peak, time_to_peak), reached
    if distance(point, ALPHA) < IS_ALPHA:
        return _one_alpha(start, peak, time_to_peak), reached
    return shape_of(place.form, peak, time_to_peak), reached


def _dragged(
    held: str, old_time: float, form: Form, goal: Point, time_to_peak: float
) -> Place | None:
    """Where a drag ends; None where the curve is an alpha function and stays one."""
    place = place_of(form)
    point = ALPHA if place is None else place.point
    is_alpha = distance(point, ALPHA) < IS_ALPHA
    if distance(point, goal) <= SAME:
        return None if is_alpha else place
    # Where the drag begins: all as asked but the feature that is held, which is as it was, in ms.
    moved = math.log(time_to_peak / old_time)
    begin = {
        "peak": (goal[0] + moved, goal[1] + moved),
        "half_width": (point[0] - moved, goal[1]),
        "tail": (goal[0], point[1] - moved),
    }[held]
    on_line = distance(point, begin) <= _ON_LINE
    if is_alpha:
        place = leave_alpha(goal if on_line else begin)
    if place is None:
        return None
    limits = Limits(
        clearance=min(_CLEAR, place.clearance),
        ratio=max(MAX_RATIO, ratio_of(place.form)),
        one_hump=place.sheet == "one",
    )
    if not on_line:
        place = follow(place, begin, limits)
        if distance(place.point, begin) > _ON_LINE:
            return place
    return follow(place, goal, limits)


def _one_alpha(start: PscShape, peak: float, time_to_peak: float) -> PscShape:
    """One alpha function, as two equal parts in the proportion of the start."""
    equal = start._replace(tau_syn_slow=start.tau_syn_fast)
    return stretched(equal, Form(0.0, 0.0), peak, time_to_peak)


def _point(half_width: float, tail: float, time_to_peak: float) -> Point:
    start = math.log(time_to_peak)
    return math.log(half_width) - start, math.log(tail) - start


def _unreachable(goal: Point, time_to_peak: float, values: tuple[float, float]) -> str:
    """Which of half width and tail would have to change, and how far."""
    names = ("half_width", "tail")
    for axis in (0, 1):
        below, above = ends(goal, axis)
        rules = []
        if below > -math.inf:
            rules.append(("at most", _rounded(time_to_peak * math.exp(below), math.floor)))
        if above < math.inf:
            rules.append(("at least", _rounded(time_to_peak * math.exp(above), math.ceil)))
        if rules:
            must = " or ".join(f"{rule} {limit:g} ms" for rule, limit in rules)
            nearest = min((limit for _, limit in rules), key=lambda x: abs(x - values[axis]))
            other = names[1 - axis].replace("_", " ")
            return (
                f"`{names[axis]}` is {values[axis]:g} ms; with a peak after {time_to_peak:g} ms "
                f"and a {other} of {values[1 - axis]:g} ms it must be {must}. Try {nearest:g} ms, "
                f"or another {other}."
            )
    half_width, tail = (time_to_peak * math.exp(x) for x in closest(goal))
    return (
        f"`half_width` is {values[0]:g} ms and `tail` {values[1]:g} ms; with a peak after "
        f"{time_to_peak:g} ms neither can be, whatever the other is. Try {half_width:.5g} ms and "
        f"{tail:.5g} ms."
    )


def _rounded(value: float, towards: Callable[[float], int]) -> float:
    """A value with four digits, on the side that can be reached."""
    unit = 10.0 ** (math.floor(math.log10(value)) - 3)
    return towards(value / unit) * unit


def _numbers(*given: Any) -> tuple[float, float, float, float]:
    """The features as floats; every one that cannot be is named."""
    peak, *times = (float(x) for x in given)
    wrong = []
    if not math.isfinite(peak) or peak == 0.0:
        wrong.append(
            f"`peak` is {peak:g} pA; it must be finite and not 0. Try 100, or -100 for an inward "
            "current."
        )
    for value, (name, typical) in zip(times, _TYPICAL_TIMES.items(), strict=True):
        if not 0.0 < value < math.inf:
            wrong.append(f"`{name}` is {value:g} ms; it must be finite and above 0. Try {typical}.")
    if wrong:
        raise ParameterError(" ".join(wrong))
    return peak, times[0], times[1], times[2]


def _ordered(shape: PscShape) -> PscShape:
    """A start in floats, its shorter time constant first."""
    weight, fast, slow, amp = (float(x) for x in shape)
    positive = all(0.0 < x < math.inf for x in (fast, slow, amp))
    if not positive or max(fast / slow, slow / fast) > _WIDEST or max(amp, 1 / amp) > _WIDEST:
        raise ParameterError(
            f"The start has tau_syn_fast {fast:g} ms, tau_syn_slow {slow:g} ms and amp_slow "
            f"{amp:g}; all must be above 0, and the parts not differ by more than {_WIDEST:g} "
            "times. Try PscShape(100.0, 2.0, 6.0, 0.3)."
        )
    if fast > slow:
        return PscShape(weight * amp, slow, fast, 1.0 / amp)
    return PscShape(weight, fast, slow, amp)

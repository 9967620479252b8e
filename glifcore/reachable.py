"""Which points can be reached: a table of curves to start from, and where lines leave the region.

A point (`glifcore.following`) is what is measured on a curve. The region of them is bounded by the
jumps of the measures and by tau_syn_slow / tau_syn_fast = 1000, and it is thin in places; the table
and the ways from it stand for a description of its border, which has none in closed form.
"""

import math
from collections.abc import Iterator
from functools import cache
from itertools import chain, islice
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from glifcore.following import (
    ALPHA,
    Limits,
    Place,
    Point,
    distance,
    follow,
    leave_alpha,
    place_of,
    unit_steps,
)
from glifcore.normal_form import form_of

MAX_RATIO = 1000.0
"""tau_syn_slow / tau_syn_fast, at most."""

SAME = 1e-9
"""Relative differences of half width and tail at which two curves are the same, in a result."""

IS_ALPHA = 1e-8
"""The same, at which a curve is taken for an alpha function."""

# Relative differences from an alpha function up to which a way from there is tried first.
_NEAR_ALPHA = 0.1
# Number of ratios and of amplitudes in the table.
_TABLE = (48, 65)
# How many of its curves are tried on the straight way, how many on each side of either line through
# the point, and how short a step of the way may be.
_TRIES, _LOOKS, _COARSE = 8, 6, 1e-2
# What a distance along a line counts, beside one across it.
_ALONG = 0.1
_LIMITS = Limits(clearance=0.0, ratio=MAX_RATIO, one_hump=False)


def find(goal: Point) -> Place | None:
    """The curve on which this is measured; None where there is none."""
    ways = (follow(place, goal, _LIMITS, _COARSE) for place in islice(_seeds(goal), _TRIES))
    more = (end for axis in (0, 1) for side in (-1.0, 1.0) for end in _ends(goal, axis, side))
    for place in chain(ways, more):
        if distance(place.point, goal) <= SAME:
            return place
    return None


def closest(goal: Point) -> Point:
    """A point that can be reached close to one of which neither coordinate can."""
    points = np.vstack([_table().points, ALPHA])
    return tuple(points[np.argmin(np.abs(points - np.array(goal)).max(axis=1))].tolist())


class _Table(NamedTuple):
    """Curves all over the region, with their points (n, 2) and the steps from there (n, 2, 2)."""

    places: tuple[Place, ...]
    points: Float[np.ndarray, "n 2"]
    steps: Float[np.ndarray, "n 2 2"]


@cache
def _table() -> _Table:
    ratios = np.geomspace(1.02, 0.999 * MAX_RATIO, _TABLE[0])
    amplitudes = np.geomspace(1e-3, 1e3, _TABLE[1])
    found = (place_of(form_of(float(r), float(a))) for r in ratios for a in amplitudes)
    places = tuple(
        place for place in found if place is not None and distance(place.point, ALPHA) > IS_ALPHA
    )
    steps = np.array([unit_steps(place) for place in places])
    return _Table(places, np.array([place.point for place in places]), steps)


def _seeds(goal: Point) -> Iterator[Place]:
    """Curves from which a point may be reached, the closest first.

    Close is what Newton's method would reach with a small step; distances between points mean
    little where the region is thin.
    """
    beside = leave_alpha(goal)
    if beside is not None and distance(goal, ALPHA) < _NEAR_ALPHA:
        yield beside
    table = _table()
    steps = np.einsum("nij,ni->nj", table.steps, np.array(goal) - table.points)
    for i in np.argsort(np.abs(steps).max(axis=1)):
        yield table.places[i]


def ends(goal: Point, axis: int) -> tuple[float, float]:
    """The nearest values below and above that one coordinate can have, the other as asked.

    -inf or inf where there is none.
    """
    below = (place.point[axis] for place in _ends(goal, axis, -1.0))
    above = (place.point[axis] for place in _ends(goal, axis, 1.0))
    return max(below, default=-math.inf), min(above, default=math.inf)


def _ends(goal: Point, axis: int, side: float) -> Iterator[Place]:
    """How far one comes on the line along one coordinate, from below (-1) or from above."""
    table = _table()
    across = np.abs(table.points[:, 1 - axis] - goal[1 - axis])
    away = side * (table.points[:, axis] - goal[axis])
    order = np.argsort(np.where(away > 0.0, across + _ALONG * away, np.inf))
    for k in order[: min(_LOOKS, np.count_nonzero(away > 0.0))]:
        line = [*goal]
        line[axis] = float(table.points[k, axis])
        place = follow(table.places[k], (line[0], line[1]), _LIMITS, _COARSE)
        if distance(place.point, (line[0], line[1])) <= SAME:
            yield follow(place, goal, _LIMITS)

"""The PSC in units of its own peak: a family of curves with two numbers, known in closed form.

With time in units of the time to peak, current in units of the peak, and

    s = time_to_peak / tau_syn_fast >= 1,    v = time_to_peak / tau_syn_slow <= 1,

the current of one event is

    g(t) = t [(1 - v) e^(s (1 - t)) + (s - 1) e^(v (1 - t))] / (s - v):

the two parts in the one proportion for which g'(1) = 0, scaled to g(1) = 1. Half width and tail in
these units depend on `lead` = s - 1 and `lag` = 1 - v only. Where lead * lag is 0 the curve is one
alpha function, whatever the other number is. Everything here is plain floats, because it runs for
every move of a pointer, and is exempt from the checks of types that tests add to each call, which
would take a hundred times longer. ``app/glifscope/workshop/inverse.js`` is its translation.
"""

import math
from collections.abc import Callable
from typing import NamedTuple, no_type_check

from glifcore.psc import PscShape

_HALF, _TENTH = 0.5, 0.1
# By this much of the peak two humps of one height may differ.
_ROUNDING = 1e-12
# A Newton step below this share of the time is the last: the next would be its square.
_CONVERGED = 1e-12
_MAX_STEPS = 100
# With a fast part that peaks this much earlier than the sum there is nothing of it left to see.
_EARLIEST = 200.0
# After this many time constants nothing but rounding is left.
_FAR = 40.0
# Below this, terms of y + expm1(-y) cancel and a series is better; its next term is rounding.
_CANCELS = 1e-3
# e to the power of more than this is not a float.
_LARGEST = 700.0


class Form(NamedTuple):
    """What of a shape neither peak nor time to peak tell.

    Attributes:
        lead: time_to_peak / tau_syn_fast - 1, from 0 on.
        lag: 1 - time_to_peak / tau_syn_slow, between 0 and 1.
    """

    lead: float
    lag: float


class Measures(NamedTuple):
    """What is read off a curve; times in units of the time to peak.

    Attributes:
        half_width: time spent above half of the peak.
        tail: time from the peak until a tenth of it is left.
        slopes: derivatives of log(half_width) by lead and by lag, then those of log(tail).
        sheet: "one" for a single hump. For two: the hump that is the peak and the levels, among
            those that matter, that the dip between them reaches. From one of those sheets to
            another half width, tail or peak jump.
        clearance: by how much of the peak dip and other hump miss the next jump.
    """

    half_width: float
    tail: float
    slopes: tuple[float, float, float, float]
    sheet: str
    clearance: float


@no_type_check
def form_of(ratio: float, amp_slow: float) -> Form:
    """The form of shapes with tau_syn_slow = `ratio` tau_syn_fast, `ratio` not below 1."""
    v = 1.0 / ratio

    def parts(t: float) -> tuple[float, float]:
        return math.exp(1.0 - t), amp_slow * v * math.exp(1.0 - v * t)

    def slope(t: float) -> tuple[float, float]:
        return _slope(*parts(t), 1.0, v, t)

    first, second = _bends(1.0, v)
    humps = [(1.0, ratio)] if first == second else []
    if first < second and slope(first)[0] < 0.0:
        humps.append((1.0, first))
    if first < second and slope(second)[0] > 0.0:
        humps.append((second, ratio))
    peaks = [_root(slope, low, high, rising=False) for low, high in humps]
    t = max(peaks, key=lambda t: t * sum(parts(t)))
    # g'(1) = 0 gives the smaller of the two from the other, without the rounding of t - 1.
    lead, lag = t - 1.0, 1.0 - v * t
    log_odds = math.log(amp_slow * v) + t * (1.0 - v)
    if lead < lag:
        return Form(math.exp(log_odds) * lag, lag)
    return Form(lead, lead * math.exp(-log_odds) if abs(log_odds) < _LARGEST else 0.0)


def ratio_of(form: Form) -> float:
    """tau_syn_slow / tau_syn_fast."""
    return (1.0 + form.lead) / (1.0 - form.lag)


def shape_of(form: Form, peak: float, time_to_peak: float) -> PscShape:
    """The shape of this form with a peak of `peak` pA after `time_to_peak` ms; lag above 0."""
    lead, lag = form
    s, v = 1.0 + lead, 1.0 - lag
    return PscShape(
        weight=peak * lag * math.exp(lead) / (s * (lead + lag)),
        tau_syn_fast=time_to_peak / s,
        tau_syn_slow=time_to_peak / v,
        amp_slow=lead * s * math.exp(-lead - lag) / (lag * v),
    )


def stretched(shape: PscShape, form: Form, peak: float, time_to_peak: float) -> PscShape:
    """A shape, of which this is the form, with another peak; also where lead or lag is 0."""
    fast = 1.0 + form.lead
    slow = fast * shape.tau_syn_fast / shape.tau_syn_slow
    height = fast * math.exp(1.0 - fast) + shape.amp_slow * slow * math.exp(1.0 - slow)
    return PscShape(
        weight=peak / height,
        tau_syn_fast=time_to_peak / fast,
        tau_syn_slow=time_to_peak / slow,
        amp_slow=shape.amp_slow,
    )


@no_type_check
def measure(form: Form) -> Measures | None:
    """Half width and tail of a curve, to rounding; None where t = 1 is not its peak.

    Crossings are those nearest to the peak, as in `psc_features`.
    """
    v = 1.0 - form.lag
    if not (0.0 < form.lead < _EARLIEST and 0.0 < form.lag < 1.0):
        return None
    humps = _humps(form)
    if humps is None:
        return None
    peak, dip, other = humps
    valley, hill = (sum(_parts(form, t)) if t else 0.0 for t in (dip, other))
    if hill > 1.0 + _ROUNDING:
        return None
    sheet, clearance = peak, 1.0
    before, after_half, after_tenth = (0.0, 1.0), (1.0, 1.0 + _FAR / v), (1.0, 1.0 + _FAR / v)
    if peak == "fast":
        beyond = (other, other + _FAR / v)
        after_half = (1.0, dip) if valley <= _HALF else beyond
        after_tenth = (1.0, dip) if valley <= _TENTH else beyond
        sheet += f"{valley <= _HALF:d}{valley <= _TENTH:d}"
        clearance = min(1.0 - hill, abs(valley - _HALF), abs(valley - _TENTH))
    elif peak == "slow":
        before = (dip, 1.0) if valley <= _HALF else (0.0, other)
        sheet += f"{valley <= _HALF:d}"
        clearance = min(1.0 - hill, abs(valley - _HALF))
    rise = _crossing(form, _HALF, *before, rising=True)
    fall = _crossing(form, _HALF, *after_half, rising=False)
    end = _crossing(form, _TENTH, *after_tenth, rising=False)
    half_width, tail = fall - rise, end - 1.0
    early, late, last = (_moves(form, t) for t in (rise, fall, end))
    slopes = (
        (late[0] - early[0]) / half_width,
        (late[1] - early[1]) / half_width,
        last[0] / tail,
        last[1] / tail,
    )
    return Measures(half_width, tail, slopes, sheet, clearance)


@no_type_check
def _parts(form: Form, t: float) -> tuple[float, float]:
    """Fast and slow part of g."""
    lead, lag = form
    scale = t / (lead + lag)
    return (
        scale * lag * math.exp((1.0 + lead) * (1.0 - t)),
        scale * lead * math.exp((1.0 - lag) * (1.0 - t)),
    )


@no_type_check
def _slope(fast: float, slow: float, s: float, v: float, t: float) -> tuple[float, float]:
    """Derivative of a t e^-st + b t e^-vt, and its own; `fast` is a e^-st, `slow` is b e^-vt."""
    value = fast * (1.0 - s * t) + slow * (1.0 - v * t)
    return value, fast * s * (s * t - 2.0) + slow * v * (v * t - 2.0)


@no_type_check
def _bends(s: float, v: float) -> tuple[float, float]:
    """Between which times a dip can lie; twice the same where there is one hump only.

    g' = 0 says log[(1 - v t) / (s t - 1)] + (s - v) t = constant. The left side falls, rises and
    falls, and turns where (1 - v t) (s t - 1) = 1; for s / v < 3 + 2 sqrt(2) it only falls.
    """
    root = (s + v) ** 2 - 8.0 * s * v
    if root <= 0.0:
        return 1.0, 1.0
    root = math.sqrt(root)
    return 4.0 / (s + v + root), (s + v + root) / (2.0 * s * v)


@no_type_check
def _humps(form: Form) -> tuple[str, float, float] | None:
    """Which hump t = 1 is, where the dip lies and where the other hump; None where it is none."""
    s, v = 1.0 + form.lead, 1.0 - form.lag

    def slope(t: float) -> tuple[float, float]:
        fast = form.lag * math.exp(s * (1.0 - t))
        return _slope(fast, form.lead * math.exp(v * (1.0 - t)), s, v, t)

    first, second = _bends(s, v)
    if first == second:
        return "one", 0.0, 0.0
    if first <= 1.0 <= second:
        return None
    is_fast = first > 1.0
    if (slope(second)[0] <= 0.0) if is_fast else (slope(first)[0] >= 0.0):
        return "one", 0.0, 0.0
    dip = _root(slope, first, second, rising=True)
    if is_fast:
        return "fast", dip, _root(slope, second, 1.0 / v, rising=False)
    return "slow", dip, _root(slope, 1.0 / s, first, rising=False)


@no_type_check
def _crossing(form: Form, level: float, low: float, high: float, rising: bool) -> float:
    """When g is at a level, between two times between which it only rises, or only falls."""
    s, v = 1.0 + form.lead, 1.0 - form.lag

    def above(t: float) -> tuple[float, float]:
        fast, slow = _parts(form, t)
        g = fast + slow
        if g == 0.0:
            return -math.inf, math.inf
        return math.log(g / level), 1.0 / t - (s * fast + v * slow) / g

    return _root(above, low, high, rising)


@no_type_check
def _moves(form: Form, t: float) -> tuple[float, float]:
    """By how much a crossing moves with lead and with lag: -(dg/dlead) / (dg/dt) and likewise."""
    lead, lag = form
    s, v, both = 1.0 + lead, 1.0 - lag, lead + lag
    x = 1.0 - t
    fast, slow = math.exp(s * x), math.exp(v * x)
    y = both * x
    if abs(y) < 0.5:
        by_lead, by_lag = fast * _excess(y), slow * _excess(-y)
    else:
        by_lead, by_lag = fast * (y - 1.0) + slow, slow * (-y - 1.0) + fast
    dg = ((lag * fast + lead * slow) - t * (s * lag * fast + v * lead * slow)) / both
    return -by_lead * lag * t / both**2 / dg, -by_lag * lead * t / both**2 / dg


@no_type_check
def _excess(y: float) -> float:
    """e^-y - 1 + y."""
    if abs(y) < _CANCELS:
        return y * y * (1.0 / 2.0 - y * (1.0 / 6.0 - y * (1.0 / 24.0 - y / 120.0)))
    return y + math.expm1(-y)


@no_type_check
def _root(
    curve: Callable[[float], tuple[float, float]], low: float, high: float, rising: bool
) -> float:
    """Where a curve (value and slope) crosses 0 between two times; Newton, held by bisection."""
    t = 0.5 * (low + high)
    for _ in range(_MAX_STEPS):
        value, slope = curve(t)
        if (value > 0.0) == rising:
            high = t
        else:
            low = t
        new = t - value / slope if slope != 0.0 else low
        if not low < new < high:
            new = 0.5 * (low + high)
        if abs(new - t) <= _CONVERGED * t:
            return new
        t = new
    return t

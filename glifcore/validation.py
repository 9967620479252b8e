"""Every rule that the parameters of the model obey, told all at once.

An error means that the model is not defined there (or that NEST refuses it and so must we); a
warning means that it runs but is unlikely to be what was meant.
"""

from numbers import Integral
from typing import Any, Literal, NamedTuple

import numpy as np
from jax.core import Tracer

from glifcore.levels import GlifModel, ParameterError, shown
from glifcore.parameters import FIELDS, LARGEST, SMALLEST, FieldInfo, GlifParameters

Severity = Literal["error", "warning"]

# Rules that NEST enforces but the arithmetic does not need: 44 published Allen cells break them.
_WARN_ONLY = frozenset({"voltage_reset_fraction"})

TIC = 0.001
"""NEST's grid of time, in ms: step sizes are multiples of it, durations are rounded to it."""

LONGEST = 1e6
"""ms; of a step, as of `t_ref`: their tics are counted in 32 bits."""


class Problem(NamedTuple):
    """One broken rule: which `field`, how severe, and a sentence with value, rule and remedy."""

    field: str
    severity: Severity
    message: str


def problems(params: GlifParameters) -> tuple[Problem, ...]:
    """Every error and warning that these parameters give, in the order of the fields.

    The range of a parameter that the level does not use is not checked, only that it is finite
    and not beyond `LARGEST`.
    Values that JAX is tracing (inside ``jit`` or ``grad``) are not known yet and are passed over.
    """
    known = {name: value for name in FIELDS if _is_known(value := getattr(params, name))}
    found = []
    for name, value in known.items():
        info = FIELDS[name]
        used = _used(params.model, info)
        if used is None:  # as in NEST, any number will do there
            info = info._replace(above=None, within=None)
        elif used is not True and np.ndim(value) and len(value) == len(used):
            rows = used.reshape(-1, *[1] * (np.ndim(value) - 1))
            value = np.where(rows | ~np.isfinite(value), value, info.typical[0])
        found += problems_of_value(name, value, info)
    found += _of_lengths(params)
    if all(p.severity == "warning" for p in found):
        found += _of_reset(params, known)
    return tuple(found)


def validate(params: GlifParameters) -> GlifParameters:
    """The same parameters, if no rule is broken; warnings do not count.

    Raises:
        ParameterError: with one sentence for each broken rule.
    """
    errors = [p.message for p in problems(params) if p.severity == "error"]
    if errors:
        raise ParameterError("\n".join(errors))
    return params


def check_dt(dt: Any) -> None:
    """Refuse a step size that is not a positive multiple of NEST's tic of 1 us, or far too long.

    Raises:
        ParameterError: with the rule and a remedy.
    """
    if isinstance(dt, Tracer):
        return
    try:
        value = float(dt)
    except (TypeError, ValueError):
        raise ParameterError(
            f"`dt` is {shown(dt)}; it must be one number of ms. Try 0.1 ms, NEST's default."
        ) from None
    if not TIC <= value <= LONGEST or abs(value / TIC - round(value / TIC)) > 1e-6:
        raise ParameterError(
            f"`dt` is {value:g} ms; it must be a positive multiple of 0.001 ms, and at most "
            f"{LONGEST:g} ms. Try 0.1 ms, NEST's default."
        )


def generator(seed: Any) -> np.random.Generator:
    """The random numbers that belong to a seed.

    Raises:
        ParameterError: it is not a whole number of at least 0.
    """
    try:
        return np.random.default_rng(seed)
    except (TypeError, ValueError):
        raise ParameterError(
            f"`seed` is {shown(seed)}; it must be a whole number of at least 0. Try 1."
        ) from None


def check_count(name: str, value: Any, most: int) -> int:
    """A whole number of at least 1, where there is room for so many.

    Raises:
        ParameterError: with the rule and a remedy.
    """
    if not isinstance(value, Integral) or not 1 <= int(value) <= most:
        raise ParameterError(
            f"`{name}` is {shown(value)}; it must be a whole number from 1 to {most:,}. Try 100."
        )
    return int(value)


def _is_known(value: Any) -> bool:
    return type(value) is float or not isinstance(value, Tracer)


def _used(model: Any, info: FieldInfo) -> Any:
    """True where all levels use the parameter, None where none does, else an array of bools."""
    if isinstance(model, GlifModel):
        return True if model in info.used_by else None
    used = np.array([one in info.used_by for one in model])
    return True if used.all() else used if used.any() else None


def problems_of_value(name: str, value: Any, info: FieldInfo) -> list[Problem]:
    """What is wrong with the value of one field: the first element that breaks its rule."""
    # Plain floats are compared forty times faster than arrays, and few fields hold many.
    numbers = [value] if isinstance(value, float) else np.ravel(value).tolist()
    if all(_obeys(number, info) for number in numbers):
        return []
    array = np.asarray(value)
    index = np.unravel_index(np.argmin(_obeys(array, info)), array.shape)
    bad = float(array[index])
    where = "".join(f"[{i}]" for i in index)
    unit = f" {info.unit}" if info.unit else ""
    low, high = info.typical
    message = (
        f"`{name}{where}` is {bad:g}{unit}; {_rule(bad, info)}. Try {low:g} to {high:g}{unit}."
    )
    if info.remedy and info.within is not None and bad > info.within[1]:
        message += f" {info.remedy}"
    severity: Severity = "error"
    if name in _WARN_ONLY and abs(bad) <= LARGEST:
        severity = "warning"
        message += " It runs here, but NEST refuses it."
    return [Problem(name, severity, message)]


def _rule(bad: float, info: FieldInfo) -> str:
    """The rule that a value breaks."""
    if not np.isfinite(bad):
        return "it must be a finite number"
    if info.above is not None and bad <= info.above:
        return f"it must be above {info.above:g} {info.unit}".rstrip()
    if info.within is not None:
        return f"it must lie between {info.within[0]:g} and {info.within[1]:g}"
    least = -LARGEST if info.above is None else SMALLEST
    return f"it must lie between {least:g} and {LARGEST:g}"


def _obeys(value: Any, info: FieldInfo) -> Any:
    ok = abs(value) <= LARGEST  # false for NaN too
    if info.above is not None:
        ok = ok & (value > info.above) & (abs(value) >= SMALLEST)
    if info.within is not None:
        ok = ok & (value >= info.within[0]) & (value <= info.within[1])
    return ok


def _of_lengths(params: GlifParameters) -> list[Problem]:
    found = []
    for per, leader in (("asc", "asc_decay"), ("port", "tau_syn_fast")):
        expected = getattr(params, leader).shape[-1]
        for name, info in FIELDS.items():
            if info.per != per or name == leader:
                continue
            length = getattr(params, name).shape[-1]
            if length != expected:
                found.append(
                    Problem(
                        name,
                        "error",
                        f"`{name}` has {length} values and `{leader}` has {expected}; "
                        f"they must have as many. Give `{name}` {expected} values.",
                    )
                )
    if params.tau_syn_fast.shape[-1] == 0:
        found.append(
            Problem(
                "tau_syn_fast",
                "error",
                "`tau_syn_fast` is empty; the neuron must have at least one receptor port. "
                "Give one time constant for each port, such as (2.0,) ms.",
            )
        )
    try:
        _ = params.size
    except ParameterError as error:
        found.append(Problem("g", "error", str(error)))
    return found


def _of_reset(params: GlifParameters, known: dict[str, Any]) -> list[Problem]:
    found = []
    if {"V_reset", "V_th"} <= known.keys() and np.any(known["V_reset"] >= known["V_th"]):
        resets, limits = (np.ravel(x) for x in np.broadcast_arrays(known["V_reset"], known["V_th"]))
        i = np.argmax(resets >= limits)
        reset, threshold = resets[i], limits[i]
        found.append(
            Problem(
                "V_reset",
                "error",
                f"`V_reset` is {reset:g} mV; it must be below `V_th`, which is {threshold:g} mV. "
                "Lower `V_reset`, often to `E_L`.",
            )
        )
    names = ("E_L", "V_th", "voltage_reset_fraction", "voltage_reset_add", "th_spike_add")
    rules = params.flag("spike_dependent_threshold")
    if np.any(rules) and known.keys() >= set(names):
        rest, threshold, fraction, add, rise = (np.asarray(known[name]) for name in names)
        after = rest + fraction * (threshold - rest) + add
        excess, after, limit = (
            np.ravel(x)
            for x in np.broadcast_arrays(
                np.where(rules, after - threshold - rise, -1.0), after, threshold + rise
            )
        )
        i = np.argmax(excess)
        if excess[i] >= 0:
            found.append(
                Problem(
                    "voltage_reset_add",
                    "warning",
                    f"A spike from threshold resets to {after[i]:.2f} mV, and the threshold is "
                    f"then {limit[i]:.2f} mV; above it the neuron fires without end. "
                    "Lower `voltage_reset_add` or `voltage_reset_fraction`.",
                )
            )
    return found

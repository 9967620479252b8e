"""What the data do not tell: the flattest direction of a fit, and remarks in plain sentences.

Two alpha functions whose time constants are alike can trade their amplitudes, and the curve hardly
changes. Then a fit has numbers that mean little by themselves, however small its residuals are.
"""

from typing import Any, NamedTuple

import numpy as np

from glifcore.fit_result import PARAMETERS, PscFit, PscParameters
from glifcore.intervals import profile_at
from glifcore.levels import ParameterError
from glifcore.psc import PscShape
from glifcore.uncertainty import effective

_NAMES = tuple(PARAMETERS)
_SHAPE = PscShape._fields

# Above this relative standard error a number is not determined: the ends of its 95 % interval
# differ by a factor of four. With 0.5, one in ten fits of which it should be said went without,
# since errors are estimates too (`make bench` prints how often remarks are right).
VAGUE = 0.3
# Time constants closer than this are nearly one: at 5 % noise the amplitudes of such parts have
# errors of half their size and more (`make bench` prints the table).
ALIKE = 1.5
# Two numbers that are correlated more than this are told apart by less than a fifth of their error.
# Like time constants that are alike, that is a reason why a number is vague, and no harm by itself.
TIED = 0.98
# Neighbouring samples this much alike tell half as much as independent ones.
_CORRELATED = 0.58
# Residuals this much larger than the noise that was given are more than noise.
_MISFIT = 1.5


class Valley(NamedTuple):
    """The direction in which the shape may change with the least change of the curve.

    Attributes:
        leader: the parameter that changes most along it.
        direction: relative change of each parameter of the shape, of length 1.
        spread: standard error along it, as a relative change.
    """

    leader: str
    direction: dict[str, float]
    spread: float


class Remark(NamedTuple):
    """Something that a reader of a fit should know.

    Attributes:
        kind: "search", "bound", "swapped", "alike", "vague", "tied", "noise" or "misfit".
        message: a sentence.
    """

    kind: str
    message: str


def valley(fit: PscFit) -> Valley | None:
    """The least determined direction of one fit's shape; None where only one number is free."""
    shape = np.array(fit.shape, float)
    known = np.isfinite(np.diag(fit.covariance)[:4])
    if known.sum() < 2:
        return None
    relative = fit.covariance[:4, :4][np.ix_(known, known)]
    sizes, directions = np.linalg.eigh(relative / np.outer(shape[known], shape[known]))
    full = np.zeros(4)
    full[known] = directions[:, -1]
    leader = int(np.argmax(np.abs(full)))
    full *= np.sign(full[leader])
    return Valley(
        _SHAPE[leader],
        dict(zip(_SHAPE, full.tolist(), strict=True)),
        float(np.sqrt(max(sizes[-1], 0.0))),
    )


def along_valley(fit: PscFit, distance: float) -> tuple[PscParameters, float]:
    """Another set of parameters whose curve is as like the fitted one as can be.

    Args:
        fit: of one event.
        distance: how far along the least determined direction, in standard errors.

    Returns:
        The parameters, and their sum of squared residuals relative to the fit's.

    Raises:
        ParameterError: the fit has no such direction.
    """
    found = valley(fit)
    if found is None:
        raise ParameterError("This fit has no flattest direction: fewer than two numbers are free.")
    k = _NAMES.index(found.leader)
    change = distance * found.spread * found.direction[found.leader]
    value = float(fit.best[k] * np.exp(np.clip(change, -20.0, 20.0)))
    value = float(np.clip(value, fit.space.lower[k], fit.space.upper[k]))
    at = np.log(value) if fit.space.positive[k] else value
    total, values = profile_at(fit, k, float(at), np.array(fit.best, float))
    return PscParameters(*values.tolist()), total / fit.chisqr if fit.chisqr > 0 else 1.0


def remarks(fit: PscFit) -> tuple[Remark, ...]:
    """What a reader of one fit should know, the gravest first."""
    found = [] if fit.success else [Remark("search", fit.message)]
    found += [
        Remark(
            "bound",
            f"`{name}` lies at its bound, {_number(name, fit.best[i])}. Widen the bound or fix it.",
        )
        for i, name in enumerate(_NAMES)
        if fit.at_bound[i]
    ]
    found += [*_alike(fit), *_vague(fit), *_tied(fit), *_about_noise(fit)]
    if fit.swapped:
        found.append(
            Remark(
                "swapped",
                "The search ended with the slower part in the place of the fast one. That is the "
                "same curve; it is told with `tau_syn_fast` as the shorter time constant.",
            )
        )
    return tuple(found)


def _alike(fit: PscFit) -> list[Remark]:
    ratio = fit.best.tau_syn_slow / fit.best.tau_syn_fast
    if not 1.0 / ALIKE < ratio < ALIKE or not any(_is_vague(fit, name) for name in _SHAPE):
        return []
    return [
        Remark(
            "alike",
            f"`tau_syn_slow` is {ratio:.2f} times `tau_syn_fast`: the two parts are nearly one, "
            "and `weight` and `amp_slow` can be traded for each other. Compare with one alpha.",
        )
    ]


def _is_vague(fit: PscFit, name: str) -> bool:
    error = getattr(fit.stderr, name)
    if error is None:
        return "depend" in fit.reasons[name]
    return error > VAGUE * abs(getattr(fit.best, name))


def _vague(fit: PscFit) -> list[Remark]:
    told = []
    for name in _SHAPE:
        error, best = getattr(fit.stderr, name), getattr(fit.best, name)
        if not _is_vague(fit, name):
            continue
        told.append(
            f"`{name}` (the curve does not depend on it)"
            if error is None
            else f"`{name}` ({_number(name, best)} ± {_number(name, error)})"
        )
    if not told:
        return []
    return [
        Remark(
            "vague",
            f"These data do not determine {_list(told)}. A longer window, an average of more "
            "events, or a parameter that is known and fixed would help.",
        )
    ]


def _tied(fit: PscFit) -> list[Remark]:
    table = fit.correlations[:4, :4]
    pairs = [
        (abs(table[i, j]), i, j)
        for i in range(4)
        for j in range(i)
        if np.isfinite(table[i, j])
        and abs(table[i, j]) > TIED
        and (_is_vague(fit, _SHAPE[i]) or _is_vague(fit, _SHAPE[j]))
    ]
    if not pairs:
        return []
    # Amplitudes first: that is the pair that people compare between synapses.
    amplitudes = [pair for pair in pairs if pair[1:] == (3, 0)]
    _, i, j = (amplitudes or sorted(pairs, reverse=True))[0]
    return [
        Remark(
            "tied",
            f"These data do not tell `{_SHAPE[i]}` from `{_SHAPE[j]}` (correlation "
            f"{table[i, j]:.3f}): one can make up for the other. Move along the flattest direction "
            "to see which curves are alike.",
        )
    ]


def _about_noise(fit: PscFit) -> list[Remark]:
    found = []
    if fit.samples.sigma_known and fit.redchi > _MISFIT:
        found.append(
            Remark(
                "misfit",
                f"The residuals are {np.sqrt(fit.redchi):.1f} times as large as the noise that was "
                "given: the model misses something, or the noise is larger. Standard errors count "
                "all of it as noise.",
            )
        )
    if fit.autocorrelation > _CORRELATED:
        alone = effective(fit.ndata, fit.autocorrelation)
        found.append(
            Remark(
                "noise",
                "Neighbouring samples of the noise are correlated "
                f"({fit.autocorrelation:.2f}): {fit.ndata} of them tell of it as much as "
                f"{alone:.0f} independent ones. Errors and intervals here count that.",
            )
        )
    return found


def _number(name: str, value: Any) -> str:
    unit = PARAMETERS[name]
    return f"{value:.3g} {unit}" if unit else f"{value:.3g}"


def _list(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"

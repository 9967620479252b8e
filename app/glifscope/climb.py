"""The climb: the same stimulus in GLIF1 to GLIF5, side by side. No Panel, no plots.

There are two ways up. Each level of an Allen cell was fitted on its own, so a climb over its refits
changes the membrane's numbers too; a climb by the flags keeps the numbers and only switches the
mechanisms. Both are run, so that what a mechanism does and what its fit does can be told apart.
"""

from typing import Literal, NamedTuple

import numpy as np

from glifcore import (
    FIELDS,
    GlifModel,
    GlifParameters,
    Preset,
    Problem,
    Stimulus,
    problems,
    simulate,
    spike_times,
)
from glifcore.presets import NEST_DEFAULT

from .choices import DT, Choices, checked, errors_in, fitted, presets, with_synapses
from .results import off_scale
from .session import Session
from .thinning import Window, thinned

Kind = Literal["refitted", "flags"]

_POINTS = 800
_NONE = np.zeros(0, np.float32)


class Run(NamedTuple):
    """One level under the stimulus.

    Attributes:
        kind: by the cell's own fit at this level, or by the flags on the present parameters.
        level: which level.
        cell: what was run; None where the cell has no fit at this level.
        is_chosen: whether this is the run that the rest of the page shows.
        problems: what is wrong with the cell, or unusual about it.
        time: ms, shape (n,), float32 like the traces; empty where nothing could be run.
        V_m, threshold: mV, shape (n,).
        spike_times: ms.
        explained: share of the variance of the cell's spike train that this very fit explains;
            None where that is unknown.
    """

    kind: Kind
    level: GlifModel
    cell: GlifParameters | None
    is_chosen: bool = False
    problems: tuple[Problem, ...] = ()
    time: np.ndarray = _NONE
    V_m: np.ndarray = _NONE
    threshold: np.ndarray = _NONE
    spike_times: np.ndarray = _NONE
    explained: float | None = None


class Climb(NamedTuple):
    """Both ways up.

    Attributes:
        choices: what it shows.
        refitted: a run for each level; none for NEST's default, which has one set of parameters.
        flags: a run for each level.
        borrowed: parameters that the flags switch on and that are NEST's, not the cell's, because
            the fit that was taken has no such mechanism.
        problems: errors of the choices, for which there are no runs.
        pinned: that of the pinned choices, if there is one.
    """

    choices: Choices
    refitted: tuple[Run, ...] = ()
    flags: tuple[Run, ...] = ()
    borrowed: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    pinned: "Climb | None" = None

    def behind(self, run: Run) -> Run | None:
        """The pinned run at the same level by the same way, if there is one."""
        others = () if self.pinned is None else self.pinned.runs
        same = (o for o in others if (o.kind, o.level) == (run.kind, run.level) and len(o.time))
        return next(same, None)

    @property
    def runs(self) -> tuple[Run, ...]:
        """All of them."""
        return (*self.refitted, *self.flags)


def compute_climb(
    choices: Choices, window: Window | None = None, pinned: Choices | None = None
) -> Climb:
    """Run every level both ways.

    Args:
        choices: the neuron and what arrives.
        window: what is seen, ms, which is drawn as finely as the whole would be.
        pinned: choices to compare with, at every level too.
    """
    found, stimulus = checked(choices)
    if stimulus is None:
        return Climb(choices, problems=errors_in(found))
    preset = presets()[choices.preset]
    fits = {level: refit(choices, level) for level in GlifModel}
    has_refits = choices.preset != NEST_DEFAULT
    return Climb(
        choices,
        refitted=tuple(
            _run(choices, stimulus, preset, Run("refitted", level, cell), window)
            for level, cell in fits.items()
            if has_refits
        ),
        flags=tuple(
            _run(choices, stimulus, preset, Run("flags", level, cell), window)
            for level, cell in ((level, choices.cell.replace(model=level)) for level in GlifModel)
        ),
        borrowed=_borrowed(choices.cell) if has_refits else (),
        pinned=None if pinned is None else compute_climb(pinned, window),
    )


def refit(choices: Choices, level: GlifModel) -> GlifParameters | None:
    """The cell as it was fitted at a level, with the synapses of the present one."""
    if level not in presets()[choices.preset].levels:
        return None
    return with_synapses(fitted(choices.preset, level), choices.cell)


def take_level(session: Session, level: GlifModel, refitted: bool) -> None:
    """Take the neuron to a level: to the cell's own fit there, if it has one, or by flags."""
    cell = refit(session.choices, level) if refitted else session.cell.replace(model=level)
    if cell is not None and cell != session.cell:
        session.cell = cell


def introduction(climb: Climb) -> str:
    """What is compared, for a reader."""
    title = presets()[climb.choices.preset].title
    if climb.refitted:
        return f"{title} under the same stimulus at every level. Click a band to take its level."
    return (
        f"{title} has one set of parameters, fitted at GLIF5. There are no refits to compare: its "
        "levels differ by their flags only. Take an Allen cell to see both ways up."
    )


def captions(climb: Climb) -> list[str]:
    """Sentences on what a reader must know to compare the runs."""
    found = []
    if climb.refitted and not any(run.is_chosen for run in climb.refitted):
        found.append(
            "The cell on this page differs from every fit; the refits are shown as they were made."
        )
    missing = [run.level.name for run in climb.refitted if run.cell is None]
    if missing:
        found.append(f"This cell was not fitted at {_listed(missing)}.")
    if any(run.explained is not None for run in climb.runs):
        found.append(
            "EV: share of the variance of the recorded spike train that the fit explains on noise "
            "it was not fitted to."
        )
    if climb.borrowed:
        names = _listed([f"`{name}`" for name in climb.borrowed])
        found.append(
            f"The fit that was taken has no {names}: levels that use them by their flags have "
            "NEST's default values there."
        )
    return found


def told(climb: Climb) -> tuple[Problem, ...]:
    """The problems of the choices, and those of the runs with the levels that have each."""
    levels: dict[tuple[Kind, Problem], list[str]] = {}
    for run in climb.runs:
        for problem in run.problems:
            levels.setdefault((run.kind, problem), []).append(run.level.name)
    how = {"refitted": "refitted", "flags": "by the flags"}
    before = () if climb.pinned is None else climb.pinned.problems
    missing = [f"The pinned runs are not drawn: {p.message} Unpin the run." for p in before]
    return (
        *climb.problems,
        *(Problem("pinned", "warning", message) for message in missing),
        *(
            problem._replace(message=f"{_listed(names)} {how[kind]}: {problem.message}")
            for (kind, problem), names in levels.items()
        ),
    )


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _run(
    choices: Choices, stimulus: Stimulus, preset: Preset, run: Run, window: Window | None
) -> Run:
    """The run with its traces, where it has a cell without errors."""
    cell = run.cell
    if cell is None:
        return run
    run = run._replace(problems=problems(cell), is_chosen=cell == choices.cell)
    if errors_in(run.problems):
        return run
    traces = simulate(cell, stimulus, dt=DT, record=("V_m", "threshold", "spike"))
    off = off_scale(traces)
    if off:
        message = f"The {off} Bring the value that you changed last nearer to where it was."
        return run._replace(problems=(Problem("V_m", "error", message),))
    lines, spikes = [traces.V_m, traces.threshold], np.flatnonzero(traces.spike)
    kept = thinned(traces.time, lines, _POINTS, window, spikes)
    return run._replace(
        time=traces.time[kept].astype(np.float32),
        V_m=traces.V_m[kept].astype(np.float32),
        threshold=traces.threshold[kept].astype(np.float32),
        spike_times=np.asarray(spike_times(traces, DT)),
        explained=preset.explained_variance.get(run.level)
        if cell == refit(choices, run.level)
        else None,
    )


def _borrowed(cell: GlifParameters) -> tuple[str, ...]:
    """Fields of the mechanisms of GLIF2, 4 and 5 that have NEST's value: fits below lack them."""
    default = GlifParameters()
    return tuple(
        name
        for name, info in FIELDS.items()
        if info.group in ("threshold", "reset")
        and GlifModel.GLIF1 not in info.used_by
        and getattr(cell, name) == getattr(default, name)
    )

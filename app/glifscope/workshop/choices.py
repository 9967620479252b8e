"""What the user chose in the workshop: a recording, what of it is fitted, and how. No Panel.

Every choice is an immutable value that is replaced, so a `Task` taken at any moment stays what it
was while a fit runs on it.
"""

from typing import Any, NamedTuple

import param

from glifcore import FIELDS, FieldInfo, PscShape
from glifcore.fit_result import PARAMETERS, PscParameters
from glifcore.recordings import Recording

from .proposal import Proposal, propose

START = PscParameters(100.0, 2.0, 6.0, 0.3, 5.0, 0.0)
"""What the sliders show before there is a recording."""

WEIGHTS = {"equal": "all samples alike", "sem": "by the SEM", "baseline": "by the baseline's noise"}
"""How samples are weighted in a fit."""

_MEANING = {
    "weight": "Peak of the fast part; negative for an inward current",
    "onset": "When the event begins, in the time of the recording",
    "baseline": "Current without the event",
}


class Chosen(NamedTuple):
    """Everything that is chosen in the workshop, at one moment; fields as in `WorkshopChoices`."""

    recording: Recording | None = None
    example: str = ""
    file: str = ""
    sweeps: tuple[int, ...] = ()
    factor: float = 1.0
    inverted: bool = False
    levelled: bool = True
    window: tuple[float, float] = (0.0, 50.0)
    quiet: tuple[float, float] = (0.0, 5.0)
    weights: str = "equal"
    values: PscParameters = START
    fixed: frozenset[str] = frozenset()
    bounds: tuple[tuple[str, float, float], ...] = ()
    keep_fitted: bool = False

    @property
    def waits(self) -> bool:
        """Whether something is chosen for a file that is to be opened again."""
        return self.recording is None and self != Chosen(file=self.file)


def begun(
    recording: Recording,
    proposal: Proposal | None = None,
    *,
    example: str = "",
    file: str = "",
) -> Chosen:
    """A recording as it is opened, with a window and a shape to start from that suit it.

    Args:
        recording: as it was read.
        proposal: window, baseline and shape, where they were found already.
        example: key of the shipped example that it is.
        file: name of the visitor's file that it is of.
    """
    return Chosen(
        recording=recording,
        example=example,
        file=file,
        sweeps=tuple(range(len(recording.sweeps))),
        **_on_level_ground(proposal or propose(recording)),
    )


def sound(chosen: Chosen) -> tuple[Chosen, list[str]]:
    """These choices as far as the recording has them, with sentences on what it has not."""
    recording, told = chosen.recording, []
    if recording is None:
        return chosen, told
    count = len(recording.sweeps)
    sweeps = tuple(i for i in chosen.sweeps if i < count)
    if sweeps != chosen.sweeps:
        told.append(f"The recording has {count} sweep{'s' * (count > 1)}; the others are left out.")
    chosen = chosen._replace(sweeps=sweeps or tuple(range(count)))
    start, end = float(recording.time[0]), float(recording.time[-1])
    for name, meaning in (("window", "window"), ("quiet", "baseline")):
        low, high = getattr(chosen, name)
        if low < start or high > end:
            told.append(
                f"The {meaning} from {low:g} to {high:g} ms is not all in the recording, which is "
                f"from {start:g} to {end:g} ms; it was cut."
            )
            inside = (min(max(low, start), end), min(max(high, start), end))
            chosen = chosen._replace(**{name: inside})
    return chosen, told


class Preparation(NamedTuple):
    """How the recording becomes the samples of a fit.

    Attributes:
        recording: as it was read; None before there is one.
        sweeps: which of its sweeps are averaged.
        factor: what its numbers are multiplied with, beyond what the file says of their unit.
        inverted: whether the current is turned upside down.
        levelled: whether each sweep's baseline is taken from it.
        window: first and last time that is fitted, ms.
        quiet: first and last time of the baseline, ms.
        weights: a key of `WEIGHTS`.
    """

    recording: Recording | None
    sweeps: tuple[int, ...]
    factor: float
    inverted: bool
    levelled: bool
    window: tuple[float, float]
    quiet: tuple[float, float]
    weights: str


class Task(NamedTuple):
    """Everything that a picture of the workshop depends on, at one moment.

    Attributes:
        preparation: what is fitted.
        values: what the sliders show.
        fixed: names of parameters that are held.
        bounds: (name, low, high) of those that are bounded.
        fit: whether a fit is asked for.
    """

    preparation: Preparation
    values: PscParameters
    fixed: frozenset[str]
    bounds: tuple[tuple[str, float, float], ...]
    fit: bool


class WorkshopChoices(param.Parameterized):
    """The choices of one visitor in the workshop."""

    recording = param.ClassSelector(class_=Recording, default=None, instantiate=False)
    example = param.String(default="", doc="Key of the shipped example that is open.")
    file = param.String(default="", doc="Name of the visitor's file that is open.")
    sweeps: Any = param.ClassSelector(
        class_=tuple, default=(), doc="Numbers of the sweeps that are averaged."
    )
    factor = param.Number(default=1.0, doc="Correction of the file's scale.")
    inverted = param.Boolean(default=False, doc="Turn the current upside down.")
    levelled = param.Boolean(default=True, doc="Take each sweep's baseline from it.")
    window = param.Tuple(default=(0.0, 50.0), length=2, doc="What is fitted, ms.")
    quiet = param.Tuple(default=(0.0, 5.0), length=2, doc="The baseline, ms.")
    weights = param.Selector(default="equal", objects=list(WEIGHTS))
    values = param.ClassSelector(class_=PscParameters, default=START, instantiate=False)
    fixed = param.ClassSelector(class_=frozenset, default=frozenset(), instantiate=False)
    bounds: Any = param.ClassSelector(
        class_=tuple, default=(), doc="(name, low, high) for each bounded one."
    )
    keep_fitted = param.Boolean(default=False, doc="Fit again at every change.")

    @property
    def preparation(self) -> Preparation:
        """How the recording becomes samples, as chosen now."""
        return Preparation(*(getattr(self, name) for name in Preparation._fields))

    def task(self, fit: bool) -> Task:
        """What is chosen now."""
        return Task(self.preparation, self.values, self.fixed, self.bounds, fit)

    @property
    def now(self) -> Chosen:
        """What is chosen now."""
        return Chosen(*(getattr(self, name) for name in Chosen._fields))

    def become(self, chosen: Chosen) -> None:
        """Choose all of these at once."""
        before = self.now
        pairs = zip(Chosen._fields, before, chosen, strict=True)
        self.param.update(**{name: new for name, old, new in pairs if old != new})

    def open(self, recording: Recording, proposal: Proposal | None = None) -> None:
        """Take a recording, with a window and a shape to start from that suit it."""
        self.start_with(begun(recording, proposal))

    def start_with(self, chosen: Chosen) -> None:
        """Take a recording with these choices; what waited for its file is taken instead."""
        now = self.now
        if chosen.file and chosen.file == now.file and now.waits:
            self.become(sound(now._replace(recording=chosen.recording))[0])
        else:
            self.become(chosen._replace(keep_fitted=self.keep_fitted))

    def take(self, proposal: Proposal) -> None:
        """Go to another event of the recording."""
        changes = _on_level_ground(proposal) if self.levelled else proposal._asdict()
        self.param.update(**changes)

    def choose(self, name: str, value: float) -> None:
        """Give one of the six numbers a new value; where the rest is kept fitted, it is held."""
        if value == getattr(self.values, name):
            return
        changes: dict[str, Any] = {"values": self.values._replace(**{name: float(value)})}
        if self.keep_fitted:
            changes["fixed"] = self.fixed | {name}
        self.param.update(**changes)

    def hold(self, name: str, held: bool) -> None:
        """Hold one of the six numbers at its value, or let it go."""
        self.fixed = self.fixed | {name} if held else self.fixed - {name}

    def bound(self, name: str, low: float | None, high: float | None) -> None:
        """Bound one of the six numbers; None on both sides takes the bounds away."""
        rest = tuple(entry for entry in self.bounds if entry[0] != name)
        self.bounds = rest if low is None or high is None else (*rest, (name, low, high))

    @property
    def shape(self) -> PscShape:
        """The shape that the sliders show."""
        return PscShape(*self.values[:4])


def _on_level_ground(proposal: Proposal) -> dict[str, Any]:
    """What is proposed, once the baseline is taken from the recording."""
    return proposal._replace(values=proposal.values._replace(baseline=0.0))._asdict()


def field_of(name: str) -> FieldInfo:
    """Unit, meaning, range and step of one of the six numbers, before there is a recording."""
    if name in FIELDS:
        return FIELDS[name]
    typical = {"weight": (-300.0, 300.0), "onset": (0.0, 50.0), "baseline": (-50.0, 50.0)}[name]
    step = 0.001 if name == "onset" else 0.1
    return FieldInfo(PARAMETERS[name], _MEANING[name], typical, step, "synapse")

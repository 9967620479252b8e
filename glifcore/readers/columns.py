"""Which column of a table is the time, which are sweeps, and which are other signals."""

import re
from collections.abc import Callable, Iterable
from itertools import takewhile
from typing import NamedTuple

import numpy as np

from glifcore.readers.contents import (
    Channel,
    Contents,
    RecordingError,
    check_channel,
    check_count,
    check_interval,
    check_numbers,
    even_grid,
)
from glifcore.readers.units import TIMES, Title, plain, scale_of

_WORD = r"(?:^|[\s_.-])(?:{})(?:$|[\s_.-])"
_SEM = re.compile(
    _WORD.format(r"sem|se|s\.e\.m\.?|stderr|std[._ ]?err(?:or)?|standard[_ ]error"), re.IGNORECASE
)
_SPREAD = re.compile(
    _WORD.format(r"sd|s\.d\.?|std|stdev|std[._ ]?dev|standard[_ ]deviation|var|variance"),
    re.IGNORECASE,
)
_MEAN = re.compile(_WORD.format("mean|average|avg"), re.IGNORECASE)
_COUNT = re.compile(r"^(n|count|counts)$", re.IGNORECASE)
_INDEX = re.compile(
    r"^(|#|idx|index|row|samples?|points?|unnamed: ?0|(sample|point)[_ ](index|number|no\.?))$",
    re.IGNORECASE,
)

_VALUE = r"(?P<value>\d+(?:[.,]\d+)*(?:e[+-]?\d+)?)"
_RATE = re.compile(
    r"(?:(?:sampl\w*|acquisition)[\s_-]*(?:rate|freq\w*)|\bfs\b|^\W*rate\b)"
    rf"\W{{0,9}}(?P<before>[km]?hz\b)?\W{{0,9}}?{_VALUE}\s*(?P<after>[km]?hz\b|[km]?s/s)?",
    re.IGNORECASE,
)
_STEP = re.compile(
    r"(?:sampl\w*[\s_-]*(?:interval|period|step)|time[\s_-]*step|\bdt\b)"
    r"\W{0,9}(?P<before>(?:ms|us|µs|ns|s|sec|msec|usec)\b)?"
    rf"\W{{0,9}}?{_VALUE}\s*(?P<after>(?:ms|us|µs|ns|s|sec|msec|usec|seconds)\b)?",
    re.IGNORECASE,
)


class Stated(NamedTuple):
    """An interval in ms that the text above a table states, and a note where it was guessed."""

    interval: float
    note: str = ""


class Table(NamedTuple):
    """A table of numbers.

    Attributes:
        titles: one for each column, or none.
        numbers: (rows, columns).
        where: names the place of a row.
        signals: for each column after the time the signal in it, where the file says so.
        stated: the interval that the text above it states.
    """

    titles: tuple[Title, ...]
    numbers: np.ndarray
    where: Callable[[int], str]
    signals: tuple[str, ...] = ()
    stated: Stated | None = None

    def title(self, column: int) -> Title:
        """That of a column; a blank one where there is none."""
        return self.titles[column] if self.titles else Title("", "")


class Clock(NamedTuple):
    """When the rows were sampled: first time and interval in ms, the columns that say so, notes."""

    start: float
    interval: float
    columns: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


def stated_interval(lines: Iterable[str]) -> Stated | None:
    """The interval that one of these lines states, as `sampling rate: 20 kHz` does."""
    for line in lines:
        if match := _RATE.search(line[:200]):
            value, unit = _value(match), (match["before"] or match["after"] or "").lower()
            guess = "" if unit else ("Hz" if value >= 500 else "kHz")
            rate = value * {"m": 1e3, "k": 1.0}.get((unit or guess.lower())[0], 1e-3)
            note = f"The sampling rate has no unit; taken for {guess}." if guess else ""
        elif match := _STEP.search(line[:200]):
            value, unit = _value(match), match["before"] or match["after"] or ""
            guess = "" if unit else _guess_unit(value)
            rate = 1 / (value * TIMES[plain(unit or guess)]) if value else 0.0
            note = f"The sampling interval has no unit; taken for {guess}." if guess else ""
        else:
            continue
        if np.isfinite(rate) and 1e-6 <= rate <= 1e6:
            return Stated(1 / rate, note)
    return None


def _value(match: re.Match[str]) -> float:
    text = match["value"]
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    try:
        return float(text.replace(",", "."))
    except ValueError:  # a date such as 1.2.2024
        return 0.0


def arrange(table: Table, channel: int, interval: float | None) -> Contents:
    """A table as sweeps of one signal.

    Args:
        table: its numbers and titles.
        channel: which signal.
        interval: ms between rows, where no column and no heading says it.

    Returns:
        `Contents` without a format.

    Raises:
        RecordingError: there is no time or no signal, or a sample breaks a rule.
    """
    check_count(len(table.numbers))
    clock = _clock(table, interval)
    rest = [i for i in range(table.numbers.shape[1]) if i not in clock.columns]
    sem, left_out = _statistics(table, rest)
    rest = [i for i in rest if i not in left_out and i not in sem]
    if not rest:
        raise RecordingError(
            "The table has no column of a current beside the time; export it with the samples of "
            "the current, one sweep to a column."
        )
    signals = _signals(table, rest, clock)
    check_channel(channel, [signal for signal, _ in signals])
    chosen, columns = signals[channel]
    own = sem if len(columns) == 1 and _belongs(table, sem, chosen, signals) else []
    left_out = sorted({*left_out, *sem} - {*own})
    for i in columns:
        check_numbers(table.numbers[:, i], _place(table, i), chosen.unit)
    return Contents(
        format="",
        channels=tuple(signal for signal, _ in signals),
        interval=clock.interval,
        sweeps=tuple(table.numbers[:, i] for i in columns),
        start=clock.start,
        sem=_standard_error(table, own[0], chosen) if own else None,
        notes=clock.notes + _left_out_note(table, left_out),
    )


def _left_out_note(table: Table, columns: list[int]) -> tuple[str, ...]:
    names = ", ".join(repr(table.title(i).name or f"column {i + 1}") for i in columns)
    return (f"Left out, as they are no sweeps of their own: {names}.",) if names else ()


def _place(table: Table, column: int) -> Callable[[int], str]:
    return lambda row: f"{table.where(row)}, column {column + 1}"


def _clock(table: Table, given: float | None) -> Clock:
    """Where the times of the rows come from."""
    named = [i for i, title in enumerate(table.titles) if title.is_time]
    stated = Stated(check_interval(given)) if given is not None else table.stated
    counts = _counts(table)
    if named:
        clock = _from_column(table, named[0])
        index = [i for i, title in enumerate(table.titles[: named[0]]) if _INDEX.match(title.name)]
        clock = clock._replace(columns=(*named, *index))
        if len(named) > 1:
            names = ", ".join(repr(table.title(i).name) for i in named[1:])
            clock = clock._replace(notes=(*clock.notes, f"Other times were left out: {names}."))
    elif stated is not None and (counts or not _rises_evenly(table)):
        notes = (stated.note,) if stated.note else ()
        return Clock(0.0, stated.interval, (0,) if counts else (), notes)
    elif _rises(table, mostly=True) and not (counts and table.titles):
        clock = _from_column(table, 0)
    else:
        what = "but one column" if table.numbers.shape[1] == 1 else "no column of time"
        raise RecordingError(
            f"The table has {what} and states no sampling rate; give `interval`, the ms between "
            "two samples, or add a column such as `time_ms`."
        )
    if given is not None:
        note = f"`interval` was not used: the file's own times are {clock.interval:g} ms apart."
        clock = clock._replace(notes=(*clock.notes, note))
    return clock


def _counts(table: Table) -> bool:
    """Whether the first column only counts the rows."""
    first = table.numbers[:, 0]
    if table.numbers.shape[1] < 2 or not _INDEX.match(table.title(0).name):
        return False
    return bool((np.diff(first) == 1).all()) and first[0] in (0, 1)


def _rises(table: Table, mostly: bool = False) -> bool:
    """Whether the first column can be a time, or one with a few faults."""
    title = table.title(0)
    if table.numbers.shape[1] < 2 or title.unit or title.is_other:
        return False
    rises = np.diff(table.numbers[:, 0]) > 0
    return bool(rises.mean() > 0.8) if mostly else bool(rises.all())


def _rises_evenly(table: Table) -> bool:
    """Whether the first column is a time, as far as numbers can tell."""
    if not _rises(table):
        return False
    try:
        even_grid(table.numbers[:, 0], table.where)
    except RecordingError:
        return False
    return True


def _from_column(table: Table, column: int) -> Clock:
    """Times from a column, in the unit of its title or in one that makes sense."""
    start, step = even_grid(table.numbers[:, column], _place(table, column))
    unit = plain(table.title(column).unit)
    notes = ()
    if unit not in TIMES:
        unit = _guess_unit(step)
        why = "" if unit == "ms" else f", as steps of {step:g} ms would be absurd"
        notes = (f"The file gives no unit of time; taken for {unit}{why}.",)
    if step * TIMES[unit] < 1e-6 or step * TIMES[unit] > 1e6:
        raise RecordingError(
            f"The times are {step:g} {unit} apart; no recording is. Give them in ms or s, with "
            "the unit in the title, as in `time_ms`."
        )
    return Clock(start * TIMES[unit], step * TIMES[unit], (column,), notes)


def _guess_unit(step: float) -> str:
    """The unit in which this is a step of a recording of synaptic currents."""
    if step < 0.004:  # 250 kHz, were it ms
        return "s"
    return "ms" if step < 5 else "us"  # 200 Hz, were it ms


def _statistics(table: Table, rest: list[int]) -> tuple[list[int], list[int]]:
    """The columns of standard errors, and those of other statistics and counts."""
    sem: list[int] = []
    others: list[int] = []
    means: list[int] = []
    for i in rest if table.titles else ():
        name = table.title(i).name
        if _SEM.search(name):
            sem.append(i)
        elif _SPREAD.search(name) or _COUNT.match(name) or (i == 0 and _INDEX.match(name)):
            others.append(i)
        elif _MEAN.search(name):
            means.append(i)
    if means and len(rest) - len(sem) - len(others) > len(means):
        # Beside the sweeps themselves their mean says nothing new.
        return [], others + means + sem
    return sem[:1], others + sem[1:]


def _signals(table: Table, rest: list[int], clock: Clock) -> list[tuple[Channel, list[int]]]:
    """The signals of the table: columns of one unit, or of one name in the file, are sweeps."""
    groups: dict[tuple[str, str], list[int]] = {}
    for i in rest:
        title = table.title(i)
        if table.signals and clock.columns == (0,):
            key = (table.signals[i - 1], plain(title.unit))
        else:
            key = (title.name if title.is_other and not title.unit else "", plain(title.unit))
        groups.setdefault(key, []).append(i)
    found = []
    for (name, _), columns in groups.items():
        names = [table.title(i).name for i in columns]
        if not name and len(columns) == 1:
            name = names[0]
        elif not name:
            # What all begin with: "Trace" of "Trace #1", "Trace #2".
            same = takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False))
            name = "".join(letters[0] for letters in same).rstrip(" _-.#0123456789")
        found.append((Channel(name or "current", table.title(columns[0]).unit), columns))
    return found


def _belongs(
    table: Table, sem: list[int], chosen: Channel, signals: list[tuple[Channel, list[int]]]
) -> bool:
    """Whether a standard error is that of the chosen signal."""
    if not sem or len(signals) == 1:
        return bool(sem)
    unit = table.title(sem[0]).unit
    like = [s for s, _ in signals if (scale_of(s.unit) is None) == (scale_of(unit) is None)]
    return bool(unit) and like == [chosen]


def _standard_error(table: Table, column: int, chosen: Channel) -> np.ndarray:
    """A column of standard errors, in the unit of the chosen signal."""
    sem = table.numbers[:, column]
    check_numbers(sem, _place(table, column), table.title(column).unit)
    if (sem < 0).any():
        row = int(np.argmax(sem < 0))
        raise RecordingError(
            f"{_place(table, column)(row)}: the standard error is {sem[row]:g}; it must not be "
            "below 0. Correct it, or take the column out."
        )
    own, theirs = scale_of(table.title(column).unit), scale_of(chosen.unit)
    return sem * (own / theirs) if own and theirs else sem

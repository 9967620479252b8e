"""Links damaged in every way that comes to mind, and what the page makes of them.

Seeds are links of all workspaces; the mutations are drawn from a seed, so a run can be repeated.
Each link must leave a session whose choices compute, and whose own link reads back to it.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

import numpy as np
from glifscope.choices import OFFERED, errors_in
from glifscope.population.choice import PopulationChoice
from glifscope.results import Frame, asked_of, compute
from glifscope.session import PANES, SYNAPSE_PARTS, WORKSPACES, Session
from glifscope.stimuli import KINDS
from glifscope.url_state import _KNOWN, LONGEST, open_query, to_query
from glifscope.workshop.choices import WEIGHTS
from glifscope.workshop.examples import EXAMPLES, begun_with

from glifcore import GlifModel, SpikeTrain

COUNT = 10_000

MOST_SENTENCES, LONGEST_SENTENCE = 12, 400

NUMBERS = (
    *("nan", "inf", "-inf", "-0", "0", "1e400", "1e-400", "-1e-400", "1e308", "-1e308", "5e-324"),
    *("1e-300", "1e15", "-1e15", "1e9", "1e6", "-1", "0.5", "1_0", "0x10", "٣", "1e", "+", "--1"),
    "9" * 400,
)

TEXTS = (
    *("", ",", ",,,", ":", "a:b:c", "=", "%", "%zz", "%00", "%ff%fe", "%F0%9F%98%80", "\x00"),
    *("<script>window.__hacked=1</script>", "<img src=x onerror=alert(1)>", '"><svg onload=x>'),
    *("javascript:alert(1)", "{{7*7}}", "`x`", "../../etc/passwd", "‮txt.exe", "e\u0301" * 20),
    *("\ud800", "\udfff\ud800", "\U0001f9e0", "\u200b", "\n\r\t", "'; DROP TABLE x; --", "None"),
    *("x" * 5000, "1," * 2000, ".1," * 2500, "é" * 900, "<b>" * 1000, "&" * 200),
)


def seeds() -> list[str]:
    """Links of sessions that differ in all that a link holds."""
    found = [to_query(session) for session in _sessions()]
    return ["", "?", "v=1", *found, *(f"?{query}" for query in found[:3])]


def _sessions() -> Iterator[Session]:
    for workspace in WORKSPACES:
        yield Session(workspace=workspace)
    for name, model in zip(OFFERED, [*GlifModel] * 2, strict=False):
        session = Session()
        session.choose_preset(name)
        session.choose_model(model)
        session.choose("g", 12.5)
        session.choose("asc_amps", -3.25, 1)
        yield session
    for kind in KINDS.values():
        if kind.numbers.keys() > {"start", "stop"} or isinstance(kind.start, SpikeTrain):
            session = Session(workspace="Neuron", pane=PANES[1], spike=1)
            session.stimulus = (kind.start, KINDS["StepCurrent"].start)
            yield session
    for key in EXAMPLES:
        session = Session(workspace="Synapse", part=SYNAPSE_PARTS[1])
        start = begun_with(key)
        session.workshop = start._replace(
            factor=2.5, inverted=True, weights=list(WEIGHTS)[-1], window=(2.0, 9.0)
        )
        session.explorer = session.explorer._replace(size=44.0)
        asked = session.atlas.asked._replace(level=GlifModel.GLIF3)
        session.atlas = session.atlas._replace(cell="515305346", asked=asked)
        yield session
    yield everything_at_once()


def everything_at_once() -> Session:
    """A session that has something of each kind to write into its link."""
    session = Session(workspace="Population", lesson="one-alpha", spike=2)
    session.choose_preset("515305346")
    session.add_port()
    session.choose("weight", -12.5, 1)
    session.stimulus = (SpikeTrain((1.5, 2.25), 1.0, 1),)
    session.population = PopulationChoice(
        n_neurons=12, spread=(("C_m", 3.5),), mix=("467003163", "515305346"), own_rate=0.1
    )
    session.pinned = session.choices
    session.choose("g", 5.0)
    return session


# Mutations: each takes the drawer and a link, and gives another link


def _flip(draw: random.Random, query: str) -> str:
    raw = bytearray(query.encode("utf-8", "surrogatepass"))
    for _ in range(draw.randint(1, 4)):
        if raw:
            raw[draw.randrange(len(raw))] ^= 1 << draw.randrange(8)
    return raw.decode("utf-8", "surrogateescape" if draw.random() < 0.3 else "replace")


def _percent(draw: random.Random, query: str) -> str:
    at = draw.randint(0, len(query))
    return (
        query[:at] + draw.choice(["%", "%2", "%zz", "%00", "%26", "%3D", "%25", "+"]) + query[at:]
    )


def _keys(draw: random.Random, query: str) -> str:
    entries = query.split("&")
    one, other = draw.randrange(len(entries)), draw.randrange(len(entries))
    how = draw.randrange(5)
    if how == 0:
        entries[one], entries[other] = entries[other], entries[one]
    elif how == 1:
        entries.append(entries[one])
    elif how == 2:
        del entries[one]
    elif how == 3:
        entries[one] = entries[one].partition("=")[0] + "=" + entries[other].partition("=")[2]
    else:
        entries[one] = entries[one].upper()
    return "&".join(entries)


def _number(draw: random.Random, query: str) -> str:
    numbers = ",".join(draw.choices(NUMBERS, k=draw.choice([1, 1, 1, 2, 4, 6])))
    return _with(query, draw.choice(sorted(_KNOWN)), numbers)


def _text(draw: random.Random, query: str) -> str:
    key = draw.choice([*sorted(_KNOWN), "v", draw.choice(TEXTS)])
    text = draw.choice(TEXTS)
    return _with(query, key, text) if draw.random() < 0.5 else f"{query}&{key}={text}"


def _input(draw: random.Random, query: str) -> str:
    kind = draw.choice([*KINDS, "Part", "__class__"])
    plain = [f"{draw.uniform(-500, 500):.4g}", f"{draw.randint(0, 500)}"]
    values = [draw.choice([*NUMBERS, *plain * 12]) for _ in range(draw.randint(0, 8))]
    return _with(query, "input", ",".join([kind, *values]))


def _part_of_input(draw: random.Random, query: str) -> str:
    entries = query.split("&")
    places = [i for i, entry in enumerate(entries) if "," in entry]
    if not places:
        return _input(draw, query)
    at = draw.choice(places)
    values = entries[at].split(",")
    values[draw.randrange(1, len(values))] = draw.choice(NUMBERS)
    entries[at] = ",".join(values)
    return "&".join(entries)


def _many(draw: random.Random, query: str) -> str:
    entry = draw.choice(["input=StepCurrent,1", "input=PoissonTrain,2000", "x=1", "g=1", "a&"])
    return f"{query}&" + "&".join([entry] * draw.choice([9, 100, 3000]))


def _pin(draw: random.Random, query: str) -> str:
    inner = query
    for _ in range(draw.randint(1, 3)):
        inner = _with("v=1", "pinned", draw.choice([_number, _input, _keys])(draw, inner))
    return f"{query}&{inner}"


def _version(draw: random.Random, query: str) -> str:
    return _with(query, "v", draw.choice(["2", "0", "1.0", "", "x" * 3000, "-1", "1&v=1", "1 "]))


def _with(query: str, key: str, value: str) -> str:
    """The link with one more entry, encoded unless it cannot be."""
    try:
        return f"{query}&{urlencode([(key, value)], safe=',:')}"
    except UnicodeEncodeError:
        return f"{query}&{key}={value}"


MUTATIONS = (
    *(_flip, _percent, _keys, _number, _number, _text, _input, _input, _part_of_input, _many),
    *(_pin, _version),
)


def links(count: int, seed: int = 6) -> Iterator[tuple[str, str]]:
    """So many damaged links, each with the name of its last mutation."""
    draw, begun = random.Random(seed), seeds()
    for _ in range(count):
        query = draw.choice(begun)
        for _ in range(draw.choice([1, 1, 2, 3])):
            mutation = draw.choice(MUTATIONS)
            query = mutation(draw, query)
        yield mutation.__name__.strip("_").replace("_", " "), query


class Outcome(NamedTuple):
    """What a link led to.

    Attributes:
        told: how many sentences were told.
        unchanged: whether the session is as it was.
        computed: whether there is a picture; else the choices were refused with a sentence.
        seconds: to read it, and to compute its picture.
        wrong: what should not be; empty where all is well.
    """

    told: int
    unchanged: bool
    computed: bool
    seconds: float
    wrong: str


def outcome(query: str) -> Outcome:
    """Open a link in a new session, and look at all that follows."""
    session = Session()
    before = to_query(session)
    start = time.perf_counter()
    told = open_query(session, query)
    picture = compute(asked_of(session))
    seconds = time.perf_counter() - start
    until = session.pinned.duration if session.pinned else np.inf
    wrong = [*_wrong_sentences(told), *wrong_in_picture(picture, until), *_wrong_return(session)]
    unchanged = to_query(session) == before
    return Outcome(len(told), unchanged, isinstance(picture, Frame), seconds, "; ".join(wrong))


def _wrong_sentences(told: list[str]) -> Iterator[str]:
    if len(told) > MOST_SENTENCES:
        yield f"{len(told)} sentences"
    if any(not 10 <= len(line) <= LONGEST_SENTENCE for line in told):
        yield f"a sentence of {max(map(len, told))} letters"


def wrong_in_picture(picture: Any, pinned_until: float = np.inf) -> Iterator[str]:
    """What would be drawn and is no number, or the lack of a sentence where nothing is drawn."""
    if not isinstance(picture, Frame):
        if not errors_in(picture) or not all(problem.message for problem in picture):
            yield "no picture, and no sentence"
        return
    drawn = dict(picture._asdict())
    drawn |= {f"psc.{name}": value for name, value in picture.psc._asdict().items()}
    if picture.autopsy is not None:
        drawn |= {f"autopsy.{name}": value for name, value in picture.autopsy._asdict().items()}
    if picture.pinned is not None:
        pinned = picture.pinned._asdict()
        drawn |= {f"pinned.{name}": pinned[name] for name in ("spike_times", "psc_time", "psc")}
        inside = picture.time <= pinned_until - 0.05  # the last time is rounded
        drawn |= {f"pinned.{name}": pinned[name][inside] for name in ("V_m", "difference")}
    for name, value in drawn.items():
        if isinstance(value, np.ndarray | float) and not np.isfinite(value).all():
            yield f"{name} is not finite"


def _wrong_return(session: Session) -> Iterator[str]:
    again, query = Session(), to_query(session)
    told = open_query(again, query)
    if any(not line.startswith("A link holds no recording") for line in told):
        yield f"its own link is told: {told[0][:200]}"
    elif to_query(again) != query or again.choices != session.choices:
        yield "its own link leads elsewhere"
    elif (again.pinned, again.spike, again.lesson) != (
        session.pinned,
        session.spike,
        session.lesson,
    ):
        yield "its own link leads elsewhere on the page"


def main(count: int = COUNT) -> None:
    """Print the table."""
    rows: dict[str, list[Outcome]] = {}
    found: Counter[str] = Counter()
    outcome("v=1")  # compiles
    for kind, query in links(count):
        result = outcome(query)
        rows.setdefault(kind, []).append(result)
        if result.wrong:
            found[f"{kind}: {result.wrong}: {query[:160]!r}"] += 1
    print(f"{count:,} damaged links (at most {LONGEST} letters of one are read)")
    head = (
        "last mutation",
        "links",
        "told",
        "unchanged",
        "computed",
        "refused",
        "worst ms",
        "wrong",
    )
    print("{:<16}{:>7}{:>7}{:>11}{:>10}{:>9}{:>10}{:>7}".format(*head))
    rows["all"] = [one for row in rows.values() for one in row]
    for kind, row in rows.items():
        computed = sum(one.computed for one in row)
        print(
            f"{kind:<16}{len(row):>7}{sum(one.told > 0 for one in row):>7}"
            f"{sum(one.unchanged for one in row):>11}{computed:>10}{len(row) - computed:>9}"
            f"{1000 * max(one.seconds for one in row):>10.0f}"
            f"{sum(bool(one.wrong) for one in row):>7}"
        )
    for line, times in found.most_common(20):
        print(f"{times} x {line}")

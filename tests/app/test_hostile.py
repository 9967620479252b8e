"""What a curious student, a broken link or a careless teacher can hand in: told, never obeyed."""

import json
import time

import numpy as np
import pytest
from glifscope.choices import Choices, problems_of
from glifscope.lessons.course import Course, find_lessons
from glifscope.lessons.text import to_html
from glifscope.page_text import notices
from glifscope.population.choice import POPULATION_FIELDS, PopulationChoice
from glifscope.population.run import Asked, Task
from glifscope.population.run import compute as compute_population
from glifscope.results import Frame, asked_of, compute
from glifscope.session import Session
from glifscope.snapshots import LONGEST_NAME, Snapshot, SnapshotsView, read, written
from glifscope.stimuli import KINDS, WHOLE, part_with
from glifscope.url_state import LONGEST, open_query, to_query

from glifcore import FIELDS, FieldInfo, GlifModel, PoissonTrain, SpikeTrain
from glifcore.stimulus import Part
from tests.benchmarks.fuzz_links import (
    LONGEST_SENTENCE,
    MOST_SENTENCES,
    TEXTS,
    links,
    outcome,
    wrong_in_picture,
)

SECONDS = 5.0
"""For one answer, on a machine that compiles and does other things too."""

EXTREMES = (
    *(np.nan, np.inf, -np.inf, 1e308, -1e308, 1e300, 5e-324, -5e-324, 1e15, -1e15, 1e12, -1e12),
    *(1e9, -1e9, 1e6, -1e6, 1e3, -1e3, 1.0, -1.0, 1e-3, 1e-9, -1e-9, 1e-12, 1e-15, 0.0, -0.0),
)

MARKUP = "<script>window.__hacked=1</script><img src=x onerror=window.__hacked=1>"


def ends(info: FieldInfo) -> tuple[float, ...]:
    """Both ends of what a field may be and of what its slider offers, and just beyond them."""
    found = [*info.typical, *(info.within or ()), *([] if info.above is None else [info.above])]
    return tuple(float(np.nextafter(x, to)) for x in found for to in (x, -np.inf, np.inf))


def assert_sound(choices: Choices) -> None:
    """There is a finite picture, or a sentence on why there is none; and soon."""
    start = time.monotonic()
    session = Session()
    session.take(choices)
    picture = compute(asked_of(session))
    assert time.monotonic() - start < SECONDS
    assert list(wrong_in_picture(picture)) == []
    if not isinstance(picture, Frame):
        assert all(10 < len(problem.message) < LONGEST_SENTENCE for problem in picture)


def assert_a_link_is_sound(query: str) -> None:
    found = outcome(query)
    assert found.wrong == "", (query[:300], found)
    assert found.seconds < SECONDS, query[:300]


# Links


def test_damaged_links_leave_a_page_that_computes_and_can_be_linked_to():
    for _, query in links(200):
        assert_a_link_is_sound(query)


@pytest.mark.parametrize(
    "query",
    [
        "input=SpikeTrain",
        "input=SpikeTrain,0," + ".1," * 1995,
        "spread=g:1,g:2,g:3",
        "lesson=\ud800\udfff&workshop.file=\udc80",
        "pinned=" + "pinned%3D" * 500,
        "v=1&" * 1000,
        "level=GLIF1&th_voltage_decay=-1e9&asc_decay=-1e9,-1e9&th_spike_decay=-1e9",
        "voltage_reset_fraction=1e308",
        "t_ref=1e9",
        "tau_syn_fast=1e-12&tau_syn_slow=1e12",
    ],
)
def test_links_that_once_did_harm_are_told(query):
    assert_a_link_is_sound(query)


def test_a_link_counts_letters_as_it_would_be_written():
    times = ",".join(["100"] * 900)
    session = Session()
    assert open_query(session, f"input=SpikeTrain%2C0%2C{times.replace(',', '%2C')}") == []
    assert len(session.stimulus[0].times) == 900


def test_a_link_that_would_be_too_long_to_be_read_again_changes_nothing():
    session = Session()
    (told,) = open_query(session, "input=SpikeTrain,0," + ".1," * 1995)
    assert "at most 8000 can be read" in told
    assert len(to_query(session)) < LONGEST and session.choices == Session().choices


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("key", ["lesson", "cell", "mix", "spread", "workshop.file", "x<b>"])
def test_what_a_link_says_is_quoted_in_few_and_short_sentences(key, text):
    told = open_query(Session(), f"{key}={text}")
    assert len(told) <= MOST_SENTENCES
    assert all(len(line) <= LONGEST_SENTENCE for line in told)
    assert "<script" not in notices(told) and "<img" not in notices(told)


def test_names_that_nobody_knows_are_told():
    told = open_query(Session(), "mix=467003163,nobody&spread=colour:1&spike=-2")
    assert len(told) == 3
    assert "'nobody'" in told[1] or "'nobody'" in told[0]


# Numbers of the page


@pytest.mark.parametrize("name", [*FIELDS, "weight", "duration"])
def test_every_number_of_the_neuron_is_refused_or_computed(name):
    info = FIELDS.get(name)
    session = Session()
    sizes = (20_000.0, 20_000.001, 10.0, 9.999) if name == "duration" else ()
    values = EXTREMES if info is None else (*EXTREMES, *ends(info))
    for value in (*values, *sizes):
        session.take(Choices())
        session.choose(
            name, value, 0 if name == "weight" or (info and info.per != "neuron") else None
        )
        assert_sound(session.choices)


@pytest.mark.parametrize("model", GlifModel)
def test_all_numbers_at_once_are_refused_or_computed(model):
    rng = np.random.default_rng(6)
    usual = Choices().cell.replace(model=model)
    for _ in range(40):
        changes = {
            name: rng.choice([*EXTREMES[6:], *info.typical])
            * np.ones(np.shape(getattr(usual, name)))
            for name, info in FIELDS.items()
            if rng.random() < 0.4
        }
        assert_sound(Choices(cell=usual.replace(**changes)))


def numbers_of_parts() -> list[tuple[str, str]]:
    return [(kind, name) for kind, about in KINDS.items() for name in about.numbers]


@pytest.mark.parametrize(("kind", "name"), numbers_of_parts())
def test_every_number_of_the_stimulus_is_refused_or_computed(kind, name):
    info, start = KINDS[kind].numbers[name], KINDS[kind].start
    for value in (*EXTREMES, *ends(info)):
        if name not in WHOLE or np.isfinite(value):  # the page rounds what counts
            assert_sound(Choices(stimulus=(part_with(start, **{name: value}),)))
        assert_a_link_is_sound(link_with(start, name, value))


def link_with(part: Part, name: str, value: float) -> str:
    names = [n for n in part.__dict__ if n not in ("weight", "receptor", "values")]
    texts = [repr(value) if n == name else repr(getattr(part, n)) for n in names]
    return f"input={type(part).__name__}," + ",".join(texts)


@pytest.mark.parametrize(
    "part",
    [
        SpikeTrain((1e300,), 1.0),
        SpikeTrain((np.nan,), 1.0),
        SpikeTrain((-1e-300,), 1.0),
        SpikeTrain((), 1.0),
        SpikeTrain(tuple(np.linspace(0, 499, 2001)), 1.0),
        SpikeTrain((1.0,), 1.0, 10**12),
        PoissonTrain(2000.0, 1.0, -1),
        PoissonTrain(2000.0, 1.0, start=-1e12, stop=1e12),
    ],
)
def test_typed_spikes_and_ports_are_refused_or_computed(part):
    assert_sound(Choices(stimulus=(part,)))


@pytest.mark.parametrize("name", [*FIELDS, "weight", "duration", *POPULATION_FIELDS])
def test_every_number_of_a_link_is_refused_or_computed(name):
    for value in EXTREMES:
        assert_a_link_is_sound(f"{name}={value!r}")


@pytest.mark.parametrize("name", POPULATION_FIELDS)
def test_every_number_of_a_population_is_refused_or_computed(name):
    info = POPULATION_FIELDS[name]
    for value in (*EXTREMES, *ends(info)):
        choice = PopulationChoice(**{"n_neurons": 3.0, name: value})
        choices = Choices(duration=20.0, population=choice)
        if name == "n_neurons" and problems_of(choices) == () and value > 100:
            continue  # a thousand neurons are tested elsewhere
        picture = compute_population(Task(Asked(choices), 10.0), seconds=0.0)
        sentences = [p.message for p in picture] if not hasattr(picture, "run") else []
        assert all(10 < len(line) < LONGEST_SENTENCE for line in sentences)


@pytest.mark.parametrize("deviation", EXTREMES)
def test_every_spread_is_refused_or_drawn(deviation):
    start = time.monotonic()
    for name in ("g", "asc_r", "V_th", "voltage_reset_fraction"):
        choice = PopulationChoice(n_neurons=3.0, spread=((name, deviation),))
        compute_population(Task(Asked(Choices(duration=20.0, population=choice)), 10.0), 0.0)
    assert time.monotonic() - start < SECONDS


@pytest.mark.parametrize(
    ("query", "variable"),
    [
        ("n_neurons=1e12", "GLIFSCOPE_NEURONS"),
        ("duration=1e15", "GLIFSCOPE_DURATION"),
    ],
)
def test_a_limit_of_the_server_names_its_variable(query, variable):
    (told,) = open_query(Session(), query)
    assert variable in told
    assert variable not in str(open_query(Session(), query.partition("=")[0] + "=-1"))


def test_a_run_that_is_too_long_names_its_variable():
    choices = Choices(duration=20_000.0, population=PopulationChoice(n_neurons=1000.0))
    (problem,) = compute_population(Task(Asked(choices), 10.0))
    assert "GLIFSCOPE_NEURON_STEPS" in problem.message


# Snapshots


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"a":' * 50_000,
        "1" * 10_000,
        "NaN",
        "[NaN, Infinity]",
        '[["\\ud800", "lesson=\\udfff"]]',
        json.dumps([[MARKUP, f"lesson={MARKUP}&cell={MARKUP}"]]),
        json.dumps([["\u202egnp.exe\x00\n", "g=1e400"]]),
        json.dumps([["", "v=1"], [" \t", "v=1"]]),
        json.dumps([["n" * 10_000, "g=12"]] * 1000),
        "[" + " " * 10_000_000 + "]",
    ],
)
def test_any_text_that_a_browser_keeps_is_read(text):
    view = SnapshotsView(Session())
    view.shelf.text = text
    for snapshot in view.snapshots:
        assert 0 < len(snapshot.name) <= LONGEST_NAME and snapshot.name.isprintable()
        assert_a_link_is_sound(snapshot.query)
    assert read(written(view.snapshots)) == view.snapshots


def test_what_does_not_fit_into_a_snapshot_is_told():
    session = Session()
    session.stimulus = (SpikeTrain(tuple(np.linspace(0, 499, 2000) / 3), 1.0),)
    view = SnapshotsView(session)
    view.keep.clicks += 1
    assert view.snapshots == () and "a snapshot holds 8000" in view._told.object


def test_a_hostile_snapshot_is_told_as_text():
    view = SnapshotsView(Session())
    view._open(Snapshot(MARKUP, f"cell={MARKUP}"))
    assert "&lt;script" in view._told.object and "<script" not in view._told.object


# Lessons

GOOD = """---
title: "A title"
goal: "A goal"
order: 1
minutes: 2
workspace: Neuron
start: "cell=nest_default&level=GLIF5"
question: "Q"
check:
  kind: spike_count
  target: 5
right: "R"
wrong: "W"
---
Text.
"""

BOMB = "&a [x,x,x,x,x,x,x,x,x]"
for _name, _of in zip("bcdefgh", "abcdefg", strict=True):
    BOMB = f"&{_name} [{BOMB}{f', *{_of}' * 8}]"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "---",
        "---\n---\n",
        "---\n" + "[" * 50_000 + "\n---\n",
        "---\n" + "- " * 20_000 + "\n---\n",
        "---\n&a [*a]\n---\n",
        "---\n? [a]\n: b\n---\n",
        "---\n!!python/object/apply:os.system ['touch /tmp/hacked']\n---\n",
        "\x00" * 1000,
        "---\ntitle: \x00\n---\n",
        GOOD.replace('"A title"', BOMB),
        GOOD.replace('"Q"', BOMB),
        GOOD.replace("order: 1", f"order: {BOMB}"),
        GOOD.replace("order: 1", "order: " + "9" * 5000),
        GOOD.replace("order: 1", "order: " + "9" * 400),
        GOOD.replace("order: 1", "order: .nan"),
        GOOD.replace("minutes: 2", "minutes: .inf"),
        GOOD.replace('"A title"', "2024-13-45"),
        GOOD.replace("kind: spike_count", "kind: [a]"),
        GOOD.replace("kind: spike_count", f"kind: {BOMB}"),
        GOOD.replace("kind: spike_count", "kind: {a: b}"),
        GOOD.replace("target: 5", f"target: {BOMB}"),
        GOOD.replace("target: 5", "target: " + "9" * 400),
        GOOD.replace("target: 5", "target: [1, " + "9" * 400 + "]"),
        GOOD.replace("target: 5", "target: 5\n  after: .nan"),
        GOOD.replace("target: 5", "target: 5\n  " + "x" * 5000 + ": 1"),
        GOOD.replace("title:", "x" * 5000 + ": 1\ntitle:"),
        GOOD + "x" * 300_000,
    ],
)
def test_a_broken_lesson_is_told_in_a_sentence(tmp_path, content):
    (tmp_path / "mine.md").write_text(content, encoding="utf-8")
    start = time.monotonic()
    found = find_lessons(str(tmp_path))
    assert time.monotonic() - start < SECONDS
    assert len(found.problems) == 1
    assert "`mine.md`" in found.problems[0] and len(found.problems[0]) < LONGEST_SENTENCE


@pytest.mark.parametrize("name", ["x" * 120, "a\nb", "\u202egnp", "a\x1bb", "bad\udcff"])
def test_a_name_that_cannot_stand_in_a_link_is_told(tmp_path, name):
    (tmp_path / f"{name}.md").write_text(GOOD)
    (told,) = find_lessons(str(tmp_path)).problems
    assert "cannot be the name of a lesson" in told
    told.encode()


def test_what_is_no_file_is_told(tmp_path):
    import os

    os.mkfifo(tmp_path / "pipe.md")  # reading it would wait for ever
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "lost.md").symlink_to("lost.md")
    assert len(find_lessons(str(tmp_path)).problems) == 3


def test_a_lesson_full_of_markup_starts_and_stays_text(tmp_path):
    start = f"cell={MARKUP}&g=1e400&input=PoissonTrain,1e12&lesson=x"
    content = GOOD.replace("A title", MARKUP).replace("A goal", f"{MARKUP} [x](javascript:a)")
    content = content.replace("cell=nest_default&level=GLIF5", start)
    (tmp_path / "<b>it's&.md").write_text(content)
    course = Course(find_lessons(str(tmp_path)))
    lesson = course.lesson("<b>it's&")
    assert lesson is not None and course.problems == ()
    session = Session()
    course.begin(session, lesson)
    assert session.lesson == lesson.name and len(course.told) >= 2
    assert "<script" not in notices(course.told) + to_html(lesson.goal)
    assert list(wrong_in_picture(compute(asked_of(session)))) == []


@pytest.mark.parametrize(
    "text",
    [
        MARKUP,
        "<p onclick=alert(1)>x</p>",
        "[x](javascript:alert(1)) [x](JaVaScRiPt:alert(1)) [x](&#106;avascript:alert(1))",
        "[x](data:text/html,<script>1</script>) [x](vbscript:x) <javascript:alert(1)>",
        '[x](http://a.b" onmouseover="alert(1)) [x](<http://a.b> "\\" onclick=\\"alert(1)")',
        "$\\text{<script>1</script>}$ $\\href{javascript:1}{x}$ $<img onerror=1>$",
        "```<script>\n</script>\n```",
        "[a]: javascript:alert(1)\n\n[a]",
        "&lt;script&gt;1&lt;/script&gt;",
        "[" * 5000,
        "*" * 5000 + "a" + "*" * 5000,
        "> " * 5000,
        "$" * 9999,
        "$" + "{" * 3000 + "x" + "}" * 3000 + "$",
        "$" + "\\frac{1}" * 2000 + "$",
        "|" * 5000 + "\n" + "|-" * 5000,
        "`" * 9999,
    ],
    ids=range(17),
)
def test_markdown_makes_nothing_that_acts(text):
    start = time.monotonic()
    html = to_html(text)
    assert time.monotonic() - start < SECONDS
    lower = html.lower()
    assert "<script" not in lower and "<img" not in lower
    assert 'href="javascript' not in lower and 'href="data' not in lower
    tags = [part.partition(">")[0] for part in lower.split("<")[1:]]
    assert not any(" on" in tag.replace('"', " ").split("title=")[0] for tag in tags), html

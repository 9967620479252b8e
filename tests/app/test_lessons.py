"""Lessons without a browser: files, checks, text that stays text, and the panel's wiring."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from glifscope.export.event import with_synapse
from glifscope.lessons import Course, LessonPanel, Lessons
from glifscope.lessons.checks import KINDS, Check
from glifscope.lessons.course import FOLDER, find_lessons
from glifscope.lessons.lesson import LessonError, read_lesson
from glifscope.lessons.text import to_html
from glifscope.population.choice import POPULATION_FIELDS
from glifscope.population.results import PopulationResults
from glifscope.population.run import Asked as AskedOfMany
from glifscope.population.run import Run, advance, begin
from glifscope.population.statistics import Spikes, mean_cv, synchrony
from glifscope.results import Asked, Frame, Results, compute
from glifscope.session import Session
from glifscope.url_state import open_query, to_query
from glifscope.workshop.choices import WorkshopChoices
from glifscope.workshop.examples import open_example
from glifscope.workshop.export import synapse_of
from glifscope.workshop.proposal import propose
from glifscope.workshop.results import Preparer
from glifscope.workshop.results import compute as fit_picture

from glifcore import FIELDS, PscShape, psc_waveform

LESSONS = find_lessons().lessons
EACH = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)

FILE = """---
title: Mine
goal: Mine.
order: 5
minutes: 3
workspace: Neuron
start: https://a.school/app?v=1&workspace=Neuron&cell=nest_default&level=GLIF1
question: How many?
check: {kind: spike_count, target: [3, 4]}
right: Yes.
wrong: No.
---
Text.
"""


def picture(query, port=None):
    session = Session()
    assert open_query(session, query) == []
    frame = compute(Asked(session.choices, session.port if port is None else port))
    assert isinstance(frame, Frame), frame
    return frame


def crowd(choices, port=0):
    """The population of these choices, simulated to its end."""
    run = PopulationResults().whole(AskedOfMany(choices, port))
    assert isinstance(run, Run), run
    return run


def passes(lesson, frame):
    run = None
    if any(check.of_population for check in lesson.checks):
        run = crowd(frame.choices, frame.port)
    return all(check.told(frame, run).passed for check in lesson.checks)


# The lessons that come with the page


def test_every_file_is_a_lesson():
    found = find_lessons()
    assert found.problems == ()
    assert len(found.lessons) >= 8


def test_titles_and_places_are_unique():
    assert len({lesson.title for lesson in LESSONS}) == len(LESSONS)
    assert len({lesson.order for lesson in LESSONS}) == len(LESSONS)


@EACH
def test_the_start_does_not_answer_the_question(lesson):
    assert not passes(lesson, picture(lesson.start))


@EACH
def test_the_solution_answers_the_question(lesson):
    assert passes(lesson, picture(lesson.solution))


@EACH
def test_the_start_is_the_link_that_the_page_writes(lesson):
    session = Session()
    assert open_query(session, lesson.start) == []
    assert to_query(session) == lesson.start


@EACH
def test_every_equation_can_be_drawn(lesson):
    html = to_html(f"{lesson.body}\n\n{lesson.question}\n\n{lesson.right}")
    assert html.count("<math") == html.count('class="math')
    assert "$" not in html


@EACH
def test_a_lesson_is_short(lesson):
    assert len(lesson.body.split()) <= 280


@EACH
def test_parameters_that_a_text_quotes_exist(lesson):
    known = {*FIELDS, *POPULATION_FIELDS, "weight", "amplitude", "I_syn"}
    quoted = lesson.body.split("`")[1::2]
    assert {name.partition("[")[0] for name in quoted} <= known


def spikes(name, **changes):
    """Spike times of a lesson's start with other numbers, ms."""
    session = Session()
    open_query(session, next(lesson.start for lesson in LESSONS if lesson.name == name))
    choices = session.choices
    if "amplitude" in changes:
        step = replace(choices.stimulus[0], amplitude=changes.pop("amplitude"))
        choices = choices._replace(stimulus=(step,))
    frame = compute(Asked(choices._replace(cell=choices.cell.replace(**changes))))
    return frame.spike_times


def test_numbers_of_spikes_that_the_texts_state_are_those_of_the_model():
    assert [len(spikes("rheobase", amplitude=x)) for x in (256.0, 257.0)] == [0, 11]
    asc = "after-spike-currents"
    assert [
        len(spikes(asc, asc_amps=amps)) for amps in ([-9.18, -198.94], [0, -198.94], [-9.18, 0])
    ] == [12, 18, 15]
    assert np.diff(spikes(asc))[[0, -1]] == pytest.approx([25.3, 44.6])
    two = "two-kinds-of-adaptation"
    assert [len(spikes(two)), len(spikes(two, asc_amps=[0, 0]))] == [7, 21]
    assert np.diff(spikes(two, th_spike_add=0.0))[-1] == pytest.approx(42.0)
    moving = "moving-threshold"
    assert [len(spikes(moving, amplitude=x)) for x in (270.7, 270.8)] == [0, 1]
    refractory = "what-nest-does-while-refractory"
    assert [len(spikes(refractory, t_ref=x)) for x in (9.4, 9.5)] == [2, 1]


# Checks


def test_a_waveform_is_compared_in_percent_of_the_targets_peak():
    frame = picture("weight=110&tau_syn_fast=2&tau_syn_slow=6&amp_slow=0.3")
    shape = {"weight": 100.0, "tau_syn_fast": 2.0, "tau_syn_slow": 6.0, "amp_slow": 0.3}
    assert Check("waveform", 0, 1, {"shape": shape}).measure(frame).value == pytest.approx(10.0)
    shape.pop("weight")
    assert Check("waveform", 0, 1, {"shape": shape}).measure(frame).value == pytest.approx(0.0)


def test_waveforms_differ_as_glifcores_do():
    ours, target = PscShape(80.0, 1.0, 9.0, 0.6), PscShape(100.0, 2.0, 6.0, 0.3)
    frame = picture("weight=80&tau_syn_fast=1&tau_syn_slow=9&amp_slow=0.6")
    time = np.linspace(0.0, 100.0, 20_001)
    curves = [np.asarray(psc_waveform(shape, time)) for shape in (ours, target)]
    off = 100.0 * np.abs(curves[0] - curves[1]).max() / curves[1].max()
    check = Check("waveform", 0, 1, {"shape": target._asdict()})
    assert check.measure(frame).value == pytest.approx(off, rel=1e-4)


def test_a_window_leaves_spikes_out():
    frame = picture("level=GLIF1&input=StepCurrent,320,40,280")
    times = frame.spike_times
    count = Check("spike_count", 0, 0, {"after": times[1], "until": times[4]})
    assert count.measure(frame).value == 3
    first = Check("first_spike", 0, 0, {"after": 60.0})
    assert first.measure(frame).value == pytest.approx(times[times > 60.0][0] - 60.0)


def test_what_cannot_be_measured_does_not_pass():
    silent = picture("level=GLIF1&input=")
    for kind in ("first_spike", "interval_ratio"):
        told = Check(kind, -np.inf, np.inf, {}).told(silent)
        assert not told.passed
        assert told.measured.endswith("none")
    assert not Check("input", 0, 1, {"name": "amplitude"}).told(silent).passed


@pytest.mark.parametrize(("level", "passed"), [("GLIF4", True), ("GLIF5", False)])
def test_a_range_with_one_end_holds_that_end(level, passed):
    frame = picture(f"cell=nest_default&level={level}")
    assert Check("level", -np.inf, 4.0, {}).told(frame).passed is passed
    assert Check("level", 5.0, np.inf, {}).told(frame).passed is not passed


def test_a_parameter_of_a_port_is_that_of_the_port_that_is_shown():
    query = "tau_syn_fast=2,3&tau_syn_slow=6,6&amp_slow=0.3,0.3&weight=100,50"
    for port, value in ((0, 2.0), (1, 3.0)):
        check = Check("parameter", 0, 0, {"name": "tau_syn_fast"})
        assert check.measure(picture(query, port)).value == value
    assert Check("parameter", 0, 0, {"name": "weight"}).measure(picture(query, 1)).value == 50.0


def test_a_trace_is_read_at_a_time():
    frame = picture("level=GLIF1&input=StepCurrent,100,40,480")
    value = Check("trace", 0, 0, {"name": "V_m", "at": 300.0}).measure(frame).value
    assert value == pytest.approx(-78.85 + 100.0 / 9.43, abs=1e-3)


POPULATION = "v=1&workspace=Population&cell=nest_default&level=GLIF1&duration=200&n_neurons=20"


def of_spikes(*rows, n_steps=1000):
    """A run whose neurons spiked at the end of these steps."""
    neuron = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    step = np.concatenate([np.asarray(row, int) for row in rows])
    spikes = Spikes(step.astype(np.int32), neuron.astype(np.uint16), n_steps)
    run = begin(AskedOfMany(picture(POPULATION).choices))
    return run._replace(done=len(rows), spikes=spikes)


def measured(kind, run, **given):
    return Check(kind, 0, 0, given).measure(None, run).value


def test_checks_of_a_population_read_its_spikes():
    run = of_spikes([9, 19, 29], [9], [], [], n_steps=1000)  # 100 ms
    assert measured("mean_rate", run) == pytest.approx(10.0)
    assert measured("silent", run) == 50.0
    run = crowd(picture(POPULATION).choices)
    assert measured("interval_cv", run) == mean_cv(run.spikes, 20)
    assert measured("synchrony", run) == synchrony(run.spikes, 20, 10.0)
    assert measured("synchrony", run, bin=3) == synchrony(run.spikes, 20, 3.0) != 0


def test_a_window_leaves_spikes_of_a_population_out():
    run = of_spikes([9, 19, 510, 710], [9], [600], n_steps=1000)
    assert measured("mean_rate", run, after=50) == pytest.approx(3 / (3 * 0.05))
    assert measured("mean_rate", run, after=50, until=60) == pytest.approx(1 / (3 * 0.01))
    assert measured("silent", run, after=50) == pytest.approx(100 / 3)
    # The bins begin with the window: spikes 0.2 ms apart that a bin's edge had parted are together.
    run = of_spikes([499, 699], [501, 701])
    assert measured("synchrony", run, after=45) == pytest.approx(1.0)
    assert measured("synchrony", run) < 0


def test_what_cannot_be_measured_of_a_population_does_not_pass():
    silent = of_spikes([], [])
    for kind in ("interval_cv", "synchrony"):
        told = Check(kind, -np.inf, np.inf, {}).told(None, silent)
        assert not told.passed and told.measured.endswith("none")
    late = Check("mean_rate", -np.inf, np.inf, {"after": 500.0}).told(None, silent)
    assert not late.passed and late.measured == "Mean rate of a neuron after 500 ms: none"


def test_what_a_population_has_as_settings_is_read_from_the_choices():
    frame = picture(f"{POPULATION}&own_rate=7&spread=V_th:2")
    assert Check("population", 0, 0, {"name": "own_rate"}).measure(frame).value == 7.0
    assert Check("spread", 0, 0, {"name": "V_th"}).measure(frame).value == 2.0
    assert Check("spread", 0, 0, {"name": "g"}).measure(frame).value == 0.0


def test_numbers_that_the_texts_on_populations_state_are_those_of_the_model():
    start = next(lesson.start for lesson in LESSONS if lesson.name == "spread-and-synchrony")
    for deviation, low, high in ((0.0, 1.0, 1.0), (0.5, 0.0, 0.02), (2.0, 0.0, 0.02)):
        query = start.replace("V_th:0", f"V_th:{deviation}")
        run = crowd(picture(query).choices)
        assert low <= round(measured("synchrony", run, after=500), 9) <= high
        assert measured("silent", run) == 0.0 and measured("interval_cv", run) < 1e-3
    assert measured("silent", crowd(picture(start.replace("V_th:0", "V_th:6")).choices)) > 0
    start = next(lesson.start for lesson in LESSONS if lesson.name == "shared-and-private-input")
    noisy = crowd(picture(start.replace("own_std=0", "own_std=60")).choices)
    assert measured("synchrony", noisy) == pytest.approx(0.25, abs=0.01)
    less = crowd(picture(f"{start}&shared=0.5").choices)
    assert measured("silent", less) == 100.0


# Files


def test_a_lesson_is_read_from_its_file():
    lesson = read_lesson("mine", FILE)
    assert lesson.start.startswith("v=1&")  # the query of the link that was pasted
    assert (lesson.checks[0].low, lesson.checks[0].high) == (3.0, 4.0)
    assert lesson.body == "Text."


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("---\ntitle", "title", ["front matter", "---"]),
        ("title: Mine\n", "", ["`title`", "Add it"]),
        ("title: Mine", "title: Mine: yours", ["not YAML", "line 2", "quotes"]),
        ("title: Mine", "titel: Mine", ["`titel`", "`title`"]),
        ("order: 5", "order: first", ["`order`", "number"]),
        ("workspace: Neuron", "workspace: Neurons", ["`workspace`", "`Population`"]),
        ("kind: spike_count", "kind: spikes", ["`kind`", "`spike_count`"]),
        ("target: [3, 4]", "target: many", ["`target`", "[5, 7]"]),
        ("target: [3, 4]", "target: [4, 3]", ["4 to 3", "lower"]),
        ("target: [3, 4]", "target: 3, nmae: x", ["`nmae`", "Take it out"]),
        ("spike_count, target: [3, 4]", "feature, name: area, target: 1", ["`name`", "`charge`"]),
        ("spike_count, target: [3, 4]", "waveform, target: 1", ["`target`", "`tau_syn_fast`"]),
        ("spike_count, target: [3, 4]", "trace, name: V_m, target: 1", ["`at`", "ms"]),
        ("spike_count, target: [3, 4]", "spread, name: Vth, target: 1", ["`name`", "`V_th`"]),
        ("spike_count, target", "silent, target", ["silent", "`workspace: Population`"]),
        ("[3, 4]}", "3, after: 9, until: 5}", ["9 ms", "5 ms", "later"]),
        ("{kind: spike_count, target: [3, 4]}", "7", ["`kind`", "7"]),
        ("{kind: spike_count, target: [3, 4]}", "[]", ["`check`", "Add it"]),
    ],
)
def test_a_wrong_file_is_told_by_file_key_and_remedy(old, new, words):
    assert old in FILE
    with pytest.raises(LessonError) as told:
        read_lesson("mine", FILE.replace(old, new))
    for word in ("`mine.md`", *words):
        assert word in str(told.value)


@pytest.mark.parametrize(
    ("check", "words"),
    [
        ("kind: synchrony, bin: 0, at_most: 0.1", ["`bin`", "0 ms", "1 to 1000 ms"]),
        ("kind: synchrony, bin: wide, at_most: 0.1", ["`bin`", "'wide'", "number"]),
        ("kind: synchrony, at_least: 5", ["synchrony", "from -1 to 1", "target"]),
        ("kind: silent, target: [-9, -5]", ["silent", "from 0 to 100", "target"]),
        ("kind: mean_rate, at_most: -1", ["mean_rate", "at least 0", "target"]),
        ("kind: mean_rate, bin: 5, target: 1", ["`bin`", "Take it out"]),
        ("kind: population, name: neurons, target: 1", ["`name`", "`n_neurons`"]),
    ],
)
def test_a_wrong_check_of_a_population_is_told_by_key_and_remedy(check, words):
    file = FILE.replace("workspace: Neuron\n", "workspace: Population\n")
    with pytest.raises(LessonError) as told:
        read_lesson("mine", file.replace("kind: spike_count, target: [3, 4]", check))
    for word in ("`mine.md`", *words):
        assert word in str(told.value)


def test_a_teachers_folder_is_read_and_a_wrong_file_keeps_no_other_out(tmp_path, monkeypatch):
    (tmp_path / "mine.md").write_text(FILE)
    (tmp_path / "wrong.md").write_text("No lesson.")
    (tmp_path / "latin.md").write_bytes(FILE.replace("Mine", "Größe").encode("latin-1"))
    monkeypatch.setenv(FOLDER, str(tmp_path))
    course = Course()
    assert course.lessons[0].title == "Mine"  # its order is 5
    assert len(course.lessons) == len(LESSONS) + 1
    assert ["latin" in course.problems[0], "wrong" in course.problems[1]] == [True, True]
    shown = Lessons(Session(), course).main[0].object
    assert "wrong.md" in shown


def test_a_teachers_lesson_takes_the_place_of_one_of_the_same_name(tmp_path):
    (tmp_path / "one-alpha.md").write_text(FILE)
    found = find_lessons(str(tmp_path))
    assert len(found.lessons) == len(LESSONS)
    assert [lesson.title for lesson in found.lessons if lesson.name == "one-alpha"] == ["Mine"]


def test_a_folder_that_is_not_there_is_told():
    found = find_lessons("/no/such/folder")
    assert found.lessons == LESSONS
    assert FOLDER in found.problems[0]


def test_html_of_a_teacher_stays_text():
    evil = "<script>alert(1)</script>"
    html = to_html(f"{evil} **bold** ![x](http://far.away/x.png) [x](javascript:alert(1))")
    assert "<script" not in html and "<img" not in html and 'href="javascript' not in html
    assert "<strong>bold</strong>" in html
    for latex in (f"\\text{{{evil}}}", "\\text{<img src=x onerror=alert(1)>}", evil):
        assert not any(word in to_html(f"${latex}$") for word in ("<script", "<img", "onerror="))
    assert "javascript" not in to_html("$\\href{javascript:alert(1)}{x}$")
    lesson = read_lesson(
        "mine", FILE.replace("Mine", evil).replace("Yes.", evil).replace("How many?", evil)
    )
    session, course = Session(), Course()
    course.lessons = (lesson,)
    page = LessonPanel(session, results(session), course)
    course.begin(session, lesson)
    page.answer()
    shown = [pane.object for pane in (page._title, page._text, page._verdict)]
    assert not any("<script" in text for text in shown)
    assert "&lt;script" in "".join(shown)


def test_equations_are_mathml():
    html = to_html("A $\\tau$, and\n\n$$x = y$$\n")
    assert html.count("<math") == 2
    assert "$" not in html


# The panel


def results(session):
    frame = compute(Asked(session.choices, session.port))
    return Results(frame=frame)


def follow(session, results):
    results.frame = compute(Asked(session.choices, session.port))


def test_the_panel_is_there_only_while_a_lesson_is_open():
    session, course = Session(), Course()
    panel = LessonPanel(session, results(session), course)
    assert not panel._card.visible
    course.begin(session, LESSONS[0])
    assert panel._card.visible
    assert session.workspace == LESSONS[0].workspace
    panel.close.clicks += 1
    assert not panel._card.visible


def test_to_begin_a_lesson_is_one_step_of_undo():
    session, course = Session(), Course()
    before = session.choices
    course.begin(session, course.lesson("resets"))
    session.undo()
    assert session.choices == before
    assert not session.can_undo


def test_a_check_tells_what_was_measured_and_notes_what_was_solved():
    session, course = Session(), Course()
    panel = LessonPanel(session, results(session), course)
    course.begin(session, course.lesson("resets"))
    panel.check.clicks += 1
    assert "Not yet." in panel._verdict.object and "26" in panel._verdict.object
    assert course.solved == frozenset()
    session.choose("voltage_reset_add", 3.0)
    assert panel._verdict.object == ""  # it was about another state
    panel.check.clicks += 1  # before the page has drawn the new picture
    assert "Right." in panel._verdict.object and "17" in panel._verdict.object
    assert course.solved == {"resets"}
    assert "solved" in panel._title.object
    panel.again.clicks += 1
    assert session.value("voltage_reset_add") == 18.51
    panel.next.clicks += 1
    assert session.lesson == "after-spike-currents"


def test_what_is_measured_follows_the_picture():
    session, course = Session(), Course()
    drawn = results(session)
    panel = LessonPanel(session, drawn, course)
    course.begin(session, course.lesson("resets"))
    assert panel._now.object == ""  # the picture is still that of before
    follow(session, drawn)
    assert "26" in panel._now.object
    session.choose("voltage_reset_add", 3.0)
    follow(session, drawn)
    assert "17" in panel._now.object


def test_a_state_without_a_picture_is_told_in_its_own_sentence():
    session, course = Session(), Course()
    panel = LessonPanel(session, results(session), course)
    course.begin(session, course.lesson("resets"))
    session.choose("t_ref", -1.0)
    panel.answer()
    assert "t_ref" in panel._verdict.object and "must be above 0" in panel._verdict.object


def opened(name):
    """A lesson that was begun, and its panel."""
    session, course, populations = Session(), Course(), PopulationResults()
    panel = LessonPanel(session, results(session), course, populations)
    course.begin(session, course.lesson(name))
    return session, course, populations, panel


def test_a_lesson_about_a_population_follows_its_run_and_is_solved():
    session, course, populations, panel = opened("spread-and-synchrony")
    assert panel._now.object == ""  # nothing was simulated yet
    panel.check.clicks += 1
    assert "Not yet." in panel._verdict.object and "Synchrony after 500 ms" in panel._verdict.object
    session.population = replace(session.population, spread=(("V_th", 1.0),))
    asked = AskedOfMany(session.choices, session.port)
    populations.run = advance(begin(asked))
    assert panel._now.object == ""  # some neurons are missing
    populations.run = crowd(session.choices)
    assert "Mean rate of a neuron: 68.81 /s" in panel._now.object
    panel.check.clicks += 1
    assert "Right." in panel._verdict.object and course.solved == {"spread-and-synchrony"}


def test_a_large_population_is_checked_only_when_it_is_done():
    session, course, populations, panel = opened("spread-and-synchrony")
    session.population = replace(session.population, n_neurons=400.0, spread=(("V_th", 1.0),))
    panel.check.clicks += 1
    assert "not simulated to its end" in panel._verdict.object and not course.solved
    run = begin(AskedOfMany(session.choices, session.port))
    while not run.finished:
        run = advance(run)
    populations.run = run
    panel.check.clicks += 1
    assert "Synchrony" in panel._verdict.object and "simulated" not in panel._verdict.object


def test_a_problem_of_the_population_is_told_in_its_own_sentence():
    session, _, _, panel = opened("spread-and-synchrony")
    session.population = replace(session.population, spread=(("V_th", 1000.0),))
    panel.answer()
    assert "V_reset" in panel._verdict.object


def test_a_lesson_that_does_not_exist_is_told():
    session = Session(lesson="gone")
    panel = LessonPanel(session, results(session), Course())
    assert panel._card.visible
    assert "gone" in panel._told.object
    assert not panel._buttons.visible


def test_the_list_marks_what_was_solved():
    session, course = Session(), Course()
    lessons = Lessons(session, course)
    lessons.open["resets"].clicks += 1
    assert session.lesson == "resets"
    course.solve(course.lesson("resets"))
    assert "solved" in lessons._marks["resets"].object
    assert "solved" not in lessons._marks["one-alpha"].object
    assert lessons._count.object.startswith('<p class="caption">1 of')


def test_the_example_for_teachers_works_and_every_kind_of_check_is_described():
    text = (Path(__file__).parents[2] / "docs/lessons.md").read_text(encoding="utf-8")
    lesson = read_lesson("mine", text.partition("```markdown\n")[2].partition("\n```")[0])
    assert not passes(lesson, picture(lesson.start))
    assert passes(lesson, picture(lesson.solution))
    assert all(f"`{kind}`" in text for kind in KINDS)


def test_the_recording_of_the_lesson_leads_to_its_answer():
    session, choices = Session(), WorkshopChoices()
    course = Course()
    lesson = course.lesson("matching-a-recording")
    course.begin(session, lesson)
    recording = open_example("Granule cell mEPSC (mean of 43)")
    choices.open(recording, propose(recording))
    fit = fit_picture(choices.task(True), Preparer()).fit
    shape = synapse_of(PscShape(*fit.best[:4]))
    session.accept(with_synapse(session.cell, shape, session.port), float(shape.weight))
    assert not passes(lesson, compute(Asked(session.choices)))  # the PSP is too small
    session.choose("weight", 56.6, 0)
    assert passes(lesson, compute(Asked(session.choices)))

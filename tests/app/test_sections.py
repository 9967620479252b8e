"""What each workspace keeps in the session beside the choices: links, undo, sentences."""

import numpy as np
import pytest
from glifscope.cells.atlas import cells, lines, quantities
from glifscope.cells.choices import ORDERS
from glifscope.cells.choices import Asked as AskedCells
from glifscope.cells.choices import Chosen as ChosenCells
from glifscope.cells.filters import Filters
from glifscope.population.url import Looked
from glifscope.session import PANES, SYNAPSE_PARTS, Session
from glifscope.shown_traces import ROWS, ShownTraces
from glifscope.state import SECTIONS
from glifscope.synapses.catalogue import QUANTITIES
from glifscope.synapses.choices import Asked
from glifscope.url_state import LONGEST, open_query, to_query
from glifscope.workshop.choices import WEIGHTS, Chosen, WorkshopChoices, begun
from glifscope.workshop.examples import EXAMPLES, begun_with
from hypothesis import given, settings
from hypothesis import strategies as some

from glifcore import GlifModel, list_synapses
from glifcore.fit_result import PARAMETERS, PscParameters
from glifcore.recordings import load_recording

SOME_ROWS = some.sets(some.sampled_from(ROWS)).map(
    lambda rows: tuple(row for row in ROWS if row in rows)
)
RECORDINGS = {key: begun_with(key).recording for key in EXAMPLES}
EXPLORERS = some.builds(
    Asked,
    synapse=some.sampled_from([synapse.name for synapse in list_synapses()]),
    size=some.floats(0.01, 300.0),
    x=some.sampled_from(list(QUANTITIES)),
    y=some.sampled_from(list(QUANTITIES)),
    tint=some.sampled_from(list(QUANTITIES)),
)


@some.composite
def atlases(draw):
    level = draw(some.sampled_from(list(GlifModel)))
    axis = some.sampled_from(list(quantities(level)))
    filters = Filters(
        lines=tuple(draw(some.lists(some.sampled_from(list(lines())), unique=True, max_size=4))),
        species=draw(some.sampled_from(["mouse", "human", None])),
        least=draw(some.floats(0.0, 1.0)),
        doubtful=draw(some.sampled_from([True, False, None])),
    )
    cell = draw(some.sampled_from(["", *list(cells())[:40]]))
    ends = some.lists(some.floats(-1e6, 1e6), min_size=2, max_size=2, unique=True).map(sorted)
    box = draw(some.none() | some.tuples(ends, ends).map(lambda sides: (*sides[0], *sides[1])))
    asked = AskedCells(level, draw(axis), draw(axis), filters, box)
    return ChosenCells(asked, cell, draw(some.sampled_from(ORDERS)))


@some.composite
def workshops(draw):
    """The key of an example, and what is chosen for it."""
    key = draw(some.sampled_from(list(EXAMPLES)))
    recording = RECORDINGS[key]
    time = some.floats(float(recording.time[0]), float(recording.time[-1]))
    number = some.floats(-50.0, 50.0)
    positive = some.floats(0.01, 50.0)
    sweeps = some.sets(some.integers(0, len(recording.sweeps) - 1), min_size=1)
    names = some.sampled_from(list(PARAMETERS))
    values = [draw(number), draw(positive), draw(positive), draw(positive), draw(time)]
    return key, {
        "sweeps": tuple(sorted(draw(sweeps))),
        "factor": draw(positive),
        "inverted": draw(some.booleans()),
        "levelled": draw(some.booleans()),
        "window": tuple(sorted((draw(time), draw(time)))),
        "quiet": tuple(sorted((draw(time), draw(time)))),
        "weights": draw(some.sampled_from(list(WEIGHTS))),
        "values": PscParameters(*values, draw(number)),
        "fixed": frozenset(draw(some.sets(names))),
        "bounds": tuple((name, 1.0, 2.5) for name in draw(some.sets(names))),
        "keep_fitted": draw(some.booleans()),
    }


@settings(max_examples=60, deadline=None)
@given(
    EXPLORERS, atlases(), workshops(), some.integers(0, 999), some.floats(1.0, 1000.0), SOME_ROWS
)
def test_whatever_was_chosen_comes_back_from_a_link(explorer, atlas, workshop, neuron, width, rows):
    session, other = Session(), Session()
    key, changes = workshop
    session.param.update(
        explorer=explorer,
        atlas=atlas,
        workshop=begun_with(key)._replace(**changes),
        looked=Looked(float(neuron), width),
        shown_traces=ShownTraces(rows),
    )
    query = to_query(session)
    assert len(query) < LONGEST
    assert open_query(other, query) == []
    assert other.state[1:] == session.state[1:]


def test_the_places_on_the_page_come_back_too():
    session, other = Session(part=SYNAPSE_PARTS[1], pane=PANES[2]), Session()
    assert open_query(other, to_query(session)) == []
    assert (other.part, other.pane) == (SYNAPSE_PARTS[1], PANES[2])


def test_what_is_as_at_the_start_is_not_in_the_link():
    keys = {key for section in SECTIONS for key in section.keys}
    assert not any(f"{key}=" in to_query(Session()) for key in keys)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("v1.class=nobody", "choose from"),
        ("v1.weight=much", "finite number"),
        ("v1.weight=-4", "v1.weight"),
        ("v1.x=height", "choose from"),
        ("cells.level=GLIF9", "choose from"),
        ("cells.least=nan", "finite number"),
        ("cells.lines=nobody", "choose from"),
        ("workshop.example=mine", "choose from"),
        ("workshop.window=1", "2 are needed"),
        ("workshop.window=9,1", "before it begins"),
        ("workshop.shape=1,0,1,1,1,1", "must be above"),
        ("workshop.sweeps=0-3", "numbers from 1"),
        ("workshop.sweeps=1-99999999", "numbers from 1"),
        ("workshop.held=colour", "choose from"),
        ("workshop.bounds=onset:9:1", "lower one"),
        ("workshop.inverted=perhaps", "choose from"),
        ("part=cellar", "choose from"),
        ("pane=window", "choose from"),
    ],
)
def test_what_cannot_be_read_is_told_and_left(entry, said):
    session = Session()
    told = open_query(session, f"v=1&{entry}")
    assert len(told) == 1 and said in told[0]
    assert session.state == Session().state


def test_a_quantity_that_the_level_lacks_is_told():
    lacking = next(
        key for key in quantities(GlifModel.GLIF5) if key not in quantities(GlifModel.GLIF1)
    )
    session = Session()
    (told,) = open_query(session, f"v=1&cells.level=GLIF1&cells.x={lacking}")
    assert lacking in told
    assert session.atlas.asked.x in quantities(GlifModel.GLIF1)


def test_a_window_beyond_the_recording_is_cut_and_told():
    session = Session()
    (told,) = open_query(session, "v=1&workshop.example=train&workshop.window=-50,1e6")
    assert "cut" in told
    time = session.workshop.recording.time
    assert session.workshop.window == (time[0], time[-1])


def test_what_was_chosen_for_a_file_waits_until_it_is_opened_again():
    rows = "\n".join(f"{0.1 * i:.1f},{-np.exp(-(((i - 100) / 30) ** 2)):.5f}" for i in range(400))
    recording = load_recording(f"time (ms),I (pA)\n{rows}\n".encode(), name="own.csv")
    session = Session()
    session.workshop = begun(recording, file="<b>own</b>.csv")._replace(window=(3.0, 21.0))
    other = Session()
    (told,) = open_query(other, to_query(session))
    assert "<b>own</b>.csv" in told and "once more" in told
    choices = WorkshopChoices()
    choices.become(other.workshop)
    assert choices.recording is None and choices.window == (3.0, 21.0)
    choices.start_with(begun(recording, file="<b>own</b>.csv"))
    assert choices.recording is recording and choices.window == (3.0, 21.0)


def test_an_open_recording_stays_where_a_link_says_nothing_of_the_workshop():
    session = Session()
    session.workshop = begun_with("train")
    assert open_query(session, "v=1&cell=nest_default&level=GLIF2") == []
    assert session.workshop == begun_with("train")
    open_query(session, "v=1&workshop.example=granule")
    assert session.workshop == begun_with("granule")


def test_undo_goes_back_through_all_workspaces():
    session = Session()
    start = session.state
    session.choose("g", 12.0)
    session.explorer = session.explorer._replace(size=40.0)
    session.explorer = session.explorer._replace(size=41.0)  # the same drag
    session.atlas = session.atlas._replace(cell=next(iter(cells())))
    session.workshop = begun_with("train")
    session.workshop = session.workshop._replace(window=(1.0, 20.0))
    session.looked = session.looked._replace(neuron=7.0)
    session.pinned = session.choices
    end = session.state
    for _ in range(7):
        assert session.can_undo
        session.undo()
    assert not session.can_undo
    assert session.state == start
    for _ in range(7):
        session.redo()
    assert session.state == end and session.workshop == Chosen(*end.workshop)

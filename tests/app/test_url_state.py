"""The address of the page: what it holds, and what it does with nonsense."""

import numpy as np
import pytest
from glifscope.address import Address
from glifscope.choices import OFFERED, Choices, presets, problems_of
from glifscope.session import WORKSPACES, Session
from glifscope.stimuli import KINDS
from glifscope.url_state import _KNOWN, LONGEST, open_query, to_query
from hypothesis import example, given, settings
from hypothesis import strategies as st

from glifcore import GlifModel, SpikeTrain
from tests.benchmarks.fuzz_links import everything_at_once


def opened(query):
    session = Session()
    return session, open_query(session, query)


def assert_comes_back(session):
    query = to_query(session)
    again, told = opened(query)
    assert told == []
    assert again.choices == session.choices
    for name in ("workspace", "port", "lesson", "spike", "pinned"):
        assert getattr(again, name) == getattr(session, name)
    assert to_query(again) == query


def test_a_link_of_a_dark_page_says_so_and_one_without_a_word_leaves_the_page_as_it_is():
    session, other = Session(dark=True), Session()
    assert "theme=dark" in to_query(session)
    assert open_query(other, to_query(session)) == [] and other.dark
    open_query(other, "v=1&g=9.5")
    assert other.dark
    open_query(other, "v=1&theme=default")
    assert not other.dark


def test_the_first_page_has_a_short_address():
    assert to_query(Session()) == "v=1&workspace=Neuron&cell=nest_default&level=GLIF5"


def test_a_link_that_none_would_read_is_not_copied():
    session = Session()
    address = Address(session)
    address.copy()
    assert address.copied == 1
    session.add_part(SpikeTrain(tuple(0.1 * i + 1.0 for i in range(2000)), weight=100.0))
    address.copy()
    assert len(address.query) > LONGEST and address.copied == 1


def test_it_can_be_read_and_written_by_hand():
    session, told = opened(
        "?v=1&workspace=Cells&cell=467003163&level=GLIF3&tau_syn_fast=1.5&g=12"
        "&input=StepCurrent,250,40,280&input=SpikeTrain,0,100,110.5&duration=300"
    )
    assert told == []
    assert session.workspace == "Cells" and session.cell.model is GlifModel.GLIF3
    assert session.value("g") == 12.0 and session.value("tau_syn_fast", 0) == 1.5
    assert session.stimulus[1].times == (100.0, 110.5)
    assert session.duration == 300.0


@pytest.mark.parametrize("workspace", WORKSPACES)
@pytest.mark.parametrize("model", GlifModel)
def test_every_workspace_and_level_comes_back(workspace, model):
    session = Session(workspace=workspace)
    session.choose_model(model)
    assert_comes_back(session)


@pytest.mark.parametrize("name", [*OFFERED, *list(presets())[1::40]])
def test_every_cell_comes_back(name):
    session = Session()
    session.choose_preset(name)
    assert_comes_back(session)
    session.choose("asc_amps", -1.25e-7, 1)
    session.choose("E_L", -70.123456789012345)
    assert_comes_back(session)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "RecordedCurrent"])
def test_every_kind_of_input_comes_back(kind):
    session = Session()
    session.stimulus = (KINDS[kind].start, KINDS["StepCurrent"].start)
    assert_comes_back(session)


def test_everything_at_once_comes_back():
    assert_comes_back(everything_at_once())


def test_a_stimulus_of_nothing_comes_back():
    session = Session()
    session.stimulus = ()
    assert_comes_back(session)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("v=2&g=3", "version"),
        ("g=hello", "`g` is 'hello'; it must be a number"),
        ("g=-3", "must be above 0"),
        ("g=nan", "finite"),
        ("cell=nobody", "No cell is called 'nobody'"),
        ("level=GLIF9", "choose from: GLIF1"),
        ("workspace=Home", "choose from: Synapse"),
        ("input=StepCurrent,1,2,3,4,5", "could not be read"),
        ("input=Nothing,1", "could not be read"),
        ("input=RegularTrain,1,2,inf,0", "could not be read"),
        ("port=3", "ports 0 to 0"),
        ("asc_decay=1,2,3", "3 numbers; 2 are needed"),
        ("g=8,9", "`g` has 2 numbers; only the first is taken"),
        ("duration=200,300", "`duration` has 2 numbers"),
        ("n_neurons=5,6,7", "`n_neurons` has 3 numbers"),
        ("weight=10,20", "`weight` has 2 numbers; only the first is taken"),
        ("tau_syn_fast=1,2", "tau_syn_slow"),
        ("duration=1e12", "between 10 and 20000"),
        ("n_neurons=1e9", "between 1 and 1000"),
        ("colour=red", "Nothing on this page is called colour"),
        ("a=" + "x" * LONGEST, "letters"),
    ],
)
def test_what_cannot_be_read_is_told_and_the_rest_is_sound(query, sentence):
    session, told = opened(query)
    assert any(sentence in line for line in told), told
    assert problems_of(session.choices) == ()


def test_markup_in_an_address_is_cut_and_quoted_never_taken():
    session, told = opened("cell=<script>alert(1)</script>&lesson=<b>&<img>=1")
    assert session.preset == "nest_default"
    assert all(len(line) < 200 for line in told)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted({"v", *_KNOWN})),
            st.one_of(
                st.text(max_size=12),
                st.floats().map(repr),
                st.sampled_from(["", "1,2", "1e400", "-inf", "PoissonTrain,1e9,0,0,1e9,1"]),
            ),
        ),
        max_size=6,
    )
)
@example([("input", "PoissonTrain,inf"), ("v", "1")])
@example([("input", "BurstTrain,1,2,3e9,4,5,0")])
@example([("pinned", "g=-1&pinned=g%3D1")])
@example([("spike", "nan"), ("port", "nan")])
def test_no_address_breaks_the_page(entries):
    session, told = opened("&".join(f"{name}={value}" for name, value in entries))
    assert not [p for p in problems_of(session.choices) if p.severity == "error"]
    assert all(isinstance(line, str) for line in told)
    assert np.isfinite(session.choices.arriving().weights).all()


def test_choices_are_compared_by_their_values():
    assert Choices() == Choices() and Session().choices == Choices()


@pytest.mark.parametrize("pinned", ["zzz", "foo%3D3%26workspace%3DCells"])
def test_a_pin_that_is_no_run_is_told_and_nothing_is_pinned(pinned):
    session = Session()
    (told,) = open_query(session, f"v=1&pinned={pinned}")
    assert "must be the query of a run" in told and session.pinned is None


def test_what_a_pin_has_beside_a_run_is_told_and_the_rest_is_pinned():
    session = Session()
    (told,) = open_query(session, "v=1&pinned=foo%3D3%26level%3DGLIF3")
    assert "called foo" in told and session.pinned.cell.model is GlifModel.GLIF3

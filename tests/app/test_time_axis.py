"""What of the run is seen: the session keeps it, the plots of every workspace follow."""

import pytest
from glifscope.session import Session
from glifscope.time_axis import TimeAxis
from glifscope.url_state import open_query, to_query


def ends(axis):
    return axis.range.start, axis.range.end


def test_the_axis_begins_with_the_whole_run_or_the_sessions_window():
    assert ends(TimeAxis(Session())) == (0.0, 500.0)
    axis = TimeAxis(Session(window=(100.0, 200.0)))
    assert ends(axis) == (100.0, 200.0)
    assert (axis.range.reset_start, axis.range.reset_end) == (0.0, 500.0)


def test_what_the_page_zooms_to_is_the_sessions_window_and_moves_the_other_axes():
    session = Session()
    axis, other = TimeAxis(session), TimeAxis(session)
    axis.range.start = 123.4567
    axis.range.end = 200.0
    assert session.window == (123.46, 200.0)
    assert ends(axis) == (123.4567, 200.0)  # not moved back under the pointer
    assert ends(other) == (123.46, 200.0)
    axis.range.update(start=0.0, end=500.0)
    assert session.window is None and ends(other) == (0.0, 500.0)


def test_an_axis_goes_to_another_duration_only_once_that_is_drawn():
    session = Session()
    axis = TimeAxis(session)
    session.duration = 700.0
    assert ends(axis) == (0.0, 500.0)
    session.window = (550.0, 650.0)
    assert ends(axis) == (0.0, 500.0)
    axis.fit(700.0)
    assert ends(axis) == (550.0, 650.0) and axis.range.bounds == (0.0, 700.0)


def test_a_window_stays_while_the_run_is_as_long_as_that():
    session = Session(window=(100.0, 200.0))
    session.duration = 300.0
    assert session.window == (100.0, 200.0)
    session.duration = 150.0
    assert session.window is None


def test_zooming_is_no_step_of_undo():
    session = Session()
    session.window = (100.0, 200.0)
    assert not session.can_undo


def test_a_link_holds_the_window():
    session, other = Session(window=(100.25, 200.0)), Session()
    query = to_query(session)
    assert "window=100.25,200" in query
    assert open_query(other, query) == [] and other.window == (100.25, 200.0)


@pytest.mark.parametrize("text", ["200,100", "100", "100,100.4", "-5,20", "0,900", "nan,nan"])
def test_a_window_that_is_none_is_told_and_the_whole_is_shown(text):
    session = Session()
    (told,) = open_query(session, f"v=1&window={text}")
    assert text in told and "between 0 and 500 ms, at least 0.5 ms apart" in told
    assert session.window is None

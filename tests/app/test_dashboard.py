"""The page as a whole, without a browser."""

import re

import panel as pn
from glifscope import Dashboard
from glifscope.session import Session
from glifscope.shown_traces import ROWS
from glifscope.url_state import to_query


def busy_watchers():
    return len(pn.state.param.watchers.get("busy", {}).get("value", []))


def test_a_page_leaves_no_watcher_on_the_server_that_would_keep_its_session():
    before = busy_watchers()
    for _ in range(3):
        Dashboard().page()
    assert busy_watchers() == before


def test_the_rows_of_traces_follow_the_session_and_undo():
    page = Dashboard()
    page.__panel__()
    pane = page.made["Neuron"]._traces
    assert {view.title for view in pane.views} >= set(ROWS)
    pane.rows.value = ["V_m", "Input"]
    assert [view.title for view in pane.views if view.shown] == ["V_m", "Input"]
    assert "rows=V_m,Input" in to_query(page.session)
    page.session.undo()
    assert pane.rows.value == list(ROWS)


def test_choosing_a_cell_from_the_menu_is_one_step():
    page = Dashboard()
    controls = page.made["Neuron"].controls
    controls.preset.value = "515305346"
    assert page.session.preset == "515305346"
    page.session.undo()
    assert page.session.preset == controls.preset.value == "nest_default"
    assert not page.session.can_undo


def test_a_workspace_neuron_that_is_built_late_shows_what_was_chosen_meanwhile():
    page = Dashboard(Session(workspace="Cells"))
    page.session.choose("g", 12.0)
    page.session.workspace = "Neuron"
    assert page.results.frame.choices == page.session.choices


def test_a_row_that_is_not_shown_holds_no_numbers_that_the_cursor_could_tell():
    page = Dashboard()
    pane = page.made["Neuron"]._traces
    rows = {view.title: view for view in pane.views}
    assert all(len(view.source.data["t"]) for title, view in rows.items() if title in ROWS)
    assert not len(rows["Difference"].source.data["t"])
    page.session.shown_traces = page.session.shown_traces._replace(rows=("V_m",))
    assert not len(rows["I_syn"].source.data["t"]) and not len(rows["Input"].source.data["t"])
    page.session.choose("weight", 20.0)
    page.session.shown_traces = page.session.shown_traces._replace(rows=ROWS)
    total = rows["I_syn"].source.data["total"]
    assert 15.0 < max(total) < 40.0 and len(rows["Input"].source.data["I"])


def test_every_row_names_its_lines_above():
    page = Dashboard()
    rows = {view.title: view for view in page.made["Neuron"]._traces.views}
    names = {
        "V_m": {"V_m", "threshold"},
        "Thresholds": {"threshold_spike (θ_s)", "threshold_voltage (θ_v)"},
        "ASCurrents": {"ASCurrents[0]", "ASCurrents[1]"},
        "I_syn": {"sum", "port 0, fast", "port 0, slow"},
        "Input": {"injected"},
    }

    def named():
        return {row: set(re.findall(r">([^<>]+)</li>", rows[row]._head.object)) for row in names}

    assert named() == names
    page.session.pinned = page.session.choices
    page.session.add_port()
    more = {row: labels | {"pinned"} for row, labels in names.items()}
    more["I_syn"] |= {"port 1, fast", "port 1, slow"}
    assert named() == more
    page.session.pinned = None
    page.session.remove_port()
    assert named() == names

"""The page as a whole, without a browser."""

import panel as pn
from glifscope import Dashboard


def busy_watchers():
    return len(pn.state.param.watchers.get("busy", {}).get("value", []))


def test_a_page_leaves_no_watcher_on_the_server_that_would_keep_its_session():
    before = busy_watchers()
    for _ in range(3):
        Dashboard().page()
    assert busy_watchers() == before


def test_choosing_a_cell_from_the_menu_is_one_step():
    page = Dashboard()
    controls = page.made["Neuron"].controls
    controls.preset.value = "515305346"
    assert page.session.preset == "515305346"
    page.session.undo()
    assert page.session.preset == controls.preset.value == "nest_default"
    assert not page.session.can_undo

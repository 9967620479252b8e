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

"""Named snapshots, without a browser."""

import json

import pytest
from glifscope.session import Session
from glifscope.snapshots import MOST, Snapshot, SnapshotsView, read, written


def kept(view, name):
    view.entry.value = name
    view.keep.clicks += 1


def test_a_snapshot_brings_back_what_was_chosen():
    session = Session()
    view = SnapshotsView(session)
    session.choose("g", 12.0)
    kept(view, "leaky")
    there = session.choices
    session.choose("g", 5.0)
    session.workspace = "Cells"
    (row,) = view._rows
    row[0].clicks += 1
    assert session.choices == there and session.workspace == "Neuron"
    session.undo()
    assert session.value("g") == 5.0


def test_they_come_back_from_the_text_that_the_browser_keeps():
    first = SnapshotsView(Session())
    for name in ("one", "two", "one"):
        kept(first, name)
    assert [s.name for s in first.snapshots] == ["two", "one"]
    second = SnapshotsView(Session())
    second.shelf.text = first.shelf.text
    assert second.snapshots == first.snapshots
    second._rows[0][1].clicks += 1
    assert [s.name for s in second.snapshots] == ["one"]


LONG = json.dumps([["a", "x" * 9000]])


@pytest.mark.parametrize("text", ["", "nonsense", "{}", "[1, 2]", '[["a"]]', '[["a", 1]]', LONG])
def test_what_is_no_snapshot_is_left_out(text):
    assert read(text) == ()


def test_there_is_an_end_to_them():
    assert len(read(written(tuple(Snapshot(str(i), "v=1") for i in range(99))))) == MOST
    view = SnapshotsView(Session())
    for i in range(MOST + 1):
        kept(view, str(i))
    assert len(view.snapshots) == MOST and view._told.visible

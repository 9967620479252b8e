"""The gate: newest choice only, at most one picture that the page has not answered."""

from concurrent.futures import Future

import panel as pn
import panel_material_ui as pmui
import pytest
from glifscope.live import MOST_UNPAINTED, Gate, send_at_once


class Pool:
    """An executor whose work is done when the test says so."""

    def __init__(self):
        self.waiting = []

    def submit(self, function, *args):
        future = Future()
        self.waiting.append((future, function, args))
        return future

    def work(self):
        future, function, args = self.waiting.pop(0)
        try:
            future.set_result(function(*args))
        except Exception as error:
            future.set_exception(error)


class Page:
    """The part of a Bokeh document that the gate calls; callbacks run when the test says so."""

    def __init__(self):
        self.ticks, self.timeouts = [], []

    def add_next_tick_callback(self, callback):
        self.ticks.append(callback)

    def add_timeout_callback(self, callback, milliseconds):
        self.timeouts.append(callback)


@pytest.fixture
def setting(monkeypatch):
    pool, page, drawn = Pool(), Page(), []
    choice = {"value": 0}
    gate = Gate(lambda: choice["value"], lambda value: 10 * value, drawn.append, pool, "It")
    gate._doc = page
    monkeypatch.setattr(pn.io, "hold", lambda doc: __import__("contextlib").nullcontext())

    def choose(value):
        choice["value"] = value
        gate.request()

    def draw():
        pool.work()
        page.ticks.pop(0)()

    return gate, pool, page, drawn, choose, draw


def test_choices_made_meanwhile_overwrite_each_other(setting):
    gate, pool, _, drawn, choose, draw = setting
    for value in (1, 2, 3, 4):
        choose(value)
    assert len(pool.waiting) == 1
    draw()
    assert drawn == [10]
    gate.numbers.painted = 1
    draw()
    assert drawn == [10, 40]
    assert pool.waiting == []


def test_no_more_pictures_are_unanswered_than_may_be(setting):
    gate, pool, _, drawn, choose, draw = setting
    for value in range(1, 10):
        choose(value)
        if pool.waiting:
            draw()
    assert gate.numbers.sent - gate.numbers.painted == MOST_UNPAINTED
    assert len(drawn) == MOST_UNPAINTED
    gate.numbers.painted = 1
    draw()
    assert drawn[-1] == 90


def test_a_page_that_never_answers_is_asked_again(setting):
    gate, pool, page, drawn, choose, draw = setting
    for value in (1, 2, 3):
        choose(value)
        if pool.waiting:
            draw()
    assert not pool.waiting
    page.timeouts.pop(0)()
    assert gate.numbers.painted == 1
    draw()
    assert drawn[-1] == 30


def test_a_picture_that_fails_is_logged_and_the_next_one_is_drawn(setting, caplog):
    gate, _, _, drawn, choose, draw = setting
    gate._compute = lambda value: 1 // (value - 1)
    for _ in range(2):  # the same fault again is not told again
        choose(1)
        draw()
    (record,) = caplog.records
    assert record.message == "It could not be drawn" and record.exc_info[0] is ZeroDivisionError
    choose(2)
    draw()
    assert drawn == [1]


def test_panel_still_has_the_private_names_that_the_gate_needs():
    slider = pmui.EditableFloatSlider()
    assert isinstance(type(slider)._debounce, int)
    assert isinstance(type(slider)._busy__ignore, list)
    send_at_once(slider, "value")
    assert slider._debounce == 0 and "value" in slider._busy__ignore
    assert "value" not in pmui.EditableFloatSlider._busy__ignore

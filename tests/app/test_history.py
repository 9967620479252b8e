"""Undo and redo on their own."""

from glifscope.history import MOST, PAUSE, History


class Clock:
    """Stands where it is put."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_changes_of_one_thing_are_one_step_until_a_pause():
    clock = Clock()
    history = History(0, clock)
    for state in (1, 2, 3):
        history.record(state, "a")
        clock.now += 0.9 * PAUSE
    clock.now += PAUSE
    history.record(4, "a")
    assert history.undo() == 3
    assert history.undo() == 0
    assert not history.can_undo


def test_another_subject_is_another_step():
    history = History(0, Clock())
    history.record(1, "a")
    history.record(2, "b")
    history.record(3, None)
    history.record(4, None)
    assert [history.undo() for _ in range(5)] == [3, 2, 1, 0, 0]


def test_it_forgets_the_oldest_steps_first():
    history = History(0, Clock())
    for state in range(1, MOST + 50):
        history.record(state, None)
    last = 0
    while history.can_undo:
        last = history.undo()
    assert last == 49


def test_it_forgets_the_oldest_steps_where_they_hold_too_much_together():
    shared, first, second, third = (bytearray(n) for n in (60, 70, 40, 50))
    parts = {0: (), 1: (shared, first), 2: (shared, second), 3: (third,), 4: ()}
    history = History(
        0, Clock(), holds=lambda state: [(part, len(part)) for part in parts[state]], most=150
    )
    history.record(1, None)
    history.record(2, None)  # what the present state holds too costs nothing
    assert [history.undo() for _ in range(3)] == [1, 0, 0]
    history.redo()
    history.redo()
    history.record(3, None)  # 170 bytes are held by the steps before: the first with some goes
    history.record(4, None)
    assert [history.undo() for _ in range(3)] == [3, 2, 2]

"""Spikes that are painted: each at the port in whose lane it stands, in one train only."""

from glifscope.stimuli import KINDS, Mark, painted

from glifcore import SpikeTrain, StepCurrent

STEP = StepCurrent(320.0, 40.0, 280.0)
FIRST, SECOND = SpikeTrain((50.0,), 1.0), SpikeTrain((150.0,), 1.0, receptor=1)
BOTH = (FIRST, STEP, SECOND)
SHOWN = [Mark(50.0, 0.0, 0), Mark(150.0, 1.0, 2)]


def paint(*marks, stimulus=BOTH, n_ports=2):
    """The times and the port of each train, after the spikes were painted."""
    found = painted(stimulus, marks, n_ports)
    assert [part for part in found if not isinstance(part, SpikeTrain)] == [
        part for part in stimulus if not isinstance(part, SpikeTrain)
    ]
    return [(part.times, part.receptor) for part in found if isinstance(part, SpikeTrain)]


def test_what_was_not_touched_stays_the_same():
    assert painted(BOTH, SHOWN, 2) == BOTH
    typed = (SpikeTrain((50.123,), 1.0),)
    assert painted(typed, [Mark(50.123, 0.0, 0)], 1) == typed


def test_a_new_spike_goes_to_the_train_of_its_own_port():
    assert paint(*SHOWN, Mark(200.04, 1.2, -1)) == [((50.0,), 0), ((150.0, 200.0), 1)]
    assert paint(*SHOWN, Mark(20.0, -0.4, -1)) == [((20.0, 50.0), 0), ((150.0,), 1)]


def test_where_the_port_has_no_train_it_gets_one():
    assert paint(Mark(200.0, 0.9, -1), stimulus=(STEP,)) == [((200.0,), 1)]
    assert KINDS["SpikeTrain"].start.receptor == 0
    below = paint(Mark(10.0, 7.0, -1), Mark(30.0, -3.0, -1), stimulus=(STEP,))
    assert below == [((30.0,), 0), ((10.0,), 1)]


def test_a_spike_that_is_moved_changes_its_time_or_its_port():
    assert paint(Mark(60.06, 0.1, 0), SHOWN[1]) == [((60.1,), 0), ((150.0,), 1)]
    assert paint(Mark(60.0, 0.8, 0), SHOWN[1]) == [((), 0), ((60.0, 150.0), 1)]


def test_two_trains_of_a_port_keep_their_own():
    two = (FIRST, SpikeTrain((70.0,), 1.0))
    assert painted(two, [Mark(50.0, 0.0, 0), Mark(70.0, 0.0, 1)], 1) == two
    moved = paint(Mark(50.0, 0.0, 0), Mark(80.0, 0.0, 1), stimulus=two, n_ports=1)
    assert moved == [((50.0,), 0), ((80.0,), 0)]

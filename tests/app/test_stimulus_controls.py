"""The controls of the stimulus, without a browser."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from glifscope.background import Background
from glifscope.choices import problems_of
from glifscope.part_controls import RecordedControl, TimesControl
from glifscope.session import Session
from glifscope.stimuli import KINDS
from glifscope.stimulus_controls import StimulusControls

from glifcore import PoissonTrain, RecordedCurrent, SpikeTrain


@pytest.fixture
def controls():
    session = Session()
    return session, StimulusControls(session, Background(ThreadPoolExecutor(1)))


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_each_kind_can_be_added_from_the_menu_moved_and_taken_away(controls, kind):
    session, view = controls
    view._add({"label": kind.title})
    assert session.stimulus[2] == kind.start and problems_of(session.choices) == ()
    for name, info in kind.numbers.items():
        control = next(c for c in view.controls if getattr(c, "field", "") == name and c.index == 2)
        control.slider.value = float(np.mean(info.typical)) + 1.0
        wanted = pytest.approx(control.slider.value, abs=0.5)
        assert getattr(session.stimulus[2], name) == wanted
    view._parts[2][0][1].clicks += 1
    assert len(session.stimulus) == 2


def test_a_part_without_an_end_is_shown_to_last_as_long_as_the_run():
    session = Session()
    session.add_part(PoissonTrain(20.0, 1.0))
    view = StimulusControls(session, Background(ThreadPoolExecutor(1)))
    (stop,) = (c for c in view.controls if getattr(c, "field", "") == "stop" and c.index == 2)
    assert session.stimulus[2].stop == np.inf and stop.slider.value == session.duration
    session.choose("duration", 800.0)
    assert stop.slider.value == 800.0 and session.stimulus[2].stop == np.inf


def test_times_are_typed_and_what_is_no_number_is_told(controls):
    session, view = controls
    session.add_part(SpikeTrain((1.0,), 1.0))
    (times,) = (c for c in view.controls if isinstance(c, TimesControl))
    times.entry.value = "10, 20.5;30"
    assert session.stimulus[2].times == (10.0, 20.5, 30.0)
    times.entry.value = "10, soon"
    assert session.stimulus[2].times == (10.0, 20.5, 30.0)
    assert "&#x27;soon&#x27; in it" in times._problem.object and times._problem.visible


def test_a_train_can_go_to_another_port_once_there_is_one(controls):
    session, view = controls
    receptor = next(c for c in view.controls if type(c).__name__ == "ReceptorControl")
    assert not receptor.port.visible
    session.add_port()
    receptor.port.value = "port 1"
    assert session.stimulus[1].receptor == 1
    session.remove_port()
    assert session.stimulus[1].receptor == 0 and not receptor.port.visible


def test_a_recorded_current_is_read_from_a_file_and_a_bad_file_is_told(controls):
    session, view = controls
    session.stimulus = (KINDS["RecordedCurrent"].start,)
    (recorded,) = (c for c in view.controls if isinstance(c, RecordedControl))
    rows = [f"{0.5 * i},{100.0 * (i > 10)}" for i in range(40)]
    text = "\n".join(["time (ms),current (pA)", *rows])
    recorded._open("steps.csv", text.encode())
    part = session.stimulus[0]
    assert isinstance(part, RecordedCurrent)
    assert len(part.values) == 40 and part.interval == pytest.approx(0.5)
    assert session.choices.arriving().current.max() == 100.0
    recorded._open("steps.csv", b"nothing here")
    assert session.stimulus[0] is part and recorded._problem.visible


def test_sliders_of_times_reach_to_the_end_of_the_run(controls):
    session, view = controls
    session.choose("duration", 1500.0)
    starts = [c.slider.end for c in view.controls if getattr(c, "field", "") in ("start", "stop")]
    assert min(starts) == 1500.0

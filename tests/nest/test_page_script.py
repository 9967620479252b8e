"""The scripts that the page writes, run: they give the picture that it shows, stimulus included."""

import numpy as np
import pytest
from glifscope.choices import DT
from glifscope.export.run import SCRIPTS, script
from glifscope.results import Asked, Frame, compute
from glifscope.session import Session

from glifcore import GlifModel, NoiseCurrent, PoissonTrain, SpikeTrain
from tests.nest.test_export import TOOLS, run


def as_it_opens():
    return Session().choices


def edited():
    session = Session()
    session.choose_preset("467003163")
    session.choose_model(GlifModel.GLIF3)
    session.add_port()
    session.choose("tau_syn_fast", 0.7, 1)
    session.choose("weight", -60.0, 1)
    session.choose("I_e", 20.0)
    session.choose("duration", 300.0)
    session.stimulus = (
        NoiseCurrent(220.0, 90.0, 3.0, 5, 20.0, 280.0),
        PoissonTrain(80.0, 1.0, 1, 0.0, 300.0, 2),
        SpikeTrain((10.0, 12.5, 200.0), 1.0, 0),
    )
    return session.choices


@pytest.mark.parametrize("program", SCRIPTS)
@pytest.mark.parametrize("choose", [as_it_opens, edited], ids=lambda choose: choose.__name__)
def test_the_script_gives_the_picture_that_the_page_shows(program, choose, tmp_path):
    choices = choose()
    found, _ = run(script(program, choices), tmp_path)
    frame = compute(Asked(choices))
    assert isinstance(frame, Frame)
    assert len(frame.spike_times) > 2
    steps = np.rint(frame.time / DT).astype(int) - 1
    # The picture is in single precision.
    tolerance = TOOLS[SCRIPTS[program]] + 1e-5
    assert np.abs(found["V_m"][steps, 0] - frame.V_m).max() < tolerance
    assert np.abs(found["threshold"][steps, 0] - frame.threshold).max() < tolerance
    spikes = (np.flatnonzero(found["spike"][:, 0]) + 1) * DT
    assert np.allclose(spikes, frame.spike_times)

"""The scripts that the page writes, run: they give the picture that it shows, stimulus included."""

import numpy as np
import pytest
from glifscope.choices import DT, Choices, fitted
from glifscope.climb import compute_climb
from glifscope.export.climb import climb_script
from glifscope.export.firing import firing_script
from glifscope.export.run import script
from glifscope.export.scripts import SCRIPTS
from glifscope.firing import compute_firing
from glifscope.population import run as population
from glifscope.population.choice import PopulationChoice
from glifscope.population.detail import Look, look_at
from glifscope.population.scripts import neuron_script, population_script
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


def simulated(n_neurons, **more):
    made = PopulationChoice(n_neurons=float(n_neurons), **more)
    choices = edited()._replace(population=made)
    return population.compute(population.Task(population.Asked(choices, 1), 10.0), seconds=1e9)


def spikes_of(picture):
    spikes = picture.run.spikes
    found = np.zeros((spikes.n_steps, picture.run.members.count), bool)
    found[spikes.step, spikes.neuron] = True
    return found


@pytest.mark.parametrize("program", SCRIPTS)
def test_the_script_of_a_population_gives_every_spike_of_the_raster(program, tmp_path):
    count = 2 if program == "BrainPy" else 30  # it makes an object for each
    cells = ("467003163", "490376252")
    picture = simulated(count, shared=0.8, own_rate=120.0, own_std=60.0, mix=cells, seed=3.0)
    found, _ = run(population_script(program, picture), tmp_path)
    assert spikes_of(picture).sum() > count
    assert np.array_equal(found["spike"], spikes_of(picture))


def test_the_script_of_one_neuron_of_a_population_gives_its_traces(tmp_path):
    picture = simulated(5, own_std=90.0)
    look = Look(picture.run.asked, picture.run.members, 3)
    detail = look_at(look)
    found, _ = run(neuron_script("NEST", detail), tmp_path)
    frame = detail.frame
    steps = np.rint(frame.time / DT).astype(int) - 1
    assert np.abs(found["V_m"][steps, 0] - frame.V_m).max() < 1e-4  # of single precision
    assert np.array_equal(found["spike"][:, 0], spikes_of(picture)[:, 3])


@pytest.mark.parametrize("program", ["NEST", "NumPy"])
def test_the_scripts_of_climb_and_curve_give_their_spikes(program, tmp_path):
    choices = Choices(preset="467003163", cell=fitted("467003163", GlifModel.GLIF5))
    climb = compute_climb(choices)
    found, printed = run(climb_script(program, climb), tmp_path)
    for run_of, spike in zip(climb.runs, found["spike"].T, strict=True):
        assert np.allclose((np.flatnonzero(spike) + 1) * DT, run_of.spike_times)
    assert f"GLIF5 refitted: {len(climb.refitted[-1].spike_times)} spikes" in printed
    curve = compute_firing(choices)
    found, printed = run(firing_script(program, curve), tmp_path)
    assert np.array_equal(found["spike"].sum(axis=0), curve.rates.count)
    assert f"{curve.currents[-1]:.1f} pA: {curve.rates.count[-1]:.0f} spikes" in printed

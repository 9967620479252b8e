"""The scripts of one event, run: the synapse that was fitted, or picked, makes its current."""

import numpy as np
import pytest
from glifscope.export.event import EVENT, event_script
from glifscope.export.scripts import SCRIPTS
from glifscope.synapses import choices as synapses
from glifscope.synapses.export import waveform_script
from glifscope.workshop.export import synapse_of

from glifcore import GlifModel, GlifParameters, ParameterError, PscShape, psc_waveform
from tests.nest.test_export import TOOLS, run
from tests.tolerances import I_SYN

FITTED = PscShape(-8.78, 0.389, 2.75, 0.169)
CELL = GlifParameters(tau_syn_fast=(2.0, 1.0), tau_syn_slow=(6.0, 8.0), amp_slow=(0.3, 0.2))
LATE = {"NEST": 1, "BrainPy": 0, "NumPy": 0}
"""Steps by which I_syn is recorded late."""


def synaptic(text, folder, late):
    """I_syn, and the time since the event that it is of."""
    found, _ = run(text, folder)
    assert not found["spike"].any()
    current = found["I_syn"][:, 0]
    return current, 0.1 * (np.arange(len(current)) + 1 - late) - EVENT - 0.1


@pytest.mark.parametrize("program", SCRIPTS)
@pytest.mark.parametrize("cell", [GlifParameters(), CELL], ids=["one port", "two ports"])
def test_the_script_gives_back_the_current_that_was_fitted(program, cell, tmp_path):
    text = event_script(program, cell, synapse_of(FITTED))
    current, since = synaptic(text, tmp_path, LATE[program])
    # Inward is negative in a recording; what depolarises is positive in the model.
    expected = -np.asarray(psc_waveform(FITTED, since))
    tolerance = max(I_SYN, *TOOLS.values()) if program == "BrainPy" else I_SYN
    assert np.abs(current - expected).max() < tolerance


def test_the_script_of_a_class_gives_the_current_that_the_explorer_shows(tmp_path):
    picture = synapses.compute(synapses.Asked(size=40.0), CELL, 1)
    current, since = synaptic(waveform_script("NEST", picture), tmp_path, LATE["NEST"])
    shown = np.interp(picture.t, since, current)
    on_steps = np.isclose(picture.t, 0.1 * np.rint(picture.t / 0.1))
    assert on_steps.sum() > 100
    assert np.abs(shown - picture.fast - picture.slow)[on_steps].max() < 1e-6


def test_a_neuron_that_the_program_would_refuse_is_refused_with_a_sentence():
    cell = GlifParameters(voltage_reset_fraction=2.0, model=GlifModel.GLIF2)
    with pytest.raises(ParameterError, match="voltage_reset_fraction"):
        event_script("NEST", cell, FITTED)

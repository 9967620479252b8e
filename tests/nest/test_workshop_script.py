"""The scripts that the workshop writes, run: their synapse makes the current that was fitted."""

import numpy as np
import pytest
from glifscope.workshop.export import script

from glifcore import GlifParameters, PscShape, psc_waveform
from glifcore.fit_result import PscParameters
from tests.nest.test_export import TOOLS, run
from tests.tolerances import I_SYN

FITTED = PscParameters(-8.78, 0.389, 2.75, 0.169, 3.87, -0.2)
CELL = GlifParameters(tau_syn_fast=(2.0, 1.0), tau_syn_slow=(6.0, 8.0), amp_slow=(0.3, 0.2))


@pytest.mark.parametrize("kind", ["NEST", "BrainPy"])
@pytest.mark.parametrize("cell", [GlifParameters(), CELL], ids=["one port", "two ports"])
def test_the_script_gives_back_the_current_that_was_fitted(kind, cell, tmp_path):
    found, _ = run(script(kind, cell, FITTED), tmp_path)
    synaptic = found["I_syn"][:, 0]
    assert not found["spike"].any()
    # Inward is negative in a recording; what depolarises is positive in the model. NEST records
    # I_syn one step late.
    late = {"NEST": 1, "BrainPy": 0}[kind]
    since = 0.1 * (np.arange(len(synaptic)) + 1 - late) - 20.0 - 0.1
    expected = -np.asarray(psc_waveform(PscShape(*FITTED[:4]), since))
    tolerance = max(I_SYN, *TOOLS.values()) if kind == "BrainPy" else I_SYN
    assert np.abs(synaptic - expected).max() < tolerance

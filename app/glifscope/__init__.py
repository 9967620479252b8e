"""Glifscope: the dashboard over glifcore, as a package, so that a notebook can import it too.

Four roles: `session` holds what the user chose, `results` what follows from it, `views` draw it,
and `dashboard` puts them on a page. Sliders and presets write to the Session and to nothing else;
every picture reads Results and nothing else.

    >>> from glifscope import MembraneView, Session, results_of
    >>> session = Session()
    >>> view = MembraneView(results_of(session))
    >>> session.choose("g", 12.0)  # and the view follows
"""

from .dashboard import Dashboard
from .notebook import autopsy_of, climb_of, firing_of, stimulus_of, workspace_of
from .results import results_of
from .session import Session
from .views.currents import CurrentsView
from .views.difference import DifferenceView
from .views.membrane import MembraneView
from .views.psc import PscView
from .views.spiking import SpikingView
from .views.synaptic import SynapticView
from .views.thresholds import ThresholdsView

__all__ = [
    "CurrentsView",
    "Dashboard",
    "DifferenceView",
    "MembraneView",
    "PscView",
    "Session",
    "SpikingView",
    "SynapticView",
    "ThresholdsView",
    "autopsy_of",
    "climb_of",
    "firing_of",
    "results_of",
    "stimulus_of",
    "workspace_of",
]

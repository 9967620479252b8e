"""One event of a synapse on the neuron, as source text."""

import numpy as np

from glifcore import GlifParameters, PscShape, SpikeTrain, make_stimulus

from ..choices import DT, PORT_FIELDS
from .scripts import SCRIPTS

EVENT = 20.0
"""When the spike arrives, ms."""

_SHORTEST = 200.0
"""ms that are simulated at least."""


def with_synapse(cell: GlifParameters, shape: PscShape, port: int = 0) -> GlifParameters:
    """The neuron with this shape on one of its ports."""
    changes = {}
    for name in PORT_FIELDS:
        values = np.array(getattr(cell, name), float)
        values[..., port] = getattr(shape, name)
        changes[name] = values
    return cell.replace(**changes)


def event_script(program: str, cell: GlifParameters, shape: PscShape, port: int = 0) -> str:
    """A script in which one spike of the shape's weight reaches the neuron after 20 ms.

    Args:
        program: a key of `SCRIPTS`.
        cell: the neuron.
        shape: the synapse; what depolarises is positive.
        port: where it is.

    Raises:
        ParameterError: the program refuses the neuron.
    """
    slowest = max(shape.tau_syn_fast, shape.tau_syn_slow)
    neuron = with_synapse(cell, shape, port)
    stimulus = make_stimulus(
        SpikeTrain([EVENT], float(shape.weight), port),
        duration=max(_SHORTEST, float(np.ceil(EVENT + 10.0 * slowest))),
        dt=DT,
        n_receptors=len(neuron.tau_syn_fast),
    )
    return SCRIPTS[program](neuron, stimulus, DT)

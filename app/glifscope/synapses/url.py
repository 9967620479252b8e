"""What a link says of the V1 explorer: the class, its weight, and what the overviews compare."""

from glifcore import list_synapses

from ..sections import Section, choice, number
from .catalogue import QUANTITIES
from .choices import SIZE, Asked

_NAMES = {synapse.name: synapse.name for synapse in list_synapses()}
_QUANTITIES = {key: key for key in QUANTITIES}

EXPLORER = Section(
    name="explorer",
    start=Asked(),
    entries=(
        choice("v1.class", "synapse", _NAMES),
        number("v1.weight", "size", SIZE),
        *(choice(f"v1.{axis}", axis, _QUANTITIES) for axis in ("x", "y", "tint")),
    ),
    base=lambda asked: Asked(),
    settle=lambda asked, present, told: asked,
)

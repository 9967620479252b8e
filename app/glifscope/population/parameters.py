"""The parameters of one neuron of a population: its own first, then what it shares."""

import numpy as np

from glifcore import FIELDS, GlifModel

from ..choices import presets
from ..page_text import sentence, table
from .detail import Look


def parameters_of(look: Look) -> str:
    """What one neuron has of its own, then everything else, as HTML."""
    members, model = look.members, look.members.neurons.model
    assert isinstance(model, GlifModel)
    neuron, centre = members.one(look.index), members.centre_of(look.index)
    own, same = [], []
    for name, info in FIELDS.items():
        if model in info.used_by:
            value, middle = (np.asarray(getattr(x, name)) for x in (neuron, centre))
            unit = f" ({info.unit})" if info.unit else ""
            if np.array_equal(value, middle):
                same.append([name + unit, _text(value)])
            else:
                own.append([name + unit, _text(value), _text(middle)])
    parts = [f'<p class="caption">{_origin(look, bool(own))}</p>']
    if own:
        parts.append(table(["parameter", "its value", "middle"], own, "dense"))
    title = "What it shares with that" if own else "Its parameters"
    parts.append(
        f"<details><summary>{title}</summary>{table(['parameter', 'value'], same, 'dense')}"
        "</details>"
    )
    return "".join(parts)


def _origin(look: Look, drawn: bool) -> str:
    cell = look.members.cell_of(look.index)
    middle = sentence(presets()[cell].title) if cell else "the neuron of the Neuron workspace"
    return f"Neuron {look.index}, {'drawn around' if drawn else 'the same as'} {middle}."


def _text(value: np.ndarray) -> str:
    return ", ".join(f"{x:.4g}" for x in np.ravel(value)).replace("-", "\u2212")

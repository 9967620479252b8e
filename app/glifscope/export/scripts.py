"""Source text that runs what the page shows in other programs."""

from collections.abc import Callable, Sequence

import numpy as np

from glifcore import FIELDS, GlifParameters, to_brainpy, to_nest, to_numpy

SCRIPTS: dict[str, Callable[..., str]] = {
    "NEST": to_nest,
    "BrainPy": to_brainpy,
    "NumPy": to_numpy,
}
"""What writes it, by the program."""


def stacked(cells: Sequence[GlifParameters]) -> GlifParameters:
    """Neurons, each with a level of its own, as a population."""
    rows = {name: np.stack([getattr(cell, name) for cell in cells]) for name in FIELDS}
    return cells[0].replace(model=tuple(cell.model for cell in cells), **rows)


def summarised(script: str, names: str, values: Sequence[object], line: str) -> str:
    """The script, at whose end each neuron is told in a line by what stands for it.

    Args:
        script: that leaves `traces`.
        names: what a value stands for, one name in the plural.
        values: one for each neuron.
        line: an f-string's text, with `value` and `count`, the neuron's spikes.
    """
    return "\n".join(
        [
            script,
            f"{names} = {[*values]!r}",
            f'for value, count in zip({names}, traces["spike"].sum(axis=0)):',
            f'    print(f"{line}")',
            "",
        ]
    )

"""Which rows of traces the Neuron workspace shows, and what a link says of it."""

from typing import NamedTuple

from .sections import Section, several

ROWS = ("V_m", "Thresholds", "ASCurrents", "I_syn", "Input")
"""Titles of the rows, from above."""


class ShownTraces(NamedTuple):
    """Some of `ROWS`."""

    rows: tuple[str, ...] = ROWS


SHOWN_TRACES = Section(
    name="shown_traces",
    start=ShownTraces(),
    entries=(several("rows", "rows", ROWS),),
    base=lambda shown: ShownTraces(),
    settle=lambda shown, present, told: shown,
)

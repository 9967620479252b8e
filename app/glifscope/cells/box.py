"""A box drawn over the points: which cells lie in it, and what is told of it. No Panel, no plots.

It holds for the two quantities on the axes, and goes when one of them does. It is drawn with a
pointer; from the keyboard the filters narrow what is shown, and the heads and keys of the table
lead to any cell.
"""

import math

import numpy as np

Box = tuple[float, float, float, float]
"""From x0 to x1 and from y0 to y1, in the units of the axes."""

_DIGITS = 4
"""Of a side: the ends of what was drawn are kept to a thousandth of it at least."""

HOW = "The plot's box tool lists the cells of one region."


def drawn(x0: float, x1: float, y0: float, y1: float) -> Box | None:
    """The box between two corners, its numbers as short as the eye allows; None where it is flat.

    Args:
        x0: of one corner, to the right.
        x1: of the opposite corner.
        y0: of one corner, upwards.
        y1: of the opposite corner.
    """
    sides = (sorted((x0, x1)), sorted((y0, y1)))
    if any(not 0.0 < high - low < math.inf for low, high in sides):
        return None
    (left, right), (low, high) = (_shortened(*side) for side in sides)
    return left, right, low, high


def written(numbers: list[float]) -> Box:
    """The box of a link; ValueError with a sentence where it ends before it begins."""
    x0, x1, y0, y1 = numbers
    if not (x0 < x1 and y0 < y1):
        told = ",".join(f"{number:g}" for number in numbers)
        raise ValueError(
            f"`cells.box` is {told}; it must be x0,x1,y0,y1 with x0 below x1 and y0 below y1."
        )
    return x0, x1, y0, y1


def inside(box: Box | None, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Which points lie in the box, shape (n,); where there is none, all of them."""
    if box is None:
        return np.ones(len(x), bool)
    x0, x1, y0, y1 = box
    return (x0 <= x) & (x <= x1) & (y0 <= y) & (y <= y1)


def counted_in(box: Box | None, n: int, total: int) -> str:
    """A sentence on how many of the shown cells lie in the box; without one, how to draw it.

    Args:
        box: the box.
        n: cells in it.
        total: cells that pass the filters.
    """
    if not total:
        return ""
    if box is None:
        return HOW
    if total == 1:
        return f"The only cell is {'' if n else 'not '}in the box."
    if not n:
        return f"None of the {total} cells is in the box, so the table is empty."
    return f"{n} of the {total} cells {'is' if n == 1 else 'are'} in the box, and in the table."


def _shortened(low: float, high: float) -> tuple[float, float]:
    places = _DIGITS - 1 - math.floor(math.log10(high - low))
    return round(low, places), round(high, places)

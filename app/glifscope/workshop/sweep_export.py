"""The fits of many sweeps or events as files: a table, the plots of two of its columns, JSON."""

from typing import Any, NamedTuple

import numpy as np

from glifcore.fit_result import PARAMETERS
from glifcore.report import to_csv

from ..export.paper import bare, grid, saved, sheet
from ..export.words import made_by, sentences
from ..figures import BLUE, ORANGE
from .sweep_fits import SweepFits, outliers


class SweepPicture(NamedTuple):
    """What is drawn of many fits.

    Attributes:
        fits: what was found.
        sweeps: which sweep each is of, from 0.
        x, y: names of the parameters on the axes.
    """

    fits: SweepFits
    sweeps: tuple[int, ...]
    x: str
    y: str

    @property
    def columns(self) -> tuple[np.ndarray, np.ndarray]:
        """The estimates on the two axes."""
        x, y = (np.asarray(getattr(self.fits.values, name), float) for name in (self.x, self.y))
        return x, y

    @property
    def odd(self) -> np.ndarray:
        """Which of them lie far outside the others, or did not end by themselves."""
        x, y = self.columns
        return outliers(x) | outliers(y) | ~self.fits.success


def label_of(name: str) -> str:
    """A parameter with its unit."""
    unit = PARAMETERS[name]
    return f"{name} ({unit})" if unit else name


def sweeps_csv(picture: SweepPicture) -> str:
    """A row for each fit: the estimates, their standard errors, R2."""
    fits = picture.fits
    header = ["sweep", *PARAMETERS, *(f"{name}_stderr" for name in PARAMETERS), "r2"]
    columns = [*fits.values, *fits.stderr, fits.r2]
    table = np.stack([np.asarray(column, float) for column in columns], axis=1)
    rows = [
        [sweep + 1, *("" if np.isnan(x) else f"{x:.6g}" for x in row)]
        for sweep, row in zip(picture.sweeps, table, strict=True)
    ]
    return to_csv(rows, header)


def sweeps_document(picture: SweepPicture) -> dict[str, Any]:
    """The same as columns; null where there is no standard error."""
    fits = picture.fits
    return {
        "units": PARAMETERS,
        "sweep": [sweep + 1 for sweep in picture.sweeps],
        "best": {name: np.asarray(getattr(fits.values, name)) for name in PARAMETERS},
        "stderr": {name: np.asarray(getattr(fits.stderr, name)) for name in PARAMETERS},
        "r2": fits.r2,
        "ended_by_itself": fits.success,
    }


def sweeps_figure(picture: SweepPicture, form: str) -> bytes:
    """The histogram and the scatter of the page, as "svg" or "png"."""
    x, y = picture.columns
    odd, fits = picture.odd, picture.fits
    figure = sheet(5.0)
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(1, 3))
    upper.hist(x[fits.success], bins="auto", color=BLUE, alpha=0.6, rwidth=0.95)
    upper.set_ylabel("count")
    lower.scatter(x[~odd], y[~odd], s=22, color=BLUE, alpha=0.8, lw=0)
    lower.scatter(x[odd], y[odd], s=26, color=ORANGE, alpha=0.9, lw=0, marker="D")
    lower.set(xlabel=label_of(picture.x), ylabel=label_of(picture.y))
    for axes in (upper, lower):
        bare(axes)
        grid(axes)
    figure.align_ylabels()
    return saved(figure, _caption(picture), form)


def _caption(picture: SweepPicture) -> str:
    fits = picture.fits
    spans = []
    for name in PARAMETERS:
        values = np.asarray(getattr(fits.values, name))[fits.success]
        if len(values):
            low, middle, high = np.percentile(values, [25, 50, 75])
            spans.append(f"{label_of(name)} {middle:.4g} ({low:.3g} to {high:.3g})")
    return sentences(
        f"{len(fits.r2)} sweeps, each fitted by itself with a double alpha function; "
        f"{int(fits.success.sum())} fits ended by themselves",
        f"Medians and middle halves: {', '.join(spans)}" if spans else "",
        f"Orange: {int(picture.odd.sum())} far outside the others, or not ended",
        made_by(),
    )

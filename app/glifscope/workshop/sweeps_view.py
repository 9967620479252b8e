"""Every sweep or event fitted by itself: the estimates as a scatter, each linked to its trace."""

from collections.abc import Callable
from typing import Any

import numpy as np
import panel as pn
import panel_material_ui as pmui
from bokeh.models import ColumnDataSource, HoverTool, Range1d, TapTool

from glifcore.fit_result import PARAMETERS
from glifcore.report import number

from ..downloads import take_away
from ..figures import BLUE, ORANGE, plot, set_range
from ..layout import card
from ..page_text import html, notices, show, table
from ..view import figure_pane
from .steps import Steps
from .sweep_export import SweepPicture, label_of, sweeps_csv, sweeps_document, sweeps_figure
from .sweep_fits import SweepFits

_SMALL: dict[str, Any] = {"size": "small", "width": 170, "margin": (4, 8)}


class SweepsView(pn.viewable.Viewer):
    """Finding events, and fitting many.

    Args:
        find: makes sweeps of the events found: method, threshold, before and after, ms.
        fit: fits every sweep.
        cancel: ends that.
        take: shows one sweep, or all for None.
    """

    def __init__(
        self,
        find: Callable[[str, float, float, float], None],
        fit: Callable[[], None],
        cancel: Callable[[], None],
        take: Callable[[int | None], None],
    ) -> None:
        super().__init__()
        self._fits: SweepFits | None = None
        self._numbers: list[int] = []
        self.method = pmui.Select(
            label="Find events by",
            description="Likeness to the shape of the sliders, or how steeply the current moves",
            options=["template", "derivative"],
            value="template",
            **_SMALL,
        )
        self.threshold, self.before, self.after = (
            pmui.FloatInput(
                label=label, description=meaning, value=value, start=start, step=0.5, **_SMALL
            )
            for label, meaning, value, start in (
                (
                    "Threshold (noise SDs)",
                    "How far an event must stand out; higher finds fewer, surer ones",
                    5.0,
                    1.0,
                ),
                ("Before (ms)", "How much baseline a sweep has ahead of its event", 2.0, 0.0),
                ("After (ms)", "How long a sweep goes on from the onset of its event", 15.0, 0.5),
            )
        )
        self.find = pmui.Button(label="Make sweeps of events", variant="outlined", size="small")
        self.fit = pmui.Button(label="Fit every sweep", variant="contained", size="small")
        self.cancel = pmui.Button(label="Cancel", variant="outlined", size="small", visible=False)
        self.all = pmui.Button(label="Back to the mean", variant="text", size="small")
        self.progress = pmui.LinearProgress(
            value=0, variant="determinate", visible=False, sizing_mode="stretch_width"
        )
        names = {label_of(name): name for name in PARAMETERS}
        self.x, self.y = (
            pmui.Select(
                label=label,
                description=f"Which estimate stands on the {axis} axis; a point is a sweep",
                options=names,
                value=value,
                **_SMALL,
            )
            for label, axis, value in (
                ("Across", "horizontal", "tau_syn_fast"),
                ("Up", "vertical", "tau_syn_slow"),
            )
        )
        self.steps = Steps("fitted sweep", self._choose)
        self._told = html(visible=False)
        self._table = html(visible=False)
        self._points = ColumnDataSource(
            {"x": [], "y": [], "n": [], "r2": [], "color": []}, name="workshop-sweep-fits"
        )
        self._bars = ColumnDataSource({"left": [], "right": [], "top": []}, name="workshop-bars")
        self.figure = self._draw_figure()
        self.histogram = self._draw_histogram()
        self._found = pn.Column(
            pn.FlexBox(self.x, self.y, self.all, align_items="center", margin=0),
            self.steps,
            pn.FlexBox(
                pn.Column(
                    figure_pane(self.histogram),
                    figure_pane(self.figure),
                    sizing_mode="stretch_width",
                    styles={"flex": "3 1 320px"},
                ),
                pn.Column(self._table, sizing_mode="stretch_width", styles={"flex": "2 1 280px"}),
                sizing_mode="stretch_width",
            ),
            take_away(
                "sweeps",
                lambda: self._picture,
                {"": sweeps_csv},
                sweeps_figure,
                document=sweeps_document,
            ),
            visible=False,
            sizing_mode="stretch_width",
            margin=0,
        )
        self.find.on_click(
            lambda _: find(
                self.method.value, self.threshold.value, self.before.value, self.after.value
            )
        )
        self.fit.on_click(lambda _: fit())
        self.cancel.on_click(lambda _: cancel())
        self._take = take
        self.all.on_click(lambda _: self._back())
        for axis in (self.x, self.y):
            axis.param.watch(lambda _: self._scatter(), "value")
        self._points.selected.on_change("indices", lambda attr, old, new: self._tapped(new))

    def _tapped(self, indices: list[int]) -> None:
        self.steps.tell(indices[0] if indices else None, len(self._numbers))
        if indices:
            self._take(self._numbers[indices[0]])

    def _choose(self, point: int) -> None:
        self._points.selected.indices = [point]

    def _back(self) -> None:
        self._points.selected.indices = []
        self._take(None)

    def _draw_figure(self) -> Any:
        fig = plot(
            "workshop-scatter", "", 300, Range1d(start=0, end=1), x_label="tau_syn_fast (ms)"
        )
        points = fig.scatter(
            "x",
            "y",
            source=self._points,
            size=9,
            color="color",
            alpha=0.8,
            nonselection_alpha=0.35,
            selection_line_color="black",
            selection_line_width=2,
        )
        fig.add_tools(
            TapTool(renderers=[points]),
            HoverTool(
                renderers=[points],
                tooltips="sweep @n: @x{0.000}, @y{0.000}, R² @r2{0.000}; click to see it",
            ),
        )
        return fig

    def _draw_histogram(self) -> Any:
        fig = plot("workshop-histogram", "count", 110, self.figure.x_range)
        fig.quad(
            left="left",
            right="right",
            bottom=0,
            top="top",
            source=self._bars,
            fill_color=BLUE,
            fill_alpha=0.5,
            line_color=BLUE,
        )
        fig.xaxis.visible = False
        return fig

    def tell(self, problem: str) -> None:
        """Show what is wrong, or that nothing is."""
        show(self._told, notices([problem]))

    def work(self, share: float | None) -> None:
        """Show how far a job is; None for no job."""
        busy = share is not None
        self.progress.param.update(visible=busy, value=int(100 * (share or 0.0)))
        self.cancel.visible = busy
        self.fit.disabled = self.find.disabled = busy

    def draw(self, fits: SweepFits | None, numbers: list[int]) -> None:
        """Show these estimates, of the sweeps with these numbers."""
        self._fits, self._numbers = fits, numbers
        self._found.visible = fits is not None
        if fits is None:
            return
        body = []
        for name, unit in PARAMETERS.items():
            values = getattr(fits.values, name)[fits.success]
            low, middle, high = np.percentile(values, [25, 50, 75]) if len(values) else [np.nan] * 3
            body.append([name, number(middle), f"{number(low, 3)} to {number(high, 3)}", unit])
        count = f"{int(fits.success.sum())} of {len(fits.success)} fits ended by themselves."
        text = table(["", "median", "middle half", "unit"], body)
        show(self._table, f'{text}<p class="caption">{count} Orange: far outside the others.</p>')
        self._points.selected.indices = []
        self.steps.tell(None, len(numbers))
        self._scatter()

    @property
    def _picture(self) -> SweepPicture | None:
        if self._fits is None:
            return None
        return SweepPicture(self._fits, tuple(self._numbers), self.x.value, self.y.value)

    def _scatter(self) -> None:
        picture = self._picture
        if picture is None:
            return
        fits, (x, y) = picture.fits, picture.columns
        self._points.data = {
            "x": x,
            "y": y,
            "n": np.array(self._numbers) + 1,
            "r2": fits.r2,
            "color": np.where(picture.odd, ORANGE, BLUE),
        }
        counts, edges = np.histogram(x[fits.success], bins="auto")
        self._bars.data = {"left": edges[:-1], "right": edges[1:], "top": counts}
        self.histogram.y_range.update(start=0, end=1.1 * max(int(counts.max(initial=0)), 1))
        fig = self.figure
        for values, axis, label, select in (
            (x, fig.x_range, fig.xaxis[0], self.x),
            (y, fig.y_range, fig.yaxis[0], self.y),
        ):
            set_range(axis, float(values.min()), float(values.max()), 1e-3)
            label.axis_label = label_of(select.value)

    def __panel__(self) -> Any:
        return card(
            "Many events",
            pn.FlexBox(self.method, self.threshold, self.before, self.after, margin=0),
            pn.Row(self.find, self.fit, self.cancel, margin=(4, 0)),
            self.progress,
            self._told,
            self._found,
            equations="fit",
        )

"""The population as a whole: its controls, its views, and the wires between them.

A long simulation is many short ones: the gate asks for the next part of a run once the last one is
drawn. So newer choices, a cancel, and other visitors get their turn between any two parts.
"""

from functools import partial
from typing import Any

import panel as pn

from ..choices import NAMES
from ..controls import tell
from ..downloads import take_away
from ..layout import beside, card, row, stack
from ..live import Gate
from ..page_text import html, notices, show
from ..pin import PinButton
from ..pools import Pools
from ..session import Session
from ..time_axis import TimeAxis
from .controls import PopulationControls
from .detail import Look
from .export import (
    population_figure,
    rate_csv,
    rates_csv,
    rates_figure,
    spikes_csv,
)
from .looked_controls import LookedControls
from .neuron import OneNeuron
from .pinned import PinnedPopulation
from .progress import Progress
from .raster import RasterView
from .rates import RateView, SpreadOfRatesView
from .results import PopulationResults
from .run import Asked, Picture, Run, Task, compute
from .scripts import population_document, population_script
from .url import Looked


class Population:
    """The population of one visitor: `sidebar` and `main` are what the page shows of it.

    Args:
        session: what is chosen.
        pool: where it is simulated.
        results: holds each run that was drawn, for those who read numbers off it.
    """

    def __init__(
        self,
        session: Session,
        pools: Pools,
        results: PopulationResults | None = None,
    ) -> None:
        self.session = session
        self._results = results or PopulationResults()
        self.run: Run | None = None
        self._picture: Picture | None = None  # the last that was drawn
        self._visible = False
        self._changed = True  # the choices are not those of `run`
        self._wanted = False  # more of the run is to come
        self._awaited: set[str] = set()  # parts of the page that do not stand yet
        self._build()
        self._gate = Gate(self._task, compute, self._apply, pools.heavy, "The population")
        self._pinned = PinnedPopulation(session, pools.heavy, self._compare)
        self.one = OneNeuron(
            session,
            self.looked,
            self._look,
            pools.live,
            self._time.range,
            [self.rate],
            [self.raster.figure, self.rate.figure, self.rate.difference],
        )
        session.param.watch(lambda *_: self._choose(), [*NAMES, "port"])
        session.param.watch(lambda *_: self._catch_up(), "pinned")
        self._lay_out()
        self._await_plots()

    def _build(self) -> None:
        self._time = TimeAxis(self.session)
        time = self._time.range
        self.controls = PopulationControls(self.session)
        self.looked = LookedControls(self.session)
        self.raster = RasterView(time, self.looked.look)
        self.rate = RateView(time)
        self.spread = SpreadOfRatesView()
        self.progress = Progress(self.cancel, self.go_on)
        self._problem, self._not_pinned = html(visible=False), html(visible=False)
        self.session.param.watch(lambda event: self._follow(event.old, event.new), "looked")
        self.session.param.watch(lambda _: self._look_closer(), "window")

    def _await_plots(self) -> None:
        """Send nothing until the plots stand.

        A plot that is being built misses what it is sent; the page tells each plot's width once
        it has laid it out. (For the page itself the gate waits.)
        """
        figures = [v.figure for v in (self.raster, self.rate, self.spread)]
        served = pn.state.curdoc is not None
        self._awaited = {figure.name for figure in figures} if served else set()
        for figure in figures:
            figure.on_change("inner_width", partial(self._stands, figure.name))

    # What the visitor does

    def shown(self, visible: bool) -> None:
        """Say whether the workspace is on the screen; only then is anything computed."""
        self._visible = visible
        self._catch_up()

    def _catch_up(self) -> None:
        if self._visible and not self._awaited:
            self._pinned.follow()
            if self._changed or self._wanted:
                self.go_on()

    def _stands(self, part: str, attr: str, old: Any, new: Any) -> None:
        """Note that a part of the page stands; the width of a plot is 0 before."""
        if new:
            self._awaited.discard(part)
        self._catch_up()

    def cancel(self) -> None:
        """End the run before its next part; what was computed stays."""
        self._wanted = False
        self._show_progress()

    def go_on(self) -> None:
        """Go on with the run, or begin one where the choices are others."""
        self._wanted = True
        self._gate.request()

    # What follows

    def _choose(self) -> None:
        self._changed = True
        self._catch_up()

    def _task(self) -> Task:
        run = None if self._changed else self.run
        self._changed = False
        asked = run.asked if run else Asked(self.session.choices, self.session.port)
        if run is None:
            self.progress.begin()
        width = min(self.session.looked.width, self.session.duration)
        return Task(asked, float(width), run, self._wanted or run is None)

    def _apply(self, picture: Any) -> None:
        if isinstance(picture, Picture):
            self._draw(picture)
            tell(self._problem, ())
            self.controls.tell(())
            # A cancel holds, even where a picture of older choices was still under way.
            self._wanted = self._wanted and (self._changed or not picture.run.finished)
            if self._wanted and self._visible:
                self._gate.request()
        else:
            tell(self._problem, picture)
            self.controls.tell(picture)
            self._wanted = self._wanted and self._changed
            self._changed = True  # nothing goes on from here
        self._show_progress()

    def _draw(self, picture: Picture) -> None:
        picture = picture._replace(pinned=self._pinned.picture)
        run = picture.run
        begun = self.run is None or run.members is not self.run.members
        self.run, self._picture = run, picture
        self._time.fit(run.asked.choices.duration)
        for view in (self.raster, self.spread):
            view.draw(picture)
        self._draw_rate()
        self._results.run = run
        if begun:
            self.looked.choose_among(run.members.count)
            self._look_anew()

    def _draw_rate(self) -> None:
        if self._picture is not None:
            self.rate.draw(self._picture, self.session.window)

    def _show_progress(self) -> None:
        run = self.run
        going = self._wanted and self._visible
        self.progress.show(going, run.done if run else 0, run.members.count if run else 0)

    # The neuron that is looked at

    def _look(self) -> Look:
        run, index = self.run, self.looked.index
        assert run is not None
        found = Look(run.asked, run.members, index, self.session.window)
        pinned = self._pinned.run
        if pinned is not None and index < pinned.members.count:
            found = found._replace(pinned=Look(pinned.asked, pinned.members, index))
        return found

    def _compare(self, pinned: Picture | None, problem: str) -> None:
        if self._picture is not None and self._picture.pinned is not pinned:
            self._picture = self._picture._replace(pinned=pinned)
            self._draw_rate()
            self.raster.compare(self._picture)
            self.spread.draw(self._picture)
            self.one.gate.request()
        told = f"The pinned population is not drawn: {problem} Unpin it." if problem else ""
        show(self._not_pinned, notices([told], "warning"))

    def _follow(self, old: Looked, new: Looked) -> None:
        if new.width != old.width:
            self._gate.request()
            self._pinned.follow()
        if new.neuron != old.neuron and self.run is not None:
            self._look_anew()

    def _look_closer(self) -> None:
        """Draw what is seen as finely as the whole would be."""
        if self._visible and self.run is not None:
            self._draw_rate()
            self.one.gate.request()

    def _look_anew(self) -> None:
        self.one.gate.request()
        self.raster.mark(self.looked.index)

    # The page

    def _lay_out(self) -> None:
        self.sidebar = pn.Column(self.controls, sizing_mode="stretch_width", margin=0)
        bar = row(
            (self.looked.width, "0 1 240px"),
            (self.progress, "1 1 160px"),
            (PinButton(self.session), "none"),
        )
        whole = take_away(
            "population",
            lambda: self._picture,
            {"spikes": spikes_csv, "rate": rate_csv},
            population_figure,
            population_script,
            population_document,
        )
        rates = take_away("rates", lambda: self._picture, {"": rates_csv}, rates_figure)
        left = stack(
            card(
                "Spikes",
                self._problem,
                self._not_pinned,
                bar,
                self.raster,
                self.rate,
                whole,
                equations="population",
            ),
            self.one.traces,
            flex="3 1 480px",
        )
        right = stack(
            card("Rates", self.spread, rates, equations="rates"),
            self.one.parameters,
            flex="2 1 320px",
        )
        self.main = beside(
            left, right, self._gate.probe, self.one.gate.probe, self._pinned.gate.probe
        )

"""Populations without a browser: who their neurons are, what they do, what is read off it."""

from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from bokeh.core.properties import value
from bokeh.models import Range1d
from glifscope.choices import DT, OFFERED, Choices, fitted, presets, with_synapses
from glifscope.figures import BLUE
from glifscope.pools import Pools
from glifscope.population.choice import MOST_CELLS, PopulationChoice, problems_of_population
from glifscope.population.detail import Look, look_at
from glifscope.population.draw import OWN_TAU, draw, members, own_parts
from glifscope.population.raster import MOST_SHOWN, RasterView, colours_of
from glifscope.population.rates import bins_of_rates
from glifscope.population.rows import rows_of
from glifscope.population.run import (
    MOST_NEURON_STEPS,
    Asked,
    Picture,
    Run,
    Task,
    advance,
    begin,
    block_size,
    compute,
)
from glifscope.population.statistics import (
    Spikes,
    mean_cv,
    rate_in_bins,
    smoothed_rate,
    summarise,
    synchrony,
)
from glifscope.population.workspace import Population
from glifscope.results import Asked as AskedOfOne
from glifscope.results import compute as compute_one
from glifscope.session import Session
from glifscope.stimuli import with_weights
from glifscope.url_state import open_query, to_query

from glifcore import FIELDS, GlifModel, GlifParameters, make_stimulus, simulate, spike_times

CELLS = ("467003163", "490376252", "469704261")


def choices(n=10, duration=200.0, weights=(100.0,), **population):
    """A few neurons for a short while."""
    cell = GlifParameters(
        model=GlifModel.GLIF5,
        tau_syn_fast=[2.0] * len(weights),
        tau_syn_slow=[6.0] * len(weights),
        amp_slow=[0.3] * len(weights),
    )
    return Choices(
        cell=cell,
        weights=weights,
        duration=duration,
        population=PopulationChoice(n_neurons=float(n), **population),
    )


def whole(run):
    """The run to its end."""
    while not run.finished:
        run = advance(run)
    return run


def raster(*rows, n_steps=1000):
    """Spikes of neurons, each given by its steps."""
    neuron = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    step = np.concatenate([np.asarray(row, int) for row in rows])
    return Spikes(step.astype(np.int32), neuron.astype(np.uint16), n_steps)


# The draw


def test_the_whole_population_has_an_axis_for_its_neurons_everywhere():
    neurons, stimulus = draw(choices(7, weights=(100.0, 50.0)), 1)
    assert neurons.size == (7,)
    assert all(len(getattr(neurons, name)) == 7 for name in FIELDS)
    assert stimulus.current.shape == (2000, 7)
    assert stimulus.weights.shape == (2000, 7, 2)


def test_what_arrives_is_the_shared_stimulus_and_each_neurons_own_parts():
    asked = choices(4, weights=(100.0, -40.0), shared=1.5, own_rate=300.0)
    _, stimulus = draw(asked, 1)
    shared = [with_weights(part, asked.weights) for part in asked.stimulus]
    common = make_stimulus(*shared, duration=200.0, n_receptors=2)
    for i in range(4):
        train, noise = own_parts(asked, 1, i)
        assert (train.receptor, train.weight, noise.tau) == (1, -40.0, OWN_TAU)
        own = make_stimulus(train, noise, duration=200.0, n_receptors=2)
        assert np.any(own.weights) and np.any(own.current)
        assert np.allclose(stimulus.current[:, i], 1.5 * common.current + own.current)
        assert np.allclose(stimulus.weights[:, i], 1.5 * common.weights + own.weights)


def test_private_input_differs_from_neuron_to_neuron_and_comes_back_with_the_seed():
    one, again = (draw(choices(5, own_rate=100.0), 0)[1] for _ in range(2))
    other = draw(choices(5, own_rate=100.0, seed=2.0), 0)[1]
    for name in ("current", "weights"):
        drawn = np.asarray(getattr(one, name))
        assert np.array_equal(drawn, getattr(again, name))
        assert not np.array_equal(drawn, getattr(other, name))
        assert not np.array_equal(drawn[:, 0], drawn[:, 1])


def test_one_more_neuron_or_parameter_leaves_the_other_draws_as_they_were():
    few, few_arriving = draw(choices(5), 0)
    more, more_arriving = draw(choices(6), 0)
    for name in FIELDS:
        assert np.array_equal(getattr(few, name), getattr(more, name)[:5])
    assert np.array_equal(few_arriving.current, more_arriving.current[:, :5])
    assert np.array_equal(few_arriving.weights, more_arriving.weights[:, :5])
    wider = members(choices(5, spread=(("E_L", 1.0), ("V_th", 1.0), ("g", 0.5)))).neurons
    assert np.array_equal(wider.V_th, few.V_th) and np.array_equal(wider.g, few.g)


def test_the_spread_has_the_standard_deviation_that_was_chosen():
    neurons = members(choices(1000, spread=(("V_th", 2.0), ("asc_amps", 1.0)))).neurons
    assert neurons.V_th.std() == pytest.approx(2.0, rel=0.1)
    assert neurons.asc_amps.shape == (1000, 2)
    assert neurons.asc_amps.std(axis=0) == pytest.approx(1.0, rel=0.1)
    assert np.all(neurons.g == neurons.g[0])


def test_cells_of_a_mix_take_turns_each_as_it_was_fitted_at_the_level():
    asked = choices(7, mix=CELLS, spread=())
    drawn = members(asked)
    assert drawn.cells == CELLS
    for i in range(7):
        cell = CELLS[i % 3]
        assert drawn.cell_of(i) == cell
        assert drawn.one(i) == with_synapses(fitted(cell, GlifModel.GLIF5), asked.cell)
        assert drawn.centre_of(i) == drawn.one(i)


def test_a_mix_has_a_spread_too():
    plain, spread = (members(choices(6, mix=CELLS, spread=s)) for s in ((), (("V_th", 1.0),)))
    away = spread.neurons.V_th - plain.neurons.V_th
    assert np.all(away != 0) and len(np.unique(away)) == 6


def test_cells_without_a_fit_at_the_level_are_left_out_and_told(monkeypatch):
    from glifscope.population import draw as module

    presets = dict(module.presets())
    presets[CELLS[1]] = presets[CELLS[1]]._replace(levels=(GlifModel.GLIF1,))
    monkeypatch.setattr(module, "presets", lambda: presets)
    drawn = members(choices(4, mix=CELLS[:2], spread=()))
    assert drawn.cells == CELLS[:1] and drawn.left_out == CELLS[1:2]
    (problem,) = compute(Task(Asked(choices(4, mix=CELLS[1:2])), 10.0))
    assert "None of the cells of the mix was fitted at GLIF5" in problem.message


def test_a_mix_of_too_many_cells_is_told():
    (problem,) = problems_of_population(PopulationChoice(mix=("a",) * (MOST_CELLS + 1)))
    assert problem.field == "mix" and f"at most {MOST_CELLS}" in problem.message


# The run


def test_a_run_has_the_spikes_of_one_simulation_of_the_whole():
    asked = choices(70)
    run = whole(begin(Asked(asked)))
    neurons, stimulus = draw(asked, 0)
    traces = simulate(neurons, stimulus, dt=DT, record="spikes")
    for i, times in enumerate(spike_times(traces, DT)):
        assert np.array_equal(run.spikes.of(i), times)
    assert len(run.spikes.step) > 70


def test_the_size_of_the_blocks_changes_no_spike():
    start = begin(Asked(choices(20)))
    at_once = advance(start)
    run = start
    while not run.finished:
        run = advance(run, size=8)
    assert run.done == at_once.done == 20
    assert np.array_equal(run.spikes.step, at_once.spikes.step)
    assert np.array_equal(run.spikes.neuron, at_once.spikes.neuron)


def test_one_neuron_with_nothing_of_its_own_is_the_neuron_of_the_neuron_workspace():
    asked = choices(1, duration=500.0, spread=(), own_rate=0.0, own_std=0.0)
    run = whole(begin(Asked(asked)))
    frame = compute_one(AskedOfOne(asked))
    assert len(frame.spike_times) >= 3
    assert np.array_equal(run.spikes.of(0), frame.spike_times)


def test_a_picture_is_given_back_before_the_end_and_the_run_goes_on_from_there():
    task = Task(Asked(choices(130)), 10.0)
    first = compute(task, seconds=0.0)
    assert isinstance(first, Picture)
    assert (first.run.done, first.run.finished, first.since) == (64, False, 0)
    assert len(first.summary.rates) == 64
    second = compute(task._replace(run=first.run), seconds=0.0)
    assert isinstance(second, Picture)
    assert (second.run.done, second.since) == (128, len(first.run.spikes.step))
    last = compute(task._replace(run=second.run), seconds=0.0)
    assert isinstance(last, Picture) and last.run.finished
    assert np.all(np.diff(last.run.spikes.neuron.astype(int)) >= 0)


def test_counting_the_spikes_anew_simulates_nothing():
    first = compute(Task(Asked(choices(130)), 10.0), seconds=0.0)
    assert isinstance(first, Picture)
    again = compute(Task(first.run.asked, 5.0, first.run, onward=False))
    assert isinstance(again, Picture)
    assert again.run is first.run and len(again.summary.binned) == 2 * len(first.summary.binned)


def test_what_would_be_too_much_is_told_before_anything_is_simulated():
    (problem,) = compute(Task(Asked(choices(1000, duration=20_000.0)), 10.0))
    most = MOST_NEURON_STEPS // 200_000
    assert f"at most {most} neurons can be simulated that long" in problem.message


def test_the_stimulus_of_a_block_stays_small():
    assert block_size(5000, 1) == 64
    assert block_size(200_000, 4) * 200_000 * 5 <= 8_000_000


def test_too_many_spikes_are_told(monkeypatch):
    monkeypatch.setattr("glifscope.population.run.MOST_SPIKES", 10)
    (problem,) = compute(Task(Asked(choices(20)), 10.0))
    assert "at most 10 are kept" in problem.message


def test_a_wrong_number_gives_its_problem_and_no_picture():
    (problem,) = compute(Task(Asked(choices(2.5)), 10.0))
    assert problem.field == "n_neurons"
    (problem,) = compute(Task(Asked(choices(20, spread=(("V_th", 1000.0),))), 10.0))
    assert problem.severity == "error" and "V_reset" in problem.message


def test_the_chosen_neuron_alone_does_what_it_did_among_the_others():
    asked = Asked(choices(12, mix=CELLS))
    run = whole(begin(asked))
    for index in (0, 5, 11):
        detail = look_at(Look(asked, run.members, index))
        assert detail.problem == ""
        assert np.array_equal(detail.frame.spike_times, run.spikes.of(index))


@pytest.mark.parametrize("shared", [0.0, 1.0])
def test_a_neuron_that_is_taken_to_the_workspace_neuron_does_there_what_it_did(shared):
    asked = Asked(choices(12, mix=CELLS, shared=shared, own_rate=90.0, own_std=120.0))
    run = whole(begin(asked))
    assert len(run.spikes.of(7))
    alone = Look(run.asked, run.members, 7).alone()
    assert alone.preset == CELLS[7 % len(CELLS)] and alone.cell == run.members.one(7)
    frame = compute_one(AskedOfOne(alone))
    assert np.array_equal(frame.spike_times, run.spikes.of(7))


def test_a_neuron_without_input_of_its_own_is_taken_with_what_is_shared():
    asked = Asked(choices(3, own_rate=0.0, own_std=0.0, shared=0.5))
    assert Look(asked, members(asked.choices), 1).alone().stimulus == asked.choices.stimulus


def test_a_neuron_is_compared_with_the_pinned_one_of_its_number():
    asked, other = Asked(choices(4)), Asked(choices(4, seed=2.0))
    pinned = Look(other, members(other.choices), 3)
    look = Look(asked, members(asked.choices), 3, pinned=pinned)
    found = look_at(look).frame
    assert np.array_equal(found.pinned.spike_times, look_at(pinned).frame.spike_times)
    assert np.array_equal(found.spike_times, look_at(look._replace(pinned=None)).frame.spike_times)


def test_a_potential_off_every_scale_is_told():
    asked = Asked(choices(2, weights=(-1e9,)))
    detail = look_at(Look(asked, members(asked.choices), 0))
    assert "pictures end at 1e+06 mV" in detail.problem and detail.frame is None


# What is read off the spikes


def test_rates_are_spikes_over_time_and_neurons():
    spikes = raster([9, 19, 29], [9], [], n_steps=1000)  # 100 ms
    summary = summarise(spikes, 3, 10.0)
    assert summary.rates.tolist() == [30.0, 10.0, 0.0]
    edges, rate = rate_in_bins(spikes, 3, 2.0)
    assert edges[:3].tolist() == [0.0, 2.0, 4.0]
    assert rate[0] == pytest.approx(3 / (3 * 0.002))  # three spikes of three neurons in 2 ms
    assert np.sum(rate * np.diff(edges)) / 1000 * 3 == pytest.approx(4)


def test_a_short_last_bin_has_its_own_width():
    edges, rate = rate_in_bins(raster([999], n_steps=1000), 1, 30.0)
    assert edges.tolist() == pytest.approx([0.0, 30.0, 60.0, 90.0, 100.0])
    assert rate[-1] == pytest.approx(100.0)


def test_a_constant_rate_stays_constant_when_smoothed_up_to_both_ends():
    every = np.arange(5, 1000, 10)
    time, rate = smoothed_rate(raster(every, every), 2, 10.0)
    assert len(time) == 100 and rate == pytest.approx(1000.0)


def test_intervals_of_a_clock_have_no_variation_and_the_rest_are_averaged():
    assert mean_cv(raster(np.arange(0, 1000, 50), [3, 900]), 2) == 0.0
    uneven = [0, 10, 40]  # intervals of 10 and 30: SD 10, mean 20
    assert mean_cv(raster(uneven, np.arange(0, 1000, 50)), 2) == pytest.approx(0.25)
    assert np.isnan(mean_cv(raster([1, 2], []), 2))


def test_synchrony_is_one_for_neurons_that_are_alike_and_zero_for_independent_ones():
    rng = np.random.default_rng(0)
    row = np.flatnonzero(rng.random(20_000) < 0.01)
    assert synchrony(raster(*[row] * 10, n_steps=20_000), 10, 10.0) == pytest.approx(1.0)
    rows = [np.flatnonzero(rng.random(20_000) < 0.01) for _ in range(50)]
    assert abs(synchrony(raster(*rows, n_steps=20_000), 50, 10.0)) < 0.02
    assert np.isnan(synchrony(raster(row, n_steps=20_000), 1, 10.0))
    assert np.isnan(synchrony(raster([], [], n_steps=20_000), 2, 10.0))


@pytest.mark.parametrize("most", [0, 1, 7, 40, 333])
def test_bins_of_rates_hold_every_neuron_once(most):
    rates = np.linspace(0, most, 50).round() * 2.0
    edges = bins_of_rates(rates, 2.0)
    assert np.histogram(rates, edges)[0].sum() == 50
    assert 2 <= len(edges) <= 26


# The page


class Waiting:
    """A pool whose work is done when the test says so."""

    def __init__(self):
        self.waiting = []

    def submit(self, function, *args):
        future = Future()
        self.waiting.append(lambda: future.set_result(function(*args)))
        return future


class Page:
    """The part of a document that the gate calls."""

    def __init__(self):
        self.ticks = []

    def add_next_tick_callback(self, callback):
        self.ticks.append(callback)

    def add_timeout_callback(self, callback, milliseconds):
        pass


class Visit:
    """A population on a page that paints at once, in a pool that works when it is told to."""

    def __init__(self, monkeypatch, **chosen):
        monkeypatch.setattr("glifscope.live.pn.io.hold", lambda doc: nullcontext())
        for place in ("workspace", "pinned"):
            path = f"glifscope.population.{place}.compute"
            monkeypatch.setattr(path, partial(compute, seconds=0.0))
        asked = choices(**chosen)
        self.session = Session(**asked._asdict())
        self.pool, self.page = Waiting(), Page()
        self.population = Population(self.session, Pools(self.pool, self.pool))
        self.gates = (
            self.population._gate,
            self.population.one.gate,
            self.population._pinned.gate,
        )
        for gate in self.gates:
            gate._doc = self.page

    def work(self):
        """One piece of work, and what comes of it."""
        self.pool.waiting.pop(0)()
        self.page.ticks.pop(0)()
        for gate in self.gates:
            gate.numbers.painted = gate.numbers.sent

    def work_all(self):
        while self.pool.waiting:
            self.work()

    @property
    def shown(self):
        return self.population.raster.source.data["t"]


def test_nothing_is_computed_before_the_workspace_is_shown(monkeypatch):
    visit = Visit(monkeypatch)
    visit.session.choose("duration", 199.0)
    assert visit.pool.waiting == []
    visit.population.shown(True)
    visit.work_all()
    assert visit.population.run.finished and len(visit.shown) == len(
        visit.population.run.spikes.step
    )
    visit.population.shown(False)
    visit.session.choose("duration", 198.0)
    assert visit.pool.waiting == []
    visit.population.shown(True)
    visit.work_all()
    assert visit.population.run.asked.choices.duration == 198.0
    assert visit.population.raster.figure.x_range.end == 198.0


def test_cancel_ends_a_run_before_its_next_block_and_it_can_go_on(monkeypatch):
    visit = Visit(monkeypatch, n=200)
    visit.population.shown(True)
    visit.work()
    assert visit.population.run.done == 64
    visit.population.cancel()
    visit.work_all()  # what was under way
    stopped = visit.population.run.done
    assert stopped == 128 and not visit.pool.waiting
    assert visit.population.progress.button.label == "Go on"
    assert "Stopped after 128 of 200 neurons" in visit.population.progress.told.object
    visit.population.go_on()
    visit.work_all()
    assert visit.population.run.finished
    assert len(visit.shown) == len(visit.population.run.spikes.step)
    assert not visit.population.progress.button.visible


def test_a_cancel_holds_where_a_picture_of_older_choices_is_still_under_way(monkeypatch):
    visit = Visit(monkeypatch, n=200)
    visit.population.shown(True)
    visit.work()
    visit.session.population = replace(visit.session.population, n_neurons=1000.0)
    visit.population.cancel()
    visit.work_all()
    assert visit.population.run.members.count == 1000
    assert visit.population.run.done == 64
    assert "Stopped after 64 of 1,000 neurons" in visit.population.progress.told.object
    visit.population.go_on()
    visit.work_all()
    assert visit.population.run.finished


def test_newer_choices_take_the_place_of_a_run_that_is_under_way(monkeypatch):
    visit = Visit(monkeypatch, n=1000)
    visit.population.shown(True)
    visit.work()
    visit.session.population = replace(visit.session.population, n_neurons=3.0)
    for _ in range(5):
        if visit.pool.waiting:
            visit.work()
    assert visit.population.run.finished and visit.population.run.members.count == 3
    assert not visit.pool.waiting
    assert visit.population.raster.source.data["neuron"].max() <= 2


def test_a_problem_is_told_beside_its_control_and_the_last_picture_stays(monkeypatch):
    visit = Visit(monkeypatch)
    visit.population.shown(True)
    visit.work_all()
    before = len(visit.shown)
    visit.session.population = replace(visit.session.population, own_std=-1.0)
    visit.work_all()
    assert len(visit.shown) == before
    assert "own_std" in visit.population._problem.object
    assert "own_std" in visit.population.controls.numbers["own_std"]._problem.object
    visit.session.population = replace(visit.session.population, own_std=1.0)
    visit.work_all()
    assert visit.population._problem.object == ""


def test_the_chosen_neuron_is_drawn_after_the_raster_and_stays_within_the_population(monkeypatch):
    visit = Visit(monkeypatch)
    visit.population.shown(True)
    visit.work()
    assert len(visit.shown) and visit.population.one._results is None
    visit.work_all()
    visit.population.looked.look(7)
    visit.work_all()
    spikes = visit.population.run.spikes.of(7)
    assert np.array_equal(visit.population.one._results.frame.spike_times, spikes)
    assert (
        visit.population.looked.neuron.value == 7
        and "Neuron 7" in visit.population.one._parameters.object
    )
    visit.session.population = replace(visit.session.population, n_neurons=3.0)
    visit.work_all()
    assert visit.population.looked.index == 2 and visit.population.looked.neuron.value == 2


def test_a_wider_bin_counts_the_same_spikes_anew(monkeypatch):
    visit = Visit(monkeypatch)
    visit.population.shown(True)
    visit.work_all()
    run = visit.population.run
    visit.population.looked.width.value = 20.0
    visit.work_all()
    assert visit.population.run is run
    assert visit.population.rate.bins.data["right"][0] == pytest.approx(20.0)
    assert len(visit.shown) == len(run.spikes.step)


def test_what_is_looked_at_follows_a_link_and_undo(monkeypatch):
    visit = Visit(monkeypatch)
    visit.population.shown(True)
    visit.work_all()
    open_query(visit.session, "v=1&population.neuron=7&population.width=25")
    visit.work_all()
    assert visit.population.looked.neuron.value == 7 and visit.population.looked.width.value == 25.0
    assert visit.population.rate.bins.data["right"][0] == pytest.approx(25.0)
    visit.population.looked.look(3)
    visit.work_all()
    assert "population.neuron=3" in to_query(visit.session)
    visit.session.undo()
    visit.work_all()
    spikes = visit.population.run.spikes.of(7)
    assert np.array_equal(visit.population.one._results.frame.spike_times, spikes)


def test_a_pinned_population_is_drawn_behind_with_the_difference(monkeypatch):
    visit = Visit(monkeypatch, n=100)
    visit.population.shown(True)
    visit.work_all()
    rate, spread = visit.population.rate, visit.population.spread
    assert not rate._difference.column.visible
    before = rate.source.data["rate"]
    visit.session.pinned = visit.session.choices
    visit.work_all()
    assert np.array_equal(rate.pinned.data["rate"].astype(np.float32), before)
    assert rate._difference.column.visible and not rate.source.data["difference"].any()
    visit.session.population = replace(visit.session.population, own_std=200.0)
    visit.session.choose("duration", 150.0)
    visit.work_all()
    n = len(rate.source.data["t"])
    assert n < len(before) and len(rate.pinned.data["rate"]) == len(before)
    less = rate.source.data["rate"] - before[:n]
    np.testing.assert_allclose(rate.source.data["difference"], less, atol=1e-4)
    assert "<small>pinned " in spread.numbers.object
    visit.session.looked = visit.session.looked._replace(width=5.0)
    visit.work_all()
    assert not np.array_equal(rate.pinned.data["rate"].astype(np.float32), before)
    visit.session.pinned = None
    visit.work_all()
    assert not rate._difference.column.visible and not len(rate.pinned.data["t"])
    assert "<small>pinned " not in spread.numbers.object


def test_spikes_rates_and_the_neuron_of_a_pinned_population_lie_behind(monkeypatch):
    visit = Visit(monkeypatch, n=20)
    visit.population.shown(True)
    visit.session.pinned = visit.session.choices
    visit.session.population = replace(visit.session.population, own_std=150.0)
    visit.work_all()
    page, before = visit.population, visit.population._pinned.run
    raster, spread = page.raster._behind.data, page.spread.pinned.data
    assert sorted(raster["row"]) == sorted(before.spikes.neuron) and len(raster["row"])
    assert spread["count"].sum() == 20 and "pinned" in page.spread._legend.object
    pinned = page.one._results.frame.pinned
    assert np.array_equal(pinned.spike_times, before.spikes.of(0))
    visit.session.population = replace(visit.session.population, mix=CELLS)
    visit.work_all()
    assert not len(page.raster._behind.data["t"])
    assert "other cells in its rows" in page.raster._caption.object
    visit.session.pinned = None
    visit.work_all()
    assert "other cells" not in page.raster._caption.object
    assert not len(page.spread.pinned.data["left"]) and page.one._results.frame.pinned is None


def test_a_pinned_population_that_cannot_be_made_is_told(monkeypatch):
    visit = Visit(monkeypatch)
    visit.population.shown(True)
    wrong = replace(visit.session.population, own_std=-1.0)
    visit.session.pinned = visit.session.choices._replace(population=wrong)
    visit.work_all()
    assert "own_std" in visit.population._not_pinned.object
    assert len(visit.shown)


def test_controls_write_the_spread_and_follow_it(monkeypatch):
    visit = Visit(monkeypatch, spread=(("V_th", 1.0),))
    spread = visit.population.controls.spread
    spread._add({"label": "E_L"})
    assert [name for name, _ in visit.session.population.spread] == ["V_th", "E_L"]
    spread.controls[0].slider.value = 2.5
    assert dict(visit.session.population.spread)["V_th"] == 2.5
    spread.controls[0]._write_all(None)
    assert [control.field for control in spread.controls] == ["E_L"]
    both = (("V_th", 1.0), ("E_L", 2.0))
    visit.session.population = replace(visit.session.population, spread=both)
    assert [control.slider.value for control in spread.controls] == [1.0, 2.0]
    visit.population.controls.mix.cells.value = list(CELLS)
    assert visit.session.population.mix == CELLS


def picture_of(spikes, count, since=0):
    run = Run(Asked(choices(count)), members(choices(count)), count, spikes)
    return Picture(run, since, summarise(spikes, count, 10.0))


def test_the_raster_holds_every_spike_or_says_how_many_it_leaves_out():
    view = RasterView(Range1d(0, 1), lambda index: None)
    every = np.arange(MOST_SHOWN // 10)
    view.draw(picture_of(raster(*[every] * 10, n_steps=10_000), 10))
    assert len(view.source.data["t"]) == MOST_SHOWN
    assert f"{MOST_SHOWN:,} spikes" in view._caption.object
    view.draw(picture_of(raster(*[every] * 25, n_steps=10_000), 25, since=MOST_SHOWN))
    assert len(view.source.data["t"]) <= MOST_SHOWN
    assert f"One of every 3 of {25 * len(every):,} spikes is drawn" in view._caption.object
    view.draw(picture_of(raster([], n_steps=100), 1))
    assert "No neuron spikes" in view._caption.object


def test_rows_of_a_mix_stand_together_cell_by_cell_and_every_neuron_has_one():
    drawn = members(choices(8, mix=CELLS))
    rows = rows_of(drawn)
    assert rows.cells == CELLS and rows.edges.tolist() == [0, 3, 6, 8]
    assert rows.neuron.tolist() == [0, 3, 6, 1, 4, 7, 2, 5]
    assert rows.row[rows.neuron].tolist() == list(range(8))
    for i in range(8):
        assert rows.cells[rows.group[i]] == drawn.cell_of(i)
    assert rows.short_titles == ["Rorb", "Cux2", "Nr5a1"]
    plain = rows_of(members(choices(4)))
    assert plain.cells == () and plain.row.tolist() == [0, 1, 2, 3]


def test_rows_of_a_cell_that_is_named_twice_or_has_no_neuron():
    rows = rows_of(members(choices(4, mix=(CELLS[0], CELLS[1], CELLS[0]))))
    assert rows.cells == CELLS[:2] and rows.neuron.tolist() == [0, 2, 3, 1]
    assert rows_of(members(choices(2, mix=CELLS))).cells == CELLS[:2]
    both = ("488677994", "501730497")  # both of one line
    short = rows_of(members(choices(2, mix=both)))._replace(cells=both).short_titles
    assert short == ["Sst …994", "Sst …497"]


def test_neighbouring_cells_have_different_colours_and_few_have_one_each():
    assert colours_of(0) == [BLUE]
    assert len(set(colours_of(4))) == 4
    many = colours_of(MOST_CELLS)
    assert len(many) == MOST_CELLS
    assert all(one != other for one, other in pairwise(many))


def picture_of_mix(*rows, mix=CELLS, count=None):
    asked = Asked(choices(count or len(rows), mix=mix))
    run = Run(asked, members(asked.choices), len(rows), raster(*rows))
    return Picture(run, 0, summarise(run.spikes, len(rows), 10.0))


def test_the_raster_of_a_mix_names_its_cells_and_forgets_them_without_one():
    taken = []
    view = RasterView(Range1d(0, 1), taken.append)
    view.draw(picture_of_mix([1], [2], [3], [4]))
    data, axis = view.source.data, view.figure.yaxis[0]
    assert data["row"].tolist() == [0, 2, 3, 1] and data["cell"].tolist() == [0, 1, 2, 0]
    assert axis.major_label_overrides == {0.5: "Rorb", 2.0: "Cux2", 3.0: "Nr5a1"}
    assert all(fitted_title in view._legend.object for fitted_title in CELLS)
    assert view._origin.args["names"][1].startswith(" of Cux2")
    view.mark(1)
    assert view._row.location == 2
    view._tapped(type("Tap", (), {"y": 1.2}))
    assert taken == [3]
    view.draw(picture_of(raster([1], [2], [3], [4]), 4))
    assert axis.major_label_overrides == {} and view._legend.object == ""
    assert view._marks.glyph.fill_color == value(BLUE)
    assert data is not view.source.data and view.source.data["row"].tolist() == [0, 1, 2, 3]


def test_any_cell_of_the_atlas_can_join_a_mix_until_it_is_full(monkeypatch):
    visit = Visit(monkeypatch)
    mix = visit.population.controls.mix
    assert set(mix.find.options.values()) == set(presets())
    assert mix.add.disabled
    far = [name for name in presets() if name not in OFFERED][:: 700 // MOST_CELLS]
    for name in far[:MOST_CELLS]:
        mix.find.value = name
        assert not mix.add.disabled
        mix.add.clicks += 1
    assert visit.session.population.mix == tuple(far[:MOST_CELLS])
    assert mix.cells.value == far[:MOST_CELLS] and mix.find.value is None
    mix.find.value = far[MOST_CELLS]
    assert mix.add.disabled and f"{MOST_CELLS} cells, the most" in mix._full.object
    mix.cells.value = far[:2]
    assert not mix.add.disabled and mix._full.object == ""
    mix.find.value = far[0]  # it is in already
    assert mix.add.disabled


def test_a_tap_chooses_the_row_that_is_nearest():
    taken = []
    view = RasterView(Range1d(0, 1), taken.append)
    view.draw(picture_of(raster([1], [2], [3]), 3))
    for y in (0.4, 1.6, 99.0, -5.0):
        view._tapped(type("Tap", (), {"y": y}))
    assert taken == [0, 2, 2, 0]

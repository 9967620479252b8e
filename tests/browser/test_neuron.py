"""What the user of the Neuron workspace does: inputs, ports, spikes, comparisons, links."""

import numpy as np
import pytest
from glifscope.choices import DT
from glifscope.results import Asked, compute
from glifscope.session import Session
from glifscope.url_state import open_query

from glifcore import GlifModel, simulate


def shown_by_the_address(glifscope):
    """A Session that is where the page's own address leads."""
    session = Session()
    assert open_query(session, glifscope.page.evaluate("location.search")) == []
    return session


def assert_the_plots_are_of(glifscope, session):
    traces = simulate(session.cell, session.choices.arriving(), dt=DT)
    drawn = glifscope.source("membrane")
    steps = np.rint(drawn["t"] / DT).astype(int) - 1
    assert np.abs(drawn["V_m"] - traces.V_m[steps]).max() < 1e-5
    synaptic = glifscope.source("synaptic")
    steps = np.rint(synaptic["t"] / DT).astype(int) - 1
    for port in range(len(session.weights)):
        fast = traces.I_syn_fast_ports[steps, port]
        assert np.abs(synaptic[f"fast_{port}"] - fast).max() < 1e-4
    assert np.allclose(glifscope.source("spikes")["t"], traces.time[traces.spike])


def settled(glifscope, claim):
    """The Session once the claim holds of it, in the address and in the plots."""

    def agree():
        session = shown_by_the_address(glifscope)
        claim(session)
        assert_the_plots_are_of(glifscope, session)
        return session

    return glifscope.wait_until(agree)


def place(glifscope, figure, t, y):
    """Where on the page a plot's axes have these values."""
    return glifscope.page.evaluate(
        """([name, t, y]) => {
          const view = Bokeh.index.find_one(Bokeh.documents[0].get_model_by_name(name));
          const box = view.canvas_view.el.getBoundingClientRect();
          const frame = view.frame;
          return [box.x + frame.x_scale.compute(t), box.y + frame.y_scale.compute(y)];
        }""",
        [figure, t, y],
    )


def zoom(glifscope, figure, start, end):
    """Draw a box over these times with the plot's tool."""
    page = glifscope.page
    page.evaluate(
        """name => {
          const { toolbar } = Bokeh.documents[0].get_model_by_name(name);
          toolbar.tools.find((tool) => tool.type === "BoxZoomTool").active = true;
        }""",
        figure,
    )
    for ms, act in ((start, page.mouse.down), (end, page.mouse.up)):
        page.mouse.move(*place(glifscope, figure, ms, -60.0), steps=4)
        act()


def has(**expected):
    """The claim that a Session has these."""

    def claim(session):
        for name, value in expected.items():
            assert getattr(session, name) == value

    return claim


def has_inputs(count):
    """The claim that so many parts arrive."""

    def claim(session):
        assert len(session.stimulus) == count

    return claim


def test_inputs_ports_and_painted_spikes_reach_the_neuron_and_can_be_undone(glifscope):
    page = glifscope.page
    page.get_by_role("button", name="Add port").click()
    glifscope.type("tau_syn_fast (ms)", 0.8)
    glifscope.type("weight (pA)", -40)
    page.get_by_role("button", name="Add an input").click()
    page.get_by_role("menuitem", name="Poisson spikes").click()
    glifscope.slider("rate[2] (1/s)").wait_for()
    session = settled(glifscope, has_inputs(3))
    assert session.weights == (100.0, -40.0) and session.stimulus[2].receptor == 1
    assert session.value("tau_syn_fast", 1) == 0.8
    page.evaluate(
        """() => Bokeh.index.find_one(Bokeh.documents[0].get_model_by_name("inputs-figure"))
            .el.scrollIntoView({ block: "center" })"""
    )
    free = place(glifscope, "inputs-figure", 120.0, 0.0)
    page.mouse.click(*free)
    assert place(glifscope, "inputs-figure", 120.0, 0.0) == free  # no plot jumps from the pointer
    painted = settled(glifscope, has_inputs(4))
    assert painted.stimulus[3].times == pytest.approx((120.0,), abs=1.0)
    page.mouse.click(*place(glifscope, "inputs-figure", 60.0, 1.0))
    painted = settled(glifscope, has_inputs(5))  # the other port has a train of its own
    assert [(len(part.times), part.receptor) for part in painted.stimulus[3:]] == [(1, 0), (1, 1)]
    page.mouse.click(*place(glifscope, "inputs-figure", 200.0, 1.0))

    def is_in_the_second(session):
        assert [len(part.times) for part in session.stimulus[3:]] == [1, 2]

    painted = settled(glifscope, is_in_the_second)
    page.get_by_role("button", name="Remove stimulus 0").click()
    settled(glifscope, has(stimulus=painted.stimulus[1:]))
    for _ in range(4):
        page.get_by_role("button", name="Undo").click()
    settled(glifscope, has(choices=session.choices))
    for _ in range(3):
        page.get_by_role("button", name="Redo").click()
    settled(glifscope, has(choices=painted.choices))


def test_a_level_of_the_climb_is_taken_by_the_keyboard(glifscope):
    page = glifscope.page
    page.get_by_role("button", name="Climb", exact=True).press("Enter")
    page.get_by_role("button", name="Take by flags").press("Enter")
    page.get_by_role("menuitem", name="GLIF2").press("Enter")

    def agree():
        assert shown_by_the_address(glifscope).cell.model is GlifModel.GLIF2

    glifscope.wait_until(agree)


def test_a_spike_is_taken_apart_runs_are_compared_and_the_page_comes_back(glifscope):
    page = glifscope.page
    frame = compute(Asked(Session().choices, spike=1))
    spike = frame.spike_times[1], frame.spike_thresholds[1] + 5.0
    page.mouse.click(*place(glifscope, "membrane-figure", *spike))
    page.get_by_text(f"{frame.autopsy.U:.3f} mV").wait_for()
    bars = glifscope.source("autopsy")
    assert bars["right"][-1] == pytest.approx(frame.autopsy.U, abs=1e-6)
    page.get_by_role("button", name="Pin this run").click()
    page.get_by_role("button", name="Membrane", expanded=False).click()
    glifscope.slider("g (nS)").wait_for()
    glifscope.type("g (nS)", 8)
    heavier = Session()
    heavier.choose("g", 8.0)
    session = settled(glifscope, has(choices=heavier.choices))
    apart = glifscope.source("difference")
    expected = compute(Asked(session.choices, pinned=session.pinned)).pinned.difference
    assert np.array_equal(apart["difference"], expected)
    assert session.pinned == Session().choices and session.spike == 1
    # A pinned current that is larger than the present one is seen whole.
    glifscope.type("weight (pA)", 20)
    whole = """() => {
      const [fig, pinned, now] = ["psc-figure", "psc-pinned", "psc"].map((name) =>
        Bokeh.documents[0].get_model_by_name(name));
      const [before, top] = [pinned, now].map(({ data }) => Math.max(...data.total));
      return before > 100 && top < 30 && fig.y_range.end > before;
    }"""
    page.wait_for_function(whole)
    glifscope.type("weight (pA)", 100)
    settled(glifscope, has(choices=heavier.choices))
    # The readout tells every trace at the pointer.
    page.mouse.move(*place(glifscope, "membrane-figure", 200.0, -60.0))
    page.get_by_text("V_m − pinned").wait_for()
    # Climb and f-I.
    page.get_by_role("button", name="Climb", exact=True).click()
    page.get_by_text("Same parameters, mechanisms switched").wait_for()
    page.get_by_role("button", name="f–I curve", exact=True).click()
    page.get_by_text("rheobase").filter(visible=True).first.wait_for()
    # Traces are fed again although another click follows at once.
    traces = page.get_by_role("button", name="Traces", exact=True).element_handle()
    snapshots = page.locator("header").get_by_role("button", name="Snapshots").element_handle()
    page.evaluate(
        "([first, then]) => { first.click(); setTimeout(() => then.click(), 15); }",
        [traces, snapshots],
    )
    # A reload comes back to it, and a snapshot too.
    page.get_by_role("textbox", name="Name of a snapshot").fill("heavier")
    page.get_by_role("button", name="Keep", exact=True).click()
    page.get_by_role("button", name="heavier", exact=True).wait_for()
    page.reload()
    page.get_by_text("Spike autopsy").wait_for()
    settled(glifscope, has(choices=session.choices))
    page.goto(page.url.split("?")[0])
    page.get_by_text("Spike autopsy").wait_for()
    page.locator("header").get_by_role("button", name="Snapshots").click()
    page.get_by_role("button", name="heavier", exact=True).click()
    page.keyboard.press("Escape")
    settled(glifscope, has(choices=session.choices))


def test_a_zoomed_run_is_drawn_anew_and_the_link_and_the_cursor_go_with_it(glifscope):
    """Twenty seconds of spikes: what is seen of them is no polygon."""
    page = glifscope.page
    address = page.url.split("?")[0]
    inputs = "input=PoissonTrain,200,0,0,20000,3&input=NoiseCurrent,150,80,5,0,20000,1"
    page.goto(f"{address}?v=1&duration=20000&{inputs}")
    page.get_by_text("Spike autopsy").wait_for()

    def seen(least):
        start, end = shown_by_the_address(glifscope).window or (0.0, 20_000.0)
        times = glifscope.source("membrane")["t"]
        assert np.sum((times >= start) & (times <= end)) >= least
        return start, end

    glifscope.wait_until(lambda: seen(1000))
    zoom(glifscope, "membrane-figure", 9000.0, 9800.0)

    def narrower():
        start, end = seen(1000)
        assert 8900.0 < start < 9100.0 and 9700.0 < end < 9900.0
        return start, end

    start, end = glifscope.wait_until(narrower)
    session = shown_by_the_address(glifscope)
    assert_the_plots_are_of(glifscope, session)
    line = page.get_by_role("slider", name="Time at which")
    line.press("Home")
    first = float(line.get_attribute("aria-valuenow"))
    line.press("End")
    assert start <= first < start + 1.0
    assert end - 1.0 < float(line.get_attribute("aria-valuenow")) <= end
    page.get_by_role("button", name="Climb").click()
    page.wait_for_function(
        """([start, end]) => {
          const source = Bokeh.documents[0].get_model_by_name("climb-flags-traces");
          const times = Array.from(source?.data.t[0] ?? []);
          return times.filter((t) => t >= start && t <= end).length > 500;
        }""",
        arg=[start, end],
    )
    page.reload()
    page.get_by_text("Equations").first.wait_for()
    assert shown_by_the_address(glifscope).window == session.window


def test_keys_undo_and_redo_and_lead_to_where_the_step_was_made(glifscope):
    page = glifscope.page
    page.get_by_role("button", name="GLIF3").click()
    settled(glifscope, lambda session: _is(session, GlifModel.GLIF3, "Neuron"))
    page.get_by_role("button", name="Cells", exact=True).click()
    settled(glifscope, lambda session: _is(session, GlifModel.GLIF3, "Cells"))
    for keys, model in (
        ("Control+z", GlifModel.GLIF5),
        ("Control+y", GlifModel.GLIF3),
        ("Control+z", GlifModel.GLIF5),
        ("Control+Shift+Z", GlifModel.GLIF3),
    ):
        page.keyboard.press(keys)
        settled(glifscope, lambda session, model=model: _is(session, model, "Neuron"))
    # What Enter has handed on is the page's to undo, what is only typed the browser's.
    glifscope.type("tau_syn_fast (ms)", 7)
    settled(glifscope, lambda session: _assert(session.value("tau_syn_fast", 0) == 7.0))
    page.keyboard.press("Control+z")
    settled(glifscope, lambda session: _assert(session.value("tau_syn_fast", 0) == 2.0))
    field = glifscope.entry("tau_syn_fast")
    field.click()
    field.press("5")
    field.press("Control+z")  # the browser's own, of what was typed
    page.wait_for_timeout(500)
    _is(shown_by_the_address(glifscope), GlifModel.GLIF3, "Neuron")


def _is(session, model, workspace):
    assert (session.cell.model, session.workspace) == (model, workspace)


def test_a_run_that_is_made_longer_or_shorter_is_seen_whole(glifscope):
    seen = """() => {
      const { start, end } = Bokeh.documents[0].get_model_by_name("membrane-figure").x_range;
      return `${start} to ${end}`;
    }"""
    for duration in (700, 1500, 1600, 300):
        glifscope.type("duration (ms)", duration)
        glifscope.page.wait_for_function(f"({seen})() === '0 to {duration}'")


def _assert(claim):
    assert claim

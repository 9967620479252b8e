"""The population in a real browser: drag, tap a neuron, stop a long run and go on."""

import re

from playwright.sync_api import expect


class PopulationPage:
    """The open workspace."""

    def __init__(self, glifscope):
        self.glifscope, self.page = glifscope, glifscope.page
        self.go_to("Population")
        self.wait_for_spikes()

    def go_to(self, workspace):
        self.page.locator("header").get_by_role("button", name=workspace, exact=True).click()

    def spikes(self):
        return self.glifscope.source("population-raster")

    def wait_for_spikes(self, count=1):
        def enough():
            assert len(self.spikes()["t"]) >= count

        self.page.wait_for_function(
            "Bokeh.documents[0].get_model_by_name('population-raster') != null"
        )
        self.glifscope.wait_until(enough)

    def tap_row(self, index):
        """Click into the row of a neuron, beside its spikes."""
        place = self.page.evaluate(
            """index => {
              const figure = Bokeh.documents[0].get_model_by_name("population-raster-figure");
              const view = Bokeh.index.find_one(figure);
              view.el.scrollIntoView({ block: "center" });
              const box = view.el.getBoundingClientRect();
              return [box.x + view.frame.x_scale.compute(400),
                      box.y + view.frame.y_scale.compute(index)];
            }""",
            index,
        )
        self.page.mouse.click(*place)


def test_a_population_follows_a_drag_shows_a_tapped_neuron_and_can_be_stopped(glifscope):
    population = PopulationPage(glifscope)
    page = population.page
    before = len(population.spikes()["t"])
    page.wait_for_function("Bokeh.documents[0].is_idle")
    page.wait_for_timeout(1000)  # the sidebar must stand still before a thumb can be caught
    for _ in glifscope.drag("shared", 0.6, 0.7, 0.8, 0.9):
        page.wait_for_timeout(50)

    def more_spikes():
        assert len(population.spikes()["t"]) > before

    glifscope.wait_until(more_spikes)

    population.tap_row(42)

    def shown():
        raster, own = population.spikes(), glifscope.source("population-spikes")
        assert glifscope.value("chosen neuron") == 42
        assert sorted(own["t"].round(1)) == sorted(raster["t"][raster["neuron"] == 42].round(1))

    glifscope.wait_until(shown)
    expect(page.get_by_text("Neuron 42, drawn around")).to_be_visible()

    population.go_to("Neuron")
    glifscope.type("duration (ms)", 9000)  # a run that takes its time
    population.go_to("Population")
    glifscope.type("n_neurons", 1000)
    # The shorter run before has a Cancel of its own, which would be the wrong one.
    expect(page.get_by_text(re.compile(r"\d+ of 1,000 neurons"))).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Cancel", exact=True).click()
    expect(page.get_by_text(re.compile(r"Stopped after \d+ of 1,000 neurons"))).to_be_visible(
        timeout=20_000
    )
    assert population.spikes()["neuron"].max() < 960
    page.get_by_role("button", name="Go on", exact=True).click()

    def finished():
        assert population.spikes()["neuron"].max() >= 960

    glifscope.wait_until(finished)


def test_a_neuron_is_compared_with_the_pinned_one_and_taken_to_the_workspace_neuron(glifscope):
    population = PopulationPage(glifscope)
    page, source = population.page, glifscope.source
    page.get_by_role("button", name="Pin this run").filter(visible=True).click()
    glifscope.type("own_std (pA)", 120)
    glifscope.type("chosen neuron", 7)

    def compared():
        raster, own = population.spikes(), source("population-spikes")
        assert sorted(own["t"].round(1)) == sorted(raster["t"][raster["neuron"] == 7].round(1))
        assert len(own["t"]) > len(source("population-pinned-raster")["t"]) / 200
        behind = source("population-membrane-pinned")
        apart = abs(source("population-difference")["difference"])
        assert len(behind["t"]) and apart.max(initial=0.0) > 1.0

    glifscope.wait_until(compared)
    page.get_by_role("button", name="I_syn").filter(visible=True).click()

    def arrives():
        total = source("population-synaptic")["total"]  # none while the row is hidden
        assert abs(total).max(initial=0.0) > 50.0

    glifscope.wait_until(arrives)
    times = source("population-spikes")["t"]
    page.get_by_role("button", name="Take it to Neuron").click()
    page.get_by_text("Spike autopsy").filter(visible=True).wait_for()
    glifscope.wait_until(lambda: _assert(source("spikes")["t"].tolist() == times.tolist()))
    page.keyboard.press("Control+z")
    glifscope.wait_until(lambda: _assert(source("spikes")["t"].tolist() != times.tolist()))


def _assert(claim):
    assert claim

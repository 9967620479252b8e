"""What axe-core says of every workspace, light and dark; the keyboard; a narrow screen."""

from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from tests.browser.conftest import Glifscope

SERIOUS = ("serious", "critical")

_SCRIPT = Path(__file__).with_name("access.js").read_text(encoding="utf-8")

MOST_STOPS = 200
"""Of the Tab key on one page."""


class Visit:
    """A page that was opened by a link, and what can be asked of it."""

    def __init__(self, page, url, width):
        self.page, self._url = page, url
        self.wrong = []
        page.on("pageerror", lambda error: self.wrong.append(f"{error}"))
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(reduced_motion="reduce")

    def open(self, link, text):
        self.page.goto(f"{self._url}?v=1&{link}")
        self.shows(text)
        self.page.evaluate(f"{AXE_SCRIPT}\n{_SCRIPT}")
        return Glifscope(self.page)

    def shows(self, text):
        """Wait until this is seen, and nothing is being drawn."""
        self.page.get_by_text(text).filter(visible=True).first.wait_for(timeout=60_000)
        self.page.wait_for_function("window.Bokeh.documents[0].is_idle")

    def button(self, name):
        return self.page.get_by_role("button", name=name, exact=True).filter(visible=True)

    def assert_accessible(self, **options):
        """Axe finds nothing serious; no text in a plot is hard to read, no plot without a name."""
        # Style sheets are not fetched once more: only a rule on turned screens looks at them.
        options = {"resultTypes": ["violations"], "preload": False} | options
        found = [
            f"{violation['id']}: {node['html'][:200]}"
            for violation in self.page.evaluate("o => axe.run(document, o)", options)["violations"]
            if violation["impact"] in SERIOUS
            for node in violation["nodes"]
        ]
        assert found + self.page.evaluate("access.unread()") == []
        assert self.page.evaluate("access.unnamedPlots()") == []

    def assert_accessible_in_both_themes(self):
        """All rules in the theme that it is in; in the other names and roles are the same."""
        self.settle(self.assert_accessible)
        self.assert_readable_in_the_other_theme()

    def assert_readable_in_the_other_theme(self):
        self.page.get_by_role("button", name="Toggle theme").click()
        self.settle(lambda: self.assert_accessible(runOnly=["color-contrast"]))

    def settle(self, claim):
        """Wait until nothing changes its colours any more, and the claim holds."""
        self.page.evaluate("access.settled()")
        Glifscope(self.page).wait_until(claim)

    def assert_keys_reach_everything(self):
        """Tab comes to each control, or to one of its group, and it is seen where one is."""
        self.page.evaluate("access.walk()")
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("access.isOver()"):
                break
        told = self.page.evaluate("access.told()")
        assert len(told.pop("reached")) > 10
        assert told == {"missed": [], "unseen": []}
        assert self.nameless() == []

    def nameless(self):
        """What can take the keys, and has no name for a screen reader."""
        browser = self.page.context.new_cdp_session(self.page)
        nodes = browser.send("Accessibility.getFullAXTree")["nodes"]
        browser.detach()
        return [
            node["role"]["value"]
            for node in nodes
            if not node["ignored"]
            and any(p["name"] == "focusable" and p["value"]["value"] for p in node["properties"])
            and node["role"]["value"] != "LabelText"  # of a file's input, which has the name
            and not node.get("name", {}).get("value")
        ]


@pytest.fixture
def visit(page, server_url):
    """Opens links, on a wide screen."""
    opened = Visit(page, server_url, 1440)
    yield opened
    assert opened.wrong == []


@pytest.mark.parametrize(
    ("link", "text"),
    [
        ("workspace=Population", "CV of intervals"),
        ("workspace=Cells&theme=dark", "789 of 789 cells"),
    ],
)
def test_a_workspace_has_names_contrast_and_keys(visit, link, text):
    visit.open(link, text)
    visit.assert_accessible_in_both_themes()
    visit.assert_keys_reach_everything()


def test_synapse_has_names_contrast_and_keys_in_both_its_parts(visit):
    visit.open("workspace=Synapse&theme=dark", "From a recorded PSC to a synapse")
    visit.assert_accessible_in_both_themes()
    visit.assert_keys_reach_everything()
    visit.button("V1 synapses").click()
    visit.shows("Every class a tile")
    visit.assert_accessible_in_both_themes()
    visit.assert_keys_reach_everything()


def test_neuron_has_names_contrast_and_keys_in_all_its_panes_and_beside_a_lesson(visit):
    glifscope = visit.open("workspace=Neuron&lesson=one-alpha&spike=1&theme=dark", "arriving spike")
    visit.shows("Question")
    visit.assert_accessible_in_both_themes()
    visit.assert_keys_reach_everything()
    _open_a_mark(visit)
    _move_the_line(visit, glifscope)
    _move_a_plot(visit)
    for right, text in ((1, "Take by flags"), (2, "Rheobase: g")):
        visit.button("Traces").focus()
        for _ in range(right):
            visit.page.keyboard.press("ArrowRight")
        visit.page.keyboard.press("Enter")
        visit.shows(text)
        visit.settle(visit.assert_accessible)
    visit.assert_readable_in_the_other_theme()


def _open_a_mark(visit):
    """Where Tab goes to a control, its line is shown, until Escape or what follows."""
    press, tips = visit.page.keyboard.press, visit.page.get_by_role("tooltip")
    visit.page.get_by_role("textbox", name="tau_syn_fast (ms), exact").focus()
    expect(tips).to_have_count(0)
    press("Shift+Tab")
    press("Tab")
    expect(tips).to_have_text(["Time constant of the fast alpha function"])
    press("Escape")
    expect(tips).to_have_count(0)
    for _ in range(4):
        press("Tab")
    expect(tips).to_have_text(["Time constant of the slow alpha function"])
    visit.page.mouse.click(5, 5)
    expect(tips).to_have_count(0)


def _move_the_line(visit, glifscope):
    """The shared cursor by keys: what is read out is what is drawn there."""
    line = visit.page.get_by_role("slider", name="Time at which the traces are read out")
    line.focus()
    drawn = glifscope.source("membrane")

    def assert_read_out(index):
        told = line.get_attribute("aria-valuetext").replace("−", "-")
        assert f"time {drawn['t'][index]:.1f} ms, V_m {drawn['V_m'][index]:.2f} mV" in told
        assert f"{drawn['V_m'][index]:.2f}".replace("-", "−") in line.inner_text()

    at = 0
    for key, by in (("ArrowRight", 0), ("Shift+ArrowRight", 10), ("ArrowRight", 1)):
        line.press(key)
        at += by
        assert_read_out(at)
    line.press("End")
    assert_read_out(-1)
    line.press("ArrowLeft")
    assert_read_out(-2)
    line.press("Home")
    assert_read_out(0)


def _move_a_plot(visit):
    """Keys do what the tools of a plot do."""
    name = "Traces: potential (mV) over time (ms)"
    plot = visit.page.get_by_role("application", name=name)
    plot.focus()

    def shown():
        code = "Bokeh.documents[0].get_model_by_name('membrane-figure').x_range"
        return visit.page.evaluate(f"[{code}.start, {code}.end]")

    low, high = shown()
    plot.press("+")
    assert np.allclose(shown(), [low + 0.1 * (high - low), high - 0.1 * (high - low)])
    plot.press("ArrowRight")
    assert np.allclose(shown(), [low + 0.18 * (high - low), high - 0.02 * (high - low)])
    plot.press("Home")
    assert shown() == [low, high]


def test_the_workshop_with_a_fit_has_names_contrast_and_keys(visit):
    glifscope = visit.open("workspace=Synapse&workshop.example=train", "events")
    window = visit.page.get_by_role("slider", name="window (ms), start")
    press = visit.page.keyboard.press

    def step(name, told):
        before = float(window.get_attribute("aria-valuenow"))
        visit.button(name).focus()
        press("Enter")
        visit.shows(told)
        glifscope.wait_until(
            lambda: _assert(float(window.get_attribute("aria-valuenow")) != before)
        )
        return float(window.get_attribute("aria-valuenow")) - before

    onsets = glifscope.source("workshop-events")["t"]
    count = len(onsets)
    visit.button("Next event").focus()
    press("Enter")
    visit.shows(f"Event 1 of {count}")
    assert step("Next event", f"Event 2 of {count}") > 0
    assert step("Previous event", f"Event 1 of {count}") < 0
    visit.button("Fit").focus()
    press("Enter")
    visit.shows("Other models on the same data")
    visit.button("Fit every sweep").focus()
    press("Enter")
    visit.shows("fits ended by themselves")
    visit.assert_accessible_in_both_themes()
    visit.assert_keys_reach_everything()


def _assert(truth):
    assert truth


def test_on_a_narrow_screen_all_can_be_reached_and_nothing_moves_by_itself(page, server_url):
    visit = Visit(page, server_url, 390)
    glifscope = visit.open("workspace=Neuron&theme=dark", "Spike autopsy")
    assert page.get_by_role("slider", name="amp_slow").count() == 0
    switch = page.locator("header").get_by_role("button")
    switch.filter(has_text="Lessons").click()
    visit.shows("Two alpha functions")
    visit.assert_accessible_in_both_themes()
    visit.assert_keys_reach_everything()
    switch.filter(has_text="Neuron").click()
    page.get_by_role("button", name="Open drawer").click()
    glifscope.slider("amp_slow").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    visit.settle(visit.assert_accessible)
    _assert_still(glifscope)
    assert visit.wrong == []


def _assert_still(glifscope):
    """Nothing moves by itself for those who asked for less motion."""
    thumb = glifscope.slider("tau_syn_fast").locator("..")
    duration = "element => getComputedStyle(element).transitionDuration.split(',').map(parseFloat)"
    assert max(thumb.evaluate(duration)) < 0.001
    glifscope.page.emulate_media(reduced_motion="no-preference")
    assert max(thumb.evaluate(duration)) > 0.05

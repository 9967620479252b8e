"""The page in a real browser: real drags, keys and clicks, and the numbers that it then plots."""

import re

import numpy as np
import pytest
from glifscope.choices import DT, fitted, shape_of
from glifscope.results import Asked, compute
from glifscope.session import WORKSPACES, Session
from glifscope.stimuli import part_with

from glifcore import GlifModel, PscShape, psc_features, psc_waveform, simulate

FLOAT32 = 1e-5
"""mV or pA at 100: traces cross the wire in single precision."""

SYNAPSE = ("tau_syn_fast (ms)", "tau_syn_slow (ms)", "amp_slow", "weight (pA)")


@pytest.fixture
def session():
    """A Session that is taken through the same choices as the page."""
    return Session()


def assert_psc_is_glifcores(glifscope):
    """The drawn current is the closed form for the values that the sliders show."""
    tf, ts, a, w = (glifscope.value(name) for name in SYNAPSE)
    shape = PscShape(w, tf, ts, a)
    drawn = glifscope.source("psc")
    assert len(drawn["t"]) > 100
    assert np.abs(drawn["total"] - psc_waveform(shape, drawn["t"])).max() < 1e-9
    assert np.allclose(drawn["total"], drawn["fast"] + drawn["slow"])
    peak, features = glifscope.source("psc-peak"), psc_features(shape)
    assert peak["t"][0] == pytest.approx(float(features.time_to_peak), abs=1e-6)
    assert peak["peak"][0] == pytest.approx(float(features.peak), abs=1e-9)


def assert_traces_are_glifcores(glifscope, session):
    """The drawn samples are the simulation's, and none of its spikes is missing."""
    traces = simulate(session.cell, session.choices.arriving(), dt=DT)
    drawn = glifscope.source("membrane")
    steps = np.rint(drawn["t"] / DT).astype(int) - 1
    assert len(steps) > 1000
    assert np.abs(drawn["V_m"] - traces.V_m[steps]).max() < FLOAT32
    assert np.abs(drawn["threshold"] - traces.threshold[steps]).max() < FLOAT32
    assert drawn["V_m"].max() == pytest.approx(traces.V_m.max(), abs=FLOAT32)
    assert drawn["V_m"].min() == pytest.approx(traces.V_m.min(), abs=FLOAT32)
    assert np.allclose(glifscope.source("spikes")["t"], traces.time[traces.spike])
    moved = glifscope.source("thresholds")
    assert np.abs(moved["spike"] - traces.threshold_spike[steps]).max() < FLOAT32
    assert np.abs(moved["voltage"] - traces.threshold_voltage[steps]).max() < FLOAT32
    currents = glifscope.source("currents")
    for j in range(2):
        assert np.abs(currents[f"asc_{j}"] - traces.ASCurrents[steps, j]).max() < 10 * FLOAT32


def test_it_opens_with_cell_490626718_spiking_and_can_be_dark(glifscope, session):
    glifscope.wait_until(lambda: assert_psc_is_glifcores(glifscope))
    assert_traces_are_glifcores(glifscope, session)
    assert len(glifscope.source("spikes")["t"]) >= 3
    page = glifscope.page
    assert page.get_by_text("490626718").count() >= 1
    page.get_by_role("button", name="Toggle theme").click()
    border = "Bokeh.documents[0].get_model_by_name('psc-figure').border_fill_color"
    glifscope.wait_until(lambda: _assert(page.evaluate(border) not in ("#ffffff", "#fff", "white")))
    # Text in a plot is as easy to read as the numbers of its axis, in the dark too.
    written = """() => {
      const document = Bokeh.documents[0];
      const [axis] = document.get_model_by_name("autopsy-figure").below;
      const { text_color } = document.get_model_by_name("autopsy-values");
      return [text_color.value ?? text_color, axis.major_label_text_color];
    }"""
    label, axis = page.evaluate(written)
    assert label == axis and axis.startswith("rgba(255, 255, 255")
    found = page.evaluate("glifscope.found")  # the private names that the page's scripts rely on
    scripts = ("layout", "painting", "ahead", "sending", "connection")
    assert found == [*scripts, "unseen", "names", "motion", "focus", "plots"]


def test_it_asks_for_each_script_once_and_for_the_letters_that_it_shows(glifscope):
    asked = glifscope.page.evaluate("performance.getEntriesByType('resource').map(r => r.name)")
    bundles = {url for url in asked if "panel-material-ui.bundle.js" in url}
    (link,) = glifscope.page.locator("link[rel=modulepreload]").all()
    assert bundles == {link.evaluate("link => link.href")}
    fonts = [url for url in asked if "roboto" in url]
    assert fonts and not any("cyrillic" in url or "vietnamese" in url for url in fonts)


def test_a_drag_bends_the_psc_at_every_step_and_never_queues(glifscope, session):
    seen = set()
    for _ in glifscope.drag("tau_syn_fast (ms)", *np.linspace(0.1, 0.8, 25)):
        assert_psc_is_glifcores(glifscope)
        assert glifscope.unpainted() <= 2
        seen.add(glifscope.value("tau_syn_fast (ms)"))
    assert len(seen) > 15
    session.choose("tau_syn_fast", glifscope.value("tau_syn_fast (ms)"), 0)
    glifscope.wait_until(lambda: assert_traces_are_glifcores(glifscope, session))


def test_arrow_keys_step_a_slider(glifscope, session):
    def step(name):
        before = glifscope.value(name)
        glifscope.slider(name).focus()
        for _ in range(3):
            glifscope.page.keyboard.press("ArrowRight")
        assert glifscope.value(name) > before
        return glifscope.value(name)

    session.choose("tau_syn_slow", step("tau_syn_slow (ms)"), 0)
    amplitude = step("amplitude[0] (pA)")
    session.replace_part(0, part_with(session.stimulus[0], amplitude=amplitude))
    glifscope.wait_until(lambda: assert_traces_are_glifcores(glifscope, session))
    assert_psc_is_glifcores(glifscope)


def test_an_exact_value_can_be_typed(glifscope, session):
    glifscope.type("tau_syn_fast (ms)", 1.2345)
    session.choose("tau_syn_fast", 1.2345, 0)
    glifscope.wait_until(lambda: assert_traces_are_glifcores(glifscope, session))
    assert glifscope.value("tau_syn_fast (ms)") == 1.2345
    assert_psc_is_glifcores(glifscope)
    peak = compute(Asked(session.choices)).psc.peak
    glifscope.page.get_by_text(f"{peak:.2f} pA").wait_for()
    assert float(psc_features(shape_of(session.choices)).peak) == peak


def test_a_level_switches_its_mechanisms(glifscope, session):
    for model in reversed(list(GlifModel)[:-1]):
        glifscope.page.get_by_role("button", name=model.name).click()
        session.choose_model(model)
        glifscope.wait_until(lambda: assert_traces_are_glifcores(glifscope, session))
        states = glifscope.page.locator("ul.mechanisms b").all_inner_texts()
        assert states == ["on" if on else "off" for on in model.value]


def test_what_a_level_does_not_use_is_greyed(glifscope):
    page = glifscope.page
    page.get_by_role("button", name="After-spike currents", expanded=False).click()
    slider = glifscope.slider("asc_amps[0] (pA)")
    slider.wait_for()
    assert slider.is_enabled()
    page.get_by_role("button", name="GLIF1").click()
    glifscope.wait_until(lambda: _assert(slider.is_disabled()))


def test_a_preset_brings_its_cell_and_each_level_its_own_fit(glifscope, session):
    page = glifscope.page
    page.get_by_role("combobox", name="Cell").click()
    page.get_by_role("menuitem", name="Pvalb-IRES-Cre 515305346").click()
    session.choose_preset("515305346")
    glifscope.wait_until(lambda: assert_traces_are_glifcores(glifscope, session))
    page.get_by_role("button", name="GLIF3").click()
    session.choose_model(GlifModel.GLIF3)
    assert session.cell.g == fitted("515305346", GlifModel.GLIF3).g
    glifscope.wait_until(lambda: assert_traces_are_glifcores(glifscope, session))


def test_a_bad_value_is_told_beside_its_control_and_the_last_picture_stays(glifscope, session):
    page = glifscope.page
    before = glifscope.source("membrane")["V_m"]
    curve = glifscope.source("psc")["total"]
    glifscope.type("tau_syn_fast (ms)", -1)
    sentence = page.get_by_text("is -1 ms; it must be above 0")
    sentence.wait_for()
    control, told = glifscope.entry("tau_syn_fast (ms)").bounding_box(), sentence.bounding_box()
    assert 0 < told["y"] - control["y"] < 90
    assert np.array_equal(glifscope.source("membrane")["V_m"], before)
    assert np.array_equal(glifscope.source("psc")["total"], curve)
    glifscope.type("tau_syn_fast (ms)", 3)
    sentence.wait_for(state="hidden")
    session.choose("tau_syn_fast", 3.0, 0)
    glifscope.wait_until(lambda: assert_traces_are_glifcores(glifscope, session))
    # A warning is told too, and the picture goes on.
    page.get_by_role("button", name="Reset", expanded=False).click()
    glifscope.slider("voltage_reset_add (mV)").wait_for()
    glifscope.type("voltage_reset_add (mV)", 30)
    page.get_by_text("fires without end").wait_for()
    session.choose("voltage_reset_add", 30.0)
    glifscope.wait_until(lambda: assert_traces_are_glifcores(glifscope, session))


def _assert(truth):
    assert truth


@pytest.mark.parametrize("width", [360, 390])
def test_on_a_narrow_page_everything_in_the_bar_is_in_sight(glifscope, width):
    page = glifscope.page
    page.set_viewport_size({"width": width, "height": 800})
    page.wait_for_timeout(200)
    bar = page.locator("header")
    for name in (
        *WORKSPACES,
        "Undo (Ctrl+Z)",
        "Redo (Ctrl+Y)",
        "Copy the link",
        "Snapshots",
        "Toggle theme",
    ):
        box = bar.get_by_role("button", name=name, exact=True).bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width, name
        assert box["y"] + box["height"] <= bar.bounding_box()["height"], name


def test_a_dark_page_is_dark_after_a_reload(glifscope):
    page = glifscope.page
    page.get_by_role("button", name="Toggle theme").click()
    page.wait_for_url(re.compile("theme=dark"))
    page.reload()
    page.get_by_text("Spike autopsy").wait_for()
    paper = "getComputedStyle(document.body).backgroundColor"
    glifscope.wait_until(lambda: _assert(page.evaluate(paper) == "rgb(18, 18, 18)"))
    page.get_by_role("button", name="Toggle theme").click()
    glifscope.wait_until(lambda: _assert("theme" not in page.url))


def test_the_link_is_copied_and_the_page_says_so(glifscope):
    page = glifscope.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    glifscope.type("tau_syn_fast", 4.0)
    page.get_by_role("button", name="Copy the link").click()
    page.get_by_text("The link is copied.").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url and "tau_syn_fast=4" in link

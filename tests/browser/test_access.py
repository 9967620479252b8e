"""What axe-core says of every workspace, light and dark; and the page on a narrow screen."""

from axe_playwright_python.sync_playwright import Axe
from glifscope.session import WORKSPACES

SERIOUS = ("serious", "critical")


def assert_accessible(page, rules=None):
    options = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = rules
    found = [
        f"{violation['id']}: {node['html'][:200]}"
        for violation in Axe().run(page, options=options).response["violations"]
        if violation["impact"] in SERIOUS
        for node in violation["nodes"]
    ]
    assert found == []


def test_axe_finds_nothing_serious_in_any_workspace_light_or_dark(glifscope):
    page = glifscope.page
    settled = {
        "Synapse": "From a recorded PSC to a synapse",
        "Neuron": "Spike autopsy",
        "Population": "CV of intervals",
        "Cells": "789 of 789 cells",
        "Lessons": "Two alpha functions",
    }
    for dark in (False, True):
        if dark:
            page.get_by_role("button", name="Toggle theme").click()
        for name in WORKSPACES:
            page.locator("header").get_by_role("button", name=name, exact=True).click()
            page.get_by_text(settled[name]).first.wait_for()
            page.wait_for_function("Bokeh.documents[0].is_idle")
            page.wait_for_timeout(300)  # for transitions of colour
            # Names and roles are the same in the dark.
            rules = ["color-contrast"] if dark else None
            glifscope.wait_until(lambda rules=rules: assert_accessible(page, rules))


def test_on_a_narrow_screen_the_drawer_is_closed_and_every_workspace_can_be_reached(narrow):
    page = narrow.page
    assert page.get_by_role("slider", name="amp_slow").count() == 0
    for name in ("Lessons", "Neuron"):
        page.locator("header").get_by_role("button", name=name, exact=True).click()
    page.get_by_role("button", name="Open drawer").click()
    slider = narrow.slider("amp_slow")
    slider.wait_for()
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390


def test_nothing_moves_by_itself_for_those_who_asked_for_less_motion(glifscope):
    thumb = glifscope.slider("tau_syn_fast").locator("..")
    duration = "element => getComputedStyle(element).transitionDuration.split(',').map(parseFloat)"
    assert max(thumb.evaluate(duration)) > 0.05
    glifscope.page.emulate_media(reduced_motion="reduce")
    assert max(thumb.evaluate(duration)) < 0.001

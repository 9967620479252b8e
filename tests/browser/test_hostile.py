"""What is hostile in a link, a lesson or what the browser keeps stays text in a real page."""

import json
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import opened
from tests.served import ROOT, served

MARKUP = "<script>window.__hacked=1</script><img src=x onerror=window.__hacked=1>"
PATIENCE = 20_000

LESSON = f"""---
title: "{MARKUP} title"
goal: "{MARKUP} [here](javascript:window.__hacked=1)"
order: -1
minutes: 2
workspace: Neuron
start: "cell=nest_default&level=GLIF5&mix={MARKUP}"
question: "{MARKUP} $\\\\text{{{MARKUP}}}$"
check: {{kind: spike_count, target: 99}}
right: "R"
wrong: "{MARKUP}"
---
{MARKUP} <svg onload="window.__hacked=1"> [there](javascript:window.__hacked=1) body text
"""


@pytest.fixture(scope="module")
def hostile_server(tmp_path_factory):
    """A server whose teacher is careless."""
    folder = tmp_path_factory.mktemp("lessons")
    (folder / "<b onclick=a>mine.md").write_text(LESSON)
    (folder / "<img src=x onerror=window.__hacked=1>.md").write_text("no lesson")
    log = tmp_path_factory.mktemp("server") / "log"
    with served(log, GLIFSCOPE_LESSONS=str(folder)) as url:
        yield url
    said = log.read_text()
    assert f"{ROOT}/app" not in said and f"{ROOT}/glifcore" not in said, said


def test_nothing_that_is_handed_in_runs(page, hostile_server):
    kept = json.dumps([[f"{MARKUP} kept", f"g=nan&cell={MARKUP}"], ["\u202eodd\x00", "x=1"]])
    page.add_init_script(f"localStorage.setItem('glifscope.snapshots', {json.dumps(kept)})")
    values = dict.fromkeys(("cell", "mix", "workshop.file", "spread", "input", MARKUP), MARKUP)
    values |= {"g": "1e400", "duration": "1e15", "n_neurons": "nan"}
    query = "&".join(f"{quote(key)}={quote(value)}" for key, value in values.items())
    _, wrong = opened(page, f"{hostile_server}?{query}", 1440, 900)

    def seen(text):
        expect(page.get_by_text(text).filter(visible=True).first).to_be_visible(timeout=PATIENCE)

    seen("No cell is called")
    seen("must be a finite number")
    page.get_by_role("button", name="Snapshots").click()
    page.get_by_role("button", name=f"{MARKUP} kept"[:60], exact=True).click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Lessons", exact=True).click()
    seen("has no front matter")
    page.get_by_role("button", name=f"{MARKUP} title").click()
    seen("body text")
    seen("which this page does not know")
    page.get_by_role("button", name="Check", exact=True).press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Not yet.", timeout=PATIENCE)
    expect(page.get_by_role("status")).to_contain_text(MARKUP)
    assert page.locator("a[href^=javascript], [onload], [onerror], img[src=x]").count() == 0
    assert page.evaluate("window.__hacked") is None
    assert wrong == []

"""What a visitor is told of a fault of the page, and what goes on."""

from pathlib import Path

from tests.browser.conftest import Glifscope
from tests.served import served

FAULTY = str(Path(__file__).with_name("faulty_app.py"))


def test_a_fault_is_told_in_a_sentence_logged_once_and_the_rest_goes_on(page, tmp_path):
    log = tmp_path / "log"
    with served(log, FAULTY) as url:
        page.goto(url)
        page.get_by_text("Spike autopsy").wait_for()
        glifscope = Glifscope(page)
        page.get_by_role("button", name="Membrane", expanded=False).click()
        for g in (8, 7):
            before = glifscope.source("membrane")["V_m"]
            glifscope.type("g (nS)", g)
            glifscope.wait_until(lambda b=before: _differ(b, glifscope.source("membrane")["V_m"]))
        told = page.get_by_role("alert").filter(has_text="Spiking could not be drawn")
        told.wait_for()
        page.get_by_role("button", name="Add port").click()
        page.get_by_role("alert").filter(has_text="That did not work").wait_for()
        glifscope.type("g (nS)", 9)
        page.wait_for_url("**g=9*")
    said = log.read_text()
    for fault in ("no 7", "no port"):
        assert said.count(f"RuntimeError: {fault}") == 1


def _differ(before, now):
    assert len(before) != len(now) or (before != now).any()

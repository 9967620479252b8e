"""What a visitor is told of a fault of the page, and what goes on."""

import shutil
from pathlib import Path

from tests.browser.conftest import Glifscope
from tests.served import ROOT, served

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


def test_where_the_page_cannot_be_made_it_says_so(page, tmp_path):
    app = tmp_path / "app"
    app.mkdir()
    shutil.copy(ROOT / "app/app_hooks.py", app)
    fault = "if pn.state.session_args.get('g'):\n    raise RuntimeError('no page')\n"
    (app / "main.py").write_text(
        (ROOT / "app/main.py").read_text().replace("Dashboard()", f"{fault}Dashboard()", 1)
    )
    with served(tmp_path / "log", str(app)) as url:
        page.goto(f"{url}?v=1&g=12")
        page.get_by_role("alert").filter(has_text="The server could not make the page").wait_for()
        page.goto(url)
        page.get_by_text("Spike autopsy").wait_for()
        assert page.get_by_label("Glifscope is loading").count() == 0


def _differ(before, now):
    assert len(before) != len(now) or (before != now).any()

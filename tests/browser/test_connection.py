"""A network that is cut and a server that is started anew: the page says so, and goes on."""

import re

import pytest

from tests.browser.conftest import Glifscope
from tests.proxy import proxied
from tests.served import free_port, running, started

SAID = "The server does not answer"


@pytest.fixture
def unsteady(page):
    """A page whose server may go; no request of it leaves the host."""
    left = []
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith(("http://127.0.0.1:", "data:", "blob:"))
            else left.append(request.url)
        ),
    )
    yield page
    assert left == []


def served_through(network, port, log):
    return running(port, log, BOKEH_ALLOW_WS_ORIGIN=f"127.0.0.1:{network.port}")


def opened(page, url):
    page.goto(url)
    page.get_by_text("Spike autopsy").wait_for()
    return Glifscope(page)


def test_a_page_whose_network_was_cut_goes_on_in_the_same_session(unsteady, tmp_path):
    port = free_port()
    with proxied(port) as network, served_through(network, port, tmp_path / "log"):
        glifscope = opened(unsteady, f"http://127.0.0.1:{network.port}/app")
        glifscope.type("tau_syn_fast", 4.0)
        undo = unsteady.get_by_role("button", name="Undo")
        glifscope.wait_until(lambda: _assert(undo.is_enabled()))
        notice = unsteady.get_by_text(SAID)
        assert not notice.is_visible()
        network.cut()
        notice.wait_for(timeout=2000)
        network.mend()
        notice.wait_for(state="hidden")
        assert glifscope.value("tau_syn_fast") == 4.0
        undo.click()  # what the server remembers is still there
        glifscope.wait_until(lambda: _assert(glifscope.value("tau_syn_fast") == 2.0))


def test_on_a_slow_network_the_last_picture_comes_soon_after_the_drag(unsteady, tmp_path):
    port, sent = free_port(), []
    unsteady.on("websocket", lambda socket: socket.on("framesent", lambda f: sent.append(f)))
    with proxied(port) as network, served_through(network, port, tmp_path / "log"):
        glifscope = opened(unsteady, f"http://127.0.0.1:{network.port}/app")
        network.slow(25_000.0)  # seconds for a picture
        sent.clear()
        for _ in glifscope.drag("amplitude[0]", *(0.3 + 0.001 * i for i in range(300))):
            unsteady.wait_for_timeout(30)
        assert len(sent) < 150  # frames, three a message; each move has a new value
        came = glifscope.pictures()
        value = glifscope.value("amplitude[0]")
        glifscope.wait_until(lambda: _assert(max(glifscope.source("injected")["I"]) == value))
        # However long it was dragged: two pictures were on their way and so was a message, whose
        # picture comes before the last.
        assert glifscope.pictures() - came <= 4
        assert not unsteady.get_by_text(SAID).is_visible()
        network.mend()
        glifscope.type("amplitude[0]", 250.0)
        glifscope.wait_until(lambda: _assert(max(glifscope.source("injected")["I"]) == 250.0))


def test_a_page_whose_server_was_started_anew_comes_back_to_its_choices(unsteady, tmp_path):
    port, log = free_port(), tmp_path / "log"
    server = started(port, log)
    try:
        glifscope = opened(unsteady, f"http://127.0.0.1:{port}/app")
        glifscope.type("tau_syn_fast", 4.0)
        unsteady.wait_for_url(re.compile("tau_syn_fast=4"))
        for _ in glifscope.drag("tau_syn_slow", 0.3, 0.4):
            server.kill()
        server.wait()
        unsteady.get_by_text(SAID).wait_for(timeout=3000)
        server = started(port, log)
        unsteady.get_by_text(SAID).wait_for(state="hidden", timeout=20_000)
        unsteady.get_by_text("Spike autopsy").wait_for()
        assert glifscope.value("tau_syn_fast") == 4.0
        glifscope.type("tau_syn_fast", 3.0)  # and it is alive
        unsteady.wait_for_url(re.compile("tau_syn_fast=3"))
    finally:
        server.kill()
        server.wait()


def _assert(claim):
    assert claim

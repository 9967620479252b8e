"""The page runs, in every workspace, under the policy that its headers lay down."""

import http.client
import http.server
import threading
import urllib.error
import urllib.request

import pytest

from tests.served import served

POLICY = "Content-Security-Policy"

SHOWN = {
    "Synapse": "From a recorded PSC to a synapse",
    "Neuron": "Spike autopsy",
    "Population": "CV of intervals",
    "Cells": "789 of 789 cells",
    "Lessons": "Two alpha functions",
}
"""What each workspace shows when it is there."""

LISTEN = """window.violations = [];
document.addEventListener("securitypolicyviolation", event =>
  window.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}`));"""


def headers_of(url, **headers):
    """The headers of an answer, which may be a refusal."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return answer.headers
    except urllib.error.HTTPError as refusal:
        return refusal.headers


def use(page, workspace):
    """Do something there, and wait for what follows."""
    slides = {"Neuron": "tau_syn_fast (ms)", "Population": "n_neurons", "Cells": "least explained"}
    if workspace in slides:
        slider = page.get_by_role("slider", name=slides[workspace]).first
        before = slider.get_attribute("aria-valuenow")
        slider.press("ArrowRight")
        page.wait_for_url("**&**")
        assert slider.get_attribute("aria-valuenow") != before
        if workspace != "Neuron":  # there they are in a closed group
            with page.expect_download():
                page.get_by_role("button", name="CSV").first.click()
    elif workspace == "Synapse":
        page.get_by_role("button", name="Granule cell mEPSC").click()
        page.get_by_role("slider").first.wait_for()
        page.get_by_role("button", name="V1 synapses").click()
        page.get_by_text("121").first.wait_for()
    else:
        page.get_by_role("button", name="Two alpha functions").click()
        page.wait_for_url("**lesson=**")


@pytest.mark.parametrize("workspace", SHOWN)
def test_a_workspace_runs_without_violating_the_policy(page, server_url, workspace):
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.add_init_script(LISTEN)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{server_url}?workspace={workspace}")
    page.get_by_text(SHOWN[workspace]).first.wait_for()
    page.wait_for_function("Bokeh.documents[0].is_idle")
    use(page, workspace)
    page.wait_for_timeout(500)
    assert page.evaluate("window.violations") == []
    assert [text for text in said if "Security Policy" in text or text.startswith("error")] == []


def test_a_script_that_came_in_as_text_does_not_run(page, server_url):
    page.add_init_script(LISTEN)
    page.goto(server_url)
    page.get_by_text("Spike autopsy").wait_for()
    page.evaluate(
        """() => { const place = document.createElement("div");
          place.innerHTML = "<img src=/none onerror='window.ran = true'>";
          document.body.append(place);
          const script = document.createElement("script");
          script.textContent = "window.ran = true";
          document.body.append(script); }"""
    )
    page.wait_for_timeout(300)
    assert page.evaluate("window.ran") is None
    assert len(page.evaluate("window.violations")) == 2


@pytest.mark.parametrize(
    "path", ["", "/static/js/bokeh.min.js", "/ready", "/none", "/app/autoload.js"]
)
def test_every_answer_has_the_headers(server_url, path):
    root = server_url.removesuffix("/app")
    headers = headers_of(f"{root}{path}" if path else server_url)
    policy = headers[POLICY]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert ("'nonce-" in policy) == (path == "")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_two_openings_have_two_nonces(server_url):
    assert headers_of(server_url)[POLICY] != headers_of(server_url)[POLICY]


def test_a_websocket_of_a_foreign_page_is_refused_with_the_headers(server_url):
    host = server_url.removeprefix("http://").removesuffix("/app")
    connection = http.client.HTTPConnection(host)
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
    key = {"Sec-WebSocket-Key": "x" * 22 + "=="}
    connection.request(
        "GET", "/app/ws", headers=upgrade | key | {"Origin": "http://elsewhere.example"}
    )
    refusal = connection.getresponse()
    assert refusal.status == 403
    assert "default-src 'none'" in refusal.headers[POLICY]
    connection.close()


class Teacher(http.server.BaseHTTPRequestHandler):
    """A page that shows another, which its path names, in a frame."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f"<iframe src='{self.path[1:]}'></iframe>".encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def teacher():
    """The address of a teacher's page."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Teacher)
    threading.Thread(target=server.serve_forever).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_nobody_may_frame_the_page(page, server_url, teacher):
    refused = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(f"{teacher}/{server_url}")
    page.wait_for_timeout(500)
    assert page.frame_locator("iframe").get_by_text("Glifscope").count() == 0
    assert any("frame-ancestors 'none'" in text for text in refused)


def test_but_a_teacher_who_is_named(page, teacher, tmp_path):
    with served(tmp_path / "log", GLIFSCOPE_FRAME_ANCESTORS=teacher) as url:
        page.goto(f"{teacher}/{url}")
        page.frame_locator("iframe").get_by_text("Spike autopsy").wait_for()

"""Logging in by OAuth, as Panel has it, with a provider on the loopback."""

import http.cookiejar
import http.server
import json
import threading
import urllib.error
import urllib.parse
import urllib.request

import pytest
from cryptography.fernet import Fernet

from tests.classroom import a_class


class Provider(http.server.BaseHTTPRequestHandler):
    """Knows one visitor, and sends everybody back with the same code."""

    def do_GET(self):
        asked = urllib.parse.urlsplit(self.path)
        if asked.path == "/authorize":
            query = dict(urllib.parse.parse_qsl(asked.query))
            back = urllib.parse.urlencode({"code": "a code", "state": query["state"]})
            self.send_response(302)
            self.send_header("Location", f"{query['redirect_uri']}?{back}")
            self.end_headers()
        else:
            self.answer({"email": "student@example.edu"})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        given = dict(urllib.parse.parse_qsl(body))
        known = (given["code"], given["client_secret"]) == ("a code", "a secret")
        self.answer({"access_token": "a token"} if known else {"error": "unknown"})

    def answer(self, content):
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *given):
        """Say nothing."""


@pytest.fixture
def provider():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Provider) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_who_logs_in_by_oauth_comes_in_at_every_process(provider, tmp_path):
    variables = {
        "PANEL_OAUTH_PROVIDER": "generic",
        "PANEL_OAUTH_KEY": "a key",
        "PANEL_OAUTH_SECRET": "a secret",
        "PANEL_OAUTH_ENCRYPTION": Fernet.generate_key().decode(),
        "PANEL_OAUTH_AUTHORIZE_URL": f"{provider}/authorize",
        "PANEL_OAUTH_TOKEN_URL": f"{provider}/token",
        "PANEL_OAUTH_USER_URL": f"{provider}/user",
    }
    with a_class(tmp_path / "log", **variables) as held:
        assert held.ask("/app").headers["Location"].startswith("./login")
        cookies = http.cookiejar.CookieJar()
        visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
        with visitor.open(f"{held.url}/app") as answer:  # follows to the provider and back
            assert answer.url == f"{held.url}/app" and b"Glifscope" in answer.read()
        own = "; ".join(f"{c.name}={c.value}" for c in cookies if c.name != "glifscope_process")
        for process in range(2):
            assert held.ask("/app", Cookie=f"{own}; glifscope_process={process}").status == 200
        forged = urllib.parse.urlencode({"code": "a code", "state": "of another"})
        assert held.ask(f"/login?{forged}").status >= 400
        assert held.ask("/ready").status == 200
    log = (tmp_path / "log").read_text()
    assert "a secret" not in log and "a token" not in log

"""A real server, and where a real Chromium is: for browser tests, benchmarks and pictures."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
"""Arguments of the browser: without a GPU, and without calls of its own."""


def chromium() -> str:
    """Where the browser is."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    assert path, "The browser tests need Chromium or Chrome on the PATH."
    return path


def free_port() -> int:
    """A port of the loopback that nobody listens at."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def started(port: int, log: Path, app: str = "app", **variables: str) -> subprocess.Popen[bytes]:
    """`panel serve app` as the README starts it, once it answers; its page is at /app.

    Args:
        port: where it listens.
        log: the file that its output is added to.
        app: what is served, from the project's folder.
        **variables: of its environment, beside those of this process.
    """
    with log.open("a") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "panel", "serve", app, f"--port={port}", "--liveness"],
            cwd=ROOT,
            env=os.environ | {"BOKEH_RESOURCES": "server"} | variables,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    for _ in range(300):
        assert server.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/liveness", timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    return server


@contextmanager
def running(
    port: int, log: Path, app: str = "app", **variables: str
) -> Iterator[subprocess.Popen[bytes]]:
    """The process of a server that was `started`, until the block ends."""
    server = started(port, log, app, **variables)
    try:
        yield server
    finally:
        server.terminate()
        server.wait()


@contextmanager
def served(log: Path, app: str = "app", **variables: str) -> Iterator[str]:
    """The page's address, while a server is there for it on a free port."""
    port = free_port()
    with running(port, log, app, **variables):
        yield f"http://127.0.0.1:{port}/{Path(app).stem}"

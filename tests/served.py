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


@contextmanager
def served(log: Path) -> Iterator[str]:
    """The page's address, while `panel serve app` runs as the README starts it, on a free port."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    with log.open("w") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "panel", "serve", "app", f"--port={port}", "--liveness"],
            cwd=ROOT,
            env=os.environ | {"BOKEH_RESOURCES": "server"},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            assert server.poll() is None, log.read_text()
            try:
                urllib.request.urlopen(f"{base}/liveness", timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"{base}/app"
    finally:
        server.terminate()
        server.wait()

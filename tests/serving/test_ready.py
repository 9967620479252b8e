"""Whoever is told that the server is ready waits for no compilation."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

import pytest

from tests.served import ROOT, free_port
from tests.visitors import Visitor, run

COMPILED = re.compile(r"^(\S+) Finished XLA compilation of (\S+)", re.MULTILINE)


@contextmanager
def server(log, **variables):
    """A server that has just been started; each line of its log begins with the thread's name."""
    port = free_port()
    with log.open("w") as out:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "panel", "serve", "app", f"--port={port}", "--liveness"),
                "--log-format=%(threadName)s %(message)s",
            ],
            cwd=ROOT,
            env=os.environ | {"BOKEH_RESOURCES": "server"} | variables,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.terminate()
        process.wait()


def answers_of(url, process):
    """The statuses that the address gives until it is asked no more; None for no answer."""
    for _ in range(600):
        assert process.poll() is None
        try:
            with urllib.request.urlopen(url, timeout=0.3) as answer:
                yield answer.status
        except urllib.error.HTTPError as refusal:
            yield refusal.code
        except OSError:
            yield None
        time.sleep(0.1)
    pytest.fail("It never answered.")


def test_ready_is_said_once_the_model_is_compiled_and_the_first_picture_needs_no_more(tmp_path):
    log = tmp_path / "log"

    def compiled():
        found = COMPILED.findall(log.read_text())
        return [name for thread, name in found if thread != "warm-up"]

    async def look(url):
        async with Visitor(url) as visitor:
            await visitor.move("tau_syn_fast (ms)", 3.0)  # the first picture came with the page
            await visitor.until(lambda: visitor.pictures > 0)

    empty = {"JAX_LOG_COMPILES": "1", "JAX_COMPILATION_CACHE_DIR": str(tmp_path / "cache")}
    with server(log, **empty) as (root, process):
        for status in answers_of(f"{root}/ready", process):
            if status == 200:
                break
            assert status in (None, 503)
        before = compiled()
        run(look(f"{root}/app"))
        assert before and compiled() == before


def test_a_server_that_could_not_compile_lives_but_is_not_ready(tmp_path):
    with server(tmp_path / "log", JAX_PLATFORMS="none") as (root, process):
        assert 200 in answers_of(f"{root}/liveness", process)
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{root}/ready")
        assert refused.value.code == 503
        assert json.load(refused.value) == {"ready": False, "sessions": 0, "most": 200}

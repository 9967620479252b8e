"""What docs/serving.md says of a server, and what deploy/ runs, is what is so."""

import asyncio
import importlib.util
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from glifscope.limits import Limits
from glifscope.server.headers import policy

from tests.served import ROOT

DOCUMENT = (ROOT / "docs/serving.md").read_text(encoding="utf-8")
CONTAINER = (ROOT / "deploy/Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def module(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / f"deploy/{name}.py")
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


settings, children = module("settings"), module("children")


def rows(heading):
    """The first two cells of the table whose head begins so."""
    table = DOCUMENT.partition(f"| {heading}")[2].partition("\n\n")[0].splitlines()[2:]
    return {row.split("|")[1].strip(): row.split("|")[2].strip() for row in table}


def test_the_table_of_limits_is_that_of_the_server():
    assert rows("variable") == {
        f"`GLIFSCOPE_{name.upper()}`": str(value) for name, value in Limits._field_defaults.items()
    }


def test_the_table_of_options_is_that_of_the_command():
    command = [sys.executable, "deploy/serve_class.py", "--help"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    options = set(re.findall(r"^  (--[a-z]+)", said, re.MULTILINE))
    named = {option for cell in rows("option") for option in re.findall(r"--[a-z]+", cell)}
    assert named == options
    defaults = dict(re.findall(r"(--\w+) [A-Z]+\s[^(]*\(default:\s(\d+)\)", said))
    assert {option: rows("option")[f"`{option}`"] for option in defaults} == defaults


def test_the_table_of_flags_is_what_the_processes_are_started_with():
    asked = settings.read_settings(["--public", "http://glif.example"])
    command = settings.server_command(asked, 1)
    flags = dict(part.partition("=")[::2] for part in command if part.startswith("--"))
    assert flags.pop("--port") == "1"
    assert flags.pop("--allow-websocket-origin") == "glif.example"
    table = {cell.strip("`"): value for cell, value in rows("flag of").items()}
    table.pop("--allow-websocket-origin")
    assert table == flags


def test_every_part_of_the_policy_has_its_reason():
    said = " ".join(rows("part of the"))
    for part in policy("...").split("; "):
        directive, *sources = part.split()
        assert directive in said
        assert all(source in said for source in sources), part


def test_whoever_has_no_nginx_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(settings.shutil, "which", lambda *_, **__: None)
    with pytest.raises(SystemExit, match="apt-get install nginx-light"):
        settings.read_settings([])


@pytest.mark.parametrize(
    "arguments",
    [
        ["--public", "glif.example"],
        ["--public", "http://a", "--public", "https://b"],
        ["--key", "x"],
        ["--processes", "0"],
    ],
)
def test_what_cannot_be_asked_for_is_refused(arguments, capsys):
    with pytest.raises(SystemExit):
        settings.read_settings(arguments)
    assert "error" in capsys.readouterr().err


def test_a_process_that_never_serves_is_given_up(monkeypatch):
    monkeypatch.setattr(children, "FAILURES", 2)
    said = []
    command = [sys.executable, "-c", "print('no'); raise SystemExit(3)"]
    child = children.Child("It", command, {}, lambda: False, lambda line, _: said.append(line))
    with ThreadPoolExecutor(1) as pool:  # Playwright may have a loop in our thread
        kept = pool.submit(lambda: asyncio.run(child.keep()))
        with pytest.raises(RuntimeError, match="It could not be started 2 times"):
            kept.result()
    assert said == ["no", "no"]


def test_of_what_nginx_says_the_visitor_is_left_out(caplog):
    caplog.set_level("INFO")
    children.tell_nginx(
        '2026/01/01 10:00:00 [error] 7#7: *5 connect() to "x" failed while connecting, client: '
        '10.1.2.3, server: , request: "GET /app?file=y HTTP/1.1", host: "z"',
        7,
    )
    assert caplog.messages == ["nginx: connect() to (hidden) failed while connecting"]


def test_the_container_runs_what_the_tests_run():
    steps = [step.strip() for step in re.findall(r"^RUN (.*)$", CONTAINER, re.MULTILINE)]
    system, ready, user = steps
    assert re.findall(r"[\w-]+(?= |$)", system.partition("recommends ")[2])[:3] == [
        *("python3-venv", "make", "nginx-light"),
    ]
    assert "nginx-light" in (ROOT / "deploy/nginx.sh").read_text(encoding="utf-8")
    assert ready == "make .venv/ready" and "READY := $(VENV)/ready" in MAKEFILE
    assert "--require-hashes -r requirements.lock" in MAKEFILE
    assert user.startswith("useradd ") and CONTAINER.index("USER ") < CONTAINER.index("ENTRYPOINT")
    assert "/ready" in CONTAINER.partition("HEALTHCHECK")[2]
    assert '[".venv/bin/python", "deploy/serve_class.py"]' in CONTAINER
    assert "$(BIN)/python deploy/serve_class.py" in MAKEFILE
    for copied in re.findall(r"^COPY (.*) \S+$", CONTAINER, re.MULTILINE):
        assert all((ROOT / path).exists() for path in copied.split())


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd")
def test_systemd_takes_the_unit_and_finds_it_closed(tmp_path):
    text = (ROOT / "deploy/glifscope.service").read_text(encoding="utf-8")
    unit = tmp_path / "glifscope.service"
    unit.write_text(text.replace("/opt/glifscope", str(ROOT)), encoding="utf-8")
    check = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True)
    assert check.returncode == 0 and check.stderr == ""
    closed = ["systemd-analyze", "security", "--offline=true", "--threshold=25", unit]
    assert subprocess.run(closed, capture_output=True).returncode == 0

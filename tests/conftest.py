"""Shapes and types of glifcore's annotations are checked in every test.

`make test` runs two processes. The tests in a browser are one piece of work and come first, those
of servers are the second, every other file is one more. The test of endurance takes five minutes:
what it is about begins with the tests, beside them, and is looked at last.
"""

import os
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest
from jaxtyping import install_import_hook
from xdist.scheduler import LoadScopeScheduling

# pyabf sets how NumPy prints when it is imported; examples in the documents print NumPy's way.
with np.printoptions():
    import pyabf  # noqa: F401

install_import_hook("glifcore", "beartype.beartype")

ORDER = ("tests/browser/", "tests/serving/", "tests/", "tests/serving/test_endurance.py")
"""Of the tests; each belongs to the longest of these that it begins with."""

WORKER, RUN = "PYTEST_XDIST_WORKER", "PYTEST_XDIST_TESTRUNUID"


class Scheduling(LoadScopeScheduling):
    """Gives what needs a browser, and what needs a server, to one process each.

    The marks that xdist 3.8 has for this have no effect with pytest 9.2.
    """

    def _split_scope(self, nodeid):
        part = _part_of(nodeid)
        return nodeid.split("::")[0] if part == "tests/" else part


def pytest_xdist_make_scheduler(config, log):
    """Have xdist take this one."""
    return Scheduling(config, log)


def pytest_collection_modifyitems(items):
    """Bring the tests into their order."""
    items.sort(key=lambda item: ORDER.index(_part_of(item.nodeid)))


def _part_of(nodeid):
    return max((part for part in ORDER if nodeid.startswith(part)), key=len, default="tests/")


def pytest_collection_finish(session):
    """Begin the use of the page that the test of endurance is about; in one of the processes."""
    wanted = any(_part_of(item.nodeid) == ORDER[-1] for item in session.items)
    if wanted and not session.config.option.collectonly and os.environ.get(WORKER, "gw0") == "gw0":
        told, code = _endurance_files()
        soak = shlex.join([sys.executable, "-m", "tests.benchmarks.soak", "5"])
        subprocess.run(
            f"({soak} > {told} 2>&1; echo $? > {code}.part; mv {code}.part {code}) &",
            cwd=session.config.rootpath,
            shell=True,
            check=True,
        )


def _endurance_files():
    """What it tells, and with which code it ended: where every process of this run finds them."""
    path = Path(tempfile.gettempdir()) / f"endurance-{os.environ.get(RUN, os.getpid())}"
    return path.with_suffix(".txt"), path.with_suffix(".code")


@pytest.fixture
def endurance():
    """Whether five minutes of use went well, and what was measured."""
    told, code = _endurance_files()
    for _ in range(6000):
        if code.exists():
            break
        time.sleep(0.1)
    return int(code.read_text()), told.read_text()

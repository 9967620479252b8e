"""Shapes and types of glifcore's annotations are checked in every test.

`make test` runs two processes: what needs a server or a browser runs in one of them, in its order,
and all else in the other. The test of endurance takes five minutes; it begins with the first that
needs a server, and is looked at last.
"""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from jaxtyping import install_import_hook
from xdist.scheduler import LoadScopeScheduling

# pyabf sets how NumPy prints when it is imported; examples in the documents print NumPy's way.
with np.printoptions():
    import pyabf  # noqa: F401

install_import_hook("glifcore", "beartype.beartype")

SERVED = tuple(Path(__file__).parent / name for name in ("browser", "serving"))
ENDURANCE = "endurance"
_PROCESS = pytest.StashKey()


class Scheduling(LoadScopeScheduling):
    """What needs a server is one piece of work, and each other file one more.

    The marks that xdist 3.8 has for this have no effect with pytest 9.2.
    """

    def _split_scope(self, nodeid):
        is_served = nodeid.startswith(tuple(f"tests/{folder.name}/" for folder in SERVED))
        return "served" if is_served else nodeid.split("::")[0]


def pytest_xdist_make_scheduler(config, log):
    """Have xdist take this one."""
    return Scheduling(config, log)


def pytest_collection_modifyitems(items):
    """Put what needs a server before all else, and the test of endurance behind that."""
    items.sort(key=lambda item: (not _is_served(item), ENDURANCE in item.fixturenames))


def _is_served(item):
    return any(folder in item.path.parents for folder in SERVED)


def pytest_runtest_setup(item):
    """Begin the use of the page that the test of endurance is about."""
    wanted = any(ENDURANCE in other.fixturenames for other in item.session.items)
    if wanted and _is_served(item) and _PROCESS not in item.config.stash:
        item.config.stash[_PROCESS] = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.soak", "5"],
            cwd=item.config.rootpath,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


def pytest_unconfigure(config):
    """End it where the tests were interrupted."""
    process = config.stash.get(_PROCESS, None)
    if process is not None:
        process.terminate()
        process.communicate()


@pytest.fixture
def endurance(pytestconfig):
    """Whether five minutes of use went well, and what was measured."""
    process = pytestconfig.stash[_PROCESS]
    told, _ = process.communicate(timeout=600)
    return process.returncode, told

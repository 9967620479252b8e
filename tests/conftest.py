"""Shapes and types of glifcore's annotations are checked in every test.

The test of endurance takes five minutes; it begins before the others and is looked at last.
"""

import subprocess
import sys

import numpy as np
import pytest
from jaxtyping import install_import_hook

# pyabf sets how NumPy prints when it is imported; examples in the documents print NumPy's way.
with np.printoptions():
    import pyabf  # noqa: F401

install_import_hook("glifcore", "beartype.beartype")

ENDURANCE = "endurance"
_PROCESS = pytest.StashKey()


def pytest_collection_modifyitems(items):
    """Put tests of endurance behind all others."""
    items.sort(key=lambda item: ENDURANCE in item.fixturenames)


def pytest_collection_finish(session):
    """Begin the use of the page that the test of endurance is about."""
    wanted = any(ENDURANCE in item.fixturenames for item in session.items)
    if wanted and not session.config.option.collectonly:
        session.config.stash[_PROCESS] = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.soak", "5"],
            cwd=session.config.rootpath,
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

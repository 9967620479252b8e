"""What all visitors of a process share stays as it is, whatever one of them does."""

import pkgutil
from importlib import import_module

import glifscope
import numpy as np

import glifcore
from tests.states import states

MUTABLE = (list, dict, set, bytearray, np.ndarray)


def shared():
    """What stands in a module and could be changed, as it is now."""
    packages = (glifscope, glifcore)
    modules = [
        import_module(found.name)
        for package in packages
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    ]
    return {
        f"{module.__name__}.{name}": value.tobytes() if hasattr(value, "tobytes") else repr(value)
        for module in [*packages, *modules]
        for name, value in vars(module).items()
        if isinstance(value, MUTABLE) and not name.startswith("__")
    }


def test_nothing_that_a_visitor_does_changes_what_stands_in_a_module():
    before = shared()
    assert {"glifscope.stimuli.KINDS", "glifscope.explored.TOOLS"} <= before.keys()
    for _ in states():
        pass
    assert shared() == before

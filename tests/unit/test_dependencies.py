"""What the product stands on may be used by everybody."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
PERMISSIVE = re.compile(
    r"MIT|BSD|Apache|PSF|Python Software Foundation|Zlib|CC-BY-4\.0|MPL|Mozilla"
)
"""The Mozilla licence asks for the text of changed files only; nothing of it is changed."""

UNDECLARED = {"quantities"}
"""Packages whose metadata have no licence; docs/dependencies.md says what it is."""


def licence(package):
    said = distribution(package).metadata
    classified = [text for text in said.get_all("Classifier", []) if text.startswith("License ::")]
    return said.get("License-Expression") or "; ".join(classified) or said.get("License") or ""


def needed(requirements):
    """Every package that these bring along where they are installed, with its licence."""
    found, waiting = {}, [Requirement(text) for text in requirements]
    while waiting:
        asked = waiting.pop()
        try:
            brought = distribution(asked.name).requires or []
        except PackageNotFoundError:
            continue  # for another system
        if asked.name in found:
            continue
        found[asked.name] = licence(asked.name)
        for further in map(Requirement, brought):
            marker, extras = further.marker, asked.extras or {""}
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(further)
    return found


def test_all_that_the_product_needs_is_under_a_permissive_licence():
    extras = PROJECT["optional-dependencies"]
    product = [extra for name in ("app", "recordings", "oauth") for extra in extras[name]]
    found = needed([*PROJECT["dependencies"], *product])
    assert {"jax", "panel", "tornado", "h5py"} <= set(found)
    others = {
        name: text
        for name, text in found.items()
        if name not in UNDECLARED and (not PERMISSIVE.search(text) or "GPL" in text)
    }
    assert others == {}


def test_nest_is_for_tests_only():
    oracles = PROJECT["optional-dependencies"]["oracles"]
    assert "GPL" in needed(oracles)["nest-simulator"]

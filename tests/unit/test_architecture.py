"""Who may import whom: arrows run one way, and the science knows nothing of the page."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UI = {"panel", "panel_material_ui", "param", "bokeh", "holoviews", "app", "glifscope"}

# A module may import from those before it in the line, never from those after it.
ORDER = [
    ["parameters", "validation", "propagators", "neuron", "stimulus", "simulation"],
    ["parameters", "propagators", "psc"],
    ["parameters", "presets"],
]


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." * node.level + (node.module or ""))
    return names


def files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("path", files("glifcore"), ids=lambda p: p.name)
def test_the_science_imports_no_page(path):
    assert not {name.split(".")[0] for name in imported(path)} & UI


@pytest.mark.parametrize("line", ORDER, ids=lambda line: line[-1])
def test_glifcore_imports_run_one_way(line):
    for i, name in enumerate(line):
        found = imported(ROOT / "glifcore" / f"{name}.py")
        assert not found & {f"glifcore.{later}" for later in line[i + 1 :]}

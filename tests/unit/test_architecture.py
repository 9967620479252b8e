"""Who may import whom: arrows run one way, and the science knows nothing of the page."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UI = {"panel", "panel_material_ui", "param", "bokeh", "holoviews", "app", "glifscope"}

# A module may import from those before it in the line, never from those after it.
ORDER = [
    [
        "levels",
        "parameters",
        "validation",
        "propagators",
        "surrogate",
        "neuron",
        "currents",
        "trains",
        "stimulus",
        "traces",
        "simulation",
        "autopsy",
        "population",
        "export",
    ],
    ["levels", "parameters", "propagators", "psc"],
    ["levels", "parameters", "propagators", "psc", "presets"],
    [
        "levels",
        "parameters",
        "propagators",
        "psc",
        "normal_form",
        "following",
        "reachable",
        "inverse",
    ],
    ["levels", "parameters", "propagators", "psc", "samples", "artefacts", "events", "guess"],
    ["levels", "recordings"],
    ["levels", "parameters", "validation", "heterogeneity"],
    ["levels", "parameters", "interchange"],
    [
        "levels",
        "parameters",
        "propagators",
        "psc",
        "samples",
        "uncertainty",
        "least_squares",
        "fit_result",
        "starts",
        "fitting",
        "intervals",
        "identifiability",
        "comparison",
        "report",
    ],
]

# The same in the page; the views stand between results and dashboard.
PAGE_ORDER = [
    "limits",
    "history",
    "population.choice",
    "stimuli",
    "choices",
    "state",
    "session",
    "url_state",
    "time_axis",
    "thinning",
    "pinned",
    "results",
    "climb",
    "firing",
    "figures",
    "behind",
    "explored",
    "export.paper",
    "export.table",
    "export.words",
    "export.run",
    "export.neuron",
    "export.climb",
    "export.firing",
    "export.autopsy",
    "equations",
    "view",
    "live",
    "background",
    "address",
    "cursor",
    "live_text",
    "downloads",
    "uploads.reading_child",
    "uploads.reading",
    "uploads.file_input",
    "controls",
    "part_controls",
    "stimulus_controls",
    "ports",
    "neuron_controls",
    "traces_pane",
    "neuron",
    "snapshots",
    "synapse",
    "dashboard",
]

# And in the workshop: choices, what follows from them, what draws it, the whole.
WORKSHOP_ORDER = [
    "proposal",
    "choices",
    "results",
    "examples",
    "challenge",
    "sweep_fits",
    "export",
    "workspace",
]
WORKSHOP_VIEWS = {
    "curve",
    "overview",
    "report",
    "sweeps_view",
    "challenge_view",
    "take_away",
    "welcome",
    "recording_controls",
    "fit_controls",
}


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


@pytest.mark.parametrize("i", range(len(PAGE_ORDER)), ids=PAGE_ORDER)
def test_imports_of_the_page_run_one_way(i):
    found = imported(ROOT / "app/glifscope" / f"{PAGE_ORDER[i].replace('.', '/')}.py")
    assert not found & {f".{later}" for later in PAGE_ORDER[i + 1 :]}


@pytest.mark.parametrize("i", range(len(WORKSHOP_ORDER)), ids=WORKSHOP_ORDER)
def test_imports_of_the_workshop_run_one_way(i):
    found = imported(ROOT / "app/glifscope/workshop" / f"{WORKSHOP_ORDER[i]}.py")
    assert not found & {f".{later}" for later in WORKSHOP_ORDER[i + 1 :]}


@pytest.mark.parametrize("name", sorted(WORKSHOP_VIEWS))
def test_a_view_of_the_workshop_imports_no_sibling(name):
    found = imported(ROOT / "app/glifscope/workshop" / f"{name}.py")
    assert not found & {f".{other}" for other in WORKSHOP_VIEWS}


@pytest.mark.parametrize("path", files("app/glifscope/views"), ids=lambda p: p.name)
def test_a_view_imports_no_sibling_and_no_choices_of_controls(path):
    found = imported(path)
    assert not any(name.startswith(".") and not name.startswith("..") for name in found)
    assert not found & {"..controls", "..dashboard", "..live"}


@pytest.mark.parametrize(
    "name",
    [
        "session",
        "results",
        "choices",
        "url_state",
        "climb",
        "firing",
        "export/run",
        "export/words",
        "export/table",
        *(f"workshop/{name}" for name in WORKSHOP_ORDER[:-1]),
    ],
)
def test_choices_and_consequences_know_nothing_of_panel(name):
    roots = {found.split(".")[0] for found in imported(ROOT / "app/glifscope" / f"{name}.py")}
    assert not roots & {"panel", "panel_material_ui", "bokeh", "holoviews"}

"""The atlas of cells, without a browser."""

import csv
import io
import json
import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from bokeh.document import Document
from bokeh.models import BoxSelectTool
from glifscope.cells.atlas import (
    EXPLAINED,
    HUMAN,
    KINDS,
    PVALB,
    RISE,
    TAU_M,
    atlas,
    cells,
    kind_of,
    lines,
    quantities,
)
from glifscope.cells.box import HOW, counted_in, drawn
from glifscope.cells.card import in_words
from glifscope.cells.choices import COLUMNS, Asked, CellsChoices, compute
from glifscope.cells.export import FADED, SEEN, points_csv, table_csv
from glifscope.cells.filters import TITLES, Filters, loosened, passing
from glifscope.cells.scatter import columns_of, drawn_by, limits, outside
from glifscope.cells.workspace import Cells, counted, too_strict, warm_up
from glifscope.choices import fitted
from glifscope.session import Session
from glifscope.url_state import open_query, to_query
from hypothesis import assume, given
from hypothesis import strategies as some

from glifcore import FIELDS, GlifModel, GlifParameters, list_presets

LEVELS = list(GlifModel)
BOX = (8.0, 20.0, 25.0, 33.0)
STRICT = Filters(lines=("Vip-IRES-Cre",), species="human")


@pytest.fixture
def workspace():
    with ThreadPoolExecutor(1) as pool:
        yield Cells(Session(), pool)


# The numbers


@pytest.mark.parametrize("level", LEVELS)
def test_the_columns_hold_what_load_preset_gives(level):
    found = atlas(level)
    names = [p.name for p in list_presets(level=level) if p.name != "nest_default"]
    assert list(found.names) == names
    for i, told in enumerate(names):
        cell = fitted(told, level)
        for key, column in found.numbers.items():
            name, _, index = key.rstrip("]").partition("[")
            if name in FIELDS:
                value = getattr(cell, name)
                assert column[i] == (value[int(index)] if index else value)


def test_the_derived_quantities_follow_from_the_parameters():
    numbers = atlas(GlifModel.GLIF4).numbers
    np.testing.assert_allclose(numbers[TAU_M], numbers["C_m"] / numbers["g"])
    np.testing.assert_allclose(numbers["R_m"] * numbers["g"], 1e3)
    np.testing.assert_allclose(numbers[RISE], numbers["V_th"] - numbers["E_L"])


@pytest.mark.parametrize("level", LEVELS)
def test_only_what_a_level_uses_can_be_compared(level):
    keys = {key.partition("[")[0] for key in quantities(level)}
    assert all(level in FIELDS[name].used_by for name in keys & set(FIELDS))
    assert set(atlas(level).numbers) == set(quantities(level))
    assert np.isfinite(list(atlas(level).numbers.values())).all()


def test_explained_variance_is_the_presets():
    found = atlas(GlifModel.GLIF5)
    shares = [preset.explained_variance[GlifModel.GLIF5] for preset in found.presets]
    assert found.numbers[EXPLAINED].tolist() == shares


def test_a_column_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        atlas(GlifModel.GLIF1).numbers["g"][0] = 0.0


def test_every_line_has_a_broad_class_and_every_class_has_cells():
    assert len(lines()) == 16
    assert {kind_of(preset) for preset in cells().values()} == set(KINDS)
    assert all(
        (kind_of(preset) == HUMAN) == (preset.species == "human") for preset in cells().values()
    )
    assert atlas(GlifModel.GLIF3).kinds.count(PVALB) == 53


# The filters


def test_without_filters_every_cell_passes():
    assert len(passing(atlas(GlifModel.GLIF3), Filters())) == 789


@pytest.mark.parametrize(
    ("filters", "holds"),
    [
        (
            Filters(lines=("Sst-IRES-Cre", "Vip-IRES-Cre")),
            lambda p: p.line in ("Sst-IRES-Cre", "Vip-IRES-Cre"),
        ),
        (Filters(species="human"), lambda p: p.species == "human"),
        (Filters(least=0.9), lambda p: p.explained_variance[GlifModel.GLIF3] >= 0.9),
        (Filters(doubtful=True), lambda p: bool(p.caveats[GlifModel.GLIF3])),
        (Filters(doubtful=False), lambda p: not p.caveats[GlifModel.GLIF3]),
    ],
)
def test_a_filter_lets_just_those_pass_for_which_it_holds(filters, holds):
    found = atlas(GlifModel.GLIF3)
    kept = set(passing(found, filters).tolist())
    assert 0 < len(kept) < 789
    assert kept == {i for i, preset in enumerate(found.presets) if holds(preset)}


def test_filters_together_let_pass_what_each_lets_pass():
    found = atlas(GlifModel.GLIF2)
    both = passing(found, Filters(species="mouse", least=0.8))
    one, other = passing(found, Filters(species="mouse")), passing(found, Filters(least=0.8))
    assert both.tolist() == np.intersect1d(one, other).tolist()


def test_where_none_passes_the_filters_to_loosen_are_told_with_what_it_brings():
    assert loosened(atlas(GlifModel.GLIF3), STRICT) == {"lines": 144, "species": 19}
    message = too_strict(compute(Asked(filters=STRICT)))
    assert TITLES["lines"] in message and "144" in message and "19" in message


def test_where_no_single_filter_helps_all_are_to_be_loosened():
    picture = compute(Asked(filters=STRICT._replace(least=1.0)))
    assert picture.loosened == {} and "Show all cells" in too_strict(picture)


def test_the_count_tells_how_many_a_level_has():
    assert "789 of 789" in counted(compute(Asked()))
    assert "287 of 789" in counted(compute(Asked(GlifModel.GLIF5)))
    assert "287 were fitted at GLIF5" in counted(compute(Asked(GlifModel.GLIF5)))


# The choices


def test_a_quantity_that_a_level_lacks_gives_way():
    choices = CellsChoices()
    choices.ask(level=GlifModel.GLIF5, x="th_voltage_index", y="g")
    choices.ask(level=GlifModel.GLIF1)
    assert (choices.asked.x, choices.asked.y) == (TAU_M, "g")


def test_asking_for_the_same_again_changes_nothing():
    choices, seen = CellsChoices(), []
    choices.param.watch(seen.append, "asked")
    choices.ask(level=GlifModel.GLIF3)
    choices.filter(least=0.0)
    assert seen == []


def test_the_axes_leave_out_what_lies_far_off_and_nothing_else():
    even = np.linspace(-3.0, 5.0, 200)
    assert limits(even) == pytest.approx((-3.32, 5.32))
    assert limits(np.append(even, 1e4)) == limits(even)
    columns = columns_of(compute(Asked(x="asc_amps[0]", y="asc_amps[1]")))
    assert 0 < (~drawn_by(columns, [limits(column) for column in columns])).sum() < 20


def test_cells_that_the_axes_leave_out_are_told_and_how_to_find_them():
    picture = compute(Asked())
    assert outside(picture, None) == (
        "1 cell lies far outside of the axes: zoom out or sort the table to find it."
    )
    far = picture.names[int(picture.atlas.numbers[TAU_M].argmax())]
    assert "the chosen one" in outside(picture, picture.place(far))
    assert "cells lie" in outside(compute(Asked(x="asc_amps[0]")), None)
    assert outside(compute(Asked(GlifModel.GLIF5)), None) == ""


# The box


def test_a_box_lists_just_the_cells_that_lie_in_it_and_leaves_the_others_shown():
    picture = compute(Asked(filters=Filters(species="mouse"), box=BOX))
    x, y = (picture.atlas.numbers[key] for key in (TAU_M, RISE))
    within = {i for i in picture.shown if BOX[0] <= x[i] <= BOX[1] and BOX[2] <= y[i] <= BOX[3]}
    assert 0 < len(within) < len(picture.shown) == 645
    assert set(picture.listed) == within
    assert picture.listed.tolist() == picture.shown[picture.within].tolist()


@given(*[some.floats(-1e6, 1e6)] * 4)
def test_a_box_that_is_drawn_keeps_its_place_whatever_corner_it_was_begun_at(x0, x1, y0, y1):
    assume(min(abs(x1 - x0), abs(y1 - y0)) > 1e-3)
    box = drawn(x0, x1, y0, y1)
    assert box is not None and box == drawn(x1, x0, y1, y0)
    left, right, low, high = box
    for ends, kept in (((x0, x1), (left, right)), ((y0, y1), (low, high))):
        near = 1e-3 * abs(ends[1] - ends[0])
        assert kept[0] < kept[1] and kept == pytest.approx(sorted(ends), abs=near)


@pytest.mark.parametrize(
    "flat", [(1, 1, 0, 5), (1, 2, 3, 3), (math.nan, 2, 3, 4), (0, 1, 2, 1e999)]
)
def test_what_has_no_area_is_no_box(flat):
    assert drawn(*flat) is None


@pytest.mark.parametrize(
    ("n", "total", "told"),
    [
        (12, 214, "12 of the 214 cells are in the box, and in the table."),
        (1, 214, "1 of the 214 cells is in the box, and in the table."),
        (0, 214, "None of the 214 cells is in the box, so the table is empty."),
        (1, 1, "The only cell is in the box."),
        (0, 1, "The only cell is not in the box."),
        (0, 0, ""),
    ],
)
def test_it_is_told_how_many_cells_are_in_the_box(n, total, told):
    assert counted_in(BOX, n, total) == told


def test_a_box_stays_with_the_level_and_the_filters_and_goes_with_a_quantity():
    choices = CellsChoices()
    choices.ask(level=GlifModel.GLIF5, x="th_voltage_index", y="g")
    choices.ask(box=BOX)
    choices.ask(level=GlifModel.GLIF4, x="C_m")
    assert choices.asked.box is None
    choices.ask(box=BOX)
    choices.filter(species="human")
    choices.ask(level=GlifModel.GLIF5)
    assert choices.asked.box == BOX
    choices.ask(x="th_voltage_index")
    choices.ask(box=BOX)
    choices.ask(level=GlifModel.GLIF1)  # which lacks it
    assert choices.asked.box is None


def test_the_box_is_in_the_link():
    session, other = Session(), Session()
    session.atlas = session.atlas._replace(asked=session.atlas.asked._replace(box=BOX))
    assert "cells.box=8,20,25,33" in to_query(session)
    assert open_query(other, to_query(session)) == []
    assert other.atlas == session.atlas


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("8,20,25", "4 are needed"),
        ("8,20,25,high", "finite number"),
        ("8,20,25,inf", "finite number"),
        ("20,8,25,33", "x0 below x1"),
        ("8,20,25,25", "y0 below y1"),
    ],
)
def test_a_box_that_cannot_be_read_is_told_and_left(text, said):
    session = Session()
    (told,) = open_query(session, f"v=1&cells.box={text}")
    assert "`cells.box`" in told and said in told
    assert session.atlas.asked.box is None


def test_a_box_over_a_quantity_that_the_level_lacks_is_told_and_left_out():
    session = Session()
    told = open_query(session, "v=1&cells.level=GLIF1&cells.x=asc_amps[0]&cells.box=0,1,0,1")
    assert "`cells.x`" in told[0] and "`cells.box`" in told[1] and len(told) == 2
    assert session.atlas.asked.box is None


def test_the_file_of_the_table_has_what_it_lists_and_that_of_the_points_tells_who_is_in_the_box():
    picture = compute(Asked(box=BOX))
    listed = [row["cell"] for row in csv.DictReader(io.StringIO(table_csv(picture)))]
    assert listed == [picture.atlas.names[i] for i in picture.listed]
    points = list(csv.DictReader(io.StringIO(points_csv(picture))))
    assert len(points) == 789
    assert [row["cell"] for row in points if row["in the box"] == "yes"] == listed


def test_every_caveat_is_told_in_words():
    caveats = {c for preset in cells().values() for told in preset.caveats.values() for c in told}
    assert caveats and all(in_words(caveat).endswith(".") for caveat in caveats)


# The workspace


def test_a_row_puts_its_cell_on_the_card_and_marks_its_point(workspace):
    workspace.table.rows.chosen = "467003163"
    assert workspace.choices.cell == "467003163"
    assert "467003163" in workspace.card._facts.object
    assert workspace.scatter._marks.data.chosen == workspace.picture.place("467003163")


def test_a_point_marks_its_row(workspace):
    workspace.scatter._tap.event(index=[5])
    assert workspace.table.rows.chosen == workspace.picture.names[5]


def test_taking_a_cell_keeps_the_synapses_and_can_be_undone(workspace):
    session = workspace._session
    session.choose("tau_syn_slow", 17.0, 0)
    before = session.choices
    workspace.choices.cell = "467003163"
    workspace.card.take.clicks += 1
    assert session.preset == "467003163" and session.value("tau_syn_slow", 0) == 17.0
    assert session.choices.is_as_fitted and workspace.card.take.disabled
    assert workspace.scatter._marks.data.on_neuron == workspace.picture.place("467003163")
    session.undo()
    assert session.choices == before and not workspace.card.take.disabled


def test_a_taken_cell_climbs_with_its_own_fits(workspace):
    workspace.choices.cell = "467003163"
    assert not workspace.card.level.visible
    workspace.card.take.clicks += 1
    workspace.card.level.value = GlifModel.GLIF2
    assert workspace._session.cell.model is GlifModel.GLIF2
    assert workspace._session.choices.is_as_fitted


def test_an_edited_cell_can_be_taken_again(workspace):
    session = workspace._session
    workspace.choices.cell = "467003163"
    workspace.card.take.clicks += 1
    session.choose("g", 12.0)
    assert "again" in workspace.card.take.label and not workspace.card.take.disabled
    workspace.card.take.clicks += 1
    assert session.choices.is_as_fitted


def test_the_filters_reach_points_rows_and_count(workspace):
    workspace.controls.species.value = "human"
    assert "144 of 789" in workspace._count.object
    assert len(workspace.table.rows.shown) == len(workspace.picture.shown) == 144
    workspace.controls.reset.clicks += 1
    assert workspace.controls.species.value == "any" and len(workspace.picture.shown) == 789


def test_a_box_reaches_the_points_the_rows_and_the_count_and_can_be_cleared(workspace):
    assert HOW in workspace._count.object and workspace.clear.disabled
    figure = workspace.scatter.pane.get_root(Document()).select_one({"name": "cells-scatter"})
    figure.x_range.update(start=5.0, end=30.0)
    x0, x1, y0, y1 = BOX
    workspace.scatter._bounds.event(bounds=(x0, y0, x1, y1))
    n = len(workspace.picture.listed)
    assert len(workspace.table.rows.shown) == n and 0 < n < 789
    assert f"{n} of the 789 cells are in the box" in workspace._count.object
    strengths = np.array(figure.renderers[0].data_source.data["strength"])
    assert ((strengths == SEEN) == workspace.picture.within).all() and FADED in strengths
    shape = figure.select_one({"name": "cells-box"})
    assert shape.visible and (shape.left, shape.right, shape.bottom, shape.top) == BOX
    assert (figure.x_range.start, figure.x_range.end) == (5.0, 30.0)  # the zoom is left alone
    assert f"Cells in the box: {n}, with tau_m 8 to 20 ms and V_th".encode() in b" ".join(
        workspace.scatter.figure("svg").split()
    )
    workspace.clear.clicks += 1
    assert workspace.choices.asked.box is None and not shape.visible
    assert len(workspace.table.rows.shown) == 789 and workspace.clear.disabled


def test_a_box_is_one_step_to_undo_and_comes_back_with_the_quantity_that_took_it_away(workspace):
    session = workspace._session
    workspace.choices.ask(box=BOX)
    workspace.controls.x.value = "g"
    assert session.atlas.asked.box is None
    session.undo()
    assert (session.atlas.asked.x, session.atlas.asked.box) == (TAU_M, BOX)
    workspace.clear.clicks += 1
    session.undo()
    assert session.atlas.asked.box == BOX and not workspace.clear.disabled
    session.undo()
    assert session.atlas.asked.box is None and not session.can_undo


def test_a_box_selects_no_point_so_that_it_chooses_no_cell(workspace):
    figure = workspace.scatter.pane.get_root(Document()).select_one({"name": "cells-scatter"})
    (tool,) = figure.select({"type": BoxSelectTool})
    assert tool.renderers == []


def test_where_no_cell_passes_the_page_says_so(workspace):
    workspace.choices.ask(filters=STRICT)
    assert workspace._empty.visible and "144" in workspace._empty.object
    workspace.choices.ask(filters=Filters())
    assert not workspace._empty.visible


def test_a_hidden_workspace_does_nothing_and_catches_up(workspace):
    session = workspace._session
    workspace.shown(False)
    workspace.choices.ask(y="g")
    session.choose_preset("467003163")
    assert workspace.picture.asked.y == RISE and workspace.table.rows.marked == "nest_default"
    workspace.shown(True)
    assert workspace.picture.asked.y == "g" and workspace.table.rows.marked == "467003163"


def test_the_cell_on_the_neuron_is_looked_at_first():
    with ThreadPoolExecutor(1) as pool:
        session = Session(preset="467003163", cell=GlifParameters(model=GlifModel.GLIF5))
        assert Cells(session, pool).choices.cell == "467003163"


def test_warming_up_reads_and_draws_without_a_page():
    warm_up()


def test_the_order_of_the_table_is_kept_and_what_is_none_is_not(workspace):
    session, rows = workspace._session, workspace.table.rows
    assert rows.columns == list(COLUMNS) and len(json.loads(rows.content)["heads"]) == len(COLUMNS)
    rows.sort = "-explained"
    assert session.atlas.sort == "-explained" and "cells.sort=-explained" in to_query(session)
    rows.sort = "<b>"
    assert session.atlas.sort == "-explained"
    session.undo()
    assert rows.sort == "cell"

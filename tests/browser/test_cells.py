"""The atlas in a real browser: filter, draw a box, click a point, walk the rows, take a cell."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from glifcore import list_presets


class Atlas:
    """The open workspace: its points, its rows, its card."""

    def __init__(self, glifscope):
        self.glifscope, self.page = glifscope, glifscope.page
        page = self.page
        page.locator("header").get_by_role("button", name="Cells", exact=True).click()
        self.table = page.get_by_role("grid", name="Cells that pass the filters")
        self.table.wait_for()

    def button(self, name):
        return self.page.get_by_role("button", name=name, exact=True)

    def count(self, words):
        expect(self.page.get_by_text(re.compile(words))).to_be_visible()

    @property
    def chosen(self):
        return self.table.get_by_role("row", selected=True)

    def click_point(self, name):
        """Click the point of a cell in the scatter."""
        place = self.page.evaluate(
            """name => {
              const figure = Bokeh.documents[0].get_model_by_name("cells-scatter");
              const view = Bokeh.index.find_one(figure);
              const { x, y, title } = figure.renderers[0].data_source.data;
              const at = title.findIndex((words) => words.endsWith(name));
              view.el.scrollIntoView({ block: "center" });
              const box = view.el.getBoundingClientRect();
              return [box.x + view.frame.x_scale.compute(x[at]),
                      box.y + view.frame.y_scale.compute(y[at])];
            }""",
            name,
        )
        self.page.mouse.click(*place)

    def draw_box(self, left, top, right, bottom):
        """Drag the box tool over these shares of the plot; what is in it and what is not."""
        x, y, width, height = self.page.evaluate(
            """() => {
              const figure = Bokeh.documents[0].get_model_by_name("cells-scatter");
              const view = Bokeh.index.find_one(figure);
              view.el.scrollIntoView({ block: "center" });
              const box = view.el.getBoundingClientRect(), frame = view.frame.bbox;
              return [box.x + frame.left, box.y + frame.top, frame.width, frame.height];
            }"""
        )
        mouse = self.page.mouse
        mouse.move(x + width / 2, y + height / 2)  # brings the tools
        self.page.get_by_title("Box: list the cells in it").click()
        mouse.move(x + left * width, y + top * height)
        mouse.down()
        mouse.move(x + right * width, y + bottom * height, steps=4)
        mouse.up()

    def strengths(self):
        """How many points are drawn with each strength."""
        drawn = self.page.evaluate(
            """() => Array.from(Bokeh.documents[0].get_model_by_name("cells-scatter")
                 .renderers[0].data_source.data.strength)"""
        )
        return {strength: drawn.count(strength) for strength in set(drawn)}

    def lone_point(self):
        """The cell whose point is farthest from its nearest neighbour, so a click is sure."""
        x, y, ranges = self.page.evaluate(
            """() => {
              const figure = Bokeh.documents[0].get_model_by_name("cells-scatter");
              const { x, y } = figure.renderers[0].data_source.data;
              const ranges = [figure.x_range, figure.y_range].map(r => [r.start, r.end]);
              return [Array.from(x), Array.from(y), ranges];
            }"""
        )
        low, high = np.array(ranges).T
        points = (np.array([x, y]).T - low) / (high - low)
        seen = ((points > 0.0) & (points < 1.0)).all(axis=1)
        distances = np.linalg.norm(points[:, None] - points[None], axis=-1)
        np.fill_diagonal(distances, np.inf)
        nearest = np.where(seen, distances.min(axis=1), -1.0)
        return int(nearest.argmax())


@pytest.fixture
def atlas(glifscope):
    return Atlas(glifscope)


def test_a_cell_is_found_by_filters_taken_climbed_and_given_back(atlas):
    page, table = atlas.page, atlas.table
    atlas.count("789 of 789 cells")

    atlas.button("human").click()
    atlas.count("144 of 789 cells")
    expect(table.get_by_role("row")).to_have_count(145)

    # A head sorts, once more the other way round, and the link keeps the order.
    for order in ("explained", "-explained"):
        table.get_by_role("button", name=re.compile("^explained")).click()
        expect(page).to_have_url(re.compile(f"cells.sort={order}(&|$)"))
    shares = [float(cell) for cell in table.locator("td:nth-child(5)").all_inner_texts()[:20]]
    assert shares == sorted(shares, reverse=True)
    table.get_by_role("button", name=re.compile("^cell")).click()

    # A box lists the cells in it; the others stay, faded, until it is cleared.
    clear = page.get_by_role("button", name="Clear the box")
    expect(clear).to_be_disabled()
    atlas.draw_box(0.1, 0.2, 0.6, 0.7)
    told = page.get_by_text(re.compile(r"^.* of the 144 cells are in the box"))
    n = int(re.search(r"(\d+) of the 144 cells", told.inner_text())[1])
    assert 0 < n < 144
    expect(table.get_by_role("row")).to_have_count(n + 1)
    assert sorted(atlas.strengths().values()) == sorted([n, 144 - n])
    expect(page).to_have_url(re.compile("cells.box="))
    expect(page.get_by_role("heading", name="Human")).to_have_count(0)  # it chooses no cell
    atlas.button("Undo (Ctrl+Z)").click()
    expect(table.get_by_role("row")).to_have_count(145)
    atlas.button("Redo (Ctrl+Y)").click()
    expect(table.get_by_role("row")).to_have_count(n + 1)
    clear.press("Enter")
    expect(table.get_by_role("row")).to_have_count(145)
    assert list(atlas.strengths().values()) == [144]

    # A point marks its row, and the arrow keys go on from there.
    humans = [preset.name for preset in list_presets(species="human")]
    name = humans[atlas.lone_point()]
    atlas.click_point(name)
    expect(atlas.chosen).to_contain_text(name)
    expect(page.get_by_role("heading", name=f"Human {name}")).to_be_visible()
    row = atlas.chosen
    row.focus()
    row.press("Home")
    expect(atlas.chosen).not_to_contain_text(name)
    first = atlas.chosen.get_by_role("gridcell").first.inner_text()
    expect(page.get_by_role("heading", name=f"Human {first}")).to_be_visible()

    # Sorted by what the fits explain, the best is at the top.
    head = table.get_by_role("button", name="explained")
    head.click()
    head.click()
    best = table.get_by_role("row").nth(1).get_by_role("gridcell").nth(4)
    shares = [preset.explained_variance for preset in list_presets(species="human")]
    assert float(best.inner_text()) == pytest.approx(
        max(share for told in shares for level, share in told.items() if level.name == "GLIF3"),
        rel=1e-3,
    )

    # Taken, climbed, and given back.
    atlas.button("Take this cell").click()
    expect(page.get_by_text("The neuron is this cell as fitted at GLIF3")).to_be_visible()
    expect(atlas.button("On the neuron")).to_be_disabled()
    page.get_by_role("group", name="Level of the neuron").get_by_role(
        "button", name="GLIF1"
    ).click()
    expect(page.get_by_text("The neuron is this cell as fitted at GLIF1")).to_be_visible()
    atlas.button("Undo (Ctrl+Z)").click()
    expect(page.get_by_text("The neuron is this cell as fitted at GLIF3")).to_be_visible()
    atlas.button("Undo (Ctrl+Z)").click()
    expect(atlas.button("Take this cell")).to_be_enabled()

    # Where nothing passes, the page says what to loosen.
    page.get_by_role("group", name="Level of the fits").get_by_role("button", name="GLIF5").click()
    atlas.count("34 of 789 cells")
    atlas.glifscope.type("least explained variance", 1)
    expect(page.get_by_text(re.compile("No cell passes all filters at GLIF5"))).to_be_visible()
    atlas.count("^0 of 789 cells")
    atlas.button("Show all cells").click()
    atlas.count("287 of 789 cells")

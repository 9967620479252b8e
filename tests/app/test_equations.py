"""The equation behind each plot is one click away."""

import panel as pn
import panel_material_ui as pmui
import pytest
from glifscope import Dashboard
from glifscope.equations import EQUATIONS, explained

from tests.states import states

BARE = {"Recording"}
"""Cards whose plot shows nothing but what was measured."""


def is_plot(part):
    if isinstance(part, pn.pane.Bokeh):
        return hasattr(part.object, "renderers")
    return isinstance(part, pn.pane.HoloViews)


@pytest.fixture(scope="module")
def cards():
    """Every card with a plot: its title, and the text on it."""
    found = {}
    for layout in states(Dashboard()):
        for paper in layout.select(pmui.Paper):
            texts = [pane.object for pane in paper.select(pn.pane.HTML)]
            titles = [text for text in texts if 'class="card-title"' in text]
            if titles and paper.select(is_plot):
                title = titles[0].split('card-title">')[1].split("<")[0]
                found[title] = "".join(texts)
    return found


def test_every_card_with_a_plot_has_its_equations(cards):
    assert len(cards) >= 14
    without = {title for title, text in cards.items() if 'class="equations"' not in text}
    assert without == BARE


def test_all_equations_are_shown_somewhere(cards):
    everything = "".join(cards.values())
    assert [name for name in EQUATIONS if explained(name) not in everything] == []


@pytest.mark.parametrize("name", EQUATIONS)
def test_equations_are_mathml_with_what_they_say_and_without_roots(name):
    text = explained(name)
    assert text.count("<math") == text.count("<dd>") == len(EQUATIONS[name])
    assert "msqrt" not in text and "\\" not in text

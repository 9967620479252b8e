"""The equation behind each plot is one click away."""

import pytest
from glifscope.equations import EQUATIONS, explained

from tests.states import met

BARE = {"Recording"}
"""Cards whose plot shows nothing but what was measured."""


def test_every_card_with_a_plot_has_its_equations():
    cards = met().cards
    assert len(cards) >= 14
    without = {title for title, text in cards.items() if 'class="equations"' not in text}
    assert without == BARE


def test_all_equations_are_shown_somewhere():
    everything = "".join(met().cards.values())
    assert [name for name in EQUATIONS if explained(name) not in everything] == []


@pytest.mark.parametrize("name", EQUATIONS)
def test_equations_are_mathml_with_what_they_say_and_without_roots(name):
    text = explained(name)
    assert text.count("<math") == text.count("<dd>") == len(EQUATIONS[name])
    assert "msqrt" not in text and "\\" not in text

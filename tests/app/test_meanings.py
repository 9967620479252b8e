"""Every control of the page says in a line what it does, and every number its unit.

Nothing here names a control. The page is taken to each of its states, and whatever stands in it is
asked; a control of the source that was met in none of them is missed.
"""

import ast
import re

import panel_material_ui as pmui
import pytest
from panel.widgets.base import WidgetBase

from tests.states import LEADS_ON, SOURCE, met

PUSHED = (pmui.Button, pmui.IconButton, pmui.FileDownload, pmui.FileInput)
"""What acts when it is pushed. What opens a menu is none of these."""

PLAIN = {"Cancel", "Check", "Close", "Fit", "Keep", "Redo", "Snapshots", "Undo"}
"""Words that are enough on a push button."""

TOLD = (pmui.LinearProgress,)
"""Widgets that only tell something."""

NUMBERS = (pmui.FloatSlider, pmui.IntSlider, pmui.RangeSlider, pmui.FloatInput, pmui.IntInput)

UNIT = re.compile(r" \([^()]+\)$")
WITHOUT_UNIT = re.compile(
    r"\b(share|factor|relative|number of|seed|spikes in|neuron whose|which|explain)\b",
    re.IGNORECASE,
)
"""In the meaning of a number without unit: it is a ratio, a count, or says which of several."""

LONGEST = 110


def words(text):
    return set(re.findall(r"\w+", text.lower()))


@pytest.fixture(scope="module")
def controls():
    return [widget for widget in met().controls if not isinstance(widget, TOLD)]


def without(controls, claim):
    """The controls of which it is not so, as text for the report."""
    return sorted({f"{w.label}: {w.description or ''}" for w in controls if not claim(w)})


def test_every_control_of_the_source_was_met():
    calls = [
        (path, node.lineno)
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "pmui"
        and issubclass(getattr(pmui, node.func.attr), WidgetBase)
    ]
    assert len(calls) > 40
    places = set(met().places.values())
    assert [f"{path}:{line}" for path, line in calls if (path, line) not in places] == []


def test_every_control_but_a_push_button_has_a_meaning_in_a_line(controls):
    asked = [control for control in controls if not isinstance(control, PUSHED)]

    def meant(control):
        meaning = control.description or ""
        return (
            0 < len(meaning) <= LONGEST
            and "\n" not in meaning
            and len(words(meaning) - words(control.label)) >= 2
        )

    assert without(asked, meant) == []


def test_every_number_has_a_unit_or_is_told_to_be_a_ratio_or_a_count(controls):
    numbers = [w for w in controls if isinstance(w, NUMBERS)]
    assert len(numbers) > 40
    assert (
        without(numbers, lambda w: UNIT.search(w.label) or WITHOUT_UNIT.search(w.description)) == []
    )


def test_a_push_button_says_what_it_does(controls):
    def said(button):
        if isinstance(button, pmui.FileDownload):
            return button.label and button.filename
        plain = button.label in PLAIN or getattr(button, "end_icon", None) == LEADS_ON
        return plain or len(button.label.split()) > 1

    assert without([w for w in controls if isinstance(w, PUSHED)], said) == []


def test_the_meaning_of_a_button_begins_with_its_label_since_screen_readers_take_it_for_that(
    controls,
):
    buttons = [w for w in controls if isinstance(w, (*PUSHED, pmui.MenuButton)) and w.description]
    assert without(buttons, lambda w: w.description.startswith(w.label)) == []

"""Colours that can be seen, and ranges that stand still."""

import pytest
from bokeh.models import Label, LabelSet, Range1d, Text
from glifscope import figures
from glifscope.figures import absent, plot, set_range
from glifscope.results import first_results
from glifscope.session import Session
from glifscope.views.autopsy import AutopsyView
from glifscope.views.firing import FiringView
from glifscope.views.psc import PscView
from glifscope.workshop.curve import CurveView
from glifscope.workshop.results import WorkshopResults

COLOURS = ("BLUE", "ORANGE", "GREEN", "PURPLE", "GREY")


def luminance(colour):
    """Relative luminance as WCAG 2 defines it."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", COLOURS)
@pytest.mark.parametrize("page", ["#ffffff", "#121212"])
def test_every_line_stands_out_from_the_page(name, page):
    assert contrast(getattr(figures, name), page) >= 3.0


def _with_nothing_in_it():
    fig = plot("empty", "", 100, Range1d())
    absent(fig)
    return fig


@pytest.mark.parametrize(
    "make",
    [
        _with_nothing_in_it,
        lambda: PscView(first_results(Session()))._figure,
        lambda: AutopsyView(first_results(Session()), print)._figure,
        lambda: FiringView().figure,
        lambda: CurveView(WorkshopResults()).figure,
    ],
)
def test_text_in_a_plot_has_the_colour_of_the_axis_which_follows_the_theme(make):
    """The browser test measures the contrast of that colour in light and dark."""
    fig = make()
    (axis,) = fig.xaxis
    followers = {
        callback.args["other"]
        for callback in axis.js_property_callbacks["change:major_label_text_color"]
    }
    drawn = [*fig.center, *(renderer.glyph for renderer in fig.renderers)]
    found = {model for model in drawn if isinstance(model, (Label, LabelSet, Text))}
    assert found and followers == found
    assert contrast(axis.major_label_text_color, "#ffffff") >= 4.5
    for text in found:
        assert getattr(text.text_color, "value", text.text_color) == axis.major_label_text_color


@pytest.mark.parametrize(
    ("low", "high"), [(-80.0, -50.0), (-1e-9, 1e-9), (0.0, 0.0), (-2e5, 1.0), (3.3, 3.4)]
)
def test_a_range_holds_what_it_shows_without_much_room(low, high):
    axis = Range1d(start=0, end=1)
    set_range(axis, low, high, least=1.0)
    assert axis.start <= low and axis.end >= high
    assert axis.end - axis.start <= 1.5 * max(high - low, 1.0)


def test_a_range_stands_still_while_a_value_moves_a_little():
    axis = Range1d(start=0, end=1)
    seen = set()
    for k in range(20):
        set_range(axis, -80.0 - 0.01 * k, -50.0, least=1.0)
        seen.add((axis.start, axis.end))
    assert len(seen) == 1

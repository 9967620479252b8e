"""Five minutes of everything at random; `python -m tests.benchmarks.soak` goes on for an hour."""

from tests.benchmarks import load, soak
from tests.states import met


def test_five_visitors_at_random_leave_no_error_and_no_growth(endurance):
    code, told = endurance
    assert code == 0, told
    assert "| errors in the server's log | 0 |" in told


def test_what_the_visitors_use_is_on_the_page():
    # A visitor passes over what is not there, as a page changes; so a name that is no more is not
    # noticed in its use.
    labels = {control.label for control in met().controls}
    assert {*soak.BUTTONS, load.SLIDER} - labels == set()

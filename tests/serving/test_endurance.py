"""Five minutes of everything at random; `python -m tests.benchmarks.soak` goes on for an hour."""


def test_five_visitors_at_random_leave_no_error_and_no_growth(endurance):
    code, told = endurance
    assert code == 0, told
    assert "| errors in the server's log | 0 |" in told

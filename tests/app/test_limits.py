"""The limits of a server, and the environment that sets them."""

import pytest
from glifscope.limits import Limits, limits_of


def test_the_environment_sets_a_limit_and_leaves_the_others():
    assert limits_of({"GLIFSCOPE_NEURONS": "50", "HOME": "/"}) == Limits(neurons=50)


def test_a_duration_with_which_the_page_would_be_of_no_use_is_refused():
    assert limits_of({"GLIFSCOPE_DURATION": "100"}).duration == 100
    with pytest.raises(ValueError, match=r"_DURATION is '99'; it must be .* at least 100"):
        limits_of({"GLIFSCOPE_DURATION": "99"})


@pytest.mark.parametrize("text", ["0", "-3", "many", "1.5", "", "1e9"])
def test_a_limit_that_is_no_whole_number_above_0_is_named(text):
    with pytest.raises(ValueError, match=r"GLIFSCOPE_UPLOAD_MB is .*; it must be"):
        limits_of({"GLIFSCOPE_UPLOAD_MB": text})

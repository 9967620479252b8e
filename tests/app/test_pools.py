"""Heavy work of one visitor, who has so much of it at a time."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from glifscope.pools import Share


def test_a_visitor_has_so_many_jobs_in_the_pool_and_others_get_their_turn():
    go, done = threading.Event(), []
    with ThreadPoolExecutor(2) as pool:
        loud, quiet = Share(pool, 1), Share(pool, 1)
        waiting = [loud.submit(lambda i=i: (go.wait(10), done.append(i))) for i in range(3)]
        assert quiet.submit(lambda: "in between").result(5) == "in between"
        assert done == []
        go.set()
        for future in waiting:
            future.result(5)
    assert done == [0, 1, 2]


def test_a_job_that_fails_or_is_cancelled_makes_room_for_the_next():
    go = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        share = Share(pool, 1)
        first = share.submit(go.wait, 10)
        broken, cancelled, last = share.submit(int, "x"), share.submit(int), share.submit(int, "7")
        assert cancelled.cancel()
        go.set()
        assert first.result(5) and last.result(5) == 7
        with pytest.raises(ValueError, match="invalid literal"):
            broken.result(5)

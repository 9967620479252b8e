"""A server that is full says so, and gives up first what nobody looks at."""

import re
import urllib.error
import urllib.request
from dataclasses import dataclass

import pytest
from glifscope.server.headers import ancestors_of, policy
from glifscope.server.places import AGAIN, GONE_MS, has_room

from tests.served import served


@dataclass
class Held:
    """A session as far as its place goes."""

    connection_count: int
    milliseconds_since_last_unsubscribe: float = 0.0
    asked_to_go: bool = False

    def request_expiration(self):
        self.asked_to_go = True


def test_there_is_room_while_fewer_pages_are_open_than_are_allowed():
    assert has_room([Held(1)] * 2, most=3)
    assert not has_room([Held(1)] * 3, most=3)


def test_a_session_whose_page_is_coming_keeps_its_place():
    assert not has_room([Held(1), Held(0, 100.0)], most=2)


def test_the_session_that_is_without_a_page_for_longest_makes_way():
    short, long = Held(0, GONE_MS + 1), Held(0, GONE_MS + 2)
    assert has_room([Held(1), short, long], most=3)
    assert long.asked_to_go and not short.asked_to_go


def test_no_session_is_given_up_while_there_are_places():
    left = Held(0, 10 * GONE_MS)
    assert has_room([left], most=2) and not left.asked_to_go


def test_a_further_visitor_reads_a_sentence(tmp_path):
    with served(tmp_path / "log", GLIFSCOPE_SESSIONS="1") as url:
        assert urllib.request.urlopen(url).status == 200
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(url)
        answer = refused.value
        assert answer.code == 503 and answer.headers["Retry-After"] == str(AGAIN)
        assert "This server is full: 1 pages are open." in answer.read().decode()
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_who_may_frame_the_page_is_nobody_or_who_is_named():
    assert ancestors_of({}) == "'none'"
    named = ancestors_of({"GLIFSCOPE_FRAME_ANCESTORS": "'self'  https://moodle.example.edu"})
    assert named == "'self' https://moodle.example.edu"
    assert policy("", named).endswith(f"frame-ancestors {named}")


@pytest.mark.parametrize("text", ["", "moodle", "https://a.example; script-src *", "https://a\nb"])
def test_what_is_no_address_is_refused(text):
    with pytest.raises(ValueError, match=re.escape("GLIFSCOPE_FRAME_ANCESTORS is ")):
        ancestors_of({"GLIFSCOPE_FRAME_ANCESTORS": text})

"""What one visitor does shows for no other: many at once, their moves interleaved."""

import asyncio
import random

import numpy as np
import pytest
from glifscope.results import Asked, compute
from glifscope.session import Session
from glifscope.stimuli import part_with

from tests.classroom import a_class
from tests.served import served
from tests.visitors import Visitor, run

SLIDERS = {
    "amplitude[0] (pA)": (100.0, 500.0),
    "tau_syn_fast (ms)": (0.5, 8.0),
    "tau_syn_slow (ms)": (0.5, 40.0),
    "weight (pA)": (-200.0, 200.0),
}


def choose(session, label, value):
    """What the page does with the move of a slider."""
    name = label.split(" ")[0]
    if name == "amplitude[0]":
        session.replace_part(0, part_with(session.stimulus[0], amplitude=value))
    else:
        session.choose(name, value, 0)


def expected(session):
    return compute(Asked(session.choices))


async def visit_interleaved(urls, moves, seed):
    """Visitors of these pages who move at random, one after the other and without waiting."""
    chance = random.Random(seed)
    visitors = [await Visitor(url).__aenter__() for url in urls]
    sessions = [Session() for _ in urls]
    try:
        for visitor in visitors:
            await visitor.until(lambda v=visitor: v.has(name="injected"))
        async with asyncio.TaskGroup() as group:
            for _ in range(moves):
                who, label = chance.randrange(len(urls)), chance.choice(list(SLIDERS))
                value = round(chance.uniform(*SLIDERS[label]), 3)
                choose(sessions[who], label, value)
                group.create_task(visitors[who].move(label, value))
                await asyncio.sleep(chance.uniform(0.0, 0.05))
        for visitor, session in zip(visitors, sessions, strict=True):
            picture = expected(session)
            await visitor.until(lambda v=visitor, p=picture: shows(v, p))
            assert visitor.errors == []
    finally:
        for visitor in visitors:
            await visitor.__aexit__(None, None, None)
    return sessions


def shows(visitor, picture):
    """Whether the plots of a page are this picture, to the last bit."""
    return all(
        np.array_equal(visitor.column(source, column), getattr(picture, name))
        for source, column, name in (
            ("membrane", "V_m", "V_m"),
            ("membrane", "threshold", "threshold"),
            ("injected", "I", "I"),
        )
    )


@pytest.fixture(scope="module", params=["one process", "two behind nginx"])
def url(request, tmp_path_factory):
    """The page of a server."""
    log = tmp_path_factory.mktemp("isolation") / "log"
    if request.param == "one process":
        with served(log) as address:
            yield address
    else:
        with a_class(log) as held:
            yield f"{held.url}/app"
    said = log.read_text()
    assert "Traceback" not in said and "traceback" not in said


def test_each_of_five_visitors_sees_what_comes_of_their_own_moves(url):
    sessions = run(visit_interleaved([url] * 5, moves=120, seed=1))
    assert len({session.choices.cell.tau_syn_fast[0] for session in sessions}) == 5


def test_whoever_comes_after_others_sees_the_page_as_it_begins(url):
    async def visit():
        async with Visitor(url) as before:
            await before.until(lambda: before.has(name="injected"))
            await before.move("weight (pA)", -77.0)
            async with Visitor(url) as after:
                await after.until(lambda: after.has(name="injected"))
                return after.value("weight (pA)"), shows(after, expected(Session()))

    assert run(visit()) == (100.0, True)

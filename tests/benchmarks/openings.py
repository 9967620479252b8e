"""What a server keeps of visitors who have gone: many open the page, move something, and leave.

`python -m tests.benchmarks.openings [visits]`
"""

import asyncio
import sys

from tests.benchmarks.load import SLIDER
from tests.benchmarks.watched import watched
from tests.visitors import Visitor

VISITS, WARM, AT_ONCE = 500, 60, 4
GONE = 45.0
"""Seconds after which Bokeh has dropped a session that nobody holds, and looked for it."""


async def visit(url: str) -> None:
    """Open the page, move a slider, see what comes of it, and leave."""
    async with Visitor(url) as visitor:
        await visitor.until(lambda: visitor.has(name="injected"), 60.0)
        before = visitor.pictures
        await visitor.move(SLIDER, 300.0)
        await visitor.until(lambda: visitor.pictures > before, 60.0)


async def visits(url: str, count: int) -> None:
    """So many, some at a time."""
    for _ in range(count // AT_ONCE):
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(visit(url))
    await asyncio.sleep(GONE)


def main(count: int = VISITS) -> None:
    """Print the table."""
    with watched() as server:
        asyncio.run(visits(server.url, WARM))
        before = server.resident()
        asyncio.run(visits(server.url, count))
        after = server.resident()
    print("| what | measured |\n|---|---|")
    print(f"| memory after {WARM} visits | {before:.0f} MB |")
    print(f"| memory after {count} more, all gone | {after:.0f} MB |")
    print(f"| kept of each visit | {(after - before) / count:.2f} MB |")
    server.print_errors()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

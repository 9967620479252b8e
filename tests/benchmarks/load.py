"""A class on one server: thirty visitors who drag like people, two of whom run populations.

A visitor drags the amplitude of the current step for a while, twenty values a second, and pauses.
The injected current is among what comes back, so each picture tells which value it is of; its age
is the time since that value was sent. Values of which no picture came were stale: newer ones took
their place. The loud visitors change a population of 300 neurons every two seconds. Visitors are
websocket clients without a browser, in one process on the same machine as the server.

`python -m tests.benchmarks.load [visitors] [minutes] [1 process, or 2 behind nginx]`
"""

import asyncio
import random
import sys
import time

import numpy as np

from tests.benchmarks.watched import Watched, watched
from tests.visitors import Visitor

VISITORS, LOUD, MINUTES = 30, 2, 10.0
RATE = 20.0
"""Values a second while a slider is dragged."""

SLIDER = "amplitude[0] (pA)"


class Ages:
    """How old a visitor's pictures were, in seconds, and how many values were sent."""

    def __init__(self) -> None:
        self.sent: dict[float, float] = {}
        self.found: list[float] = []

    def send(self, value: float) -> None:
        """Note when a value was sent."""
        self.sent[float(np.float32(value))] = time.perf_counter()

    def seen(self, value: float) -> None:
        """Note that a picture of this value came."""
        since = self.sent.get(value)
        if since is not None:
            self.found.append(time.perf_counter() - since)


async def drag(visitor: Visitor, chance: random.Random, ages: Ages) -> None:
    """Drag for some seconds, at a person's speed."""
    start, phase = time.perf_counter(), chance.uniform(0.0, 6.0)
    length = chance.uniform(1.0, 4.0)
    async with asyncio.TaskGroup() as group:
        while (now := time.perf_counter() - start) < length:
            value = round(300.0 + 150.0 * np.sin(2.0 * now + phase) + chance.random(), 4)
            ages.send(value)
            group.create_task(visitor.move(SLIDER, value))
            await asyncio.sleep(1.0 / RATE)


async def quiet(visitor: Visitor, end: float, chance: random.Random, ages: Ages) -> None:
    """Drag and pause until the end."""
    source = visitor.find(name="injected")

    def look(model: str, attribute: str, new: object) -> None:
        if model == source and attribute == "data":
            ages.seen(float(visitor.column("injected", "I").max()))

    visitor.listen(look)
    while time.perf_counter() < end:
        await asyncio.sleep(chance.expovariate(1.0 / 5.0))
        await drag(visitor, chance, ages)


async def loud(visitor: Visitor, end: float, chance: random.Random) -> None:
    """Run one population after the other."""
    await visitor.move("Workspace", "Population")
    await visitor.until(lambda: visitor.has(label="n_neurons"), 60.0)
    await visitor.until(lambda: visitor.has(name="population-histogram-figure"), 60.0)
    await visitor.lay_out()
    await visitor.move("n_neurons", 300.0)
    while time.perf_counter() < end:
        await visitor.move("seed", float(chance.randrange(1, 1000)))
        await asyncio.sleep(2.0)


async def visits(server: Watched, count: int, minutes: float) -> tuple[list[str], list[Ages]]:
    """Open the pages, use them until the end; lines of the table, and what was seen."""
    visitors = [Visitor(server.url) for _ in range(count)]
    memory = [server.resident()]
    for visitor in visitors:
        await visitor.__aenter__()
        await visitor.until(lambda v=visitor: v.has(name="injected"), 60.0)
    memory.append(server.resident())
    end = time.perf_counter() + 60.0 * minutes
    ages = [Ages() for _ in range(count - LOUD)]
    used, start = server.processor(), time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for i, visitor in enumerate(visitors):
            own = random.Random(i)
            if i < LOUD:
                group.create_task(loud(visitor, end, own))
            else:
                group.create_task(quiet(visitor, end, own, ages[i - LOUD]))
    busy = (server.processor() - used) / (time.perf_counter() - start)
    memory.append(server.resident())
    pictures = sum(visitor.pictures for visitor in visitors[LOUD:])
    runs = sum(visitor.pictures for visitor in visitors[:LOUD])
    errors = [text for visitor in visitors for text in visitor.errors]
    for visitor in visitors:
        await visitor.__aexit__(None, None, None)
    each = (memory[1] - memory[0]) / count
    lines = [
        f"| pictures of the quiet, of the loud | {pictures}, {runs} |",
        f"| processor of the server | {100 * busy:.0f} % of one core |",
        f"| memory: before, with {count} pages, at the end "
        f"| {memory[0]:.0f}, {memory[1]:.0f}, {memory[2]:.0f} MB |",
        f"| memory of each page | {each:.1f} MB |",
        f"| errors told to visitors | {len(errors)} |",
    ]
    return lines, ages


def main(count: int = VISITORS, minutes: float = MINUTES, processes: int = 1) -> None:
    """Print the table."""
    with watched(processes) as server:
        asyncio.run(server.warm_up())
        lines, ages = asyncio.run(visits(server, count, minutes))
    found = 1000.0 * np.concatenate([np.array(a.found) for a in ages])
    sent = sum(len(a.sent) for a in ages)
    p50, p95, p99 = np.percentile(found, [50, 95, 99])
    worst = max(np.percentile(1000.0 * np.array(a.found), 95) for a in ages)
    print(
        f"{count} visitors, {LOUD} of them loud, {minutes:g} minutes, "
        f"server processes: {processes}\n"
    )
    print("| what | measured |\n|---|---|")
    print(f"| from a value to its picture: p50, p95, p99 | {p50:.0f}, {p95:.0f}, {p99:.0f} ms |")
    print(f"| p95 of the visitor who waited longest | {worst:.0f} ms |")
    print(f"| values that a newer one overtook | {100 * (1 - len(found) / sent):.0f} % of {sent} |")
    print("\n".join(lines))
    server.print_errors()


if __name__ == "__main__":
    main(*(kind(text) for kind, text in zip((int, float, int), sys.argv[1:], strict=False)))

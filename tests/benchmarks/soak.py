"""Endurance: five visitors use everything at random, one action a second or so each.

They move every slider within its range, choose from every menu, the workspaces among them, add and
remove ports and inputs, undo and redo, pin, step from spike to spike, carry a neuron, a cell or a
synapse from one workspace to another. One of them leaves now and then, and another one comes. It
fails where the server logs an error, refuses a message, or, in an hour, keeps growing; a shorter
time is too short to see the end of what is compiled for each length of a simulation.

`python -m tests.benchmarks.soak [minutes]`
"""

import asyncio
import random
import sys
import time

from tests.benchmarks.watched import Watched, watched
from tests.visitors import Visitor

MINUTES, VISITORS = 60.0, 5
SETTLING = 0.4
"""Share of the time after which the memory should have reached what it needs."""

GROWTH = 0.15
"""By how much the memory may still rise then: work in flight differs from minute to minute."""

BUTTONS = (
    *("Undo", "Redo", "Pin this run", "Close"),
    *("Add port", "Remove this port", "Previous spike", "Next spike"),
    *("Go on", "Take it to Neuron", "Open it in Neuron", "Take this cell", "Show all cells"),
    *("Next event", "Make sweeps of events", "Put it on the neuron", "Back to the mean"),
)
KINDS_OF_INPUT = 9


def sliders(visitor: Visitor) -> list[str]:
    """Labels of the sliders on the page that can be moved."""
    return [
        held["label"]
        for held in visitor.models.values()
        if {"label", "start", "end", "step", "value"} <= held.keys()
        and isinstance(held["value"], float)
        and not held.get("disabled")
    ]


def menus(visitor: Visitor) -> dict[str, list[str]]:
    """The ids of the menus on the page of which one choice is taken, and what they offer."""
    found = {}
    for model, held in visitor.models.items():
        options = held.get("options")
        if options and isinstance(held.get("value"), str) and not held.get("disabled"):
            if not isinstance(options, list):
                options = [value for _, value in options["entries"]]
            found[model] = options
    return found


async def act(visitor: Visitor, chance: random.Random) -> None:
    """Do one thing at random."""
    kind = chance.random()
    if kind < 0.7:
        label = chance.choice(sliders(visitor))
        held = visitor.models[visitor.find(label=label)]
        steps = round((held["end"] - held["start"]) / held["step"])
        await visitor.move(label, held["start"] + held["step"] * chance.randint(0, steps))
        return
    if kind < 0.85:
        menu, offered = chance.choice([*menus(visitor).items()])
        await visitor.change(menu, value=chance.choice(offered))
    elif kind < 0.95 or not visitor.has(label="Add an input"):
        there = [button for button in BUTTONS if visitor.has(label=button, disabled=False)]
        if there:
            await visitor.click(chance.choice(there))
    else:
        await visitor.pick("Add an input", chance.randrange(KINDS_OF_INPUT))
    await asyncio.sleep(1.5)  # what was asked for is built
    await visitor.look_again()
    await visitor.lay_out()


async def use(url: str, end: float, chance: random.Random) -> tuple[int, list[str]]:
    """One visitor after the other, until the end; how much they did, and what they were refused."""
    actions, refused = 0, []
    while time.perf_counter() < end:
        async with Visitor(url) as visitor:
            await visitor.until(lambda v=visitor: v.has(name="injected"), 60.0)
            leaving = min(end, time.perf_counter() + chance.expovariate(1.0 / 120.0))
            while time.perf_counter() < leaving:
                await act(visitor, chance)
                actions += 1
                await asyncio.sleep(chance.expovariate(1.0))
            refused += visitor.errors
    return actions, refused


async def visits(server: Watched, minutes: float) -> tuple[int, list[str], list[float]]:
    """All visitors; and the memory of the server, MB, a hundred times."""
    memory: list[float] = []
    seconds = 60.0 * minutes
    end = time.perf_counter() + seconds

    async def watch() -> None:
        while time.perf_counter() < end:
            memory.append(server.resident())
            await asyncio.sleep(seconds / 100.0)

    async with asyncio.TaskGroup() as group:
        group.create_task(watch())
        uses = [group.create_task(use(server.url, end, random.Random(i))) for i in range(VISITORS)]
    found = [task.result() for task in uses]
    refused = [text for _, told in found for text in told]
    return sum(n for n, _ in found), refused, memory


def main(minutes: float = MINUTES) -> None:
    """Print the table; exit with 1 where something was wrong."""
    with watched() as server:
        asyncio.run(server.warm_up())
        used, start = server.processor(), time.perf_counter()
        actions, refused, memory = asyncio.run(visits(server, minutes))
        busy = (server.processor() - used) / (time.perf_counter() - start)
    settled = memory[int(SETTLING * len(memory))]
    last = max(memory[-len(memory) // 10 :])
    print(f"{VISITORS} visitors, {minutes:g} minutes\n\n| what | measured |\n|---|---|")
    print(f"| actions | {actions} |")
    print(f"| processor of the server | {100 * busy:.0f} % of one core |")
    print(f"| memory: at first, after {100 * SETTLING:.0f} % of the time, at the end ", end="")
    print(f"| {memory[0]:.0f}, {settled:.0f}, {last:.0f} MB |")
    print(f"| messages refused | {len(refused)} |")
    server.print_errors()
    for text in refused[:3]:
        print(text)
    grows = minutes >= MINUTES and last > (1.0 + GROWTH) * settled
    if refused or server.errors or grows:
        sys.exit(1)


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))

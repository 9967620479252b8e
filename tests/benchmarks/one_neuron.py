"""One GLIF5 neuron for one second: glifcore, XLA as it comes, a numba loop, NEST, brainpy.state.

Two ports, two after-spike currents, 10,000 steps of 0.1 ms in float64, every recordable, NumPy in
and NumPy out, and another value of `g` in every call, as when a slider moves.
"""

import contextlib
import io
import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from glifcore import (
    GlifModel,
    GlifParameters,
    RegularTrain,
    StepCurrent,
    make_stimulus,
    simulate,
    to_brainpy,
)

ROUNDS = 60
DT = 0.1

CELL = GlifParameters(
    model=GlifModel.GLIF5, tau_syn_fast=(2.0, 1.0), tau_syn_slow=(6.0, 8.0), amp_slow=(0.3, 0.4)
)
STIMULUS = make_stimulus(
    StepCurrent(300.0, 20.0, 900.0),
    RegularTrain(10.0, 40.0, 38, 50.0, 0),
    RegularTrain(15.0, 25.0, 24, -30.0, 1),
    duration=1000.0,
    dt=DT,
    n_receptors=2,
)


def run_glifcore(g: float) -> int:
    """Spikes of the neuron with this conductance."""
    return int(simulate(CELL.replace(g=g), STIMULUS, dt=DT).spike.sum())


def run_numba_loop(g: float) -> int:
    """The same by a scalar loop."""
    from tests.benchmarks.numba_loop import run_numba

    return int(run_numba(CELL.replace(g=g), STIMULUS, DT)[0])


def run_nest_cycle(g: float) -> int:
    """The same by NEST: reset, create, connect, simulate, read."""
    from tests.nest.oracle import run_nest

    return len(run_nest(CELL.replace(g=g), STIMULUS, DT)["spike_steps"])


def brainpy_script() -> dict[str, Any]:
    """What the script that `to_brainpy` writes defines, after one run of it."""
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(to_brainpy(CELL, STIMULUS, DT), names)
    return names


def run_brainpy_anew(script: dict[str, Any]) -> Callable[[float], int]:
    """The script's simulation of a neuron with this conductance; it is compiled each time."""

    def run(g: float) -> int:
        cell = script["cells"][0] | {"g": g}
        traces = script["simulate"](cell, script["current"][:, 0], script["weights"][:, 0])
        return int(traces["spike"].sum())

    return run


def run_brainpy_again() -> Callable[[float], int]:
    """The same neuron once more, compiled before; the conductance stays."""
    import brainpy.state
    import brainstate
    import saiunit as u

    flags = CELL.model.flags
    taus = {name: getattr(CELL, name) for name in ("tau_syn_fast", "tau_syn_slow", "amp_slow")}
    neuron = brainpy.state.glif_psc_double_alpha(1, **flags, **taus)
    brainstate.nn.init_all_states(neuron)

    def step(n: Any, current: Any, weights: Any) -> Any:
        with brainstate.environ.context(t=n * DT * u.ms):
            for port in range(2):
                label = f"receptor_{port}"
                neuron.add_delta_input(label, weights[port] * u.pA, label=label)
            spike = neuron.update(current * u.pA)
        return spike, neuron.V.value / u.mV, neuron._threshold

    @brainstate.transform.jit
    def run_all(current: Any, weights: Any) -> Any:
        return brainstate.transform.for_loop(step, np.arange(len(current)), current, weights)

    def run(g: float) -> int:
        brainstate.nn.init_all_states(neuron)
        return int(np.asarray(run_all(*STIMULUS)[0]).sum())

    return run


def time_in_turns(contenders: dict[str, tuple[Callable[[float], int], int]]) -> dict[str, Any]:
    """Milliseconds of every call; the contenders take turns, slow ones every so many rounds."""
    for run, _ in contenders.values():
        run(9.43)
    spent: dict[str, list[float]] = {name: [] for name in contenders}
    for i in range(ROUNDS):
        for name, (run, every) in contenders.items():
            if i % every == 0:
                start = time.perf_counter()
                run(9.43 + 0.01 * i)
                spent[name].append(1e3 * (time.perf_counter() - start))
    return {name: np.array(times) for name, times in spent.items()}


def alone(**environment: str) -> tuple[float, float]:
    """Median and least milliseconds of a call in a fresh process."""
    code = (
        "from tests.benchmarks.one_neuron import *;"
        "run_glifcore(9.0); spent = [];\n"
        "for i in range(ROUNDS):\n"
        "    t = time.perf_counter(); run_glifcore(9.0 + 0.01 * i)\n"
        "    spent.append(time.perf_counter() - t)\n"
        "spent.sort(); print(1e3 * spent[ROUNDS // 2], 1e3 * spent[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"XLA_FLAGS": ""} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    median, least = (float(x) for x in done.stdout.split())
    return median, least


def main() -> None:
    """Print the table."""
    # In processes of their own, as the option is read when JAX starts.
    fused, least_fused = alone()
    plain, least_plain = alone(GLIFCORE_XLA_FLAGS="0")
    script = brainpy_script()
    contenders = {
        "glifcore": (run_glifcore, 1),
        "numba loop that counts spikes only": (run_numba_loop, 1),
        "NEST: reset, create, connect, simulate, read": (run_nest_cycle, 1),
        "brainpy.state, new parameter, so it compiles": (run_brainpy_anew(script), 12),
        "the same neuron again, with our compiler option": (run_brainpy_again(), 6),
    }
    spent = time_in_turns(contenders)
    base = float(np.median(spent["glifcore"]))
    print(f"One GLIF5 neuron, 10,000 steps, every recordable, {os.cpu_count()} cores")
    print(f"{'took turns in one process':48}{'ms':>9}{'least':>9}{'ratio':>9}")
    for name, times in spent.items():
        _row(name, float(np.median(times)), times.min(), base)
    print(f"{'each in a process of its own':48}{'ms':>9}{'least':>9}{'ratio':>9}")
    _row("glifcore", fused, least_fused, fused)
    _row("glifcore without the compiler option", plain, least_plain, fused)


def _row(name: str, median: float, least: float, base: float) -> None:
    print(f"{name:48}{median:9.2f}{least:9.2f}{median / base:9.1f}")

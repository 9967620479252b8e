"""One GLIF5 neuron for one second: glifcore, XLA as it comes, NEST, and brainpy.state if installed.

Two ports, two after-spike currents, 10,000 steps of 0.1 ms in float64, every recordable, NumPy in
and NumPy out, and another value of `g` in every call, as when a slider moves.
"""

import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

from glifcore import GlifModel, GlifParameters, RegularTrain, StepCurrent, make_stimulus, simulate

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


def run_nest_cycle(g: float) -> int:
    """The same by NEST: reset, create, connect, simulate, read."""
    from tests.nest.oracle import run_nest

    return len(run_nest(CELL.replace(g=g), STIMULUS, DT)["spike_steps"])


def run_brainpy() -> Callable[[float], int]:
    """brainpy.state's neuron, built anew for each conductance, as its parameters are constants."""
    import brainpy.state as bp
    import brainstate
    import saiunit as u

    brainstate.environ.set(dt=DT * u.ms, precision=64)
    current = STIMULUS.current * u.pA

    def run(g: float) -> int:
        neuron = bp.glif_psc_double_alpha(
            1,
            g=g * u.nS,
            spike_dependent_threshold=True,
            after_spike_currents=True,
            adapting_threshold=True,
            tau_syn_fast=(2.0, 1.0) * u.ms,
            tau_syn_slow=(6.0, 8.0) * u.ms,
            amp_slow=(0.3, 0.4),
        )
        brainstate.nn.init_all_states(neuron)
        spikes = brainstate.transform.for_loop(neuron.update, current)
        return int(np.asarray(spikes).sum())

    return run


def time_in_turns(contenders: dict[str, Callable[[float], int]]) -> dict[str, np.ndarray]:
    """Milliseconds of every call; the contenders take turns, after one call that is not counted."""
    for run in contenders.values():
        run(9.43)
    spent = {name: np.empty(ROUNDS) for name in contenders}
    for i in range(ROUNDS):
        g = 9.43 + 0.01 * i
        for name, run in contenders.items():
            start = time.perf_counter()
            run(g)
            spent[name][i] = 1e3 * (time.perf_counter() - start)
    return spent


def alone(**environment: str) -> tuple[float, float, float]:
    """In a fresh process: seconds to the first result, then median and least ms of a later call."""
    code = (
        "import time; t = time.perf_counter();"
        "from tests.benchmarks.one_neuron import *;"
        "run_glifcore(9.0); first = time.perf_counter() - t; spent = [];\n"
        "for i in range(ROUNDS):\n"
        "    t = time.perf_counter(); run_glifcore(9.0 + 0.01 * i)\n"
        "    spent.append(time.perf_counter() - t)\n"
        "spent.sort(); print(first, 1e3 * spent[ROUNDS // 2], 1e3 * spent[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"XLA_FLAGS": ""} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    first, median, least = (float(x) for x in done.stdout.split())
    return first, median, least


def main() -> None:
    """Print the table."""
    # In processes of their own, as the option is read when JAX starts.
    first, fused, least_fused = alone()
    _, plain, least_plain = alone(GLIFCORE_XLA_FLAGS="0")
    contenders: dict[str, Callable[[float], int]] = {"glifcore": run_glifcore}
    if importlib.util.find_spec("nest"):
        contenders["NEST: reset, create, connect, simulate, read"] = run_nest_cycle
    if importlib.util.find_spec("brainpy") and importlib.util.find_spec("brainpy.state"):
        contenders["brainpy.state, new parameter"] = run_brainpy()
    spent = time_in_turns(contenders)
    medians = {name: float(np.median(times)) for name, times in spent.items()}
    base = medians["glifcore"]
    print(f"One GLIF5 neuron, 10,000 steps, every recordable, {os.cpu_count()} cores")
    print("(the first rows took turns in one process)")
    print(f"{'':48}{'ms':>9}{'least':>9}{'ratio':>9}")
    for name, times in spent.items():
        _row(name, medians[name], times.min(), base)
    _row("glifcore, alone in a process", fused, least_fused, fused)
    _row("the same without the compiler option", plain, least_plain, fused)
    print(f"From the start of Python's imports to the first result: {first:.1f} s")


def _row(name: str, median: float, least: float, base: float) -> None:
    print(f"{name:48}{median:9.2f}{least:9.2f}{median / base:9.1f}")

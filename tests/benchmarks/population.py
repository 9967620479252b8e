"""Populations of GLIF5 neurons for one second: glifcore, numba, NEST; ns for each neuron and step.

Every neuron has its own g, C_m, t_ref and after-spike currents; two ports, 10,000 steps of 0.1 ms
in float64, spikes only, all cores on both sides. NEST's time is that of `Simulate` alone,
and brainpy.state cannot run neurons that differ in one population.
"""

import os
import time
from collections.abc import Callable

import numpy as np

from glifcore import GlifParameters, simulate
from tests.benchmarks.one_neuron import CELL, DT, STIMULUS

SIZES = (1, 10, 100, 1000, 10_000)
N_STEPS = len(STIMULUS.current)


def draw(n: int) -> GlifParameters:
    """A heterogeneous population."""
    rng = np.random.default_rng(0)
    return CELL.replace(
        g=CELL.g * rng.uniform(0.9, 1.1, n),
        C_m=CELL.C_m * rng.uniform(0.9, 1.1, n),
        t_ref=rng.uniform(2.0, 5.0, n),
        asc_amps=CELL.asc_amps * rng.uniform(0.5, 1.5, (n, 2)),
    )


def time_glifcore(n: int) -> Callable[[], float]:
    """Seconds of one simulation."""
    params = draw(n)

    def run() -> float:
        start = time.perf_counter()
        simulate(params, STIMULUS, dt=DT, record="spikes")
        return time.perf_counter() - start

    return run


def time_nest(n: int) -> Callable[[], float]:
    """Seconds that NEST's `Simulate` takes for the same neurons, with all cores."""
    import nest

    params = draw(n).to_dict()
    common = {k: v for k, v in params.items() if k not in ("I_e", "asc_init")}
    own = {k: params[k] for k in ("g", "C_m", "t_ref", "asc_amps")}

    def run() -> float:
        nest.ResetKernel()
        nest.verbosity = nest.VerbosityLevel.ERROR
        nest.resolution = DT
        nest.local_num_threads = os.cpu_count() or 1
        defaults = {k: v for k, v in common.items() if k not in own}
        neurons = nest.Create("glif_psc_double_alpha", n, params=defaults)
        neurons.set([{k: v[i] for k, v in own.items()} for i in range(n)])
        changes = np.flatnonzero(np.diff(STIMULUS.current, prepend=0.0))
        step = nest.Create(
            "step_current_generator",
            params={
                "amplitude_times": np.round(changes * DT, 3),
                "amplitude_values": STIMULUS.current[changes],
            },
        )
        nest.Connect(step, neurons, syn_spec={"delay": DT})
        for port, weights in enumerate(STIMULUS.weights.T):
            steps = np.flatnonzero(weights)
            train = nest.Create(
                "spike_generator",
                params={
                    "spike_times": np.round(steps * DT, 3),
                    "spike_weights": weights[steps],
                },
            )
            nest.Connect(train, neurons, syn_spec={"delay": DT, "receptor_type": port + 1})
        recorder = nest.Create("spike_recorder")
        nest.Connect(neurons, recorder)
        start = time.perf_counter()
        nest.Simulate(N_STEPS * DT)
        return time.perf_counter() - start

    return run


def time_numba(n: int) -> Callable[[], float]:
    """Seconds of the scalar loop, on all cores."""
    from tests.benchmarks.numba_loop import run_numba

    params = draw(n)

    def run() -> float:
        start = time.perf_counter()
        run_numba(params, STIMULUS, DT)
        return time.perf_counter() - start

    return run


def main() -> None:
    """Print the table."""
    print(f"Populations of GLIF5 neurons, 10,000 steps, spikes only, {os.cpu_count()} cores")
    names = ("glifcore ms", "ns", "numba ms", "ns", "NEST ms", "ns", "NEST/ours")
    print(f"{'neurons':>8}" + "".join(f"{name:>12}" for name in names))
    for n in SIZES:
        runs = {"glifcore": time_glifcore(n), "numba": time_numba(n), "NEST": time_nest(n)}
        spent: dict[str, list[float]] = {name: [] for name in runs}
        for run in runs.values():
            run()
        for _ in range(7 if n <= 1000 else 2):
            for name, run in runs.items():
                spent[name].append(run())
        medians = [float(np.median(times)) for times in spent.values()]
        columns = [f(x) for x in medians for f in (_ms, lambda x, n=n: _ns(x, n))]
        print(f"{n:8}" + "".join(columns) + f"{medians[2] / medians[0]:12.1f}")


def _ms(seconds: float) -> str:
    return f"{1e3 * seconds:12.1f}"


def _ns(seconds: float, n: int) -> str:
    return f"{1e9 * seconds / (n * N_STEPS):12.1f}"

"""How the time of one GLIF5 neuron grows with the number of steps, and what gradients cost."""

import time
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from glifcore import Stimulus, simulate
from tests.benchmarks.one_neuron import CELL, DT, STIMULUS

LENGTHS = (1_000, 10_000, 100_000, 1_000_000)
LEARNED = ("g", "C_m", "V_th", "asc_amps", "tau_syn_fast", "tau_syn_slow", "amp_slow")


def repeated(n_steps: int) -> Stimulus:
    """The stimulus of the other benchmarks, cut or repeated."""
    times = -(-n_steps // len(STIMULUS.current))
    return Stimulus(*(np.tile(x, (times, *[1] * (x.ndim - 1)))[:n_steps] for x in STIMULUS))


def median_ms(run: Callable[[], Any], rounds: int) -> float:
    """Median milliseconds of a call, after one that is not counted."""
    run()
    spent = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        spent.append(time.perf_counter() - start)
    return 1e3 * float(np.median(spent))


def loss(values: dict[str, Any]) -> Any:
    """Mean square of V_m around -60 mV."""
    V = simulate(CELL.replace(**values), STIMULUS, dt=DT, record="V_m").V_m
    return jnp.mean((V + 60.0) ** 2)


def voltage(values: dict[str, Any]) -> Any:
    """Every hundredth V_m."""
    return simulate(CELL.replace(**values), STIMULUS, dt=DT, record="V_m").V_m[::100]


def main() -> None:
    """Print both tables."""
    print("One GLIF5 neuron, V_m recorded")
    print(f"{'steps':>10}{'ms':>10}{'ns a step':>12}")
    for n in LENGTHS:
        stimulus = repeated(n)
        run = lambda s=stimulus: simulate(CELL, s, dt=DT, record="V_m")  # noqa: E731
        ms = median_ms(run, 20 if n <= 100_000 else 3)
        print(f"{n:10}{ms:10.2f}{1e6 * ms / n:12.0f}")

    values = {name: jnp.asarray(getattr(CELL, name)) for name in LEARNED}
    count = sum(np.size(v) for v in values.values())
    ones = jax.tree.map(jnp.ones_like, values)
    ways = {
        "loss alone": jax.jit(loss),
        "its derivative in one direction (jvp)": jax.jit(lambda v: jax.jvp(loss, (v,), (ones,))),
        f"its gradient, {count} numbers (reverse)": jax.jit(jax.value_and_grad(loss)),
        f"Jacobian of V_m, {count} numbers (forward)": jax.jit(jax.jacfwd(voltage)),
    }
    print("\nDerivatives of that neuron over 10,000 steps")
    print(f"{'':44}{'ms':>9}{'ratio':>9}")
    spent = {
        n: median_ms(lambda f=f: jax.block_until_ready(f(values)), 20) for n, f in ways.items()
    }
    for name, ms in spent.items():
        print(f"{name:44}{ms:9.2f}{ms / spent['loss alone']:9.1f}")

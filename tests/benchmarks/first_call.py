"""From the start of Python to the first result: cold, and with what JAX kept from the last time."""

import os
import subprocess
import sys
import tempfile
import time

CODE = """
import time; start = time.perf_counter()
import jax; jax_at = time.perf_counter()
from tests.benchmarks.one_neuron import CELL, DT, STIMULUS, simulate; ours_at = time.perf_counter()
simulate(CELL, STIMULUS, dt=DT); first_at = time.perf_counter()
simulate(CELL, STIMULUS, dt=DT); second_at = time.perf_counter()
print(jax_at - start, ours_at - jax_at, first_at - ours_at, second_at - first_at)
"""
ROUNDS = 5


def measure(**environment: str) -> list[float]:
    """Seconds: import of JAX, import of glifcore, first call, second call, the whole process."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return [*map(float, done.stdout.split()), time.perf_counter() - start]


def main() -> None:
    """Print the table: medians over processes that take turns."""
    with tempfile.TemporaryDirectory() as folder:
        kept = {
            "JAX_COMPILATION_CACHE_DIR": folder,
            "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        }
        measure(**kept)
        rows = [(measure(), measure(**kept)) for _ in range(ROUNDS)]
    print("A fresh process, seconds")
    print(f"{'':24}{'JAX':>8}{'glifcore':>10}{'1st call':>10}{'2nd call':>10}{'process':>10}")
    for name, runs in zip(("cold", "with JAX's cache"), zip(*rows, strict=True), strict=True):
        columns = [sorted(run[k] for run in runs)[ROUNDS // 2] for k in range(5)]
        jax_s, ours, first, second, whole = columns
        print(f"{name:24}{jax_s:8.2f}{ours:10.2f}{first:10.2f}{second:10.4f}{whole:10.2f}")

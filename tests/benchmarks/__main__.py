"""Print the benchmark tables: `make bench`, or `python -m tests.benchmarks [name ...]`.

Machines differ and are shared, so every figure stands beside others of the same run: contenders
take turns, and what counts is the median and the ratio.
"""

import sys
from importlib import import_module

NAMES = (
    "one_neuron",
    "population",
    "growth",
    "first_call",
    "fitting",
    "page",
    "fuzz_links",
    "fuzz_uploads",
)

for name in sys.argv[1:] or NAMES:
    import_module(f"tests.benchmarks.{name}").main()
    print()

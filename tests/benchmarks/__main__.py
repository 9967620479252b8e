"""Print the benchmark tables: `make bench`, or `python -m tests.benchmarks`.

Machines differ and are shared, so every figure stands beside others of the same run: contenders
take turns, and what counts is the median and the ratio.
"""

from tests.benchmarks import one_neuron, population

for benchmark in (one_neuron, population):
    benchmark.main()
    print()

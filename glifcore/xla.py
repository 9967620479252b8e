"""The one compiler option that makes a simulation fast.

A simulation is a loop of some ten thousand tiny steps. As it comes, XLA's CPU backend dispatches
several kernels in each of them, and that costs more than the arithmetic. With a larger
``xla_cpu_small_while_loop_byte_threshold`` it compiles the whole loop into one native kernel, which
is some twenty times faster and computes the same numbers. The option can only be given through
``XLA_FLAGS`` and is read when JAX's backend starts: importing JAX before glifcore is fine, making
an array before it is too late, and then a warning says so.

Set ``GLIFCORE_XLA_FLAGS=0`` to leave ``XLA_FLAGS`` alone.
"""

import os
import warnings

from jax._src import xla_bridge  # the only place that knows whether the backend is up

# Largest loop, in bytes of its buffers, that is fused. One neuron's carried state is far below it.
SMALL_LOOP_BYTES = 262_144

_KEY = "xla_cpu_small_while_loop_byte_threshold"
_EXTRA = "--xla_backend_extra_options="


def with_loop_fusion(flags: str) -> str:
    """The same ``XLA_FLAGS`` with the option added, unless they already set it."""
    if _KEY in flags:
        return flags
    option = f"{_KEY}={SMALL_LOOP_BYTES}"
    words = flags.split()
    for i, word in enumerate(words):
        if word.startswith(_EXTRA):
            words[i] = f"{word},{option}"
            break
    else:
        words.append(_EXTRA + option)
    return " ".join(words)


def enable_loop_fusion() -> None:
    """Put the option into ``XLA_FLAGS``; warn where JAX's backend is already up."""
    if os.environ.get("GLIFCORE_XLA_FLAGS") == "0":
        return
    before = os.environ.get("XLA_FLAGS", "")
    after = with_loop_fusion(before)
    if after == before:
        return
    if xla_bridge.backends_are_initialized():
        warnings.warn(
            "JAX was already running when glifcore was imported, so simulations are some twenty "
            "times slower than they could be (results are the same). Import glifcore before the "
            "first JAX array is made.",
            RuntimeWarning,
            stacklevel=3,
        )
        return
    os.environ["XLA_FLAGS"] = after

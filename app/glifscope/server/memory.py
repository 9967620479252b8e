"""Memory that is no longer used goes back to the system.

The C library learns from the first large array that is dropped to keep the room of such arrays for
later, a heap for each thread. What is computed for one visitor after the other, in many sizes, then
holds more and more. The numbers of these settings are those of glibc's malloc.h.
"""

import ctypes
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8

LARGE = 1_000_000
"""Bytes from which on an array is of its own, and goes back when it is dropped."""


def give_back() -> None:
    """Have this process give back what it drops; without glibc, it does as it does."""
    if sys.platform != "linux":
        return
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        library.mallopt(_MMAP_THRESHOLD, LARGE)
        library.mallopt(_TRIM_THRESHOLD, 16 * LARGE)
        library.mallopt(_ARENA_MAX, 2)

"""What is dropped goes back to the system."""

import subprocess
import sys

import pytest

PROGRAM = """
import ctypes, sys
from pathlib import Path
from glifscope.server.memory import give_back

library = ctypes.CDLL(None)
library.malloc.restype = library.memset.restype = ctypes.c_void_p
resident = lambda: int(Path("/proc/self/statm").read_text().split()[1]) * 4096

def used(size):
    place = ctypes.c_void_p(library.malloc(size))
    library.memset(place, 1, size)
    return place

if sys.argv[1] == "give back":
    give_back()
library.free(used(24_000_000))  # from which the C library learns
before = resident()
places = [used(size) for size in (20_000_000, 100, 20_000_000, 100)]
library.free(places[0])
library.free(places[2])
print(resident() - before)
"""


def kept(how):
    """Bytes that a process keeps of 40 MB."""
    ran = subprocess.run([sys.executable, "-c", PROGRAM, how], capture_output=True, check=True)
    return int(ran.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="The settings are those of glibc.")
def test_room_of_large_arrays_is_not_kept():
    assert kept("give back") < 2_000_000
    assert kept("as it is") > 15_000_000  # else there would be no need of it

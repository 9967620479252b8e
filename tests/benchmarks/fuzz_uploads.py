"""What the readers make of files that were damaged in 10,000 ways, all the same in every run.

Each must end in a recording of finite numbers or in a sentence. The files are read one after the
other in a process of their own, which is replaced where one crashes it or takes too long.
"""

import argparse
import io
import re
import select
import subprocess
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

import glifcore
from glifcore import ParameterError, load_recording
from tests.unit.test_readers import (
    ATF,
    FORMS,
    INTS,
    TIME,
    WAVE,
    abf2,
    axograph,
    edr,
    smr,
    table,
    wcp,
)
from tests.unit.test_readers import abf1 as written_abf1

SHIPPED = Path(glifcore.__file__).parent / "data" / "recordings"
COUNTS = {
    "csv": 2500,
    "atf": 1500,
    "abf": 2500,
    "nwb": 1500,
    "hdf5": 1000,
    "wcp": 250,
    "edr": 250,
    "axgx": 250,
    "smr": 250,
}
"""Formats, and how many files of each are damaged."""
MOST_SECONDS = 30.0
"""A file that takes longer counts as one that hangs: the default of GLIFSCOPE_READ_SECONDS."""
NUMBERS = (b"nan", b"-inf", b"1e999", b"1e308", b"-0", b"1e-320", b"9" * 30, b"", b"1_0")
NUMBERS += (
    b"0x1p3",
    b"1,5",
    b"1e",
    b'"1"',
    "\u0663".encode(),
    b"=1+1",
    b"#N/A",
    b"+-1",
    b"7",
    b"0.25",
    b"1e3",
)
_NUMBER = re.compile(rb"[-+]?\d+(?:[.,]\d+)?(?:e[-+]?\d+)?")


def nwb() -> bytes:
    """Three sweeps in voltage clamp and a signal with times of its own."""
    with warnings.catch_warnings(), TemporaryDirectory() as folder:
        warnings.simplefilter("ignore")
        import pynwb
        from pynwb.icephys import VoltageClampSeries

        start = datetime(2024, 1, 1, tzinfo=UTC)
        file = pynwb.NWBFile(session_description="x", identifier="y", session_start_time=start)
        device = file.create_device(name="amplifier")
        electrode = file.create_icephys_electrode(name="cell", description="x", device=device)
        for k in (1, 2, 3):
            series = {"data": k * INTS, "conversion": 1e-12, "offset": 5e-12, "rate": 2e4}
            file.add_acquisition(
                VoltageClampSeries(name=f"s{k}", gain=1.0, electrode=electrode, **series)
            )
        times = np.arange(50) * 0.1
        file.add_acquisition(
            pynwb.TimeSeries(name="place", data=np.ones((50, 2)), unit="m", timestamps=times)
        )
        path = Path(folder) / "x.nwb"
        with pynwb.NWBHDF5IO(path, "w") as io_:
            io_.write(file)
        return path.read_bytes()


def hdf5() -> bytes:
    """Groups, attributes, and datasets of each way to store them."""
    import h5py

    held = io.BytesIO()
    with h5py.File(held, "w") as file:
        file["group/plain"] = WAVE
        file.create_dataset("group/packed", data=np.tile(WAVE, 50), compression="gzip")
        file.create_dataset("checked", data=np.tile(INTS, 9), chunks=(300,), fletcher32=True)
        file.create_dataset("text", data=[b"one", b"two"])
        file["soft"] = h5py.SoftLink("/group/plain")
        file.attrs["nwb_version"] = "2.7.0"
    return held.getvalue()


def abf1() -> bytes:
    """As the library of others writes it."""
    with TemporaryDirectory() as folder:
        return written_abf1(Path(folder) / "x.abf", np.tile(WAVE, (3, 5)))


def seeds() -> dict[str, list[bytes]]:
    """Sound files of each format."""
    atf = table(TIME / 1e3, WAVE, TIME, 2 * WAVE, -TIME, delimiter="\t")
    return {
        "csv": [*(form.encode() for form in FORMS.values()), *map(Path.read_bytes, shipped())],
        "atf": [(ATF + atf).encode()],
        "abf": [abf1(), abf2([INTS] * 3), abf2([INTS, INTS], floats=True, units=("pA", "mV"))],
        "nwb": [nwb()],
        "hdf5": [hdf5()],
        "wcp": [wcp(np.stack([INTS, -INTS]))],
        "edr": [edr(INTS)],
        "axgx": [axograph((b"Time (s)", np.arange(300) * 2.0**-14), (b"Im (pA)", INTS))],
        "smr": [smr(INTS)],
    }


def shipped() -> list[Path]:
    """The examples that come with glifcore."""
    return sorted(SHIPPED.glob("*.csv"))


# Ways to damage a file.


def _place(data: bytearray, rng: np.random.Generator) -> int:
    """Somewhere; at the beginning, where headers are, more often than by chance."""
    most = len(data) if rng.random() < 0.6 else min(len(data), 1024)
    return int(rng.integers(max(most, 1)))


def _flip(data: bytearray, rng: np.random.Generator) -> None:
    for _ in range(int(rng.integers(1, 4))):
        at = _place(data, rng)
        data[at : at + 1] = bytes([data[at] ^ (1 << int(rng.integers(8)))]) if data else b""


def _overwrite(data: bytearray, rng: np.random.Generator) -> None:
    at, size = _place(data, rng), int(rng.integers(1, 65))
    data[at : at + size] = rng.bytes(size)


def _truncate(data: bytearray, rng: np.random.Generator) -> None:
    del data[_place(data, rng) :]


def _splice(data: bytearray, rng: np.random.Generator) -> None:
    """A piece of the file stands somewhere else too, or in the place of something else."""
    start, size, at = _place(data, rng), int(rng.integers(1, 513)), _place(data, rng)
    removed = int(rng.choice([0, size]))
    data[at : at + removed] = data[start : start + size]


def _remove(data: bytearray, rng: np.random.Generator) -> None:
    at = _place(data, rng)
    del data[at : at + int(rng.integers(1, 65))]


def _number_of_text(data: bytearray, rng: np.random.Generator) -> None:
    at = _place(data, rng)
    if match := _NUMBER.search(data, at):
        data[match.start() : match.end()] = NUMBERS[int(rng.integers(len(NUMBERS)))]


def _number_of_binary(data: bytearray, rng: np.random.Generator) -> None:
    kind = str(rng.choice(["<i2", "<u4", "<i4", "<i8", "<f4", "<f8", ">i4"]))
    values = (
        [0, 1, 2, 255, 1 << 14] if "f" not in kind else [0.0, 1e-30, -1.0, np.nan, np.inf, 1e38]
    )
    if "f" not in kind:
        info = np.iinfo(kind)
        values += [info.max, info.min, info.max // 2]
    size = np.dtype(kind).itemsize
    at = _place(data, rng) // size * size
    data[at : at + size] = np.array(values[int(rng.integers(len(values)))], kind).tobytes()


DAMAGES: tuple[Callable[[bytearray, np.random.Generator], None], ...] = (
    _flip,
    _overwrite,
    _truncate,
    _splice,
    _remove,
    _number_of_text,
    _number_of_binary,
)


def damaged(sound: list[bytes], kind: str, number: int) -> bytes:
    """The file of this number, of this format; always the same one."""
    rng = np.random.default_rng([*kind.encode(), number])
    data = bytearray(sound[number % len(sound)])
    for _ in range(int(rng.choice([1, 1, 1, 2, 3]))):
        DAMAGES[int(rng.integers(len(DAMAGES)))](data, rng)
    return bytes(data)


def outcome(data: bytes, name: str) -> str:
    """Whether it is "read" or "refused"; or what should not be."""
    try:
        made = load_recording(data, name=name)
    except ParameterError as error:
        text = str(error)
        return "refused" if text[-1:] == "." and " " in text else f"no sentence: {text[:80]!r}"
    except BaseException as error:
        return f"{type(error).__name__}: {str(error)[:80]!r}"
    finite = all(np.isfinite(x).all() for x in (made.time, made.sweeps, made.sem) if x is not None)
    return "read" if finite else "a recording with numbers that are not finite"


# The whole, in processes that may crash.


class Row(NamedTuple):
    """What became of one file."""

    number: int
    outcome: str
    seconds: float


def read_in_process(kind: str, count: int) -> list[Row]:
    """Every damaged file of a format."""
    rows: list[Row] = []
    while len(rows) < count:
        command = [sys.executable, "-m", __spec__.name, kind, str(len(rows)), str(count)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
            rows += _rows_of(child, len(rows))
            if child.poll() is None and len(rows) < count:
                child.kill()
                rows.append(Row(len(rows), "hung", MOST_SECONDS))
            elif len(rows) < count:
                rows.append(Row(len(rows), f"crash ({child.wait()})", 0.0))
    return rows


def _rows_of(child: subprocess.Popen[bytes], first: int) -> list[Row]:
    """What a process tells, a line for each file, until it ends or is silent for too long."""
    rows, stream = [], child.stdout
    assert stream is not None
    patience = 60.0  # for the imports
    while select.select([stream], [], [], patience)[0]:
        line = stream.readline().decode()
        if not line.strip():
            child.wait()
            break
        seconds, what = line.rstrip("\n").split(" ", 1)
        rows.append(Row(first + len(rows), what, float(seconds)))
        patience = MOST_SECONDS
    return rows


def main() -> None:
    """Print the table, and below it what should not have been."""
    print(f"{'format':8}{'files':>8}{'read':>8}{'refused':>9}{'other':>7}{'worst s':>9}")
    wrong = []
    for kind, count in COUNTS.items():
        rows = read_in_process(kind, count)
        tally = Counter(row.outcome for row in rows)
        others = [row for row in rows if row.outcome not in ("read", "refused")]
        worst = max(row.seconds for row in rows)
        told = f"{tally['read']:8}{tally['refused']:9}{len(others):7}{worst:9.2f}"
        print(f"{kind:8}{count:8}{told}", flush=True)
        wrong += [f"  {kind} {row.number}: {row.outcome}" for row in others]
    print("\n".join(wrong) or "Every file was read or refused with a sentence.")


def tell(kind: str, first: int, end: int) -> None:
    """Read some damaged files, and print a line for each."""
    told = sys.stdout
    sys.stdout = io.StringIO()  # libraries print too
    sound = seeds()[kind]
    for number in range(first, end):
        data = damaged(sound, kind, number)
        start = time.perf_counter()
        what = outcome(data, f"x.{kind}")
        print(f"{time.perf_counter() - start:.3f}", what, file=told, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("kind")
    parser.add_argument("first", type=int)
    parser.add_argument("end", type=int)
    given = parser.parse_args()
    tell(given.kind, given.first, given.end)

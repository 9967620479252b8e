"""Files that visitors send: whatever they are, the server stays, and says what is wrong."""

import io
import logging
import os
import signal
import subprocess
import sys
import textwrap
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from glifscope.limits import LIMITS
from glifscope.pools import visitor_pools
from glifscope.session import Session
from glifscope.uploads import reading_child
from glifscope.uploads.reading import Reading
from glifscope.workshop.workspace import Workshop

from glifcore.recordings import RecordingError, load_recording
from tests.benchmarks.fuzz_uploads import damaged, outcome, seeds, shipped

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="readers are forked")

CSV = b"time_ms,current_pA\n" + b"".join(b"%.2f,%d\n" % (0.05 * i, i % 7) for i in range(400))
QUICK = LIMITS._replace(read_seconds=1)


@pytest.fixture(scope="module")
def reading():
    one = Reading()
    yield one
    one.close()


@pytest.fixture
def hostile(tmp_path, monkeypatch):
    """Makes a program whose readers do something worse than to read, and leave nothing."""
    made = []
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    def make(body: str) -> Reading:
        path = tmp_path / "hostile.py"
        folder = str(Path(reading_child.__file__).parent)
        path.write_text(
            f"import os, signal, sys, time\nsys.path.append({folder!r})\nimport reading_child\n"
            f"def load(content, **wanted):\n{textwrap.indent(textwrap.dedent(body), '    ')}\n"
            "reading_child._LIBRARIES = ()\nreading_child.main(load)\n"
        )
        made.append(Reading(path))
        return made[-1]

    yield make
    for one in made:
        one.close()
    assert left_in(tmp_path) == []


def refused(reading: Reading, content: bytes = CSV, name: str = "x.csv", **options) -> str:
    """The sentence for a file that is not read."""
    with pytest.raises(RecordingError) as caught:
        reading.read(name, content, **options)
    return str(caught.value)


def alive(pid: int) -> bool:
    """Whether there is such a process, that has not ended and is only not waited for."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def gone(pid: int, seconds: float = 15.0) -> bool:
    """Whether a process ends, at the latest after a while."""
    end = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.02)
    return not alive(pid)


def left_in(folder: Path) -> list[str]:
    """The directories of readers that were not cleared away."""
    return [path.name for path in folder.glob("glifscope-*")]


# What is read


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.name)
def test_a_recording_is_the_same_wherever_it_is_read(reading, path):
    here = load_recording(path.read_bytes(), name=path.name)
    there = reading.read(path.name, path.read_bytes())
    assert np.array_equal(there.time, here.time) and np.array_equal(there.sweeps, here.sweeps)
    assert np.array_equal(there.sem, here.sem)
    told = ("name", "format", "channels", "channel", "scale", "notes")
    assert [getattr(there, key) for key in told] == [getattr(here, key) for key in told]
    assert not there.sweeps.flags.writeable


@pytest.mark.parametrize("kind", ["abf", "nwb", "wcp", "edr", "axgx", "smr"])
def test_a_file_of_each_kind_is_read_in_a_process_of_its_own(reading, kind):
    for content in seeds()[kind]:
        there = reading.read(f"x.{kind}", content)
        assert np.array_equal(there.sweeps, load_recording(content).sweeps)


def test_a_channel_and_a_unit_are_asked_for(reading):
    content = b"time_ms,I (pA),V (mV)\n" + b"".join(b"%d,1,2\n" % i for i in range(20))
    assert (reading.read("x.csv", content, 1, "nA").sweeps == 2000.0).all()
    assert "There is no channel 2" in refused(reading, content, channel=2)


def test_several_files_are_read_at_a_time(reading):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda i: reading.read(f"{i}.csv", CSV), range(24)))
    assert [made.name for made in found] == [f"{i}.csv" for i in range(24)]


def test_a_sentence_of_a_reader_comes_back_as_it_is(reading):
    content = CSV.replace(b"\n1.00,", b"\noops,")
    with pytest.raises(RecordingError) as here:
        load_recording(content, name="x.csv")
    assert refused(reading, content) == str(here.value)


# Limits


def test_what_is_too_large_is_refused_before_anything_is_started():
    nothing = Reading(Path("/nowhere/at/all"))
    sentence = refused(nothing, bytes(1_000_001), limits=LIMITS._replace(upload_mb=1))
    assert "1.0 MB" in sentence and "at most 1 MB" in sentence and "GLIFSCOPE_UPLOAD_MB" in sentence
    assert nothing._process is None


@pytest.mark.parametrize(
    "body",
    ["time.sleep(600)", "while True: pass", "signal.pthread_sigmask(0, range(1, 64))\nwhile 1: 1"],
    ids=["sleeps", "computes", "ignores signals"],
)
def test_a_reader_that_takes_too_long_is_killed_and_told(hostile, tmp_path, body, caplog):
    pid = tmp_path / "pid"
    reader = hostile(f"open({str(pid)!r}, 'w').write(str(os.getpid()))\n{body}")
    sentence = refused(reader, limits=QUICK)
    assert "'x.csv' was stopped after 1 s" in sentence and "GLIFSCOPE_READ_SECONDS" in sentence
    assert gone(int(pid.read_text()))
    assert len(caplog.records) == 1 and "x.csv" not in caplog.text


def test_a_real_file_that_takes_too_long_is_stopped(reading):
    rows = CSV.split(b"\n", 1)[0] + b"\n" + b"0.00,1\n" * 7_000_000
    assert "stopped after 1 s" in refused(reading, rows, limits=QUICK)
    assert len(reading.read("x.csv", CSV).time) == 400


def test_a_real_file_that_takes_too_much_memory_is_refused(reading, caplog):
    rows = b"".join(b"%d,1\n" % i for i in range(2_000_000))
    sentence = refused(reading, rows, limits=LIMITS._replace(read_mb=20))
    assert "more than 20 MB of memory" in sentence and "GLIFSCOPE_READ_MB" in sentence
    assert len(caplog.records) == 1


def test_a_reader_that_eats_memory_is_stopped_by_its_limit(hostile):
    body = "kept = []\nwhile True: kept.append(bytearray(10_000_000))"
    reader = hostile(body)
    assert "more than 200 MB" in refused(reader, limits=LIMITS._replace(read_mb=200))


def test_more_samples_than_the_server_would_hold_are_refused(hostile):
    reader = hostile(
        "import numpy as np\nfrom glifcore.recordings import Recording\n"
        "return Recording.from_arrays(np.arange(1e5), np.zeros((400, 100_000)), name='x.abf')"
    )
    assert "320.0 MB of samples; the limit is 268.4 MB" in refused(reader)


# What breaks


@pytest.mark.parametrize(
    ("body", "how"),
    [
        ("os.kill(os.getpid(), signal.SIGSEGV)", "SIGSEGV"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
        ("os.abort()", "SIGABRT"),
        ("os._exit(7)", "exit code 7"),
        ("os.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(600)", "the end of its process"),
    ],
)
def test_a_reader_that_dies_is_told_and_logged_once(hostile, body, how, caplog):
    reader = hostile(body)
    sentence = refused(reader, limits=QUICK)
    assert f"'x.csv' crashed its reader ({how})" in sentence and "as CSV if need be" in sentence
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


@pytest.mark.parametrize(
    "body",
    [
        "raise OSError(errno.ENOSPC, 'No space left on device')",
        "import numpy as np\nfrom glifcore.recordings import Recording\n"
        "full = os.open('/dev/full', os.O_WRONLY)\n"
        "reading_child.open = lambda *_: os.fdopen(full, 'wb', buffering=0)\n"
        "return Recording.from_arrays(np.arange(9.0), np.arange(9.0))",
    ],
)
def test_a_full_disk_is_told_as_what_it_is(hostile, body, caplog):
    sentence = refused(hostile(f"import errno\n{body}"))
    assert "has no room left to read 'x.csv'; the file is not at fault" in sentence
    assert len(caplog.records) == 1


def test_a_disk_that_was_full_before_is_told_too(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        "import sys, tempfile\n"
        f"sys.path.insert(0, {str(Path(reading_child.__file__).parent)!r})\n"
        "import reading_child\n"
        "tempfile._candidate_tempdir_list = lambda: ['/proc/1/none']\n"
        "reading_child.main()\n"
    )
    reader = Reading(program)
    assert "has no room left to read 'x.csv'" in refused(reader)
    reader.close()


def test_a_reader_whose_keeper_was_killed_ends_by_itself(hostile, tmp_path):
    pid = tmp_path / "pid"
    reader = hostile(
        f"open({str(pid)!r}, 'w').write(str(os.getpid()))\n"
        "os.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(600)"
    )
    refused(reader, limits=QUICK)
    assert gone(int(pid.read_text()))


@pytest.mark.parametrize(
    "lie",
    [
        "shape = (1 << 40, 1 << 20)",
        "shape = (-5, 8)",
        "shape = 'many'",
        "notes = 7",
        "channel = 5",
        "sweeps = np.full((1, 9), np.nan)",
        "sweeps = np.zeros((0, 9))",
        "shape = (1, 9, 1)",
    ],
)
def test_an_answer_that_is_none_is_refused(hostile, lie):
    name, value = lie.split(" = ")
    reader = hostile(
        "import json, numpy as np\nfrom glifcore.recordings import Recording\n"
        "made = Recording.from_arrays(np.arange(9.0), np.arange(9.0))\n"
        f"lie = {value}\n"
        f"if {name!r} == 'shape':\n"
        "    told = reading_child._head_of\n"
        "    reading_child._head_of = lambda *of: told(*of) | {'shape': lie}\n"
        f"else: object.__setattr__(made, {name!r}, lie)\n"
        "return made"
    )
    assert "crashed its reader" in refused(reader, limits=QUICK)


def test_an_error_of_ours_is_logged_by_its_place_and_without_the_file(hostile):
    reader = hostile("raise IndexError(content.decode())")
    with pytest.raises(RuntimeError, match=r"(?s)broke: IndexError\n.*, in load") as caught:
        reader.read("x.csv", b"secret")
    assert "secret" not in str(caught.value)


def test_a_program_that_was_killed_is_started_again(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))  # one that is killed leaves an empty directory
    one = Reading()
    one.start()
    one._process.kill()
    one._process.wait()
    assert len(one.read("x.csv", CSV).time) == 400
    one.close()


# Bombs


def test_a_zip_bomb_is_refused_without_being_unpacked(reading):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("current.npy", bytes(50_000_000))
    assert len(held.getvalue()) < 100_000
    for name in ("x.npz", "x.csv", "x.nwb"):
        assert "is a zip archive" in refused(reading, held.getvalue(), name)


def with_dataset(content: bytes, name: str, shape: tuple[int, ...], **options) -> bytes:
    """An HDF5 file in which one dataset is another one, of which nothing is written."""
    import h5py

    held = io.BytesIO(content)
    with h5py.File(held, "a") as file:
        attributes = dict(file[name].attrs) if name in file else {}
        if name in file:
            del file[name]
        made = file.create_dataset(
            name, shape, "f8", chunks=(1_000_000,), compression="gzip", **options
        )
        made.attrs.update(attributes)
    return held.getvalue()


@pytest.mark.parametrize("name", ["acquisition/s1/data", "acquisition/place/timestamps", "other"])
def test_an_hdf5_bomb_is_refused_by_what_it_claims(reading, name):
    bomb = with_dataset(seeds()["nwb"][0], name, (12_500_000_000,))
    assert len(bomb) < 1_000_000
    sentence = refused(reading, bomb, "x.nwb")
    assert "claims 1e+11; no compression does that" in sentence


def test_a_bomb_within_what_compression_can_do_is_refused_by_the_limit(reading):
    """Zeros that are really there, a thousandth of their size: 400 MB of samples in 1 MB."""
    import h5py

    held = io.BytesIO(seeds()["nwb"][0])
    with h5py.File(held, "a") as file:
        attributes = dict(file["acquisition/s1/data"].attrs)
        del file["acquisition/s1/data"]
        made = file.create_dataset(
            "acquisition/s1/data", (50_000_000,), "i1", chunks=(1 << 20,), compression="gzip"
        )
        for start in range(0, 50_000_000, 1 << 20):
            made[start : start + (1 << 20)] = 0
        made.attrs.update(attributes)
    # Its channel is the last of those in voltage clamp: it has another length.
    sentence = refused(reading, held.getvalue(), "x.nwb", channel=0)
    assert "400.0 MB of samples" in sentence and len(held.getvalue()) < 1_000_000


def test_a_heap_that_hdf5_would_walk_for_ever_is_refused_at_once():
    """What the fuzzing found: free room of no size, behind which HDF5 2.0.0 looks for the next."""
    content = bytearray(seeds()["nwb"][0])
    start = content.index(b"GCOL")
    size = int.from_bytes(content[start + 8 : start + 16], "little")
    content[start + 16 : start + size] = bytes(size - 16)
    with pytest.raises(RecordingError, match="damaged"):
        load_recording(bytes(content), name="x.nwb")


# Nothing is left


def test_no_file_and_no_process_is_left(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    one = Reading()
    one.read("x.nwb", seeds()["nwb"][0])
    refused(one, b"0,1\n" * 6_000_000, limits=QUICK)
    program = one._process.pid
    one.close()
    assert gone(program) and left_in(tmp_path) == []


def test_a_server_that_is_killed_takes_its_readers_along(tmp_path):
    """The reader would sleep for ten minutes; its keeper hears that nobody listens any more."""
    (tmp_path / "hostile.py").write_text(
        f"import os, sys, time\nsys.path.append({str(Path(reading_child.__file__).parent)!r})\n"
        "import reading_child\ndef load(content, **wanted):\n"
        f"    with open({str(tmp_path / 'new')!r}, 'w') as file:\n"
        "        file.write(f'{os.getpid()} {os.getppid()}')\n"
        f"    os.rename({str(tmp_path / 'new')!r}, {str(tmp_path / 'pids')!r})\n"
        "    time.sleep(600)\nreading_child._LIBRARIES = ()\nreading_child.main(load)\n"
    )
    code = (
        "from pathlib import Path; from glifscope.uploads.reading import Reading\n"
        f"one = Reading(Path({str(tmp_path / 'hostile.py')!r})); one.start()\n"
        "print(one._process.pid, flush=True); one.read('x.csv', b'1')"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path), "GLIFSCOPE_READ_SECONDS": "500"}
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as server:
        pids = [int(server.stdout.readline())]
        end = time.monotonic() + 60
        while not (tmp_path / "pids").exists() and time.monotonic() < end:
            time.sleep(0.02)
        pids += map(int, (tmp_path / "pids").read_text().split())
        assert all(map(alive, pids)) and len(left_in(tmp_path)) == 1
        server.send_signal(signal.SIGKILL)
    assert all(map(gone, pids)) and left_in(tmp_path) == []


# How the page tells it


@pytest.fixture
def workshop():
    return Workshop(Session(), visitor_pools())


HTML = "<img src=x onerror=alert(1)>.csv"


def test_a_file_that_is_opened_is_in_the_workshop(workshop):
    workshop.open_file("cell.csv", shipped()[1].read_bytes())
    assert workshop.choices.recording.name == workshop.choices.file == "cell.csv"
    assert "cell.csv" in workshop.source.title.object


def test_what_was_open_stays_when_a_file_is_refused(workshop):
    workshop.open_file("cell.csv", CSV)
    before = workshop.choices.recording
    workshop.open_file("other.csv", b"PK\x03\x04")
    assert workshop.choices.recording is before and workshop.choices.file == "cell.csv"
    assert "is a zip archive" in workshop.source.told.object
    assert not workshop.source.file.loading
    workshop.open_file("cell.csv", CSV)
    assert workshop.source.told.object == ""


def test_a_name_with_html_stays_text(workshop):
    for content in (b"PK\x03\x04", b"\0\1\2", b"", b"a,b\n1,x\n"):
        workshop.open_file(HTML, content)
        told = workshop.source.told.object + workshop.welcome.told.object
        assert 'class="problem' in told and "<img" not in told
    workshop.open_file(HTML, CSV)
    assert workshop.choices.file == HTML
    assert "&lt;img" in workshop.source.title.object and "<img" not in workshop.source.title.object


def test_titles_in_a_file_with_html_stay_text(workshop):
    content = CSV.replace(b"current_pA", b"<script>alert(1)</script>`")
    workshop.open_file("x.csv", content)
    workshop.open_file("x.csv", content.replace(b"\n1.00,", b"\n<b>,"))
    assert "&lt;b&gt;" in workshop.source.told.object and "<b>" not in workshop.source.told.object


def test_the_page_refuses_what_is_too_large_before_it_is_sent(workshop):
    for widget in (workshop.source.file, workshop.welcome.file):
        assert widget.max_file_size == 1_000_000 * LIMITS.upload_mb


# Whatever comes; `python -m tests.benchmarks fuzz_uploads` does this ten thousand times

FEW = {"csv": 90, "atf": 60, "abf": 90, "nwb": 20, "hdf5": 20, "wcp": 10, "edr": 10, "smr": 10}


@pytest.mark.parametrize("kind", FEW)
def test_a_damaged_file_is_read_or_refused_with_a_sentence(kind):
    sound = seeds()[kind]
    for number in range(FEW[kind]):
        assert outcome(damaged(sound, kind, number), f"x.{kind}") in ("read", "refused"), number

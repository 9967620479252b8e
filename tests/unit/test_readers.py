"""What the readers make of files: of good ones the numbers, of bad ones a sentence."""

import ast
import re
import struct
import subprocess
import sys
import tempfile
import warnings
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glifcore.readers import contents
from glifcore.recordings import Recording, RecordingError, load_recording

TIME = np.arange(60) * 0.05
WAVE = -100 * np.exp(-TIME)
INTS = (np.arange(300) * 3 - 400).astype("i2")
SHARED = Path("/work/shared/recordings")

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the recordings are not here")


def table(*columns, header: str = "", form: str = "{:.6g}", delimiter: str = ",") -> str:
    rows = [delimiter.join(map(form.format, row)) for row in zip(*columns, strict=True)]
    return "\n".join([*header.splitlines(), *rows, ""])


def german(text: str) -> str:
    return text.replace(".", ",")


def check(made: Recording, current=WAVE, interval: float = 0.05):
    np.testing.assert_allclose(made.sweeps, np.atleast_2d(current), rtol=1e-4, atol=1e-4)
    assert made.interval == pytest.approx(interval, rel=1e-6)


def failing(data: bytes | str, **options) -> str:
    """The sentence for a file that cannot be read."""
    data = data.encode() if isinstance(data, str) else data
    with pytest.raises(RecordingError) as caught:
        load_recording(data, **options)
    assert caught.value.__cause__ is None
    return str(caught.value)


# Text.

FORMS = {
    "plain": table(TIME, WAVE, header="time_ms,current_pA"),
    "no header": table(TIME, WAVE),
    "brackets and SI": table(TIME / 1e3, WAVE * 1e-12, header="Time [s],I (A)"),
    "SI without units": table(TIME / 1e3, WAVE * 1e-12),
    "nA in us": table(TIME * 1e3, WAVE / 1e3, header="t / us,I / nA"),
    "German": german(table(TIME, WAVE, header="Zeit (ms);Strom (pA)", delimiter=";")),
    "German tabs": german(table(TIME, WAVE, delimiter="\t")),
    "German blanks": german(table(TIME, WAVE, delimiter="   ")),
    "tabs": table(TIME, WAVE, header="Time (ms)\tI (pA)", delimiter="\t"),
    "blanks": table(TIME, WAVE, header="Time (ms)  I (pA)", delimiter=" "),
    "numpy.savetxt": table(TIME, WAVE, header="# time_ms current_pA", delimiter=" "),
    "row of units": table(TIME, WAVE / 1e3, header="time,current\nms,nA"),
    "trailing delimiter": table(TIME, WAVE).replace("\n", ",\n"),
    "index of pandas": table(range(60), TIME, WAVE, header=",time_ms,current_pA"),
    "row names of R": table(range(60), TIME, WAVE, header='"t" "I"', form='"{}"', delimiter=" "),
    "Excel": table(TIME, WAVE, header="sep=;\ntime_ms;current_pA", delimiter=";"),
    "quotes": table(TIME, WAVE, header='"time_ms","current_pA"', form='"{:.6g}"'),
    "title with its rate": table(WAVE, header="# sampling rate: 20 kHz\ncurrent_pA"),
    "rate in a cell": table(WAVE, header="Sampling rate (Hz),20000"),
    "step in a comment": table(WAVE, header="# dt = 0.05 ms"),
    "comments between": table(TIME, WAVE).replace("\n1,", "\n# a tag\n\n1,"),
    "time last": table(WAVE, TIME, header="current_pA,time_ms"),
    "above the table": table(TIME, WAVE, header="Cell 7 of 3 May\n\ntime_ms,current_pA"),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_table_is_read_however_it_is_written(form):
    check(load_recording(FORMS[form].encode(), name="x.txt"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_table_is_read_in_any_encoding(encoding, end):
    text = table(TIME * 1e3, WAVE * 1e-6, header="time (µs),current (µA)")
    made = load_recording(text.replace("\n", end).encode(encoding))
    check(made)
    assert made.unit == "µA"


def test_one_column_with_decimal_commas_is_not_two():
    data = german(table(WAVE, header="Strom (pA)")).encode()
    check(load_recording(data, interval=0.05))


def test_times_that_were_written_with_few_digits_are_even():
    time = np.arange(300) / 30
    made = load_recording(table(time, np.sin(time), form="{:.3f}").encode())
    assert made.interval == pytest.approx(1 / 30, rel=1e-5)


def test_what_was_guessed_is_said():
    notes = load_recording(FORMS["SI without units"].encode()).notes
    assert notes[0].startswith("The file gives no unit of time; taken for s, as steps of 5e-05 ms")
    assert notes[1].startswith("The file gives no unit; taken for A")
    notes = load_recording(FORMS["no header"].encode()).notes
    assert notes[1] == "The file gives no unit; taken for pA."
    assert load_recording(FORMS["plain"].encode()).notes == ()
    notes = load_recording(FORMS["above the table"].encode()).notes
    assert notes == ("Lines above the table that were left out: 1.",)
    made = load_recording(FORMS["plain"].encode(), interval=0.1)
    assert made.interval == pytest.approx(0.05)
    assert "`interval` was not used" in made.notes[0]


def test_columns_of_one_unit_are_sweeps_and_of_others_channels():
    data = table(TIME, WAVE, TIME, 2 * WAVE, header="time_ms,I1 (pA),V (mV),I2 (pA)").encode()
    made = load_recording(data)
    assert made.channels == (("I", "pA"), ("V", "mV"))
    check(made, [WAVE, 2 * WAVE])
    check(load_recording(data, channel=1), TIME)


def test_numbered_and_named_columns_are_sweeps():
    for header in ("time_ms,0,1", "time_ms,first,second", "t,trial a,trial b"):
        check(load_recording(table(TIME, WAVE, -WAVE, header=header).encode()), [WAVE, -WAVE])


@pytest.mark.parametrize("title", ["sem_pA", "SEM", "se (pA)", "std error", "current_sem_pA"])
def test_a_standard_error_stands_beside_its_mean(title):
    header = f"time_ms,current_pA,{title}"
    made = load_recording(table(TIME, WAVE, 1 + TIME, header=header).encode())
    check(made)
    np.testing.assert_allclose(made.sem, 1 + TIME, rtol=1e-5)


def test_a_standard_error_is_scaled_by_its_own_unit():
    data = table(TIME, WAVE / 1e3, 1 + TIME, header="time_ms,current_nA,sem_pA").encode()
    np.testing.assert_allclose(load_recording(data).sem, 1 + TIME, rtol=1e-5)


def test_other_statistics_are_left_out_and_named():
    header = "time_ms,mean_pA,sd_pA,n"
    made = load_recording(table(TIME, WAVE, TIME, TIME, header=header).encode())
    check(made)
    assert made.sem is None
    assert "'sd', 'n'" in made.notes[0]
    header = "time_ms,a,b,mean,sem"
    made = load_recording(table(TIME, WAVE, -WAVE, TIME, TIME, header=header).encode())
    check(made, [WAVE, -WAVE])
    assert "'mean', 'sem'" in made.notes[0]


def test_a_time_keeps_its_beginning():
    made = load_recording(table(140 + TIME, WAVE, header="time_ms,current_pA").encode())
    assert made.time[0] == pytest.approx(140.0)


def edited(line: int, text: str) -> str:
    """The plain table with one line changed, counted from 1."""
    lines = FORMS["plain"].split("\n")
    lines[line - 1] = text
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("", "is empty"),
        (" \n\n", "no row of numbers"),
        ("hello\nworld\n", "no row of numbers"),
        (edited(7, "0.25,abc"), "Line 7: column 2 is 'abc'; every sample must be a number"),
        (edited(2, "0,abc"), "Line 2: column 2 is 'abc'"),
        (edited(7, "0.25,"), "Line 7: column 2 is empty"),
        (edited(2, "0,"), "Line 2: column 2 is empty"),
        (edited(7, "0.25,#DIV/0!"), "column 2 is '#DIV/0!'"),
        (edited(7, '"0.25,1'), "Line 7 has 1 column where the table has 2"),
        (edited(7, "0.25,1,2"), "Line 7 has 3 columns where the table has 2"),
        (edited(2, "0,1,2"), "Line 2 has 3 columns where the table has 2"),
        (edited(2, "0,abc,2"), "Line 2 has 3 columns where the table has 2"),
        (edited(7, "0.25"), "Line 7 has 1 column where the table has 2"),
        (edited(7, "0.25,nan"), "Line 7, column 2: the value is nan pA"),
        (edited(7, "0.25,-inf"), "Line 7, column 2: the value is -inf pA"),
        (edited(7, "0.25,1e999"), "Line 7, column 2: the value is inf pA"),
        (edited(7, "nan,1"), "Line 7, column 1: the value is nan"),
        (edited(7, "0.1,1"), "Line 7, column 1: the time goes from 0.2 to 0.1; times must"),
        (edited(7, "0.251,1"), "Line 8, column 1: .*0.049, .* evenly spaced to 1 %.*numpy.interp"),
        (edited(7, "# a\n\n0.25,nan"), "Line 9, column 2"),
        (table(TIME + TIME**2, WAVE), "evenly spaced to 1 %"),
        (table(WAVE, header="current_pA"), "but one column .* give `interval`"),
        (table(TIME, header="time_ms"), "no column of a current"),
        (table(WAVE, WAVE, header="a_pA,b_pA"), "no column of time .* give `interval`"),
        (table(range(60), WAVE, header="sample,current_pA"), "no column of time"),
        (table(TIME[:7], WAVE[:7]), "7 samples; a recording has at least 8"),
        (table(TIME, WAVE, WAVE, header="time_ms,a_pA,sem_pA"), "standard error is -100"),
        (table(TIME * 1e-12, WAVE, header="time_s,a_pA"), "apart; no recording is"),
        (",".join(["1.5"] * 300_000), "more than 1,000,000 characters.*Transpose"),
        (bytes(range(256)), "is binary and of no known format"),
        (b"\xff\xfea", "not the UTF-16 text"),
    ],
)
def test_a_table_that_cannot_be_read_says_where_and_why(data, sentence):
    assert re.search(sentence, failing(data, name="x.csv"))


@pytest.mark.parametrize(
    ("head", "sentence"),
    [
        (b"PK\x03\x04", "a zip archive or a spreadsheet.*save the sheet as CSV"),
        (b"\x1f\x8b\x08", "compressed with gzip.*Unpack"),
        (b"\x80\x04\x95", "a pickle"),
        (b"MATLAB 5.0 MAT-file", "a MATLAB file"),
        (b"DAT2", "HEKA"),
    ],
)
def test_known_formats_that_are_not_read_say_what_to_do(head, sentence):
    assert re.search(sentence, failing(head + bytes(500), name="x.csv"))


def test_a_large_table_takes_the_fast_way():
    time = np.arange(200_000) * 0.05
    data = table(time, np.sin(time), form="{:.4f}").encode()
    assert load_recording(data).sweeps.shape == (1, 200_000)


ATF = """ATF\t1.0
2\t5
"AcquisitionMode=Episodic Stimulation"
"Signals="\t"Im"\t"Vm"\t"Im"\t"Vm"
"Time (s)"\t"Trace #1 (pA)"\t"Trace #1 (mV)"\t"Trace #2 (pA)"\t"Trace #2 (mV)"
"""


def test_an_axon_text_file_has_signals_and_sweeps():
    data = ATF + table(TIME / 1e3, WAVE, TIME, 2 * WAVE, -TIME, delimiter="\t")
    made = load_recording(data.encode(), name="x.csv")
    assert made.format == "ATF"
    assert made.channels == (("Im", "pA"), ("Vm", "mV"))
    check(made, [WAVE, 2 * WAVE])
    check(load_recording(data.encode(), channel=1), [TIME, -TIME])


def test_a_broken_axon_text_file_is_told():
    assert "cut short" in failing("ATF\t1.0\n")
    rows = "1\t2\t3\t4\n" * 9
    assert "5 columns; both must be the same" in failing(
        ATF.replace('\t"Trace #2 (mV)"', "") + rows
    )


# Axon's binary files.


def abf2(sweeps, *, mode=5, units=("pA",), floats=False) -> bytes:
    """A small ABF2 file, laid out as pyabf 2.3.8 and Axon's user guide have it."""

    def section(size, *entries):
        block = bytearray(size)
        for at, form, *values in entries:
            struct.pack_into("<" + form, block, at, *values)
        return bytes(block)

    kind = np.dtype("<f4" if floats else "<i2")
    points = np.concatenate([np.ravel(sweep) for sweep in sweeps]).astype(kind)
    data = points.tobytes().ljust(-(-points.nbytes // 512) * 512, b"\0")
    names = b"head\0\0Clampex\0" + b"".join(
        f"IN {k}\0{unit}\0".encode() for k, unit in enumerate(units)
    )
    sections = {
        76: (1, 512, 1),
        92: (2, 128, len(units)),
        108: (3, 256, 1),
        220: (4, len(names), 5),
        236: (5, kind.itemsize, len(points)),
        316: (5 + len(data) // 512, 8, len(sweeps)),
    }
    header = section(
        512,
        (0, "4s4B", b"ABF2", 0, 0, 0, 2),
        (12, "I", len(sweeps)),
        (30, "H", int(floats)),
        (56, "4B", 0, 0, 0, 2),
        *((at, "IIq", *where) for at, where in sections.items()),
    )
    protocol = section(512, (0, "hf", mode, 50.0), (110, "f", 10.0), (118, "i", 32768))
    adc = section(
        512,
        *((128 * k + at, "f", 1.0) for k in range(len(units)) for at in (28, 48)),
        *((128 * k + 40, "f", 0.01) for k in range(len(units))),
        *((128 * k + 74, "ii", 2 + 2 * k, 3 + 2 * k) for k in range(len(units))),
    )
    synch = b"".join(struct.pack("<ii", 0, np.size(sweep)) for sweep in sweeps)
    return header + protocol + adc + bytes(512) + names.ljust(512, b"\0") + data + synch


def abf1(path: Path, sweeps) -> bytes:
    from pyabf.abfWriter import writeABF1

    writeABF1(np.asarray(sweeps, float), str(path), 20_000.0)
    return path.read_bytes()


GAIN = 10.0 / 32768 / 0.01
"""pA in one step of the converter, of the files that `abf2` makes."""


def test_abf2_has_its_channels_units_and_sweeps():
    data = abf2([np.stack([INTS, -INTS], axis=1)] * 3, units=("nA", "mV"))
    made = load_recording(data, name="x.dat")
    assert (made.format, made.channels) == ("ABF2", (("IN 0", "nA"), ("IN 1", "mV")))
    check(made, [INTS * GAIN * 1e3] * 3)
    check(load_recording(data, channel=1), [-INTS * GAIN] * 3)


def test_abf2_of_floats_and_without_gaps():
    check(load_recording(abf2([INTS, 2 * INTS], floats=True)), [INTS, 2.0 * INTS])
    gap_free = load_recording(abf2([INTS, 2 * INTS], mode=3))
    check(gap_free, np.concatenate([INTS, 2 * INTS]) * GAIN)


def test_abf2_sweeps_of_several_lengths_are_chosen_among():
    data = abf2([INTS, INTS[:200], -INTS[:200]], mode=1)
    assert "sweeps have 200, 300 samples" in failing(data)
    check(load_recording(data, sweep=[1, 2]), np.stack([INTS[:200], -INTS[:200]]) * GAIN)


@pytest.mark.parametrize("count", [40, 3000])
def test_abf1_has_the_numbers_that_were_written(tmp_path, count):
    sweeps = np.stack([np.linspace(-300, 50, count), np.linspace(20, -90, count)])
    data = abf1(tmp_path / "x.abf", sweeps)
    for made in (load_recording(tmp_path / "x.abf"), load_recording(data, name="x.txt")):
        assert (made.format, made.unit) == ("ABF1", "pA")
        np.testing.assert_allclose(made.sweeps, sweeps, atol=0.05)
        assert made.interval == 0.05


def test_samples_behind_a_short_abf1_header_are_not_taken_for_gains(tmp_path):
    """There, a 1 would turn on what pyabf 2.3.8 takes for a telegraph."""
    data = bytearray(abf1(tmp_path / "x.abf", np.full((1, 3000), 300.0)))
    data[2048:8048] = b"\1\0" * 3000
    gain = 10.0 / 32768 / struct.unpack_from("<f", data, 922)[0]
    np.testing.assert_allclose(load_recording(bytes(data)).sweeps, gain, rtol=1e-6)


def test_abf1_of_floats_is_taken_as_it_is(tmp_path):
    data = bytearray(abf1(tmp_path / "x.abf", np.ones((2, 300))))
    struct.pack_into("<h", data, 100, 1)
    floats = np.linspace(-5, 5, 600).astype("<f4")
    made = load_recording(bytes(data[:2048]) + floats.tobytes())
    check(made, floats.reshape(2, 300))


@needs_shared
def test_a_real_abf_has_the_peaks_of_its_source():
    """The EPSCs that SOURCES.md there lists, with artefacts at 164.3 ms and every 20 ms."""
    made = load_recording(SHARED / "f1.abf")
    assert (len(made.sweeps), made.interval, made.unit) == (10, 0.05, "pA")
    raw = made.window(140.0, 290.0)
    made = made.without_baseline(150.0, 163.0)
    peaks = [made.window(165.3 + 20 * k, 183.3 + 20 * k).mean().min() for k in range(5)]
    np.testing.assert_allclose(peaks, [-233, -137, -80, -43, -63], atol=1.5)
    means = load_recording(SHARED / "means" / "epsc_train_50hz.csv")
    np.testing.assert_allclose(made.window(140.0, 290.0).mean(), means.mean(), atol=4e-3)
    np.testing.assert_allclose(raw.sem_of_mean(), means.sem, atol=6e-4)


# NWB and other HDF5.


@pytest.fixture(scope="module")
def nwb_bytes(tmp_path_factory) -> bytes:
    """Three sweeps in voltage clamp, one in current clamp, and a position of two columns."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pynwb
        from pynwb.icephys import CurrentClampSeries, VoltageClampSeries

        start = datetime(2024, 1, 1, tzinfo=UTC)
        nwb = pynwb.NWBFile(session_description="x", identifier="y", session_start_time=start)
        device = nwb.create_device(name="amplifier")
        electrode = nwb.create_icephys_electrode(name="cell", description="x", device=device)
        both = {"electrode": electrode, "gain": 1.0}
        times = np.arange(50) * 0.1
        nwb.add_acquisition(
            pynwb.TimeSeries(name="place", data=np.ones((50, 2)), unit="m", timestamps=times)
        )
        nwb.add_acquisition(CurrentClampSeries(name="vm", data=WAVE, rate=1e4, **both))
        for k in (10, 2, 1):
            series = {"data": k * INTS, "conversion": 1e-12, "offset": 5e-12, "rate": 2e4}
            nwb.add_acquisition(VoltageClampSeries(name=f"sweep_{k}", **series, **both))
        path = tmp_path_factory.mktemp("nwb") / "x.nwb"
        with pynwb.NWBHDF5IO(path, "w") as io:
            io.write(nwb)
    return path.read_bytes()


def test_nwb_has_its_series_as_sweeps_with_conversion_and_offset(nwb_bytes):
    made = load_recording(nwb_bytes, name="x.csv")
    assert (made.format, made.unit, made.scale) == ("NWB", "amperes", 1e12)
    assert [name for name, _ in made.channels] == ["cell", "vm", "place[0]", "place[1]"]
    check(made, [k * INTS + 5.0 for k in (1, 2, 10)])
    assert "sweep_1, sweep_2, sweep_10" in made.notes[0]


def test_nwb_of_other_series_is_read_too(nwb_bytes):
    check(load_recording(nwb_bytes, channel=1), WAVE, 0.1)
    made = load_recording(nwb_bytes, channel=3)
    check(made, np.ones(50), 100.0)
    assert made.notes == ("Channel 3 is in m, not a current; its numbers are taken for pA.",)
    assert "more than" not in failing(nwb_bytes, channel=4)


def hdf5(tmp_path, fill) -> Path:
    import h5py

    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        fill(file)
    return path


def test_other_hdf5_is_refused_with_what_it_holds(tmp_path):
    def fill(file):
        for k in range(7):
            file[f"group/events{k}"] = np.zeros((4, 10))

    path = hdf5(tmp_path, fill)
    with pytest.raises(RecordingError, match=r"not NWB.*group/events0 \(4, 10\).* and 2 more"):
        load_recording(path)


def test_hdf5_does_not_reach_into_other_files(tmp_path):
    import h5py

    other = tmp_path / "other.bin"
    other.write_bytes(bytes(800))

    def external_link(file):
        file["a/secret"] = h5py.ExternalLink(str(other), "/x")

    def external_storage(file):
        file.create_dataset("secret", (100,), float, external=[(str(other), 0, 800)])

    def virtual(file):
        layout = h5py.VirtualLayout((100,), float)
        layout[:] = h5py.VirtualSource(str(other), "x", (100,))
        file.create_virtual_dataset("secret", layout)

    for fill in (external_link, external_storage, virtual):
        path = hdf5(tmp_path, fill)
        with pytest.raises(RecordingError, match=r"'(a/)?secret' in another file"):
            load_recording(path)


def test_hdf5_that_links_in_a_circle_is_walked_once(tmp_path):
    def fill(file):
        file.create_group("a")["again"] = file["/"]

    assert "It holds: none" in failing(hdf5(tmp_path, fill).read_bytes())


def test_an_hdf5_bomb_is_refused_by_its_shape(tmp_path, nwb_bytes):
    def fill(file):
        size = (10**12,)
        file.create_dataset("zeros", size, "f8", chunks=(10**6,), compression="gzip")

    with pytest.raises(RecordingError, match="no compression does that"):
        load_recording(hdf5(tmp_path, fill))


def test_a_series_above_the_limit_is_refused_by_its_shape(tmp_path, nwb_bytes):
    import h5py

    path = tmp_path / "x.nwb"
    path.write_bytes(nwb_bytes)
    with h5py.File(path, "a") as file:
        group = file["acquisition/sweep_1"]
        attributes = dict(group["data"].attrs)
        del group["data"]
        data = group.create_dataset("data", (10**6,), "i2", chunks=(10**5,), compression="gzip")
        data.attrs.update(attributes)
    with pytest.raises(RecordingError, match=r"has 8.0 MB of samples in channel 0; the limit"):
        load_recording(path, largest=10**6)
    assert load_recording(path).sweeps.shape == (1, 10**6)


# neo's formats.


def wcp(sweeps, records=None) -> bytes:
    """A WinWCP file, as neo 0.14.6 reads it: 0.05 ms, full range 10."""
    blocks = -(-2 * sweeps.shape[1] // 512)
    entries = {"VER": 8, "NC": 1, "NR": records or len(sweeps), "NBH": 2, "NBA": 2, "NBD": blocks}
    entries |= {"ADCMAX": 2047, "YN0": "Im", "YU0": "nA", "YG0": "0,001", "YO0": 0}
    data = "".join(f"{key}={value}\r\n" for key, value in entries.items()).encode().ljust(1024)
    for sweep in sweeps:
        analysis = struct.pack("8s4s3f8f", b"ACCEPTED", b"TEST", 1.0, 0.0, 5e-5, *[10.0] * 8)
        data += analysis.ljust(1024, b"\0") + sweep.astype("<i2").tobytes()
        data += bytes(512 * blocks - 2 * len(sweep))
    return data


def edr(samples) -> bytes:
    """A WinEDR file, as neo 0.14.6 reads it."""
    entries = {"VER": 6.7, "NC": 1, "NP": len(samples), "NBH": 2048, "ADCMAX": 32767, "AD": 10.0}
    entries |= {"DT": 5e-5, "YN0": "Im", "YU0": "pA", "YCF0": 0.01, "YAG0": 1.0, "YZ0": 0, "YO0": 0}
    head = "".join(f"{key}={value}\r\n" for key, value in entries.items())
    return head.encode().ljust(2048) + samples.astype("<i2").tobytes()


def axograph(*columns) -> bytes:
    """An AxoGraph file of format 1, as neo 0.14.6 reads it: columns of floats."""
    data = b"AxGr" + struct.pack(">HH", 1, len(columns))
    for title, column in columns:
        data += struct.pack(">l80p", len(column), title) + column.astype(">f4").tobytes()
    return data


def smr(samples, loop=False) -> bytes:
    """A Spike2 file of one channel, 0.05 ms, in blocks of 64 samples, as neo 0.14.6 reads it."""

    def pascal(text, size):
        return bytes([len(text)]) + text.ljust(size - 1, b"\0")

    parts = [samples[i : i + 64] for i in range(0, len(samples), 64)]
    first, size, count = 1024, 20 + 128, len(parts)
    mark, base = b"(C) CED 87", 1e-6
    head = struct.pack("<h10s8shhhihhhhhid", 6, mark, b"", 1, 1, 0, first, 1, 140, 0, 0, 0, 0, base)
    chain = (0, 0, first, first + size * (count - 1), count, 0, 0, 0, 0, 64)
    title = (pascal(b"", 72), 10**6, 50, 0, pascal(b"Im", 10), 2e4, 1, 0)
    channel = struct.pack("<hiiihhhhhh72siih10sfBb", *chain, *title)
    channel += struct.pack("<ff6sh", 1.0, 0.0, pascal(b"pA", 6), 0)
    data = (head.ljust(512, b"\0") + channel).ljust(first, b"\0")
    for k, part in enumerate(parts):
        after = first if loop else first + size * (k + 1)
        times = (3200 * k, 3200 * k + 50 * (len(part) - 1))
        data += struct.pack("<iiiihh", -1, after, *times, 1, len(part))
        data += part.astype("<i2").tobytes()
    return data


def test_winwcp_records_are_sweeps():
    made = load_recording(wcp(np.stack([INTS, -INTS])[:, :256]), name="x.wcp")
    assert (made.format, made.channels) == ("WinWCP", (("Im", "nA"),))
    gain = 10.0 / 2047 / 0.001 * 1e3
    np.testing.assert_allclose(made.sweeps, gain * np.stack([INTS, -INTS])[:, :256], rtol=1e-6)
    assert made.interval == 0.05


def test_winedr_axograph_and_spike2_are_read():
    check(load_recording(edr(INTS), name="upload"), INTS * 10.0 / 32768 / 0.01)
    check(load_recording(smr(INTS), name="x.txt"), INTS / 6553.6)
    time = (b"Time (s)", np.arange(300) * 2.0**-14)
    made = load_recording(axograph(time, (b"Im (pA)", INTS), (b"Im (pA)", -INTS)))
    check(made, np.stack([INTS, -INTS]), 1e3 / 2**14)
    assert made.notes == ("2 columns of one name were taken for sweeps.",)


def test_a_header_of_neo_that_promises_too_much_is_refused():
    assert "header promises" in failing(wcp(INTS[None], records=10**9))
    assert "header is broken" in failing(smr(INTS, loop=True))


# Whatever comes.

SOUND = {
    "csv": FORMS["plain"].encode(),
    "atf": (ATF + table(TIME / 1e3, WAVE, TIME, WAVE, TIME, delimiter="\t")).encode(),
    "abf2": abf2([INTS, INTS]),
    "wcp": wcp(INTS[None]),
    "edr": edr(INTS),
    "axgx": axograph((b"Time (s)", np.arange(300) * 2.0**-14), (b"Im (pA)", INTS)),
    "smr": smr(INTS),
}


def read_or_refused(data: bytes, name: str = "") -> Recording | None:
    """The recording, or None where one sentence says why there is none."""
    try:
        made = load_recording(data, name=name)
    except RecordingError:
        return None
    assert np.isfinite(made.sweeps).all() and np.isfinite(made.time).all()
    return made


@pytest.mark.parametrize("kind", ["abf2", "wcp", "edr", "axgx", "smr"])
def test_a_file_that_was_cut_short_is_never_read_in_part(kind):
    whole = SOUND[kind]
    samples = load_recording(whole).sweeps
    for length in range(0, len(whole), max(len(whole) // 40, 1)):
        made = read_or_refused(whole[:length], f"x.{kind}")
        # What ends after the samples may be missing.
        assert made is None or np.array_equal(made.sweeps, samples)


def test_an_abf1_file_that_was_cut_short_is_told(tmp_path):
    whole = abf1(tmp_path / "x.abf", np.tile(WAVE, (3, 50)))
    end = 2048 + 2 * 3 * 50 * len(WAVE)
    for length in [1, 4, 100, 2047, 2048, 3000, 6143, 6144, end - 1]:
        assert "not a whole ABF" in failing(whole[:length]) or length < 4
    check(load_recording(whole[:end]), load_recording(whole).sweeps)


def test_nwb_that_was_cut_short_is_told(nwb_bytes):
    for length in range(8, len(nwb_bytes), len(nwb_bytes) // 15):
        assert "not a whole HDF5 file" in failing(nwb_bytes[:length])


SUFFIXES = ("abf", "nwb", "h5", "wcp", "edr", "axgx", "smr", "csv", "tsv", "atf", "txt", "ibw")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_noise_is_refused_whatever_it_is_called(suffix):
    for seed, size in enumerate((1, 7, 600, 7000)):
        noise = np.random.default_rng(seed).bytes(size)
        assert read_or_refused(noise, f"x.{suffix}") is None
        assert read_or_refused(bytes(size), f"x.{suffix}") is None


MARKS = [b"ABF ", b"ABF2", b"\x89HDF\r\n\x1a\n", b"ATF\t1.0\n2\t3\n", b"AxGr\0\1\0\2", b"axgx"]
MARKS += [
    b"\6\0(C) CED 87",
    b"VER=8\r\nNC=1\r\nADCMAX=1\r\n",
    b"VER=8\r\nNC=1\r\nADCMAX=1\r\nYCF0=",
]


@pytest.mark.parametrize("mark", MARKS)
def test_noise_behind_a_good_beginning_is_refused(mark):
    for seed, size in enumerate((0, 7, 600, 7000)):
        noise = np.random.default_rng(seed).bytes(size)
        assert read_or_refused(mark + noise) is None
        assert read_or_refused(mark + bytes(size)) is None


MUTATION = st.tuples(
    st.integers(0, 10_000),
    st.integers(0, 3),
    st.sampled_from(
        [b"", b"\0", b"\xff\xff\xff\x7f", b",", b"\n", b"-", b"e9", b"nan", b'"', b";"]
    ),
)


@pytest.mark.parametrize("kind", SOUND)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(MUTATION, min_size=1, max_size=4))
def test_a_damaged_file_is_read_or_refused(kind, mutations):
    data = SOUND[kind]
    for at, removed, added in mutations:
        at %= len(data) + 1
        data = data[:at] + added + data[at + removed :]
    read_or_refused(data)


@pytest.mark.parametrize("path", sorted(Path(contents.__file__).parent.glob("*.py")))
def test_importing_the_readers_imports_no_library_of_files(path):
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        names = [alias.name for alias in getattr(node, "names", ())]
        found = {name.split(".")[0] for name in [*names, getattr(node, "module", None) or ""]}
        assert not found & {"pyabf", "neo", "pynwb", "h5py", "hdmf"}


def test_reading_a_file_leaves_numpys_printing_as_it_was():
    code = (
        "import sys, numpy as np; from pathlib import Path; from glifcore import load_recording;"
        "before = np.get_printoptions();"
        "load_recording(Path(sys.argv[1]).read_bytes()); assert 'pyabf' in sys.modules;"
        "assert np.get_printoptions() == before"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "small.abf"
        path.write_bytes(abf2([INTS]))
        subprocess.run([sys.executable, "-c", code, str(path)], check=True)


def test_a_missing_library_is_told_with_its_remedy(monkeypatch, nwb_bytes):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(contents.importlib, "import_module", missing)
    for data, name in ((abf2([INTS]), "pyabf"), (edr(INTS), "neo"), (nwb_bytes, "h5py")):
        sentence = failing(data)
        assert name in sentence
        assert "pip install glifcore[recordings]" in sentence


@needs_shared
@pytest.mark.parametrize(
    ("name", "interval"), [("epsc_train_50hz.csv", 0.05), ("granule_cell_mepsc.csv", 0.02)]
)
def test_the_tables_of_means_have_their_standard_errors(name, interval):
    made = load_recording(SHARED / "means" / name)
    assert (made.interval, made.unit, made.notes) == (interval, "pA", ())
    assert (made.sem > 0).all()
    assert made.mean().min() < -5

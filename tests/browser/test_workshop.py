"""The workshop in a real browser: from a file to a NEST script, by clicks and drags."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path

import numpy as np
import pyabf.abfWriter
import pytest

from glifcore import PscShape, psc_features, psc_waveform
from glifcore.fit_result import PARAMETERS

ROOT = Path(__file__).parents[2]
F1 = ROOT.parent / "shared/recordings/f1.abf"

TRUTH = PscShape(-80.0, 0.8, 4.0, 0.35)
ONSET = 20.0


class Workshop:
    """The open workshop: its numbers, its plots, its buttons."""

    def __init__(self, glifscope):
        self.glifscope, self.page = glifscope, glifscope.page
        self.go_to("Synapse")
        self.page.get_by_text("From a recorded PSC to a synapse").wait_for()

    def go_to(self, workspace):
        self.page.locator("header").get_by_role("button", name=workspace, exact=True).click()

    def open(self, path):
        self.page.set_input_files("input[type=file] >> nth=0", path)

    def button(self, name):
        return self.page.get_by_role("button", name=name, exact=True)

    def values(self):
        """What the sliders show."""
        return np.array(
            [
                self.glifscope.value(f"{name} ({unit})" if unit else name)
                for name, unit in PARAMETERS.items()
            ]
        )

    def fit(self):
        self.button("Fit").click()
        self.page.get_by_text("Other models on the same data").wait_for(timeout=60_000)

    def download(self, name):
        with self.page.expect_download(timeout=30_000) as coming:
            self.button(name).click()
        return Path(coming.value.path()).read_bytes()

    def place(self, figure, source, index):
        """Where a point of a source is on the screen."""
        return self.page.evaluate(
            """([figureName, sourceName, index]) => {
              const doc = Bokeh.documents[0];
              const view = Bokeh.index.find_one(doc.get_model_by_name(figureName));
              const { x, y } = doc.get_model_by_name(sourceName).data;
              view.el.scrollIntoView({ block: "center" });
              const box = view.el.getBoundingClientRect();
              return [box.x + view.frame.x_scale.compute(x[index]),
                      box.y + view.frame.y_scale.compute(y[index])];
            }""",
            [figure, source, index],
        )

    def handle(self, name):
        """Where a handle is on the screen."""
        names = ["onset", "peak", "half width", "tail"]
        return self.place("workshop-figure", "workshop-handles", names.index(name))

    def standing(self, name):
        """Where a handle is, once it no longer moves: a plot may still follow the last picture."""
        before, now = None, self.handle(name)
        while now != before:
            self.page.wait_for_timeout(150)
            before, now = now, self.handle(name)
        return now

    def readout(self, name):
        """A number beside the curve."""
        row = self.page.locator("dl.readouts div").filter(has_text=name).filter(visible=True)
        return float(re.search(r"-?[\d.]+", row.first.locator("dd").inner_text()).group())

    def drag(self, name, dx, dy, steps=12):
        x, y = self.standing(name)
        mouse = self.page.mouse
        mouse.move(x, y)
        mouse.down()
        for i in range(1, steps + 1):
            mouse.move(x + dx * i / steps, y + dy * i / steps)
            yield
        mouse.up()

    def assert_curve_is_the_sliders(self):
        """The drawn curve is the closed form of what the sliders show."""
        w, fast, slow, a, onset, baseline = self.values()
        drawn = self.glifscope.source("workshop-curve")
        assert len(drawn["t"]) > 50
        expected = baseline + np.asarray(
            psc_waveform(PscShape(w, fast, slow, a), drawn["t"] - onset)
        )
        # Sliders carry six digits.
        assert np.abs(drawn["total"] - expected).max() < 1e-4 * np.ptp(expected)


@pytest.fixture
def workshop(glifscope):
    """The workshop, opened."""
    return Workshop(glifscope)


@pytest.fixture(scope="session")
def csv_file(tmp_path_factory):
    """Six sweeps of one inward event, in nA and seconds."""
    t = np.arange(0.0, 80.0, 0.05)
    clean = np.asarray(psc_waveform(TRUTH, t - ONSET))
    noise = np.random.default_rng(1).standard_normal((6, len(t)))
    path = tmp_path_factory.mktemp("recordings") / "events.csv"
    table = np.column_stack([t / 1000.0, *((clean + noise) / 1000.0)])
    header = "time (s)," + ",".join(f"sweep {i} (nA)" for i in range(1, 7))
    np.savetxt(path, table, delimiter=",", header=header, comments="", fmt="%.7g")
    return path


@pytest.fixture(scope="session")
def abf_file(tmp_path_factory):
    """The real recording where it is at hand, otherwise an ABF file that is made here."""
    if F1.exists():
        return F1
    t = np.arange(0.0, 100.0, 0.05)
    clean = np.asarray(psc_waveform(TRUTH, t - ONSET))
    sweeps = clean + np.random.default_rng(2).standard_normal((5, len(t)))
    path = tmp_path_factory.mktemp("recordings") / "made.abf"
    pyabf.abfWriter.writeABF1(sweeps, str(path), sampleRateHz=20_000, units="pA")
    return path


def test_from_an_abf_file_to_a_nest_script_in_four_clicks(workshop, abf_file):
    workshop.open(abf_file)
    workshop.button("Fit").wait_for(timeout=30_000)
    workshop.fit()
    told = workshop.page.locator("dl.readouts").filter(has_text="redchi").inner_text()
    assert float(re.search(r"R²\s*([\d.]+)", told).group(1)) > 0.95
    written = workshop.download("NEST script").decode()
    compile(written, "psc_nest.py", "exec")
    weight, *shape, _, _ = workshop.values()
    for name, value in zip(("tau_syn_fast", "tau_syn_slow", "amp_slow"), shape, strict=True):
        (number,) = re.findall(rf'"{name}": \[([^\]]+)\]', written)
        assert float(number) == pytest.approx(value, rel=1e-4)
    # What is inward in a recording depolarises, which is a positive weight in the model.
    (number,) = re.findall(r"\(every, 0, \[\d+\], \[([^\]]+)\]\)", written)
    assert float(number) == pytest.approx(-weight, rel=1e-4) and weight < 0


def test_a_csv_in_other_units_gives_back_the_truth_and_leaves_as_a_report(workshop, csv_file):
    workshop.open(csv_file)
    workshop.button("Fit").wait_for(timeout=30_000)
    workshop.fit()
    found = workshop.values()
    assert np.allclose(found[:4], TRUTH, rtol=0.1)
    assert found[4] == pytest.approx(ONSET, abs=0.1)
    workshop.assert_curve_is_the_sliders()
    y = workshop.glifscope.source("workshop-samples")["y"]
    misses = workshop.glifscope.source("workshop-curve")["residual"]
    rms = float(np.sqrt(np.mean(misses**2)))
    assert workshop.readout("RMS of residuals") == pytest.approx(rms, abs=1e-3)
    assert workshop.readout("RMS of residuals") == pytest.approx(1.0 / np.sqrt(6), rel=0.1)
    r2 = 1.0 - np.sum(misses**2) / np.sum((y - y.mean()) ** 2)
    assert workshop.readout("R²") == pytest.approx(r2, abs=1e-4)
    written = json.loads(workshop.download("JSON"))
    best = written["parameters"]["tau_syn_slow"]["best"]
    workshop.glifscope.wait_until(lambda: _near(workshop.values()[2], best, 1e-4))
    low, high = (written["parameters"]["tau_syn_slow"][end] for end in ("low_95", "high_95"))
    assert low < found[2] < high
    with zipfile.ZipFile(io.BytesIO(workshop.download("Report"))) as archive:
        assert {"report.md", "figure.svg", "parameters.csv"} <= set(archive.namelist())
        assert "95 % interval" in archive.read("report.md").decode()


def test_a_broken_file_is_told_and_what_was_there_stays(workshop, csv_file, tmp_path):
    workshop.open(csv_file)
    workshop.button("Fit").wait_for(timeout=30_000)
    before = workshop.glifscope.wait_until(lambda: _some(workshop.glifscope, "workshop-samples"))
    broken = tmp_path / "<b>broken<b>.abf"
    broken.write_bytes(F1.read_bytes()[:3000] if F1.exists() else b"ABF \x00\x00" + bytes(100))
    workshop.page.set_input_files("input[type=file] >> nth=-1", broken)
    problem = workshop.page.locator("p.problem.error").filter(visible=True).first
    problem.wait_for()
    assert "Traceback" not in problem.inner_text() and problem.inner_text().endswith(".")
    assert workshop.page.locator("p.problem b").count() == 0  # a name is text, never HTML
    after = workshop.glifscope.source("workshop-samples")
    assert np.array_equal(before["y"], after["y"])


def test_the_whole_recording_leaves_before_there_is_a_fit_and_the_report_waits_for_one(
    workshop, csv_file
):
    workshop.open(csv_file)
    workshop.button("Fit").wait_for(timeout=30_000)
    workshop.glifscope.wait_until(lambda: _some(workshop.glifscope, "workshop-whole"))
    head, *rows = csv.reader(io.StringIO(workshop.download("CSV: recording.csv").decode()))
    time, current = np.array(rows, float).T
    table = np.loadtxt(csv_file, delimiter=",", skiprows=1)
    mean = 1000.0 * table[:, 1:].mean(axis=1)  # it is in nA
    assert head == ["time (ms)", "current (pA)"]
    assert np.allclose(time, 1000.0 * table[:, 0])
    assert np.ptp(current - mean) < 1e-3  # less its baseline, the same for all
    assert b"events.csv: mean of all 6 sweeps" in workshop.download("SVG: recording.svg")
    workshop.page.get_by_text("Click Fit in the card Least squares").wait_for()
    assert workshop.button("Report").is_disabled()
    workshop.fit()
    assert workshop.page.get_by_text("Click Fit in the card Least squares").count() == 0
    assert workshop.button("Report").is_enabled()


def test_each_handle_bends_the_curve_and_the_sliders_follow(workshop, csv_file):
    workshop.open(csv_file)
    workshop.button("Fit").wait_for(timeout=30_000)
    workshop.fit()
    zoom = [ONSET - 4.0, ONSET + 25.0]
    workshop.page.evaluate(
        """([start, end]) => Bokeh.documents[0].get_model_by_name("workshop-figure")
             .x_range.setv({ start, end })""",
        zoom,
    )
    workshop.page.wait_for_timeout(500)
    for name, dx, dy in (
        ("peak", 0, -40),
        ("half width", 25, 0),
        ("tail", 30, 0),
        ("onset", 15, 0),
    ):
        before = workshop.values()
        seen = set()
        for _ in workshop.drag(name, dx, dy):
            seen.add(tuple(workshop.glifscope.source("workshop-curve")["total"].round(6)))
        assert len(seen) > 5, name
        workshop.glifscope.wait_until(workshop.assert_curve_is_the_sliders)
        assert_only_this_moved(name, before, workshop.values())
    shown = workshop.page.evaluate(
        """() => { const { start, end } = Bokeh.documents[0]
             .get_model_by_name("workshop-figure").x_range; return [start, end]; }"""
    )
    assert shown == zoom


def assert_only_this_moved(name, before, after):
    was, now = (psc_features(PscShape(*v[:4])) for v in (before, after))
    moved = {
        "peak": abs(now.peak) < 0.95 * abs(was.peak),
        "half width": now.half_width > 1.05 * was.half_width,
        "tail": now.tail > 1.05 * was.tail,
        "onset": after[4] > before[4] + 0.1,
    }
    assert moved[name], name
    kept = {"peak": ["half_width", "tail"], "half width": ["peak"], "tail": ["peak"], "onset": []}
    for feature in kept[name]:
        found, expected = (float(getattr(f, feature)) for f in (now, was))
        assert found == pytest.approx(expected, rel=0.02), name


def test_kept_fitted_a_moved_number_is_held_and_the_others_follow(workshop, csv_file):
    workshop.open(csv_file)
    workshop.button("Fit").wait_for(timeout=30_000)
    workshop.page.get_by_role("switch", name="Keep fitted").or_(
        workshop.page.get_by_role("checkbox", name="Keep fitted")
    ).first.click()
    workshop.page.get_by_text("Other models on the same data").wait_for(timeout=60_000)
    before = workshop.values()
    workshop.glifscope.type("tau_syn_slow (ms)", 6.0)

    def others_follow():
        after = workshop.values()
        assert after[2] == 6.0 and after[3] < 0.95 * before[3]

    workshop.glifscope.wait_until(others_follow)
    workshop.page.get_by_text("held", exact=True).first.wait_for()


def test_along_the_flattest_direction_numbers_change_and_the_curve_hardly(workshop, csv_file):
    workshop.open(csv_file)
    workshop.button("Fit").wait_for(timeout=30_000)
    workshop.fit()
    workshop.page.wait_for_timeout(500)
    before, drawn = workshop.values(), workshop.glifscope.source("workshop-curve")["total"]
    slider = workshop.page.get_by_role("slider", name="Along the flattest direction")
    slider.focus()
    for _ in range(20):
        workshop.page.keyboard.press("ArrowRight")
    workshop.page.get_by_text("times the least").wait_for()
    workshop.glifscope.wait_until(
        lambda: _assert(np.abs(workshop.values()[:4] / before[:4] - 1.0).max() > 1e-3)
    )
    change = np.abs(workshop.glifscope.source("workshop-curve")["total"] - drawn).max()
    assert change < 0.02 * np.ptp(drawn)


def test_every_sweep_is_fitted_and_a_point_shows_its_trace(workshop, csv_file):
    workshop.open(csv_file)
    workshop.button("Fit").wait_for(timeout=30_000)
    workshop.fit()
    workshop.button("Fit every sweep").click()
    workshop.page.get_by_text("fits ended by themselves").wait_for(timeout=60_000)
    points = workshop.glifscope.source("workshop-sweep-fits")
    assert len(points["x"]) == 6
    whole = workshop.glifscope.source("workshop-samples")["y"]
    workshop.page.wait_for_timeout(500)
    workshop.page.mouse.click(*workshop.place("workshop-scatter", "workshop-sweep-fits", 2))

    def one_sweep_is_shown():
        one = workshop.glifscope.source("workshop-samples")["y"]
        assert one.std() != whole.std()
        assert workshop.values()[1] == pytest.approx(points["x"][2], rel=1e-4)

    workshop.glifscope.wait_until(one_sweep_is_shown)
    workshop.button("Back to the mean").click()
    table = list(csv.DictReader(io.StringIO(workshop.download("CSV: sweeps.csv").decode())))
    assert [float(row["tau_syn_fast"]) for row in table] == pytest.approx(points["x"], rel=1e-4)


def test_accept_puts_the_shape_on_the_neuron_and_undo_takes_it_back(workshop, csv_file):
    workshop.open(csv_file)
    workshop.button("Fit").wait_for(timeout=30_000)
    workshop.fit()
    slow = workshop.values()[2]
    workshop.button("Put it on the neuron").click()
    workshop.page.get_by_text("Port 0 of the neuron has this synapse").wait_for()
    workshop.go_to("Neuron")
    workshop.button("GLIF5").wait_for()
    glifscope = workshop.glifscope

    def neuron_slow():
        return float(
            workshop.page.get_by_role("slider", name="tau_syn_slow (ms)")
            .filter(visible=True)
            .first.get_attribute("aria-valuenow")
        )

    glifscope.wait_until(lambda: _near(neuron_slow(), slow))
    workshop.button("Undo (Ctrl+Z)").click()
    workshop.button("Put it on the neuron").wait_for()  # undo leads to where that was done
    workshop.go_to("Neuron")
    glifscope.wait_until(lambda: _near(neuron_slow(), 6.0))


def test_the_challenge_scores_the_curve_and_shows_the_truth(workshop):
    workshop.button("Hide a synapse").click()
    workshop.button("Score my curve").wait_for()
    workshop.button("Fit").wait_for(timeout=30_000)
    workshop.fit()
    workshop.button("Score my curve").click()
    points = workshop.page.get_by_text(re.compile(r"^\d+ points$"))
    points.wait_for()
    assert int(points.inner_text().split()[0]) > 80
    workshop.button("Show the truth").click()
    workshop.page.get_by_role("columnheader", name="truth").wait_for()


def _some(glifscope, name):
    found = glifscope.source(name)
    assert len(found["y"]) > 50
    return found


def _assert(truth):
    assert truth


def _near(found, expected, rel=1e-3):
    assert found == pytest.approx(expected, rel=rel)


def test_on_a_telephone_an_example_is_opened_before_the_drawer_ever_was(narrow):
    workshop = Workshop(narrow)
    workshop.button("EPSC train at 50 Hz (mean of 10)").click()
    workshop.page.get_by_text("Recording and model").wait_for()
    workshop.page.get_by_role("button", name="Open drawer").click()
    assert workshop.values()[0] < 0  # an inward current

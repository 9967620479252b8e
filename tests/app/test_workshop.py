"""The workshop without a browser: choices, samples, fits, challenge, and what is taken away."""

import csv
import io
import json
import zipfile
from xml.etree import ElementTree

import numpy as np
import panel_material_ui as pmui
import pytest
from glifscope.export.event import with_synapse
from glifscope.mirror import mirror
from glifscope.pools import visitor_pools
from glifscope.session import Session
from glifscope.url_state import open_query, to_query
from glifscope.workshop import examples
from glifscope.workshop.challenge import NOISE, pose, score
from glifscope.workshop.challenge_view import ChallengeView
from glifscope.workshop.choices import WorkshopChoices, begun, field_of
from glifscope.workshop.export import figure_of, report_zip, samples_csv, synapse_of
from glifscope.workshop.fit_controls import FitControls
from glifscope.workshop.overview_export import Strip, recording_csv, recording_figure
from glifscope.workshop.proposal import propose
from glifscope.workshop.results import (
    MOST_SAMPLES,
    Preparer,
    compute,
    look_closer,
    prepare,
)
from glifscope.workshop.sweep_fits import events_as_sweeps, fit_sweeps, outliers
from glifscope.workshop.workspace import Workshop, _events_of

from glifcore import ParameterError, PscShape, psc_waveform
from glifcore.fit_result import PARAMETERS, PscParameters
from glifcore.recordings import Recording
from tests.visitors import run as result_of

TRUTH = PscShape(-60.0, 1.0, 5.0, 0.4)
ONSET = 8.0


def recording(sweeps=5, noise=0.5, length=60.0, interval=0.05, offset=3.0):
    """Sweeps of one event, on a baseline that is not zero."""
    t = np.arange(0.0, length, interval)
    clean = np.asarray(psc_waveform(TRUTH, t - ONSET)) + offset
    rng = np.random.default_rng(3)
    return Recording.from_arrays(t, clean + noise * rng.standard_normal((sweeps, len(t))))


def goodness(prepared, model):
    """R2 and RMS of a curve on the samples, as the page shows them."""
    misses = prepared.current - model
    scatter = float(np.sum((prepared.current - prepared.current.mean()) ** 2))
    left = float(np.sum(misses**2))
    return {
        "r2": 1.0 - left / scatter if scatter > 0 else float("nan"),
        "rms": float(np.sqrt(left / len(misses))),
    }


@pytest.fixture
def choices():
    opened = WorkshopChoices()
    opened.open(recording())
    return opened


def picture(choices, fit=True):
    return compute(choices.task(fit), Preparer())


def strip_of(choices, events=()):
    return Strip(prepare(choices.preparation), choices.window, np.array(events))


def words(svg):
    """All text of an SVG, in one line."""
    return " ".join(" ".join(ElementTree.fromstring(svg).itertext()).split())


def train(onsets=(60.0, 160.0, 260.0), length=400.0, **names):
    """One sweep with several events."""
    t = np.arange(0.0, length, 0.05)
    clean = sum(np.asarray(psc_waveform(TRUTH, t - onset)) for onset in onsets)
    noise = 0.5 * np.random.default_rng(2).standard_normal(len(t))
    return Recording.from_arrays(t, clean + noise, **names)


def test_a_recording_is_opened_with_a_window_and_a_shape_that_suit_it(choices):
    assert choices.window[0] < ONSET < choices.window[1]
    assert choices.quiet[1] <= ONSET + 0.5
    assert choices.values.weight < 0
    assert abs(choices.values.onset - ONSET) < 1.0
    fit = picture(choices).fit
    assert fit.success
    assert np.allclose(fit.best[:4], TRUTH, rtol=0.1)


@pytest.mark.parametrize("title", examples.TITLES)
def test_each_example_is_fitted_from_what_is_proposed_for_it(title):
    choices = WorkshopChoices()
    choices.open(examples.open_example(title))
    found = picture(choices)
    assert found.problem == ""
    assert found.fit.success and found.fit.r2 > 0.95


def test_the_sweeps_chosen_are_averaged_and_their_sem_is_shown(choices):
    choices.sweeps, choices.levelled = (0, 2, 4), False
    prepared = prepare(choices.preparation)
    inside = (choices.recording.time >= choices.window[0]) & (
        choices.recording.time < choices.window[1]
    )
    rows = choices.recording.sweeps[[0, 2, 4]][:, inside]
    assert np.allclose(prepared.current, rows.mean(axis=0))
    assert np.allclose(prepared.sem, rows.std(axis=0, ddof=1) / np.sqrt(3))


def test_scale_and_sign_are_corrected(choices):
    choices.levelled = False
    before = prepare(choices.preparation).current
    choices.factor, choices.inverted = 1000.0, True
    assert np.allclose(prepare(choices.preparation).current, -1000.0 * before)


def test_the_baseline_of_each_sweep_is_taken_from_it(choices):
    prepared = prepare(choices.preparation)
    quiet = prepared.time < choices.quiet[1]
    assert abs(prepared.current[quiet].mean()) < 0.1
    assert prepared.noise == pytest.approx(0.5 / np.sqrt(5), rel=0.3)


def test_a_long_window_is_resampled_and_says_so():
    choices = WorkshopChoices()
    choices.open(recording(sweeps=1, length=60.0, interval=0.005))
    choices.window = (0.0, 60.0)
    prepared = prepare(choices.preparation)
    assert len(prepared.time) <= MOST_SAMPLES
    assert any("aliasing" in note for note in prepared.notes)


@pytest.mark.parametrize("weights", ["sem", "baseline"])
def test_samples_are_weighted_as_chosen(choices, weights):
    choices.weights = weights
    found = picture(choices)
    assert found.fit.samples.sigma_known
    expected = found.prepared.sem if weights == "sem" else found.prepared.noise
    assert np.allclose(found.fit.samples.sigma, expected)


def test_no_sem_to_weight_by_is_told(choices):
    choices.param.update(sweeps=(0,), weights="sem")
    assert "at least three sweeps" in picture(choices).problem


def test_a_window_that_is_too_narrow_is_told(choices):
    choices.window = (5.0, 5.1)
    found = picture(choices)
    assert found.fit is None and "samples" in found.problem


def test_what_is_held_stays_and_bounds_hold(choices):
    choices.hold("tau_syn_fast", True)
    choices.bound("amp_slow", 0.1, 0.3)
    held = choices.values.tau_syn_fast
    fit = picture(choices).fit
    assert fit.best.tau_syn_fast == held
    assert 0.1 <= fit.best.amp_slow <= 0.3
    choices.hold("tau_syn_fast", False)
    choices.bound("amp_slow", None, None)
    assert choices.fixed == frozenset() and choices.bounds == ()


def test_a_number_that_is_moved_while_the_rest_is_kept_fitted_is_held(choices):
    choices.choose("weight", -50.0)
    assert choices.fixed == frozenset()
    choices.keep_fitted = True
    choices.choose("weight", -55.0)
    assert choices.fixed == {"weight"}


def test_moving_a_number_prepares_no_samples_anew(choices):
    preparer = Preparer()
    first = preparer(choices.preparation)
    choices.choose("weight", -10.0)
    assert preparer(choices.preparation) is first
    choices.sweeps = (1,)
    assert preparer(choices.preparation) is not first


def test_readouts_are_those_of_the_fit(choices):
    found = picture(choices)
    told = goodness(found.prepared, found.fit.waveform(found.prepared.time))
    assert told["r2"] == pytest.approx(found.fit.r2, rel=1e-9)
    assert told["rms"] == pytest.approx(found.fit.rms, rel=1e-9)


def test_a_closer_look_has_an_interval_around_each_number(choices):
    fit = picture(choices).fit
    closer = look_closer(fit)
    assert set(closer.intervals) == set(PARAMETERS)
    for name, interval in closer.intervals.items():
        assert interval.low < getattr(fit.best, name) < interval.high
    assert [model.name for model in closer.models][-1] == "double alpha"


# Many


def test_every_sweep_is_fitted_by_itself_and_a_job_can_be_cancelled():
    rec = recording(sweeps=130, noise=1.0)
    start = PscParameters(*TRUTH, ONSET, 3.0)
    seen = []
    fits = fit_sweeps(
        rec.time, rec.sweeps, start, frozenset(), (), lambda n: seen.append(n) or True
    )
    assert seen == [64, 128, 130] and len(fits.r2) == 130
    assert np.median(fits.values.tau_syn_slow) == pytest.approx(5.0, rel=0.05)
    part = fit_sweeps(rec.time, rec.sweeps, start, frozenset(), (), lambda n: False)
    assert len(part.r2) == 64


def test_far_values_are_outliers():
    values = np.r_[np.linspace(0.9, 1.1, 20), 30.0, 0.01]
    assert np.flatnonzero(outliers(values)).tolist() == [20, 21]


def test_events_become_sweeps_that_are_aligned():
    t = np.arange(0.0, 1000.0, 0.05)
    onsets = np.arange(60.0, 950.0, 90.0)
    clean = sum(np.asarray(psc_waveform(TRUTH, t - onset)) for onset in onsets)
    noise = np.random.default_rng(5).standard_normal(len(t))
    found = events_as_sweeps(
        Recording.from_arrays(t, clean + noise),
        (0,),
        method="template",
        threshold=4.0,
        before=3.0,
        after=30.0,
    )
    assert len(found.sweeps) == len(onsets)
    peak = found.mean().min()
    expected = float(np.asarray(psc_waveform(TRUTH, np.linspace(0, 5, 500))).min())
    assert peak == pytest.approx(expected, rel=0.05)


# The challenge


def test_a_challenge_is_the_same_for_everyone_with_its_number():
    one, other = pose(7, 20.0), pose(7, 20.0)
    assert one.shape == other.shape
    assert np.array_equal(one.recording.sweeps, other.recording.sweeps)
    assert pose(8, 20.0).shape != one.shape
    assert str(one.shape.tau_syn_fast) not in one.recording.name


@pytest.mark.parametrize("snr", NOISE.values())
def test_the_truth_scores_all_points_and_a_flat_guess_few(snr):
    challenge = pose(3, snr)
    truth = PscParameters(*challenge.shape, challenge.onset, 0.0)
    assert score(challenge, truth).points == 100
    assert score(challenge, truth).distance < 1e-6
    flat = truth._replace(weight=1e-6)
    assert score(challenge, flat).points < 60


def test_unlike_numbers_of_a_like_curve_score_well_and_the_reason_is_told():
    challenge = pose(3, 20.0)
    w, fast, slow, a = challenge.shape
    exchanged = PscParameters(w * a, slow, fast, 1.0 / a, challenge.onset, 0.0)
    found = score(challenge, exchanged)
    assert found.points == 100
    assert any("make up for it" in sentence for sentence in found.why)


def test_a_link_carries_a_hidden_synapse_and_how_far_one_is_with_it():
    session, other = Session(), Session()
    choices, theirs = WorkshopChoices(), WorkshopChoices()
    for one, its in ((session, choices), (other, theirs)):
        mirror(one, "workshop", its)
    view, follower = ChallengeView(choices), ChallengeView(theirs)
    view.seed.value, view.noise.value = 7, 5.0
    view._begin()
    choices.choose("tau_syn_fast", 1.25)
    assert "workshop.example=hidden-5-7" in to_query(session)
    assert open_query(other, to_query(session)) == []
    assert follower.challenge.shape == view.challenge.shape and follower.noise.value == 5.0
    assert np.array_equal(theirs.recording.sweeps, choices.recording.sweeps)
    assert theirs.now._replace(recording=None) == choices.now._replace(recording=None)
    session.undo()
    session.undo()
    assert view.challenge is None and view.check.disabled


@pytest.mark.parametrize(
    "key", ["hidden-20-", "hidden-7-1", "hidden-20-1e3", "hidden-20-12345678901"]
)
def test_a_hidden_synapse_that_is_none_is_told(key):
    (told,) = open_query(Session(), f"v=1&workshop.example={key}")
    assert "hidden-20-1" in told


# Taking it away


def test_an_inward_current_becomes_a_weight_that_depolarises():
    assert synapse_of(TRUTH).weight == 60.0


def test_accepting_puts_the_shape_on_the_port_and_undo_takes_it_back():
    session = Session()
    before = session.choices
    shape = synapse_of(TRUTH)
    session.accept(with_synapse(session.cell, shape), shape.weight)
    assert session.value("tau_syn_slow", 0) == 5.0 and session.value("weight") == 60.0
    session.undo()
    assert session.choices == before and not session.can_undo


def test_the_report_holds_its_figure_and_the_numbers(choices):
    found = picture(choices)
    closer = look_closer(found.fit)
    with zipfile.ZipFile(report_zip(found.prepared, found.fit, closer)) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert "figure.svg" in files["report.md"] and "<svg" in files["figure.svg"]
    rows = {row["parameter"]: row for row in csv.DictReader(io.StringIO(files["parameters.csv"]))}
    written = json.loads(files["fit.json"])
    for name in PARAMETERS:
        best = getattr(found.fit.best, name)
        assert float(rows[name]["best"]) == best
        assert written["parameters"][name]["best"] == best
        assert f"| {name} |" in files["report.md"]
    assert written["r2"] == found.fit.r2


def test_the_samples_add_up_in_the_csv(choices):
    found = picture(choices)
    table = list(csv.DictReader(io.StringIO(samples_csv(found.prepared, found.fit.best))))
    assert len(table) == len(found.prepared.time)
    for row in table[:: len(table) // 7]:
        left = float(row["current_pA"]) - float(row["model_pA"]) - float(row["residual_pA"])
        assert abs(left) < 1e-3


def test_the_curve_leaves_as_a_figure_with_its_numbers(choices):
    found = picture(choices)
    svg = figure_of(found.prepared, found.fit.best, "svg").decode()
    for piece in ("residual (pA)", "recording", "tau_syn_slow", f"{found.fit.best.amp_slow:g}"):
        assert piece in svg, piece
    assert figure_of(found.prepared, found.fit.best, "png").startswith(b"\x89PNG")


def test_the_csv_of_the_recording_has_every_sample_of_the_mean_that_is_drawn():
    choices = WorkshopChoices()
    choices.open(recording(interval=0.025))
    choices.param.update(sweeps=(1, 3), levelled=False, factor=2.0, inverted=True)
    rows = list(csv.DictReader(io.StringIO(recording_csv(strip_of(choices)))))
    time, current = (
        np.array([float(row[name]) for row in rows]) for name in ("time (ms)", "current (pA)")
    )
    assert len(prepare(choices.preparation).whole) < len(rows) == len(choices.recording.time)
    assert np.abs(time - choices.recording.time).max() < 1e-9
    np.testing.assert_allclose(current, -2.0 * choices.recording.sweeps[[1, 3]].mean(axis=0))
    assert rows[3]["time (ms)"] == "0.075"


def test_the_csv_of_the_recording_is_levelled_as_the_strip_is(choices):
    strip = strip_of(choices)
    rows = csv.DictReader(io.StringIO(recording_csv(strip)))
    current = {float(row["time (ms)"]): float(row["current (pA)"]) for row in rows}
    drawn = zip(strip.prepared.whole_time, strip.prepared.whole, strict=True)
    assert all(current[round(float(time), 9)] == value for time, value in drawn)


def test_a_recording_that_is_too_long_for_a_table_says_what_to_do(choices, monkeypatch):
    monkeypatch.setattr("glifscope.workshop.overview_export.MOST_ROWS", 1000)
    with pytest.raises(ParameterError, match=r"1200 samples.*at most 1000.*load_recording"):
        recording_csv(strip_of(choices))


def test_the_strip_leaves_as_a_figure_whose_caption_has_what_is_drawn():
    choices = WorkshopChoices()
    choices.open(train(name="cell 4.abf"))
    choices.param.update(window=(55.0, 90.0), quiet=(50.0, 58.5))
    text = words(recording_figure(strip_of(choices, (60.0, 160.0, 260.0)), "svg"))
    for piece in (
        "cell 4.abf: its one sweep, 8000 samples, one every 0.05 ms, from 0 to 399.95 ms",
        "Window, in blue: 55 to 90 ms",
        "Baseline, in green: 50 to 58.5 ms, whose mean is taken from each sweep",
        "Events found, in purple: 3, at 60, 160, 260 ms",
        "Drawn at 4000 of the samples",
        "glifcore",
        *("time (ms)", "current (pA)", "recording", "window", "baseline", "event"),
    ):
        assert piece in text, piece


def test_a_strip_without_events_and_baseline_names_none():
    choices = WorkshopChoices()
    choices.open(recording())
    choices.param.update(quiet=(0.0, 0.0), inverted=True, factor=1000.0)
    text = words(recording_figure(strip_of(choices), "svg"))
    assert "Turned upside down." in text and "a scale factor of 1000." in text
    assert not any(word in text for word in ("event", "Events", "baseline", "Baseline", "Drawn"))


@pytest.mark.parametrize(
    ("sweeps", "told"),
    [
        ((0, 1, 2, 3, 4), "mean of all 5 sweeps"),
        ((3,), "sweep 4 of 5"),
        ((0, 1, 2, 4), "mean of the sweeps 1-3, 5 of 5"),
    ],
)
def test_the_caption_of_the_strip_names_the_sweeps_that_are_averaged(choices, sweeps, told):
    choices.sweeps = sweeps
    assert told in words(recording_figure(strip_of(choices), "svg"))


def test_of_many_events_the_caption_has_the_first_and_the_last(choices):
    text = words(recording_figure(strip_of(choices, np.linspace(5.0, 50.0, 13)), "svg"))
    assert "Events found in the mean of all sweeps, in purple: 13, at 5 to 50 ms" in text


def test_the_strip_has_files_from_when_there_is_a_recording():
    workshop = Workshop(Session(), visitor_pools())
    panel = workshop.overview.__panel__()
    made = {button.label: button for button in panel.select(pmui.FileDownload)}
    assert {button.filename for button in made.values()} == {
        "recording.csv",
        "recording.png",
        "recording.svg",
    }
    assert b"There is no picture yet" in result_of(made["CSV"].callback()).read()
    workshop._open(train())
    workshop.choices.window = (150.0, 190.0)
    assert result_of(made["CSV"].callback()).read().count(b"\n") == 8001
    text = words(result_of(made["SVG"].callback()).read())
    assert "150 to 190 ms" in text and "in purple: 3, at" in text
    assert result_of(made["PNG"].callback()).read().startswith(b"\x89PNG")
    workshop.choices.recording = None
    assert b"There is no picture yet" in result_of(made["CSV"].callback()).read()


def test_the_marks_of_events_are_those_of_the_recording_at_the_top_of_its_strip(monkeypatch):
    workshop = Workshop(Session(), visitor_pools())
    strip = workshop.overview
    workshop._open(train())
    for workshop.choices.inverted in (True, False):
        assert (strip._events.data["y"] == strip.figure.y_range.end).all()
    assert len(strip.times) == 3
    # While those of the next recording are looked for, those of the last are gone.
    monkeypatch.setattr(workshop._background, "run", lambda work, then: None)
    workshop._open(recording())
    assert len(strip.times) == len(strip._strip.events) == 0


def test_without_a_fit_the_page_says_what_report_and_json_wait_for(choices):
    workshop = Workshop(Session(), visitor_pools())
    view = workshop.take_away
    assert not view._missing.visible  # without a recording there is nothing to fit
    workshop._open(choices.recording)
    assert view.downloads["Report"].disabled and view.downloads["JSON"].disabled
    assert "these samples have none yet. Click Fit" in view._missing.object
    told = result_of(view.downloads["JSON"].callback()).read().decode()  # clicked just before
    assert "Click Fit" in told
    workshop.fit()
    assert not view.downloads["Report"].disabled and not view._missing.visible
    workshop.choices.window = (2.0, 40.0)  # other samples
    assert view.downloads["Report"].disabled and view._missing.visible


def test_the_files_of_a_recording_without_samples_say_what_is_wrong_with_it():
    workshop = Workshop(Session(), visitor_pools())
    opened = begun(recording())._replace(window=(5.0, 5.1))
    workshop.choices.start_with(opened)
    made = workshop.take_away.downloads
    strip = next(iter(workshop.overview.__panel__().select(pmui.FileDownload)))
    for button in (made["CSV"], made["Curve (SVG)"], strip):
        told = result_of(button.callback()).read().decode()
        assert "Between 5 and 5.1 ms there are 2 samples" in told


def test_the_six_numbers_have_units_and_ranges():
    for name, unit in PARAMETERS.items():
        info = field_of(name)
        assert info.unit == unit and info.meaning and info.typical[0] < info.typical[1]


def test_in_a_long_recording_events_are_looked_for_at_its_beginning(monkeypatch):
    monkeypatch.setattr("glifscope.workshop.proposal.MOST_SEARCHED", 1500)
    t = np.arange(0.0, 400.0, 0.1)
    current = sum(psc_waveform(TRUTH, t - onset) for onset in (60.0, 300.0))
    found = Recording.from_arrays(t, np.asarray(current) + 0.1 * np.sin(7.0 * t))
    assert found.time[-1] > 300.0 and propose(found).window[1] < 150.0
    choices = WorkshopChoices()
    choices.open(found)
    prepared = prepare(choices.preparation)
    assert "Events are looked for in its first 149.9 ms." in prepared.notes
    assert len(_events_of(found)[0]) == 1


def test_a_flat_recording_is_opened_all_the_same():
    t = np.arange(0.0, 50.0, 0.1)
    found = propose(Recording.from_arrays(t, np.zeros(len(t))))
    assert found.window[0] < found.window[1] and found.values.weight != 0


def test_bounds_are_typed_as_text_and_what_is_no_number_is_marked(choices):
    controls = FitControls(choices)
    controls.low["amp_slow"].value = "0,1"
    assert choices.bounds == ()  # one end is not yet a bound
    controls.high["amp_slow"].value = "0.3"
    assert choices.bounds == (("amp_slow", 0.1, 0.3),)
    controls.high["amp_slow"].value = "much"
    assert controls.high["amp_slow"].error_state and choices.bounds == ()
    choices.bound("weight", -90.0, -10.0)
    assert (controls.low["weight"].value, controls.high["weight"].value) == ("-90", "-10")
    choices.open(recording())
    assert controls.low["weight"].value == "" and not controls.held["weight"].value


def test_impossible_bounds_are_told_and_the_last_picture_stays(choices):
    choices.bound("amp_slow", 2.0, 1.0)
    found = picture(choices)
    assert found.fit is None and "`amp_slow` are 2 and 1" in found.problem
    assert found.prepared is not None


def test_the_proposed_curve_lies_on_the_levelled_recording():
    choices = WorkshopChoices()
    choices.open(recording(offset=-40.0))
    prepared = prepare(choices.preparation)
    curve = choices.values.baseline + np.asarray(
        psc_waveform(choices.shape, prepared.time - choices.values.onset)
    )
    assert goodness(prepared, curve)["r2"] > 0.95


def test_an_event_that_is_clicked_is_fitted_also_upside_down():
    workshop = Workshop(Session(), visitor_pools())
    workshop._open(train())
    assert len(workshop.overview.times) == 3
    workshop.choices.inverted = True
    workshop._take_event(1)
    assert workshop.choices.window[0] < 160.0 < workshop.choices.window[1]
    workshop.fit()
    fit = workshop.results.fit
    assert fit.best.onset == pytest.approx(160.0, abs=0.2)
    assert fit.best.weight == pytest.approx(60.0, rel=0.1)


def test_the_menu_of_examples_says_which_one_is_open_whatever_opened_it():
    session = Session()
    workshop = Workshop(session, visitor_pools())
    session.workshop = examples.begun_with("train")  # as a link or an undo does
    assert workshop.source.example.value == examples.EXAMPLES["train"]
    workshop.source.example.value = examples.EXAMPLES["granule"]
    assert session.workshop.example == "granule"
    workshop._open(recording())
    assert workshop.source.example.value == "none"


def test_a_file_that_breaks_its_reader_is_told_and_what_was_there_stays(monkeypatch, caplog):
    workshop = Workshop(Session(), visitor_pools())
    workshop._open(recording())
    before = workshop.choices.recording

    def broken(*args, **kwargs):
        raise RuntimeError("no reader said why")

    monkeypatch.setattr("glifscope.workshop.workspace.read_recording", broken)
    workshop.open_file("odd.abf", b"")
    assert "could not be read" in workshop.source.told.object
    assert workshop.choices.recording is before
    assert "no reader said why" in caplog.text

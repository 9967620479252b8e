"""Each figure of the page as PNG, SVG and CSV: the numbers of its picture, and what it rests on."""

import csv
import io
import json
import struct
from xml.etree import ElementTree

import numpy as np
import pytest
from glifscope.cells import choices as cells
from glifscope.cells.atlas import label_of as label_of_cells
from glifscope.cells.export import fits_csv, fits_document, points_csv, table_csv
from glifscope.cells.filters import Filters
from glifscope.cells.scatter import ScatterView
from glifscope.choices import DT, Choices, Driven, fitted, presets
from glifscope.climb import compute_climb
from glifscope.downloads import take_away
from glifscope.export.autopsy import autopsy_csv, autopsy_figure
from glifscope.export.climb import climb_csv, climb_document, climb_figure
from glifscope.export.firing import ends_of, firing_csv, firing_document, firing_figure
from glifscope.export.neuron import psc_figure, told_of, traces_figure
from glifscope.export.run import json_of
from glifscope.export.table import csv_of
from glifscope.export.words import caption
from glifscope.firing import compute_firing
from glifscope.population import export as population
from glifscope.population.choice import PopulationChoice
from glifscope.population.detail import Look, look_at
from glifscope.population.run import Asked, Task, compute
from glifscope.population.scripts import neuron_document, population_document
from glifscope.results import Asked as AskedOfOne
from glifscope.results import compute as compute_one
from glifscope.session import Session
from glifscope.synapses import choices as synapses
from glifscope.synapses import export as synapses_export
from glifscope.synapses.catalogue import label_of
from glifscope.synapses.scatter import ScatterView as ClassesView
from glifscope.url_state import open_query
from glifscope.workshop.choices import WorkshopChoices
from glifscope.workshop.examples import begun_with
from glifscope.workshop.overview_export import Strip, recording_figure
from glifscope.workshop.results import prepare
from PIL import Image

from glifcore import (
    GlifModel,
    GlifParameters,
    ParameterError,
    RecordedCurrent,
    SpikeTrain,
    simulate,
)
from tests.visitors import run as result_of

CELL, OTHER = "467003163", "490376252"


def table(text):
    """The columns of a CSV, as text, without the cells that only fill up the shorter ones."""
    head, *rows = csv.reader(io.StringIO(text))
    return {name: [row[i] for row in rows if any(row[i:])] for i, name in enumerate(head)}


def numbers(column):
    return np.array([float(cell) if cell else np.nan for cell in column])


def words(svg):
    """All text of an SVG, in one line."""
    return " ".join(" ".join(ElementTree.fromstring(svg).itertext()).split())


def size(png):
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", png[16:24])


@pytest.fixture(scope="module")
def chosen():
    return Choices(preset=CELL, cell=fitted(CELL, GlifModel.GLIF5))


@pytest.fixture(scope="module")
def climb(chosen):
    return compute_climb(chosen)


@pytest.fixture(scope="module")
def firing(chosen):
    return compute_firing(chosen)


@pytest.fixture(scope="module")
def frame():
    return compute_one(AskedOfOne(Choices(), 0, 2))


def simulated(n_neurons=12, **population_choice):
    choices = Choices(population=PopulationChoice(n_neurons=float(n_neurons), **population_choice))
    return compute(Task(Asked(choices), 10.0), seconds=1e9)


@pytest.fixture(scope="module")
def picture():
    return simulated()


@pytest.fixture(scope="module")
def one(picture):
    look = Look(picture.run.asked, picture.run.members, 3)
    return look_at(look)


@pytest.fixture(scope="module")
def atlas():
    return cells.compute(cells.Asked(filters=Filters(species="human", least=0.5)))


@pytest.fixture(scope="module")
def strip():
    choices = WorkshopChoices()
    choices.start_with(begun_with("exc_to_pv"))
    return Strip(prepare(choices.preparation), choices.window, np.array([choices.values.onset]))


@pytest.fixture(scope="module")
def explorer():
    return synapses.compute(synapses.Asked(), GlifParameters(), 0)


FIGURES = {
    "climb": (
        lambda get, form: climb_figure(get("climb"), form),
        ["time (ms)", "V_m (mV)", "GLIF1 refitted: g 8.75676 nS", "weight 100 pA", "EV 71%"],
    ),
    "firing": (
        lambda get, form: firing_figure(get("firing"), form),
        ["constant current (pA)", "rate (spikes/s)", "Rheobase 192.447 pA", "C_m 75.8202 pF"],
    ),
    "autopsy": (
        lambda get, form: autopsy_figure(
            get("frame").choices, get("frame").spike, get("frame").autopsy, form
        ),
        ["potential above E_L (mV)", "Spike 3, at 110 ms", "g 9.43 nS", "ASCurrents[1]"],
    ),
    "traces": (
        lambda get, form: traces_figure(Driven.by(get("chosen")), form, told_of(get("chosen"))),
        ["potential (mV)", "I_syn (pA)", "time (ms)", "C_m 75.8202 pF", "amplitude 320 pA"],
    ),
    "psc": (
        lambda get, form: psc_figure(get("chosen"), 0, form),
        ["current (pA)", "time (ms)", "tau_syn_slow 6 ms"],
    ),
    "population": (
        lambda get, form: population.population_figure(get("picture"), form),
        ["rate (1/s)", "time (ms)", "own_rate 40 1/s", "seed 1", "V_th 1 mV", "bins of 10 ms"],
    ),
    "rates": (
        lambda get, form: population.rates_figure(get("picture"), form),
        ["rate of a neuron (1/s)", "neurons", "mean rate", "silent", "own_rate 40 1/s", "seed 1"],
    ),
    "recording": (
        lambda get, form: recording_figure(get("strip"), form),
        ["time (ms)", "current (pA)", "mean of all 12 sweeps", "Window, in blue", "Baseline, in"],
    ),
    "neuron": (
        lambda get, form: population.neuron_figure(get("one"), form),
        ["potential (mV)", "Neuron 3", "correlation time of 3 ms", "n_neurons 12"],
    ),
    "atlas": (
        lambda get, form: ScatterView(get("atlas"), lambda name: None).figure(form),
        ["tau_m (ms)", "V_th - E_L (mV)", "species human", "least explained variance 0.5"],
    ),
    "waveform": (
        lambda get, form: synapses_export.waveform_figure(get("explorer"), form),
        ["current (pA)", "from rest (mV)", "weight 100 pA", "C_m 58.72 pF", "amp_slow 0.265928"],
    ),
    "classes": (
        lambda get, form: ClassesView(get("explorer"), lambda name: None).figure(form),
        ["time to peak (ms)", "decay to 1/e (ms)", "Chosen, e4 → pv", "On port 0"],
    ),
    "tiles": (
        lambda get, form: synapses_export.heat_map_figure(get("explorer"), form),
        ["tau_syn_slow (ms)", "onto (postsynaptic class)", "Outlined: e4 → pv", "probably a"],
    ),
}


@pytest.mark.parametrize("name", FIGURES)
def test_an_svg_has_its_axes_and_its_numbers_as_text(name, request):
    make, pieces = FIGURES[name]
    text = words(make(request.getfixturevalue, "svg"))
    for piece in (*pieces, "glifcore"):
        assert piece in text, piece


@pytest.mark.parametrize("name", FIGURES)
def test_a_png_is_as_wide_as_a_page_and_its_caption_lies_within(name, request):
    png = FIGURES[name][0](request.getfixturevalue, "png")
    width, height = size(png)
    assert width == 1400 and 500 < height < 2500
    edge = pixels(png)[:, -4:]
    assert (edge == edge.max()).all()  # nothing runs over the right edge


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("L"))


def test_columns_come_back_exactly_and_end_in_empty_cells():
    exact = np.array([0.1 + 0.2, np.pi, -1e-300, np.nan])
    coarse = np.array([0.1, 1 / 3], np.float32)
    columns = table(csv_of({"a": exact, "b": coarse, "c, d": ["x, y", "z"]}))
    np.testing.assert_array_equal(numbers(columns["a"])[:3], exact[:3])
    np.testing.assert_array_equal(numbers(columns["b"]).astype(np.float32)[:2], coarse)
    assert columns["c, d"] == ["x, y", "z"]


def test_the_csv_of_the_climb_has_every_run(climb):
    columns = table(climb_csv(climb))
    stimulus = climb.choices.arriving()
    assert len(columns) == 1 + 3 * len(climb.runs)
    for run in climb.runs:
        name = f"{run.level.name} {'refitted' if run.kind == 'refitted' else 'by its flags'}"
        traces = simulate(run.cell, stimulus, dt=DT)
        np.testing.assert_array_equal(numbers(columns[f"{name}: V_m (mV)"]), traces.V_m)
        np.testing.assert_array_equal(numbers(columns[f"{name}: threshold (mV)"]), traces.threshold)
        assert numbers(columns[f"{name}: spike"]).sum() == len(run.spike_times)


def test_the_csv_of_the_curve_has_every_level(firing):
    head, *rows = csv.reader(io.StringIO(firing_csv(firing)))
    read = np.array([numbers(row) for row in rows]).T
    np.testing.assert_array_equal(read[0], firing.currents)
    np.testing.assert_array_equal(read[1:4], np.array(firing.rates))
    np.testing.assert_array_equal(read[4:], np.array(list(firing.others.values())))
    assert head[0] == "current (pA)" and head[-1] == "spikes in 1 s, GLIF4"


def test_every_level_is_named_at_the_end_of_its_curve_once(firing):
    for near in (0.0, 20.0, 1e6):
        names = ", ".join(end.name.removeprefix("GLIF") for end in ends_of(firing, near))
        assert sorted(names.split(", ")) == ["1", "2", "3", "4", "5"]
    assert [end.name for end in ends_of(firing, 1e6)] == ["GLIF1, 2, 3, 4, 5"]


def test_the_csv_of_the_autopsy_adds_up(frame):
    columns = table(autopsy_csv(frame.autopsy))
    values = numbers(columns["value (mV)"])
    potential = np.array([of.startswith("potential") for of in columns["of"]])
    assert values[potential].sum() == pytest.approx(frame.autopsy.U, abs=1e-9)
    assert values[~potential].sum() == pytest.approx(frame.autopsy.threshold, abs=1e-9)


def test_the_csvs_of_a_population_have_its_spikes_and_rates(picture):
    spikes, summary = picture.run.spikes, picture.summary
    columns = table(population.spikes_csv(picture))
    np.testing.assert_allclose(numbers(columns["time (ms)"]), spikes.times, rtol=0, atol=1e-6)
    np.testing.assert_array_equal(numbers(columns["neuron"]), spikes.neuron)
    columns = table(population.rate_csv(picture))
    np.testing.assert_array_equal(numbers(columns["rate, smoothed (1/s)"]), summary.smoothed)
    binned = numbers(columns["rate in the bin (1/s)"])[: len(summary.binned)]
    np.testing.assert_array_equal(binned, summary.binned)
    rates = table(population.rates_csv(picture))
    np.testing.assert_array_equal(numbers(rates["rate (1/s)"]), summary.rates)


def test_a_pinned_population_is_in_the_files(picture):
    other = simulated(seed=2.0)
    both = picture._replace(pinned=other)
    columns = table(population.rate_csv(both))
    np.testing.assert_array_equal(
        numbers(columns["pinned rate, smoothed (1/s)"]), other.summary.smoothed
    )
    difference = numbers(columns["rate less pinned rate (1/s)"])
    np.testing.assert_array_equal(difference, picture.summary.smoothed - other.summary.smoothed)
    for figure in (population.population_figure, population.rates_figure):
        text = words(figure(both, "svg"))
        assert "Pinned, in grey: 12 neurons" in text and "seed 2" in text
    assert "pinned" in text and "pinned" not in words(population.rates_figure(picture, "svg"))


@pytest.mark.parametrize("count", [5, 12, 20])
def test_the_pinned_rate_stands_beside_the_neuron_of_the_same_number(picture, count):
    other = simulated(seed=2.0, n_neurons=count)
    columns = table(population.rates_csv(picture._replace(pinned=other)))
    assert list(columns) == ["neuron", "rate (1/s)", "pinned rate (1/s)"]
    np.testing.assert_array_equal(numbers(columns["rate (1/s)"]), picture.summary.rates)
    pinned = numbers(columns["pinned rate (1/s)"])
    assert len(columns["neuron"]) == 12 and len(pinned) == min(count, 12)
    np.testing.assert_array_equal(pinned, other.summary.rates[:12])


def test_the_json_of_a_population_brings_back_its_neurons_and_the_link_to_it(picture, one):
    content = json.loads(json_of(population_document(picture)))
    assert GlifParameters.from_dict(content["neurons"]) == picture.run.members.neurons
    np.testing.assert_array_equal(content["rates_Hz"], picture.summary.rates)
    session = Session()
    assert open_query(session, content["link"]) == []
    assert session.choices == picture.run.asked.choices
    content = json.loads(json_of(neuron_document(one)))
    assert GlifParameters.from_dict(content["neuron_parameters"]) == one.look.members.one(3)
    assert content["population"]["spread"] == {"V_th": 1.0, "g": 0.5}


def test_the_json_of_climb_and_curve_has_their_runs_and_rates(climb, firing):
    runs = json.loads(json_of(climb_document(climb)))["runs"]
    for run, written in zip(climb.runs, runs, strict=True):
        assert GlifParameters.from_dict(written["parameters"]) == run.cell
        np.testing.assert_allclose(written["spike_times_ms"], run.spike_times)
    content = json.loads(json_of(firing_document(firing)))
    assert GlifParameters.from_dict(content["parameters"]) == firing.cell
    np.testing.assert_array_equal(content["currents_pA"], firing.currents)
    np.testing.assert_array_equal(content["spikes_in_1_s"], firing.rates.count)
    assert content["rate_of_the_first_interval_Hz"][0] is None  # NaN has no word in JSON


def test_the_json_of_the_explorer_has_the_class_and_the_cell(explorer):
    content = json.loads(json_of(synapses_export.waveform_document(explorer)))
    assert content["class"] == explorer.synapse.name and content["weight_pA"] == 100.0
    assert content["current"]["peak_pA"] == pytest.approx(float(explorer.features.peak))
    assert GlifParameters.from_dict(content["parameters"]) == explorer.cell


def test_the_rates_of_a_mix_name_the_cell_of_each_neuron():
    picture = simulated(mix=(CELL, OTHER))
    assert table(population.rates_csv(picture))["cell"] == [CELL, OTHER] * 6
    both = table(population.rates_csv(picture._replace(pinned=simulated(mix=(OTHER, CELL)))))
    assert both["pinned cell"] == [OTHER, CELL] * 6
    text = words(population.population_figure(picture, "svg"))
    assert "In turns around" in text and OTHER in text


def test_the_csv_of_one_neuron_has_its_trace(one):
    detail = one.frame
    columns = table(population.neuron_csv(one))
    drawn = np.rint(detail.time / DT).astype(int) - 1
    assert len(columns["spike"]) > len(drawn)  # every step, and not what is drawn alone
    np.testing.assert_allclose(numbers(columns["V_m (mV)"])[drawn], detail.V_m, rtol=1e-6)
    assert numbers(columns["spike"]).sum() == len(detail.spike_times)
    assert {"ASCurrents[1] (pA)", "injected (pA)", "arriving weight port 0 (pA)"} <= set(columns)


def test_the_csv_of_the_atlas_has_the_cells_that_pass_and_no_others(atlas):
    columns = table(table_csv(atlas))
    assert columns["cell"] == atlas.names and set(columns["species"]) == {"human"}
    for key, column in atlas.atlas.numbers.items():
        np.testing.assert_array_equal(numbers(columns[label_of_cells(key)]), column[atlas.shown])
    points = table(points_csv(atlas))
    assert points["cell"] == atlas.names and list(points)[2:] == ["tau_m (ms)", "V_th - E_L (mV)"]


def test_the_files_of_one_cell_have_its_fits_at_every_level():
    preset = presets()[CELL]
    columns = table(fits_csv(preset))
    assert list(columns) == ["quantity", *(level.name for level in preset.levels)]
    content = json.loads(json_of(fits_document(preset)))
    for level in preset.levels:
        fit = fitted(CELL, level)
        assert GlifParameters.from_dict(content["fits"][level.name]["parameters"]) == fit
        assert float(columns[level.name][columns["quantity"].index("g (nS)")]) == fit.g
    assert (
        content["fits"]["GLIF5"]["explained_variance"] == preset.explained_variance[GlifModel.GLIF5]
    )
    assert columns["GLIF1"][columns["quantity"].index("th_spike_add (mV)")] == ""


def test_an_atlas_without_a_cell_still_makes_its_files():
    none = cells.compute(cells.Asked(filters=Filters(species="human", lines=("Pvalb-IRES-Cre",))))
    assert table(table_csv(none))["cell"] == []
    assert "0 of 789 cells" in words(ScatterView(none, lambda name: None).figure("svg"))


def test_the_csvs_of_the_explorer_have_the_numbers_of_its_plots(explorer):
    columns = table(synapses_export.waveform_csv(explorer))
    np.testing.assert_array_equal(numbers(columns["fast (pA)"]), explorer.fast)
    np.testing.assert_array_equal(
        numbers(columns["potential from rest (mV)"]), explorer.psp.voltage
    )
    classes = table(synapses_export.classes_csv(explorer))
    tiles = table(synapses_export.tiles_csv(explorer))
    for key, column in explorer.catalogue.numbers.items():
        np.testing.assert_array_equal(numbers(classes[label_of(key)]), column)
    tint = explorer.asked.tint
    assert tiles[label_of(tint)] == classes[label_of(tint)] and len(tiles["from"]) == 121
    assert tiles["probably a fallback"].count("yes") == explorer.catalogue.fallback(tint).sum()


def test_a_membrane_with_a_problem_leaves_the_current():
    broken = synapses.compute(synapses.Asked(), GlifParameters(g=-1.0), 0)
    assert "no potential" in words(synapses_export.waveform_figure(broken, "svg"))
    assert "sum (pA)" in table(synapses_export.waveform_csv(broken))


def test_typed_spikes_and_recorded_currents_are_told():
    parts = (SpikeTrain((12.5, 80.0), 1.0), RecordedCurrent((0.0, 1.0, 2.0), 0.5, 10.0, 90.0))
    text = caption(Choices(stimulus=parts))
    assert "12.5, 80 ms, at port 0" in text and "3 samples, one every 0.5 ms" in text


def buttons(row):
    return {button.label: button for button in row[0] if hasattr(button, "filename")}


def test_a_row_makes_files_of_the_last_picture_and_tells_where_there_is_none():
    last = [None]
    row = take_away(
        "thing",
        lambda: last[0],
        {"": lambda picture: f"csv of {picture}"},
        lambda picture, form: f"{form} of {picture}".encode(),
    )
    made = buttons(row)
    assert [button.filename for button in made.values()] == ["thing.csv", "thing.png", "thing.svg"]
    result_of(made["CSV"].callback())
    assert "There is no picture yet" in row[1].object
    last[0] = "the first"
    assert result_of(made["CSV"].callback()).read() == b"csv of the first"
    assert not row[1].object
    last[0] = "the second"
    assert result_of(made["SVG"].callback()).read() == b"svg of the second"


def test_a_file_that_cannot_be_made_says_why_in_it():
    def refuse(picture):
        raise ParameterError("`g` is too small.")

    made = buttons(take_away("thing", lambda: 1, {"": refuse}))
    assert result_of(made["CSV"].callback()).read() == b"`g` is too small.\n"

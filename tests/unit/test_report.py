"""Numbers as people read them, and a fit written down for people and for programs."""

import csv
import io
import json
import math

import numpy as np
import pytest

from glifcore import PscShape, compare_models, fit_psc, profile_interval, psc_waveform, remarks
from glifcore.fit_result import PARAMETERS
from glifcore.report import COLUMNS, interval_text, number, rows, to_csv, to_json, to_markdown

TRUTH = PscShape(-60.0, 1.0, 5.0, 0.4)


@pytest.fixture(scope="module")
def fit():
    t = np.arange(0.0, 50.0, 0.1)
    noise = np.random.default_rng(1).standard_normal(len(t))
    current = np.asarray(psc_waveform(TRUTH, t - 8.0)) + noise
    return fit_psc((t, current), TRUTH, onset=8.0, fixed=["baseline"])


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (171.02843, 0.0071, "171.0284"),
        (2.7927, 0.49, "2.79"),
        (-197.306, 11.0, "-197"),
        (23704.7, 450.0, "23700"),
        (0.1568, None, "0.1568"),
        (None, None, "–"),
        (math.nan, 1.0, "–"),
    ],
)
def test_a_number_has_as_many_digits_as_its_error_allows(value, error, text):
    assert number(value, error=error) == text


def test_an_open_end_of_an_interval_is_told():
    assert interval_text(1.25, None, 0.1) == "1.25 to open"
    assert interval_text(None, None) == "–"


def test_csv_and_json_hold_the_numbers_themselves(fit):
    intervals = {"tau_syn_slow": profile_interval(fit, "tau_syn_slow")}
    table = list(csv.DictReader(io.StringIO(to_csv(rows(fit, intervals)))))
    written = json.loads(to_json(fit, intervals))
    assert [row["parameter"] for row in table] == list(PARAMETERS)
    assert tuple(table[0]) == COLUMNS
    for row in table:
        entry = written["parameters"][row["parameter"]]
        assert float(row["best"]) == entry["best"] == getattr(fit.best, row["parameter"])
        assert (row["stderr"] == "") == (entry["stderr"] is None)
    slow = written["parameters"]["tau_syn_slow"]
    assert (slow["low_95"], slow["high_95"]) == tuple(intervals["tau_syn_slow"])
    assert written["parameters"]["baseline"]["state"] == "fixed"
    assert np.allclose(np.array(written["covariance"], float), fit.covariance, equal_nan=True)


def test_the_report_says_all_that_is_known(fit):
    text = to_markdown(
        fit,
        title="Mine",
        about=["A made recording."],
        remarks=remarks(fit),
        models=compare_models(fit),
        figure="figure.svg",
    )
    assert text.startswith("# Mine\n\nA made recording.")
    assert "(figure.svg)" in text and "biexponential" in text and fit.message in text
    for name in PARAMETERS:
        assert f"| {name} |" in text
    for remark in remarks(fit):
        assert remark.message in text

"""What the documents show is what happens."""

import contextlib
import doctest
import io
import re
from pathlib import Path

import pytest

import glifcore

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readmes_example_prints_what_it_says():
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(example, {})
    assert printed.getvalue().split() == example.rsplit("#", 1)[1].split()


def test_the_packages_example_prints_what_it_says():
    assert doctest.testmod(glifcore, raise_on_error=True).attempted > 3


@pytest.mark.parametrize(
    "name", re.findall(r"`([a-z_]+|[A-Z][A-Za-z]+)`", README.split("## The")[2])
)
def test_every_name_in_the_table_of_the_library_exists(name):
    known = {*glifcore.__all__, *glifcore.FIELDS, *glifcore.Traces._fields, "asc_init"}
    others = {"glifcore", "asc_init", "tau_m", "tau_syn", "dc_generator", "Simulate"}
    assert name in known | others


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)]+)\)", README))
def test_every_link_of_the_readme_leads_somewhere(link):
    assert (ROOT / link).exists()

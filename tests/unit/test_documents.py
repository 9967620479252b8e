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


def test_the_guides_examples_print_what_they_say():
    guide = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    examples = "\n".join(re.findall(r"```python\n(.*?)```", guide, re.DOTALL))
    expected = re.findall(r"^ *print\(.*\)  # (.*)$", examples, re.MULTILINE)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(examples, {})
    assert printed.getvalue().splitlines() == expected
    assert len(expected) > 12


def test_the_packages_example_prints_what_it_says():
    assert doctest.testmod(glifcore, raise_on_error=True).attempted > 3


@pytest.mark.parametrize(
    "name", re.findall(r"`([a-z_]+|[A-Z][A-Za-z]+)`", README.split("## The")[2])
)
def test_every_name_in_the_table_of_the_library_exists(name):
    known = {*glifcore.__all__, *glifcore.FIELDS, *glifcore.Traces._fields}
    others = {"glifcore", "Simulate"}
    assert name in known | others


def links():
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        for link in re.findall(r"\]\(([^)]+)\)", path.read_text(encoding="utf-8")):
            yield pytest.param(path, link, id=f"{path.name}-{link}")


@pytest.mark.parametrize(("path", "link"), list(links()))
def test_every_link_leads_somewhere(path, link):
    file, _, section = link.partition("#")
    target = path.parent / file if file else path
    assert target.exists()
    headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.M) if section else []
    anchors = [re.sub(r"[^a-z0-9 -]", "", h.lower()).replace(" ", "-") for h in headings]
    assert not section or section in anchors

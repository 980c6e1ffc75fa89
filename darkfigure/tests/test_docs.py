"""The documents: their examples run, and they name only methods and functions that exist."""

import doctest
import re
from pathlib import Path

import pytest

import darkfigure as dk

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_examples_of_the_documents_run(page):
    assert doctest.testfile(str(page), module_relative=False).failed == 0


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_links_between_documents_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#:]+\.md)\)", page.read_text()):
        assert (page.parent / target).exists(), target


def test_the_command_page_names_every_method():
    text = (ROOT / "docs" / "command.md").read_text()
    assert all(method in text for method in dk.methods())


def test_functions_named_in_the_readme_exist():
    for name in re.findall(r"`([a-z_]+)`", (ROOT / "README.md").read_text()):
        assert name == "darkfigure" or hasattr(dk, name), name

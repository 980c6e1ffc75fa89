"""The pages of the documentation that are made from the code, so that they cannot drift from it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from django.utils import translation

from lygte.core.access import RULES, Verb
from lygte.core.organisations import Kind
from lygte.core.people import Role
from lygte.core.problems import CATALOGUE
from lygte.facts.register import KINDS

ROOT = Path(__file__).resolve().parents[3]
MADE = "<!-- Made by `./lygte docs` from the code; change it there. -->\n\n"


def problems_page() -> str:
    """Return the page of every numbered problem."""
    lines = ["# Problems", "", "The integer part of a number is the HTTP status. Braces stand for a detail.", ""]
    for number, kind in sorted(CATALOGUE.items(), key=lambda item: [int(part) for part in item[0].split(".")]):
        lines += [f"## {number}", "", str(kind.sentence), "", f"*What to do:* {kind.next_step}", ""]
    return "\n".join(lines)


def verbs_page() -> str:
    """Return the table of who may do what."""
    lines = ["# Who may do what", "", "Closed by default: what is not in this table, nobody may.", ""]
    lines += ["| verb | roles | organisations |", "|---|---|---|"]
    for verb in Verb:
        rule = RULES[verb]
        roles = ", ".join(str(Role(role).label) for role in Role if role in rule.roles)
        kinds = ", ".join(str(Kind(kind).label) for kind in Kind if kind in rule.kinds)
        lines.append(f"| `{verb}` | {roles} | {kinds} |")
    return "\n".join([*lines, ""])


def facts_page() -> str:
    """Return the definitions of everything that is counted."""
    lines = ["# What is counted", ""]
    for kind in sorted(KINDS.values(), key=lambda k: k.name):
        lines += [f"## {kind.label} (`{kind.name}`)", "", str(kind.definition), ""]
        lines += [f"Unit: {kind.unit}. Cells under {kind.smallest_cell} are hidden.", ""]
        for dimension in kind.dimensions:
            codes = ", ".join(f"`{code}` {label}" for code, label in dimension.values.items())
            lines += [f"- {dimension.label} (`{dimension.name}`): {codes}"]
        lines += [""]
    return "\n".join(lines)


def questions_page() -> str:
    """Return the table of question types that the app on the phone asks, from the app's own list."""
    kinds = json.loads((ROOT / "field" / "src" / "form" / "kinds.json").read_text("utf-8"))
    text = (ROOT / "field" / "src" / "form" / "kinds.md").read_text("utf-8")
    lines = ["| type | appearance | how it is asked | here |", "|---|---|---|---|"]
    lines += [
        f"| {kind['type']} | {kind['appearance'] and '`' + kind['appearance'] + '`'} | {kind['how']} | {kind['asked']} |"
        for kind in kinds
    ]
    return text.replace("{table}", "\n".join(lines))


PAGES: dict[str, Callable[[], str]] = {
    "problems.md": problems_page,
    "verbs.md": verbs_page,
    "facts.md": facts_page,
    "field/what-the-app-can-ask.md": questions_page,
}


def page(name: str) -> str:
    """Return one page, in English."""
    with translation.override("en"):
        return MADE + PAGES[name]().rstrip() + "\n"


def write_pages(folder: Path) -> list[Path]:
    """Write all pages; return where."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in PAGES:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(page(name), "utf-8")
    return [folder / name for name in PAGES]

"""The visit form as readable source; `write_workbook.py` makes the `lygte_visit.xlsx` beside it from this.

It asks for counts only: no name, no text field, no place on a map. A visit where nobody opened is four taps; what is
asked about people appears only when somebody was spoken to, and each count only when its code was chosen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from .visit_words import CODES, HINTS, MESSAGES, NOT_KNOWN, QUESTIONS, Words

FORM_ID = "lygte_visit"
TITLE = "Visit · Besøg · Bezoek"
VERSION = "2026112902"
PLACE = "/data/about/place"  # the question that asks where
FILE = Path(__file__).with_name("lygte_visit.xlsx")

LANGUAGES = ("English (en)", "Dansk (da)", "Nederlands (nl)")
SURVEY = (
    *("type", "name"),
    *(f"label::{language}" for language in LANGUAGES),
    *(f"hint::{language}" for language in LANGUAGES),
    *("required", "default", "relevant", "constraint"),
    *(f"constraint_message::{language}" for language in LANGUAGES),
    "appearance",
)
CHOICES = ("list_name", "name", *(f"label::{language}" for language in LANGUAGES))
SETTINGS = ("form_title", "form_id", "version", "default_language", "instance_name", "lygte_grade")

Row = dict[str, str]

SPOKE = "${outcome} = 'spoke'"

# Numbers are counted with a thumb: plus, minus and quick numbers. Clients that know no quick numbers show a counter.
COUNT = "counter"
THINGS = "counter chips-1-2-5-10-20-50-100"
MINUTES = "counter chips-15-30-45-60-90"
TEAM = "counter chips-1-2-3-4"


def rows() -> Iterator[Row]:
    """Yield the survey sheet row by row."""
    yield from page("about", about())
    yield from page("people", people(), relevant=SPOKE)
    yield from page("gender_group", gender(), relevant=SPOKE)
    yield from page("nationality_page", nationality(), relevant=SPOKE)
    yield from page("language_page", languages(), relevant=SPOKE)
    yield from page("health_page", health(), relevant=SPOKE)
    yield from page("leaflet_page", leaflets(), relevant=SPOKE)
    yield from page("work", work())


def page(name: str, questions: Iterator[Row], *, relevant: str = "") -> Iterator[Row]:
    """Wrap questions in a group that a phone shows on one screen."""
    yield row("begin_group", name, QUESTIONS[name], relevant=relevant, appearance="field-list")
    if name in HINTS:
        yield row("note", f"{name}_note", HINTS[name])
    yield from questions
    yield row("end_group", "")


def about() -> Iterator[Row]:
    yield ask("select_one_from_file places.csv", "place", required=True, appearance="minimal autocomplete")
    yield ask("date", "day", required=True, default="today()", constraint=". <= today()")
    yield ask("select_one parts_of_day", "part_of_day")
    yield ask("select_one outcomes", "outcome", required=True)
    met = "${outcome} = 'spoke' or ${outcome} = 'refused'"
    yield ask("integer", "refused", relevant=met, constraint=". >= 0 and . <= 200", appearance=COUNT)


def people() -> Iterator[Row]:
    yield ask("integer", "present", required=True, constraint=". >= 1 and . <= 200", appearance=COUNT)
    yield ask("integer", "spoken_to", required=True, constraint=". >= 1 and . <= ${present}", appearance=COUNT)
    yield ask("integer", "new", constraint=". >= 0 and . <= ${spoken_to}", appearance=COUNT)


def gender() -> Iterator[Row]:
    names = [f"gender_{code}" for code in CODES["genders"]]
    for code, words in CODES["genders"].items():
        yield part_of_whole(f"gender_{code}", words, names, smallest=0)


def nationality() -> Iterator[Row]:
    yield ask("select_multiple nationality_groups", "nationality_groups")
    names = [f"nationality_{code}" for code in CODES["nationality_groups"]]
    for code, words in CODES["nationality_groups"].items():
        chosen = f"selected(${{nationality_groups}}, '{code}')"
        yield part_of_whole(f"nationality_{code}", words, names, smallest=1, relevant=chosen)


def languages() -> Iterator[Row]:
    yield ask("select_multiple languages", "languages", appearance="minimal autocomplete")
    for code, words in CODES["languages"].items():
        yield row(
            "integer",
            f"language_{code}",
            words,
            required="true()",
            relevant=f"selected(${{languages}}, '{code}')",
            constraint=". >= 1 and . <= ${spoken_to}",
            message=MESSAGES["language"],
            appearance=COUNT,
        )
    yield ask("select_one interpreters", "interpreter", default="none")


def health() -> Iterator[Row]:
    yield ask("select_multiple health_items", "health_items")
    for code, words in CODES["health_items"].items():
        taken = code == "sti_taken"
        limit = "coalesce(${health_sti_offered}, 0)" if taken else "5000"
        yield row(
            "integer",
            f"health_{code}",
            words,
            required="true()",
            relevant=f"selected(${{health_items}}, '{code}')",
            constraint=f". >= 1 and . <= {limit}",
            message=MESSAGES["sti_taken" if taken else "thing"],
            appearance=THINGS,
        )


def leaflets() -> Iterator[Row]:
    yield ask("select_multiple languages", "leaflets", appearance="minimal autocomplete")
    for code, words in CODES["languages"].items():
        yield row(
            "integer",
            f"leaflet_{code}",
            words,
            required="true()",
            relevant=f"selected(${{leaflets}}, '{code}')",
            constraint=". >= 1 and . <= 5000",
            message=MESSAGES["thing"],
            appearance=THINGS,
        )


def work() -> Iterator[Row]:
    yield ask("integer", "minutes", constraint=". >= 1 and . <= 720", appearance=MINUTES)
    yield ask("integer", "team_size", default="1", constraint=". >= 1 and . <= 20", appearance=TEAM)
    yield ask("select_one yes_no", "announced")


def ask(kind: str, name: str, *, required: bool = False, constraint: str = "", **cells: str) -> Row:
    """Return a question whose words are in QUESTIONS, HINTS and MESSAGES under its name."""
    return row(
        kind,
        name,
        QUESTIONS[name],
        hint=HINTS.get(name),
        required="true()" if required else "",
        constraint=constraint,
        message=MESSAGES[name] if constraint else None,
        **cells,
    )


def part_of_whole(name: str, words: Words, names: list[str], *, smallest: int, relevant: str = "") -> Row:
    """Return a count that, with its siblings, may not exceed the people spoken to."""
    others = " + ".join(f"coalesce(${{{other}}}, 0)" for other in names if other != name)
    return row(
        "integer",
        name,
        words,
        required="true()" if relevant else "",
        relevant=relevant,
        constraint=f". >= {smallest} and . + {others} <= ${{spoken_to}}",
        message=MESSAGES["sum"],
        appearance=COUNT,
    )


def row(
    kind: str,
    name: str,
    label: Words | None = None,
    *,
    hint: Words | None = None,
    message: Words | None = None,
    **cells: str,
) -> Row:
    """Return one row of the survey sheet, with its words in every language."""
    found: Row = {"type": kind, "name": name, **{key: value for key, value in cells.items() if value}}
    for column, words in (("label", label), ("hint", hint), ("constraint_message", message)):
        if words:
            found.update({f"{column}::{language}": word for language, word in zip(LANGUAGES, words, strict=True)})
    return found


def choice_rows() -> Iterator[Row]:
    """Yield the choices sheet; the genders are asked one by one and need no list."""
    for name, labels in CODES.items():
        if name == "genders":
            continue
        closed = dict(labels)
        if name in ("parts_of_day", "interpreters"):
            closed["not_known"] = NOT_KNOWN
        for code, words in closed.items():
            labelled = {f"label::{language}": word for language, word in zip(LANGUAGES, words, strict=True)}
            yield {"list_name": name, "name": code, **labelled}


def settings_row() -> Row:
    return {
        "form_title": TITLE,
        "form_id": FORM_ID,
        "version": VERSION,
        "default_language": LANGUAGES[0],
        "instance_name": "concat(${place}, ' ', ${day})",
        "lygte_grade": "open",
    }


def sheets() -> dict[str, list[tuple[str, ...]]]:
    """Return the workbook as plain cells: sheet by sheet, the head first."""
    return {
        "survey": _cells(SURVEY, rows()),
        "choices": _cells(CHOICES, choice_rows()),
        "settings": _cells(SETTINGS, iter([settings_row()])),
    }


def _cells(columns: tuple[str, ...], found: Iterator[Row]) -> list[tuple[str, ...]]:
    return [columns, *(tuple(row.get(column, "") for column in columns) for row in found)]


# Questions that only open the counts of what was chosen in them, and what those counts start with.
OPENERS = {
    "nationality_groups": "nationality_",
    "languages": "language_",
    "health_items": "health_",
    "leaflets": "leaflet_",
}


def nest(answers: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Put flat answers into the groups of the form, as a phone would send them."""
    given = dict(answers)
    for opener, prefix in OPENERS.items():
        chosen = [name.removeprefix(prefix) for name in answers if name.startswith(prefix)]
        if chosen:
            given[opener] = " ".join(chosen)
    nested: dict[str, dict[str, str]] = {}
    group = ""
    for line in rows():
        if line["type"] == "begin_group":
            group = line["name"]
        elif line["name"] in given:
            nested.setdefault(group, {})[line["name"]] = given[line["name"]]
    return nested

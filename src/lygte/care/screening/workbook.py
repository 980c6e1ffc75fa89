"""An instrument as an XLSForm, for phones: consent first, then the signs, one section a screen, in every language.

The columns for audio are there and empty: an organisation puts the names of its own recordings into them.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from django.utils.translation import override
from openpyxl import Workbook

from . import words
from .library import LANGUAGES, Instrument, Item
from .scoring import SCALES, Answer

NAMES = {"en": "English (en)", "da": "Dansk (da)", "nl": "Nederlands (nl)"}
SURVEY = (
    *("type", "name"),
    *(f"label::{name}" for name in NAMES.values()),
    *(f"media::audio::{name}" for name in NAMES.values()),
    *("required", "relevant", "appearance"),
)
CHOICES = ("list_name", "name", *(f"label::{name}" for name in NAMES.values()))
SETTINGS = ("form_title", "form_id", "version", "default_language", "lygte_grade")
AGREES = {
    "en": "Does the person agree to be asked? Help does not depend on it.",
    "da": "Siger personen ja til at blive spurgt? Hjælpen afhænger ikke af det.",
    "nl": "Vindt de persoon het goed om vragen te krijgen? Hulp hangt er niet van af.",
}
AGE = {"en": "How old is the person?", "da": "Hvor gammel er personen?", "nl": "Hoe oud is de persoon?"}
YES_NO = ("yes", "no")

Row = dict[str, str]


def row(kind: str, name: str, label: dict[str, str] | None = None, **rest: str) -> Row:
    labels = {f"label::{NAMES[language]}": text for language, text in (label or {}).items()}
    return {"type": kind, "name": name, **labels, **rest}


def survey(instrument: Instrument) -> Iterator[Row]:
    """Yield the survey sheet row by row."""
    yield row("select_one agrees", "agrees", AGREES, required="yes")
    if len(instrument.groups) > 1:
        yield row("select_one groups", "age_group", AGE, required="yes", relevant="${agrees} = 'yes'")
    for section, title in instrument.sections.items():
        items = [item for item in instrument.items if item.dimension == section]
        yield row("begin_group", section, dict(title), relevant="${agrees} = 'yes'", appearance="field-list")
        for item in items:
            yield row(
                "select_one answers", f"{section}_{item.key}", dict(item.words), relevant=_asked(instrument, item)
            )
        yield row("end_group", "")


def _asked(instrument: Instrument, item: Item) -> str:
    if not instrument.weighted or set(item.weights) == set(instrument.groups):
        return ""
    return " or ".join(f"${{age_group}} = '{group}'" for group in item.weights)


def choices(instrument: Instrument) -> Iterator[Row]:
    lists: dict[str, dict[str, object]] = {
        "agrees": {code: words.ANSWERS[code] for code in YES_NO},
        "answers": {str(code): _answer(instrument, code) for code in SCALES[instrument.answers]},
        "groups": {group: words.GROUPS[group] for group in instrument.groups},
    }
    for name, codes in lists.items():
        for code, label in codes.items():
            said = {}
            for language in LANGUAGES:
                with override(language):
                    said[f"label::{NAMES[language]}"] = str(label)
            yield {"list_name": name, "name": str(code), **said}


def _answer(instrument: Instrument, code: Answer) -> object:
    return words.NOT_SEEN if instrument.answers == "known" and code == Answer.NO else words.ANSWERS[code]


def workbook_of(instrument: Instrument) -> bytes:
    """Return the workbook, ready to be published under “Forms”. Its answers are of the locked tier."""
    book = Workbook()
    book.remove(book.worksheets[0])
    title = " · ".join(dict.fromkeys(instrument.title[language] for language in LANGUAGES))
    settings = dict(zip(SETTINGS, (title, f"lygte_{instrument.key}", str(instrument.version), NAMES["en"], "locked"), strict=True))  # fmt: skip
    for name, columns, rows in (
        ("survey", SURVEY, survey(instrument)),
        ("choices", CHOICES, choices(instrument)),
        ("settings", SETTINGS, iter([settings])),
    ):
        sheet = book.create_sheet(name)
        sheet.append(list(columns))
        for row in rows:
            sheet.append([row.get(column) or None for column in columns])
        sheet.freeze_panes = "C2"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()

"""The catalogues of sentences: collected from the code, completed by translators, compiled without system tools.

Django's own way needs GNU gettext on the machine; Babel reads and writes the same files.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent
LOCALE = PACKAGE / "locale"
LANGUAGES = ("da", "nl")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def catalogue_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def _sources() -> Iterator[tuple[Path, bytes]]:
    """Yield every file with sentences in it as Python text; templates are turned into such text by Django."""
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            yield path, path.read_bytes()
        elif path.suffix in {".html", ".txt", ".typ"} and "templates" in path.parts:
            text = templatize(path.read_text("utf-8"), origin=str(path))
            # Indents of a template mean nothing, and would not be Python.
            yield path, "\n".join(line.lstrip() for line in text.split("\n")).encode()


def template() -> Catalog:
    """Return all sentences of the code, without translations."""
    catalogue = Catalog(project="Lygte", charset="utf-8")
    for path, text in _sources():
        found = extract("python", io.BytesIO(text), keywords=KEYWORDS, comment_tags=("Translators:",))
        for line, message, comments, context in found:
            where = [(path.relative_to(PACKAGE).as_posix(), line)]
            catalogue.add(message, None, where, auto_comments=comments, context=context)
    return catalogue


def load(language: str) -> Catalog:
    path = catalogue_path(language)
    if not path.exists():
        return Catalog(locale=language, project="Lygte", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def missing_in(catalogue: Catalog) -> list[str]:
    """Return the sentences that have no translation, or only half of their plural forms."""
    return [
        str(message.id)
        for message in catalogue
        if message.id
        and (
            message.fuzzy or not all(message.string if isinstance(message.string, (list, tuple)) else [message.string])
        )
    ]


def _calm_header(catalogue: Catalog, language: str) -> None:
    """Fix what Babel would otherwise change at every run."""
    catalogue.header_comment = f"# Lygte, every sentence in “{language}”. Collected by `./lygte messages`."
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 11, 22, tzinfo=UTC)
    catalogue.last_translator = catalogue.language_team = "Lygte"
    catalogue.msgid_bugs_address = ""


def collect(languages: Sequence[str] = LANGUAGES) -> dict[str, int]:
    """Bring the catalogues up to date with the code; return how many sentences of each wait for a translator."""
    sentences, waiting = template(), {}
    for language in languages:
        catalogue = load(language)
        catalogue.update(sentences, no_fuzzy_matching=True)
        _calm_header(catalogue, language)
        path = catalogue_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            # Without places and dates: they would change with every line of code.
            write_po(
                file, catalogue, no_location=True, omit_header=False, sort_output=True, ignore_obsolete=True, width=110
            )
        waiting[language] = len(missing_in(catalogue))
    return waiting


def compile_all() -> None:
    """Compile every catalogue that is newer than what was compiled from it."""
    for source in LOCALE.glob("*/LC_MESSAGES/django.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3])
        fresh = target.with_suffix(f".{os.getpid()}.new")
        with fresh.open("wb") as file:
            write_mo(file, catalogue)
        fresh.replace(target)

"""The formats in which filled forms leave, by the word that asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lygte.core.models import Organisation

from ..models import Submission
from .reading import Filled, filled_forms
from .schema import Schema
from .writers.csv_zip import csv_zip
from .writers.media import media_zip
from .writers.parquet_zip import parquet_zip
from .writers.xlsx import require_columns, xlsx

Stream = Callable[[], Iterator[bytes]]
Begin = Callable[[Organisation, QuerySet[Submission], Schema, Mapping[str, bytes]], Stream]
Write = Callable[[Schema, Iterator[Filled], Mapping[str, bytes]], Iterator[bytes]]


@dataclass(frozen=True)
class Format:
    """One way out: what it is called on a page, how its file ends, what kind of file it is."""

    label: str | Promise
    ending: str
    content_type: str
    begin: Begin


def _tables(write: Write, check: Callable[[Schema], None] = lambda schema: None) -> Begin:
    def begin(
        organisation: Organisation, found: QuerySet[Submission], schema: Schema, about: Mapping[str, bytes]
    ) -> Stream:
        check(schema)  # at once, while a problem can still be told
        return lambda: write(schema, filled_forms(organisation, found, schema), about)

    return begin


def _media(
    organisation: Organisation, found: QuerySet[Submission], schema: Schema, about: Mapping[str, bytes]
) -> Stream:
    return lambda: media_zip(organisation, found)


ZIP = "application/zip"
FORMATS: dict[str, Format] = {
    "xlsx": Format(
        _("Excel workbook (.xlsx)"),
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _tables(xlsx, require_columns),
    ),
    "csv": Format(_("CSV, one file for each table (.zip)"), ".csv.zip", ZIP, _tables(csv_zip)),
    "parquet": Format(_("Parquet, typed, for statistics (.zip)"), ".parquet.zip", ZIP, _tables(parquet_zip)),
    "media": Format(_("Pictures and other files (.zip)"), ".files.zip", ZIP, _media),
}

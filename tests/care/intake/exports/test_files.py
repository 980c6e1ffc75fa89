"""Files that leave: what is in them and what is not, what Excel cannot hold, and memory that does not grow."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from lygte.care.intake.actions import publish_form
from lygte.care.intake.exports import reading
from lygte.care.intake.exports.actions import begin_export
from lygte.care.intake.exports.choosing import Choice
from lygte.care.intake.exports.schema import schema_of
from lygte.care.intake.exports.writers import parquet_zip, xlsx
from lygte.care.intake.models import Attachment, FormVersion, Submission
from lygte.care.intake.storage import path_of, store_file
from lygte.core.models import AuditEntry, Member
from lygte.core.problems import Problem

from .conftest import ROUND, answers, at, put

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everywhere")]


def taken(of: FormVersion, member: Member, format: str = "csv", split: bool = False, **choice: Any) -> zipfile.ZipFile:
    export = begin_export(member=member, form=of.form, format=format, choice=Choice(**choice), split=split)
    return zipfile.ZipFile(io.BytesIO(b"".join(export.stream())))


def table(box: zipfile.ZipFile, name: str = "submissions") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(box.read(f"{name}.csv").decode("utf-8-sig"), newline="")))


def notes(of: FormVersion, member: Member, **choice: Any) -> list[str]:
    return [row["note"] for row in table(taken(of, member, **choice))]


# Which ------------------------------------------------------------------------------------------------------------------


def test_days_state_review_and_version_choose(round_form: FormVersion, bogdan: Member) -> None:
    newer = publish_form(member=bogdan, workbook=ROUND.replace("| 1  ", "| 2  ").encode(), filename="round.md")
    put(round_form, bogdan, answers(note="new year"), received_at=at("2026-01-01T00:00:00+01:00"))
    put(round_form, bogdan, answers(note="eve"), received_at=at("2025-12-31T23:59:59+01:00"), review="approved")
    put(newer, bogdan, answers(note="later"), received_at=at("2026-01-02T12:00:00Z"), state="needs_look")
    assert notes(round_form, bogdan) == ["new year", "eve", "later"]
    assert notes(round_form, bogdan, since=date(2026, 1, 1), until=date(2026, 1, 1)) == ["new year"]
    assert notes(round_form, bogdan, until=date(2025, 12, 31)) == ["eve"]
    assert notes(round_form, bogdan, review="approved") == ["eve"]
    assert notes(round_form, bogdan, state="needs_look") == ["later"]
    assert notes(round_form, bogdan, version=newer.ref) == ["later"]


def test_what_was_replaced_trashed_or_encrypted_stays(round_form: FormVersion, bogdan: Member) -> None:
    edit = put(round_form, bogdan, answers(note="edit"), review="edited")
    old = put(round_form, bogdan, answers(note="old"))
    Submission.objects.filter(pk=old.pk).update(replaced_by=edit)
    put(round_form, bogdan, answers(note="trash"), trashed_at=timezone.now())
    put(round_form, bogdan, answers(note="sealed"), encrypted=True)
    box = taken(round_form, bogdan)
    assert [(row["note"], row["__key"], row["__edits"], row["__review"]) for row in table(box)] == [
        ("edit", old.ref, "1", "edited")
    ]
    assert "1 encrypted form is not in here" in box.read("about.txt").decode()
    assert b"sealed" not in b"".join(box.read(name) for name in box.namelist())


def test_what_was_edited_is_found_by_its_own_index_however_many_forms_there_are(
    round_form: FormVersion, bogdan: Member
) -> None:
    """Asked in the order of lists, or for the organisation too, SQLite would read everything for every piece."""
    put(round_form, bogdan, answers(note="one"))
    with CaptureQueriesContext(connection) as asked:
        taken(round_form, bogdan)
    earlier = [one["sql"] for one in asked if '"replaced_by_id" IN' in one["sql"]]
    pieces = [one["sql"] for one in asked if '"id" IN' in one["sql"]]
    assert earlier and pieces
    assert not [sql for sql in earlier if '"organisation_id" =' in sql]
    assert not [sql for sql in earlier + pieces if "ORDER BY" in sql]


def test_an_export_is_of_the_moment_at_which_it_began(
    round_form: FormVersion, bogdan: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PIECE", 1)
    made = [put(round_form, bogdan, answers(note=str(number))) for number in range(3)]
    export = begin_export(member=bogdan, form=round_form.form, format="csv", choice=Choice())
    edit = put(round_form, bogdan, answers(note="edit"))
    Submission.objects.filter(pk=made[1].pk).update(replaced_by=edit)
    Submission.objects.filter(pk=made[2].pk).update(trashed_at=timezone.now())
    box = zipfile.ZipFile(io.BytesIO(b"".join(export.stream())))
    assert [row["note"] for row in table(box)] == ["0", "1", "2"]


def test_the_log_tells_before_anything_leaves(round_form: FormVersion, bogdan: Member, amina: Member) -> None:
    put(round_form, bogdan, answers(note="secret words"))
    begin_export(member=bogdan, form=round_form.form, format="xlsx", choice=Choice(since=date(2020, 1, 1)))
    (line,) = AuditEntry.objects.filter(verb="submission.export")
    assert (line.subject, line.member_ref) == (round_form.form.ref, bogdan.ref)
    assert line.details == {"format": "xlsx", "filled_forms": 1, "since": "2020-01-01"}
    with pytest.raises(Problem, match=r"403\.1"):
        begin_export(member=amina, form=round_form.form, format="csv", choice=Choice())
    with pytest.raises(Problem, match=r"400\.499"):
        begin_export(member=bogdan, form=round_form.form, format="pdf", choice=Choice())
    assert AuditEntry.objects.filter(verb="submission.export").count() == 1


# What is in a table -------------------------------------------------------------------------------------------------------


def test_columns_of_ours_parts_of_places_choices_and_corrections(round_form: FormVersion, bogdan: Member) -> None:
    body = answers(note="as sent", where="55.5 12.25 0 4.5", fruits="pear", about={"photo": "a.jpg"}, unknown="kept")
    one = put(round_form, bogdan, body, corrections={"note": "=set right", "gone": "x"})
    file = store_file("a.jpg", b"picture")
    Attachment.objects.create(organisation=bogdan.organisation, submission=one, name="a.jpg", stored_as=file.stored_as, size=7, sha256="")  # fmt: skip
    (row,) = table(taken(round_form, bogdan, split=True))
    assert (row["note"], row["__corrected"]) == ("'=set right", "1")
    assert (row["where"], row["where/latitude"], row["where/accuracy"]) == ("55.5 12.25 0 4.5", "55.5", "4.5")
    assert (row["fruits"], row["fruits/pear"], row["fruits/apple"]) == ("pear", "1", "0")
    assert (row["__files_named"], row["__files_here"]) == ("1", "1")
    assert json.loads(row["__other"]) == {"unknown": "kept", "gone": "x"}
    assert (row["__key"], row["__instance_id"], row["__sent_by"]) == (one.ref, one.instance_id, bogdan.ref)
    assert bogdan.user.name not in json.dumps(row)


def test_the_file_says_what_its_columns_mean_in_the_readers_language(round_form: FormVersion, bogdan: Member) -> None:
    lines = [line.split("\t") for line in taken(round_form, bogdan).read("columns.tsv").decode().splitlines()]
    assert ["submissions", "fruits", "text", "Fruits", "apple = Apple; pear = Pear"] in lines
    assert ["item.part", "size", "whole", "Size", ""] in lines


def test_a_question_that_moved_has_a_column_in_both_tables(bogdan: Member, round_form: FormVersion) -> None:
    moved = ROUND.replace("| 1  ", "| 2  ").replace("begin_repeat          | item ", "begin_group           | item ")
    moved = moved[: moved.rindex("|        | end_repeat            |         |               |")] + (
        "|        | end_group             |         |               |\n" + moved[moved.index("| choices |") :]
    )
    newer = publish_form(member=bogdan, workbook=moved.encode(), filename="round.md")
    put(round_form, bogdan, answers(item=[{"what": "in a repeat"}]))
    put(newer, bogdan, answers(item={"what": "in a group"}))
    box = taken(round_form, bogdan)
    assert [row["item/what"] for row in table(box)] == ["", "in a group"]
    assert [row["what"] for row in table(box, "item")] == ["in a repeat"]


def test_with_nothing_sent_the_headings_come(round_form: FormVersion, bogdan: Member) -> None:
    box = taken(round_form, bogdan)
    assert table(box) == [] and b"__parent_key" in box.read("item.part.csv")
    for format in ("xlsx", "parquet", "media"):
        assert taken(round_form, bogdan, format).testzip() is None


# Excel --------------------------------------------------------------------------------------------------------------------


def book(version: FormVersion, member: Member) -> Any:
    box = taken(version, member, "xlsx")
    assert box.fp is not None
    return openpyxl.load_workbook(box.fp)  # type: ignore[arg-type]


def cell_of(sheet: Any, heading: str, row: int = 2) -> Any:
    place = [cell.value for cell in sheet[1]].index(heading) + 1
    return sheet.cell(row, place)


def test_cells_are_typed_and_no_text_is_a_formula(round_form: FormVersion, bogdan: Member) -> None:
    put(
        round_form,
        bogdan,
        answers(note="=1+1", people=3, weight="2.5", day="2026-03-01", at="2026-07-01T10:30:00.000+02:00"),
    )
    put(round_form, bogdan, answers(note="x" * 40_000, people="123456789012345678", day="1890-01-01", at="yesterday"))
    sheets = book(round_form, bogdan)
    first = sheets["submissions"]
    assert (cell_of(first, "note").value, cell_of(first, "note").data_type) == ("=1+1", "s")
    assert cell_of(first, "note").quotePrefix
    assert (cell_of(first, "people").value, cell_of(first, "weight").value) == (3, 2.5)
    assert cell_of(first, "day").value.isoformat() == "2026-03-01T00:00:00"
    assert cell_of(first, "at").value.isoformat() == "2026-07-01T10:30:00"
    assert len(cell_of(first, "note", 3).value) == xlsx.LONGEST and cell_of(first, "note", 3).value.endswith(xlsx.CUT)
    assert cell_of(first, "people", 3).value == "123456789012345678"
    assert cell_of(first, "day", 3).value == "1890-01-01"
    assert cell_of(first, "at", 3).value is None and "yesterday" in cell_of(first, "__other", 3).value
    assert "1 × … [cut]" in "".join(str(cell.value) for cell in sheets["about"]["A"])


def test_a_table_longer_than_a_sheet_goes_on_on_the_next(
    round_form: FormVersion, bogdan: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 3)
    for number in range(5):
        put(round_form, bogdan, answers(note=str(number), item=[{"what": f"w{number}"}]))
    sheets = book(round_form, bogdan)
    assert sheets.sheetnames == [
        "submissions", "submissions (2)", "submissions (3)", "item", "item.part", "item (2)", "item (3)", "about", "columns",
    ]  # fmt: skip
    found = [cell_of(sheets[name], "note", row).value for name in sheets.sheetnames[:3] for row in (2, 3)]
    assert found == ["0", "1", "2", "3", "4", None]
    assert [cell_of(sheets["item (3)"], "what").value, cell_of(sheets["item (2)"], "what", 3).value] == ["w4", "w3"]


def test_more_columns_than_excel_has_are_refused_before_anything_leaves(
    round_form: FormVersion, bogdan: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "MOST_COLUMNS", 20)
    with pytest.raises(Problem, match=r"422\.492"):
        begin_export(member=bogdan, form=round_form.form, format="xlsx", choice=Choice())
    assert not AuditEntry.objects.filter(verb="submission.export").exists()


# Parquet ------------------------------------------------------------------------------------------------------------------


def test_parquet_is_typed_also_with_nothing_in_it_and_in_many_row_groups(
    round_form: FormVersion, bogdan: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2):
        box = taken(round_form, bogdan, "parquet")
        found = pq.ParquetFile(io.BytesIO(box.read("submissions.parquet")))
        kinds = {field.name: str(field.type) for field in found.schema_arrow}
        assert (kinds["people"], kinds["weight"], kinds["day"]) == ("int64", "double", "date32[day]")
        assert (kinds["at"], kinds["__corrected"]) == ("timestamp[ms, tz=UTC]", "bool")
        assert (found.num_row_groups, found.metadata.num_rows) == (0, 0) if number == 0 else (3, 5)
        monkeypatch.setattr(parquet_zip, "MOST_ROWS", 2)
        for one in range(5):
            put(round_form, bogdan, answers(people=one, at="2026-07-01T10:30:00.000+02:00"))
    assert found.read().to_pylist()[4]["people"] == 4
    assert found.read().to_pylist()[4]["at"].isoformat() == "2026-07-01T08:30:00+00:00"


# Files ---------------------------------------------------------------------------------------------------------------------


def test_files_lie_in_a_folder_of_their_form_and_never_outside_it(round_form: FormVersion, bogdan: Member) -> None:
    one = put(round_form, bogdan)
    for name, sealed in (("../../etc/passwd", None), ("a.jpg", None), ("A.jpg", None), ("open.jpg", b"key"), ("gone.jpg", None)):  # fmt: skip
        file = store_file(name, name.encode())
        Attachment.objects.create(
            organisation=bogdan.organisation, submission=one, name=name, stored_as=file.stored_as, size=1, sha256="",
            sealed_key=sealed,
        )  # fmt: skip
    path_of(file.stored_as).unlink()
    box = taken(round_form, bogdan, "media")
    assert {name: box.read(name) for name in box.namelist()} == {
        f"{one.ref}/.._.._etc_passwd": b"../../etc/passwd",
        f"{one.ref}/a.jpg": b"a.jpg",
        f"{one.ref}/A.jpg_2": b"A.jpg",
        "missing.txt": f"{one.ref}/gone.jpg\n".encode(),
    }


# Memory --------------------------------------------------------------------------------------------------------------------


def many(version: FormVersion, member: Member, count: int) -> None:
    """Store many filled forms quickly."""
    xml = bytes(put(version, member, answers(note="words " * 20, people=3, item=[{"what": "x"}, {"what": "y"}])).xml)
    rows = (
        Submission(
            organisation=member.organisation, form=version.form, form_version=version, instance_id=f"uuid:{count}-{number}",
            member=member, xml=xml, sha256="", received_at=at("2026-01-01T00:00:00Z") + timedelta(minutes=number),
        )
        for number in range(count - 1)
    )  # fmt: skip
    Submission.objects.bulk_create(rows, batch_size=500)


def peak_of(version: FormVersion, member: Member, format: str) -> int:
    """Return the most memory that Python held while an export left, in bytes."""
    with scope(organisation=member.organisation):
        schema_of(version.form)
    tracemalloc.start()
    size = sum(len(piece) for piece in _pieces(version, member, format))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 0
    return peak


def _pieces(version: FormVersion, member: Member, format: str) -> Iterator[bytes]:
    yield from begin_export(member=member, form=version.form, format=format, choice=Choice()).stream()


def test_memory_stays_flat_however_many_forms_there_are(
    round_form: FormVersion, bogdan: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten times the forms, the same memory: a piece of the forms and 64 KB of the file on its way. A row held is 5 KB."""
    monkeypatch.setattr(parquet_zip, "MOST_ROWS", 100)
    monkeypatch.setattr(reading, "PIECE", 50)
    formats = ("csv", "xlsx", "parquet", "media")
    many(round_form, bogdan, 150)
    few = {format: peak_of(round_form, bogdan, format) for format in formats}
    many(round_form, bogdan, 1_350)
    lots = {format: peak_of(round_form, bogdan, format) for format in formats}
    print(f"150 forms: {few}; 1,500 forms: {lots}")
    for format in formats:
        assert lots[format] < few[format] + 600_000, f"{format}: {few[format]:,} → {lots[format]:,} bytes"


def test_pieces_are_bounded_in_bytes() -> None:
    heads = [(1, 10), (2, 3_999_990), (3, 1), (4, 9_000_000), (5, 1)]
    assert list(reading.by_size(heads)) == [[1, 2], [3], [4], [5]]

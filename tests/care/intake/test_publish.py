"""From a workbook to a published form: every fault told with sheet, row and column; nothing half-published."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from lxml import etree

from lygte.care.intake import workbook as limits
from lygte.care.intake import xlsform
from lygte.care.intake.actions import publish_form
from lygte.care.intake.models import Form, FormVersion
from lygte.care.intake.xlsform import convert_workbook
from lygte.core.models import Member
from lygte.core.problems import Problem

from .conftest import basic_workbook, rezipped, xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everywhere")]
SHARED_FORM = Path(__file__).resolve().parents[4] / "shared" / "forms" / "htcds_xlsform.xlsx"
HEAD = ["type", "name", "label", "relevant", "calculation", "constraint", "required", "choice_filter"]


def faults(*survey: list[Any], choices: list[list[Any]] | None = None, **settings: str) -> list[tuple[str, str, str]]:
    """Return (number, place, sentence) of everything that is wrong with the form."""
    sheets: dict[str, list[list[Any]]] = {"survey": [HEAD, *survey]}
    sheets["choices"] = [["list_name", "name", "label"], *(choices or [["yn", "y", "Yes"], ["yn", "n", "No"]])]
    settings = {"form_id": "f", "version": "1"} | settings
    sheets["settings"] = [list(settings), list(settings.values())]
    try:
        convert_workbook(xlsx(sheets), "form.xlsx")
    except Problem as problem:
        assert problem.number == "422.100"
        return [(part.number, str(part.at), part.sentence) for part in problem.parts]
    return []


def test_a_sound_form_has_no_faults() -> None:
    assert (
        faults(
            ["start", "start"],
            ["text", "a", "A"],
            ["select_one yn", "b", "B", "${a} != ''"],
            ["begin group", "g", "G"],
            ["integer", "n", "N", None, None, ". > 0", "yes"],
            ["end group"],
            ["begin_repeat", "r", "R"],
            ["select_multiple yn or_other", "m", "M"],
            ["end_repeat"],
            ["calculate", "c", None, None, "count(${r})"],
            ["note", "say", "There are ${c}"],
            ["select_one_from_file places.csv", "p", "P"],
            ["audit", None],
        )
        == []
    )


CASES: dict[str, tuple[list[list[Any]], str, str]] = {
    "unknown type": ([["txet", "a", "A"]], "422.112", "sheet survey, row 2, column type"),
    "hopeless type": ([["zzzzqqq", "a", "A"]], "422.113", "sheet survey, row 2, column type"),
    "list forgotten": ([["select_one", "a", "A"]], "422.120", "sheet survey, row 2, column type"),
    "list misspelt": ([["select_one ynn", "a", "A"]], "422.122", "sheet survey, row 2, column type"),
    "list missing": ([["select_one colour", "a", "A"]], "422.121", "sheet survey, row 2, column type"),
    "no name": ([["text", None, "A"]], "422.123", "sheet survey, row 2, column name"),
    "bad name": ([["text", "1 a", "A"]], "422.124", "sheet survey, row 2, column name"),
    "no label": ([["text", "a"]], "422.115", "sheet survey, row 2, column label"),
    "no type": ([["text", "a", "A"], [None, "b", "B"]], "422.118", "sheet survey, row 3, column type"),
    "name twice": ([["text", "a", "A"], [], ["text", "a", "B"]], "422.114", "sheet survey, row 4, column name"),
    "group not ended": ([["begin group", "g", "G"], ["text", "a", "A"]], "422.116", "sheet survey, row 2, column type"),
    "end without begin": ([["text", "a", "A"], ["end repeat"]], "422.117", "sheet survey, row 3, column type"),
    "unknown reference": (
        [["text", "age", "A"], ["note", "b", "Age ${agee}"]], "422.128", "sheet survey, row 3, column label"
    ),
    "hopeless reference": (
        [["text", "a", "A", "${zzzz} = 1"]], "422.127", "sheet survey, row 2, column relevant"
    ),
    "bad relevant": ([["text", "a", "A", "1 = = 2"]], "422.129", "sheet survey, row 2, column relevant"),
    "bad calculation": ([["calculate", "a", None, None, "(1"]], "422.129", "sheet survey, row 2, column calculation"),
    "bad constraint": (
        [["text", "a", "A", None, None, "selectd(., 'x')"]], "422.129", "sheet survey, row 2, column constraint"
    ),
    "bad required": (
        [["text", "a", "A", None, None, None, "${a} ="]], "422.129", "sheet survey, row 2, column required"
    ),
    "bad choice filter": (
        [["select_one yn", "a", "A", None, None, None, None, "x = 'y"]],
        "422.129",
        "sheet survey, row 2, column choice_filter",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_fault_is_told_with_sheet_row_and_column(name: str) -> None:
    rows, number, place = CASES[name]
    assert (number, place) in {(found[0], found[1]) for found in faults(*rows)}


def test_several_faults_are_told_at_once_in_the_order_of_the_sheet() -> None:
    found = faults(["txet", "a", "A"], ["text", "b"], ["text", "c", "C", "${nobody} = 1 1"], ["end group"])
    assert [place for _number, place, _sentence in found] == [
        "sheet survey, row 2, column type",
        "sheet survey, row 3, column label",
        "sheet survey, row 4, column relevant",
        "sheet survey, row 4, column relevant",
        "sheet survey, row 5, column type",
    ]


def test_a_misspelt_type_gets_a_suggestion() -> None:
    assert "“text”" in faults(["txet", "a", "A"])[0][2]


def test_a_choice_without_a_name_is_told_on_its_own_sheet() -> None:
    (found,) = faults(["select_one yn", "a", "A"], choices=[["yn", "y", "Yes"], ["yn", None, "No"]])
    assert found[:2] == ("422.126", "sheet choices, row 3, column name")


def test_a_column_of_choices_that_could_be_no_element_is_told() -> None:
    sheets = {
        "survey": [["type", "name", "label"], ["select_one yn", "a", "A"]],
        "choices": [["list_name", "name", "label", "cost$"], ["yn", "y", "Yes", "4"]],
    }
    with pytest.raises(Problem) as told:
        convert_workbook(xlsx(sheets), "form.xlsx")
    assert [(part.number, str(part.at)) for part in told.value.parts] == [
        ("422.124", "sheet choices, row 1, column cost$")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "| survey |\n| | type | name | label |\n| | text | a | A | beyond | more |\n",
        'survey\n,type,name,label\n,text,a,A,beyond\n"',
    ],
    ids=["md", "csv"],
)
def test_cells_beyond_the_last_header_break_nothing(text: str, request: pytest.FixtureRequest) -> None:
    try:
        convert_workbook(text.encode(), f"form.{request.node.callspec.id}")
    except Problem as problem:
        assert problem.number in {"422.105", "422.100"}
        assert "422.133" not in {part.number for part in problem.parts}


def test_what_only_the_converter_finds_is_told_with_its_row() -> None:
    (found,) = faults(["text", "a", "A"], ["calculate", "c", None])
    assert found[0] == "422.132"
    assert found[1] == "sheet survey, row 3"


def test_a_key_with_which_no_phone_can_encrypt_is_told_with_its_place(bogdan: Member) -> None:
    book = basic_workbook().decode().replace("| version |", "| version | public_key |").replace("| 1 |", "| 1 | MIIB |")
    with pytest.raises(Problem) as caught:
        publish_form(member=bogdan, workbook=book.encode(), filename="basic.md")
    (part,) = caught.value.parts
    assert (part.number, str(part.at)) == ("422.417", "sheet settings, row 2, column public_key")


@pytest.mark.parametrize(
    "data, filename, number",
    [
        (b"PK\x03\x04 not really", "form.xlsx", "422.105"),
        (b"", "form.xlsx", "422.105"),
        (b"hello", "form.docx", "422.101"),
        (b"hello", "form.md", "422.100"),
        ("Ærø".encode("latin-1"), "form.csv", "422.104"),
        (b"x" * 10_000_001, "form.xlsx", "413.102"),
        (b"\n" * 60_000, "form.csv", "413.103"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused_with_its_number(data: bytes, filename: str, number: str) -> None:
    with pytest.raises(Problem) as caught:
        convert_workbook(data, filename)
    assert caught.value.number == number


def old_workbook(sheets: dict[str, list[list[str]]], stream: str = "Workbook") -> bytes:
    """A workbook as Excel 97 wrote them: one stream of records in a container of sectors."""

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    def begin(what: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, what, 0, 0, 0, 0))

    def text(words: str, length: str) -> bytes:
        return struct.pack(length, len(words)) + b"\x01" + words.encode("utf-16-le")

    bodies = []
    for rows in sheets.values():
        cells = [(row, column, cell) for row, line in enumerate(rows) for column, cell in enumerate(line) if cell]
        labels = (record(0x0204, struct.pack("<HHH", r, c, 0) + text(cell, "<H")) for r, c, cell in cells)
        bodies.append(begin(0x10) + b"".join(labels) + record(0x0A, b""))
    head = len(begin(5)) + sum(len(text(name, "<B")) + 10 for name in sheets) + 4
    places = [head + sum(map(len, bodies[:number])) for number in range(len(bodies))]
    book = begin(5) + b"".join(
        record(0x85, struct.pack("<IH", place, 0) + text(name, "<B"))
        for name, place in zip(sheets, places, strict=True)
    )
    book += record(0x0A, b"") + b"".join(bodies)
    book = book.ljust(max(4096, -(-len(book) // 512) * 512), b"\0")
    count = len(book) // 512

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        named = name.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<HBB", 2 * len(name) + 2, kind, 1)
        return named + struct.pack("<iii", -1, -1, child) + bytes(36) + struct.pack("<iII", start, size, 0)

    table = struct.pack("<128i", -3, -2, *range(3, count + 2), -2, *[-1] * (126 - count))
    folder = (entry("Root Entry", 5, 1, -2, 0) + entry(stream, 2, -1, 2, len(book))).ljust(512, b"\0")
    header = limits.OLD + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<iiiiiiii", 1, 1, 0, 4096, -2, 0, -2, 0) + struct.pack("<109i", 0, *[-1] * 108)
    return header + table + folder + book


@pytest.mark.parametrize("name", ["form.xls", "form.xlsx"])
def test_a_workbook_of_excel_97_is_read_whatever_its_name_says(name: str) -> None:
    sheets = {"survey": [["type", "name", "label"], ["select_one yn", "a", "Ærø?"]],
              "choices": [["list_name", "name", "label"], ["yn", "y", "Yes"]],
              "settings": [["form_id", "version"], ["old", "1"]]}  # fmt: skip
    converted = convert_workbook(old_workbook(sheets), name)
    assert (converted.form_id, converted.version) == ("old", "1")
    assert "Ærø?" in converted.xform.decode()


def test_a_workbook_locked_with_a_password_is_told_so() -> None:
    """Excel puts a locked .xlsx into the container of the old format, under another name."""
    with pytest.raises(Problem) as caught:
        convert_workbook(old_workbook({"survey": [["type"]]}, stream="EncryptedPackage"), "form.xlsx")
    assert [part.number for part in caught.value.parts] == ["422.105"]


def test_what_another_program_left_in_the_workbook_is_not_looked_at() -> None:
    book = xlsx({"survey": [HEAD, ["text", "a", "A"]]})
    out = io.BytesIO(book)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("customXml/item1.xml", '<?xml version="1.0" encoding="utf-16"?><a/>'.encode("utf-16"))
    assert convert_workbook(out.getvalue(), "form.xlsx").form_id == "form"


def test_files_of_lists_of_the_older_kinds_are_asked_for() -> None:
    """Neither `search()` nor select_one_external names its file where newer lists do; phones need it all the same."""
    book = """
| survey |
| | type | name | label | choice_filter | appearance |
| | select_one shops | shop | Shop | | minimal search('shops') |
| | select_one_external towns | town | Town | shop=${shop} | |
| choices |
| | list_name | name | label |
| | shops | code | name |
| external_choices |
| | list_name | name | label | shop |
| | towns | a | A | s1 |
"""
    assert convert_workbook(book.encode(), "basic.md").outline["media"] == ["itemsets.csv", "shops.csv"]


# Bombs ---------------------------------------------------------------------------------------------------------------


def bomb(rows: int) -> bytes:
    def swell(name: str, content: bytes) -> bytes:
        if not name.endswith("sheet1.xml"):
            return content
        many = b"".join(
            b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>a</t></is></c></row>' % (i, i) for i in range(3, rows)
        )
        return content.replace(b"</sheetData>", many + b"</sheetData>")

    return rezipped(xlsx({"survey": [HEAD, ["text", "a", "A"]]}), swell)


def refused_with(data: bytes, number: str) -> float:
    start = time.process_time()
    with pytest.raises(Problem) as caught:
        convert_workbook(data, "form.xlsx")
    assert caught.value.number == number
    return time.process_time() - start


def test_a_workbook_of_a_million_rows_is_refused_in_two_seconds() -> None:
    data = bomb(1_000_000)
    assert 1_000_000 < len(data) < limits.MAX_BYTES
    assert refused_with(data, "413.103") < 2


def test_a_workbook_with_too_many_cells_in_few_rows_is_refused(monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "MAX_CELLS", 500)
    refused_with(bomb(600), "413.108")


def test_cells_with_nothing_but_a_colour_count_less(monkeypatch: Any) -> None:
    """A sheet formatted down to the bottom is a small form all the same."""
    monkeypatch.setattr(limits, "MAX_CELLS", 500)

    def formatted(name: str, content: bytes) -> bytes:
        blank = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (i, i) for i in range(3, 800))
        return content.replace(b"</sheetData>", blank + b"</sheetData>") if name.endswith("sheet1.xml") else content

    book = rezipped(xlsx({"survey": [HEAD, ["text", "a", "A"]]}), formatted)
    assert limits.check_workbook(book, "form.xlsx") == "xlsx"
    monkeypatch.setattr(limits, "MAX_BLANK_CELLS", 700)
    refused_with(book, "413.108")


def test_a_part_that_unpacks_to_a_gigabyte_is_refused_unread() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/sharedStrings.xml", "w") as part:
        for _ in range(200):
            part.write(b" " * 1_000_000)
    assert refused_with(out.getvalue(), "413.107") < 1


def test_a_hundred_thousand_parts_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(1_001):
            archive.writestr(f"{number}.xml", b"")
    refused_with(out.getvalue(), "413.106")


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/evil.xml", "a\\..\\evil.xml"])
def test_a_part_that_points_outside_is_refused(name: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, b"x")
    refused_with(out.getvalue(), "422.105")


def test_a_sheet_with_entities_is_refused() -> None:
    def laugh(name: str, content: bytes) -> bytes:
        return content.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "ha">]><worksheet', 1)

    refused_with(rezipped(xlsx({"survey": [HEAD]}), laugh), "422.105")


def test_overlapping_parts_are_refused() -> None:
    """Two entries of the table of contents that share the same bytes, as in a bomb that never ends."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", b"<a/>")
    data = out.getvalue()
    entry, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    twice = data[entry:end] * 2
    counts = (2).to_bytes(2, "little") * 2 + len(twice).to_bytes(4, "little")
    bomb = data[:entry] + twice + data[end : end + 8] + counts + data[end + 16 :]
    with zipfile.ZipFile(io.BytesIO(bomb)) as archive:
        assert len(archive.infolist()) == 2
    with pytest.raises(limits.WorkbookRefused) as caught:
        limits.check_workbook(bomb, "form.xlsx")
    assert caught.value.number == "422.105"


def test_a_conversion_that_takes_too_long_is_stopped(monkeypatch: Any) -> None:
    monkeypatch.setattr(xlsform, "WALL_SECONDS", 0.01)
    xlsform._convert_once.cache_clear()
    with pytest.raises(Problem) as caught:
        convert_workbook(basic_workbook("slow"), "form.md")
    assert caught.value.number == "413.109"


# Publishing ----------------------------------------------------------------------------------------------------------


def test_a_form_is_published_with_its_languages_labels_and_repeats(bogdan: Member) -> None:
    version = publish_form(member=bogdan, workbook=basic_workbook(), filename="basic.md")
    assert (version.form.form_id, version.form.title, version.version) == ("basic", "Basic form", "1")
    assert version.outline["languages"] == ["English (en)", "Dansk (da)"]
    assert version.outline["repeats"] == ["/data/item"]
    assert version.outline["files"] == ["/data/photo"]
    people = next(q for q in version.outline["questions"] if q["path"] == "/data/people")
    assert people["label"] == {"English (en)": "How many people", "Dansk (da)": "Hvor mange"}
    kind = next(q for q in version.outline["questions"] if q["path"] == "/data/item/kind")
    assert kind["choices"]["a"] == {"English (en)": "Apple", "Dansk (da)": "Æble"}
    assert etree.fromstring(bytes(version.xform)).tag == "{http://www.w3.org/1999/xhtml}html"


def test_the_same_workbook_again_is_the_same_version(bogdan: Member) -> None:
    first = publish_form(member=bogdan, workbook=basic_workbook(), filename="basic.md")
    assert publish_form(member=bogdan, workbook=basic_workbook(), filename="basic.md") == first
    assert FormVersion.objects.count() == 1


def test_a_version_never_gets_other_contents(bogdan: Member) -> None:
    publish_form(member=bogdan, workbook=basic_workbook(), filename="basic.md")
    changed = basic_workbook().replace(b"How many people", b"How many persons")
    with pytest.raises(Problem) as caught:
        publish_form(member=bogdan, workbook=changed, filename="basic.md")
    assert caught.value.number == "409.135"


@pytest.mark.parametrize("through_the_database", [False, True])
def test_a_published_version_cannot_be_changed(bogdan: Member, through_the_database: bool) -> None:
    version = publish_form(member=bogdan, workbook=basic_workbook(), filename="basic.md")
    with pytest.raises((TypeError, DatabaseError)), transaction.atomic():
        if through_the_database:
            with connection.cursor() as cursor:
                cursor.execute("UPDATE intake_formversion SET version = 'x' WHERE id = %s", [version.pk])
        else:
            FormVersion.objects.filter(pk=version.pk).update(version="x")
    assert FormVersion.objects.get().version == "1"


def test_a_form_without_a_version_gets_one(bogdan: Member) -> None:
    workbook = basic_workbook().replace(b"| version |", b"| x       |")
    version = publish_form(member=bogdan, workbook=workbook, filename="basic.md")
    assert len(version.version) == 14 and version.version.isdigit()


def test_a_worker_may_not_publish(amina: Member) -> None:
    with pytest.raises(Problem) as caught:
        publish_form(member=amina, workbook=basic_workbook(), filename="basic.md")
    assert caught.value.number == "403.1"
    assert not Form.objects.exists()


def test_remarks_on_privacy_and_missing_files_are_kept(bogdan: Member) -> None:
    rows = [HEAD, ["deviceid", "d"], ["select_one_from_file nowhere.csv", "p", "P"]]
    version = publish_form(member=bogdan, workbook=xlsx({"survey": rows}), filename="My form.xlsx")
    assert {"200.101", "200.103", "200.105"} <= {found["number"] for found in version.warnings}


@pytest.mark.skipif(not SHARED_FORM.exists(), reason="the form of others lies beside the repository only")
def test_the_human_trafficking_case_data_standard_publishes(bogdan: Member) -> None:
    version = publish_form(member=bogdan, workbook=SHARED_FORM.read_bytes(), filename=SHARED_FORM.name)
    assert (version.form.form_id, version.version) == ("htcds_xlsform", "vSmt4GQA3C9uBMLPEVfgND")
    assert len(version.outline["questions"]) == 34

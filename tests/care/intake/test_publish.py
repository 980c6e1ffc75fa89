"""From a workbook to a published form: every fault told with sheet, row and column; nothing half-published."""

from __future__ import annotations

import io
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

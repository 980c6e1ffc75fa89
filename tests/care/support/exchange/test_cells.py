"""Tables as files: no cell is run by a spreadsheet, every cell comes back; a file that means ill is refused in time."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from lygte.care.support.exchange import boxes, cells
from lygte.core.cells import RUNS
from lygte.core.problems import Problem

# Anything that can stand in a record: no lone surrogates (never UTF-8) and no NUL (no database keeps it).
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
NASTY = st.sampled_from(
    ["=cmd|' /C calc'!A0", "+1", "-1+2", "@SUM(1)", "\t=1", "\r=1", "'=1", "''", "'", " =1", "＝1", ""]
)
CELLS = st.one_of(TEXTS, NASTY, st.builds(str.__add__, NASTY, TEXTS))
COLUMNS = ["con_Consent", "prs_FirstName", "cco_CaseComment"]


@given(CELLS)
@settings(max_examples=1000, deadline=None)
def test_every_cell_comes_back_as_it_was(text: str) -> None:
    assert cells.restored(cells.neutral(text)) == text


@given(CELLS)
@settings(max_examples=1000, deadline=None)
def test_no_cell_begins_with_what_a_spreadsheet_runs(text: str) -> None:
    assert cells.neutral(text).lstrip()[:1] not in RUNS


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8))
@settings(max_examples=200, deadline=None)
def test_a_table_as_csv_comes_back_as_it_was(rows: list[tuple[str, str]]) -> None:
    table = [{"con_Consent": "TRUE", "prs_FirstName": one, "cco_CaseComment": two} for one, two in rows]
    content = cells.csv_of(COLUMNS, table)
    for line in list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1:]:
        assert all(cell.lstrip()[:1] not in RUNS for cell in line)
    assert cells.read_table(content) == (COLUMNS, table)


@given(st.lists(CELLS.filter(lambda t: all(s >= " " or s in "\n\t" for s in t)), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_a_table_as_workbook_comes_back_as_it_was(texts: list[str]) -> None:
    usable = [text for text in texts if not set(text) & {"\ufffe", "\uffff"} and "_x" not in text]
    table = [{"con_Consent": "TRUE", "prs_FirstName": text, "cco_CaseComment": ""} for text in usable]
    if not table:
        return
    content = cells.xlsx_of(COLUMNS, table, "about")
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert cells.read_table(content) == (COLUMNS, table)


@given(st.lists(CELLS, min_size=1, max_size=8))
@settings(max_examples=200, deadline=None)
def test_a_table_as_json_comes_back_with_what_is_filled(texts: list[str]) -> None:
    table = [{"con_Consent": "TRUE", "prs_FirstName": text} for text in texts]
    _columns, rows = cells.read_table(cells.json_of(COLUMNS, table, {"for": "x"}))
    assert [row.get("prs_FirstName", "") for row in rows] == texts


def test_semicolons_and_missing_cells_are_read_as_spreadsheets_write_them() -> None:
    columns, rows = cells.read_table("con_Consent;prs_FirstName\nTRUE;Åse\nTRUE\n;;\n".encode())
    assert columns == COLUMNS[:2]
    assert [row.get("prs_FirstName", "") for row in rows] == ["Åse", ""]


def test_a_text_that_a_workbook_would_cut_is_refused() -> None:
    with pytest.raises(Problem, match=r"422\.616"):
        cells.xlsx_of(COLUMNS, [{"cco_CaseComment": "x" * 32_001}], "")


@pytest.mark.parametrize(
    ("content", "number"),
    [
        (b"", "422.610"),
        (b"\xff\xfe\x00", "422.610"),
        (b'con_Consent\n"never closed', "422.610"),
        (b"con_Consent,con_Consent\nTRUE,TRUE", "422.618"),
        (b"con_Consent,\nTRUE,more", "422.610"),
        (b"con_Consent\n" + b"TRUE\n" * 51, "422.615"),
        (b"con_Consent\n", "422.610"),
        (b"[1,2]", "422.610"),
        (b"{", "422.610"),
        (b"[" * 100_000, "422.610"),
        (b'[{"a": {"b": 1}}]', "422.610"),
        (b"PK\x03\x04 broken", "422.610"),
    ],
)
def test_a_file_that_is_no_table_is_a_numbered_problem(content: bytes, number: str) -> None:
    with pytest.raises(Problem) as caught:
        cells.read_table(content)
    assert caught.value.number == number


def zip_of(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def test_an_archive_that_unpacks_into_too_much_is_refused_whatever_it_says() -> None:
    bomb = zip_of({"notes.json": b"0" * (boxes.LARGEST_INSIDE + 1)})
    assert len(bomb) < boxes.LARGEST
    with pytest.raises(Problem, match=r"422\.620"):
        boxes.file_in(bomb, "notes.json", "422.620")
    lying = bomb.replace((boxes.LARGEST_INSIDE + 1).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != bomb
    with pytest.raises(Problem, match=r"422\.620"):
        boxes.file_in(lying, "notes.json", "422.620")


@pytest.mark.parametrize("name", ["../notes.json", "/etc/notes.json", "a\\..\\b"])
def test_an_archive_that_names_places_outside_itself_is_refused(name: str) -> None:
    with pytest.raises(Problem, match=r"422\.620"):
        boxes.file_in(zip_of({"notes.json": b"{}", name: b""}), "notes.json", "422.620")


def test_an_archive_of_many_files_and_a_large_workbook_are_refused() -> None:
    with pytest.raises(Problem, match=r"422\.620"):
        boxes.require_harmless(zip_of({f"{n}": b"" for n in range(boxes.MOST_FILES + 1)}), "422.620")
    with pytest.raises(Problem, match=r"422\.610"):
        cells.read_table(zip_of({"xl/workbook.xml": b" " * (boxes.LARGEST_WORKBOOK + 1)}))


def test_json_says_whose_standard_it_is() -> None:
    said = json.loads(cells.json_of(COLUMNS, [{"con_Consent": "TRUE"}], {}))
    assert "IOM" in said["attribution"] and "CC BY 4.0" in said["attribution"]

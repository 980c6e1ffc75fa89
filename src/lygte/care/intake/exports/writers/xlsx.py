"""XLSX, written as it leaves: a library that builds a workbook first would send nothing for minutes.

What Excel cannot hold is told: tables that are too long go on on a further sheet, texts that are too long are cut and
counted, numbers of more than 15 digits and days before March 1900 stand as text. Texts are texts: none is a formula.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from typing import IO, Any
from xml.sax.saxutils import escape

from django.utils import timezone

from lygte.core.cells import neutral
from lygte.core.problems import Problem

from ..reading import Filled
from ..rows import Row, every_row
from ..schema import Column, Schema, unique
from ..values import typed_of
from .sink import Package, waiting_room

MOST_ROWS = 1_048_576  # of one sheet, the heading included
MOST_COLUMNS = 16_384
LONGEST = 32_767  # characters of one cell
EXACT = 10**15
FIRST_DAY = date(1900, 3, 1)  # Excel believes in a 29 February 1900
DAY_ZERO = datetime(1899, 12, 30)
CUT = " … [cut]"
TEXT, QUOTED, DAY, MOMENT, HEAD = 0, 1, 2, 3, 4  # the styles below, by number
ESCAPES = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # what Excel would take for a sign of its own
NOT_IN_A_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")

STYLES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/><xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="22" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
BEGIN = (
    f'{HEADER}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>'
)
END = "</sheetData></worksheet>"


class _Cells:
    """Turns values into cells, and counts what did not fit whole."""

    def __init__(self) -> None:
        self.cut = 0

    def line(self, values: Sequence[Any], style: int = TEXT) -> bytes:
        return f"<row>{''.join([self.cell(value, style) for value in values])}</row>".encode()

    def cell(self, value: Any, style: int = TEXT) -> str:
        if value is None or value == "":
            return "<c/>"
        if isinstance(value, bool):
            return f'<c t="b"><v>{int(value)}</v></c>'
        if isinstance(value, (int, float)) and abs(value) < EXACT:
            return f"<c><v>{value!r}</v></c>"
        if isinstance(value, datetime):
            return self._moment(value)
        if isinstance(value, date):
            return self._day(value)
        return self._text(str(value), style)

    def _moment(self, value: datetime) -> str:
        """Excel knows no zones: moments stand in the installation's, and in full as text where they are too old."""
        try:
            local = timezone.make_naive(value)
        except (OverflowError, ValueError):
            return self._text(value.isoformat(), TEXT)
        if local.date() < FIRST_DAY:
            return self._text(value.isoformat(), TEXT)
        return f'<c s="{MOMENT}"><v>{(local - DAY_ZERO).total_seconds() / 86400!r}</v></c>'

    def _day(self, value: date) -> str:
        if value < FIRST_DAY:
            return self._text(value.isoformat(), TEXT)
        return f'<c s="{DAY}"><v>{(value - DAY_ZERO.date()).days}</v></c>'

    def _text(self, value: str, style: int) -> str:
        if len(value.encode("utf-16-le")) // 2 > LONGEST:
            self.cut += 1
            value = _cut(value)
        if neutral(value) != value and style == TEXT:
            style = QUOTED  # so that it is still a text when somebody edits the cell
        words = ESCAPES.sub("_x005F_", escape(value, {"\r": "&#13;"}))
        return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{words}</t></is></c>'


def _cut(value: str) -> str:
    """Return as much of a text as a cell holds; Excel counts some signs twice."""
    units = value.encode("utf-16-le")[: (LONGEST - len(CUT)) * 2]
    return units.decode("utf-16-le", errors="ignore") + CUT


class _Sheets:
    """The sheets of one table: the first, and as many more as its rows need."""

    def __init__(self, title: str, columns: Sequence[Column], cells: _Cells, begin: Callable[[str], IO[bytes]]) -> None:
        self.title, self.columns, self.cells, self.begin = title, columns, cells, begin
        self.rows = self.sheets = 0
        self.file: IO[bytes] | None = None
        self.next_sheet()

    def next_sheet(self) -> None:
        self.end()
        self.sheets, self.rows = self.sheets + 1, 1
        self.file = self.begin(self.title if self.sheets == 1 else f"{self.title} ({self.sheets})")
        self.file.write(BEGIN.encode())
        self.file.write(self.cells.line([column.name for column in self.columns], HEAD))

    def write(self, row: Row, one: Filled) -> None:
        if self.rows >= MOST_ROWS:
            self.next_sheet()
        self.rows += 1
        assert self.file is not None
        self.file.write(self.cells.line(typed_of(self.columns, row, one.system_of(row))))

    def end(self) -> None:
        if self.file is not None:
            self.file.write(END.encode())


def require_columns(schema: Schema) -> None:
    """Refuse, before anything is written, a form that asks more than Excel has columns."""
    for table in schema.tables:
        if len(table.everything) > MOST_COLUMNS:
            raise Problem("422.492", at=table.name, count=len(table.everything), most=MOST_COLUMNS)


def xlsx(schema: Schema, filled: Iterator[Filled], about: Mapping[str, bytes]) -> Iterator[bytes]:
    """Return a workbook, piece by piece: a sheet (or more) for each table, and one that says what it is."""
    require_columns(schema)
    package, cells, taken = Package(), _Cells(), set[str]()
    names: list[str] = []  # of the sheets, in the order of their files in the zip

    def sheet_name(wanted: str) -> str:
        return unique(NOT_IN_A_SHEET_NAME.sub("_", wanted), taken, 31)

    with ExitStack() as stack:
        open_member: list[IO[bytes]] = []
        waiting: list[tuple[str, IO[bytes]]] = []

        def begin_at_once(title: str) -> IO[bytes]:
            for member in open_member:
                member.close()
            names.append(sheet_name(title))
            open_member[:] = [package.open(f"xl/worksheets/sheet{len(names)}.xml")]
            return open_member[0]

        def begin_waiting(title: str) -> IO[bytes]:
            waiting.append((title, stack.enter_context(waiting_room())))
            return waiting[-1][1]

        begins = [begin_at_once, *[begin_waiting] * (len(schema.tables) - 1)]
        sheets = [
            _Sheets(table.name, table.everything, cells, begin)
            for table, begin in zip(schema.tables, begins, strict=True)
        ]
        for one in filled:
            for row in every_row(one.row):
                sheets[row.table].write(row, one)
            yield from package.drain()
        for sheet in sheets:
            sheet.end()
        for member in open_member:
            member.close()
        for title, room in waiting:
            names.append(sheet_name(title))
            yield from package.copy(f"xl/worksheets/sheet{len(names)}.xml", room)
    for title, content in about.items():
        names.append(sheet_name(title.rpartition(".")[0]))
        yield from package.put(f"xl/worksheets/sheet{len(names)}.xml", _plain_sheet(content, cells))
    for name, text in _frame(names):
        yield from package.put(name, text.encode())
    yield from package.close()


def _plain_sheet(content: bytes, cells: _Cells) -> bytes:
    """Return lines of text as a sheet of one column; those of a table with tabs have more."""
    lines = content.decode().splitlines()
    if cells.cut:
        lines.append(f"{cells.cut} × {CUT.strip()}: {LONGEST:,}")
    return (BEGIN.encode() + b"".join(cells.line(line.split("\t")) for line in lines)) + END.encode()


def _frame(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield what holds the sheets together."""
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    numbers = range(1, len(names) + 1)
    sheets = "".join(
        f'<sheet name="{escape(name, {chr(34): "&quot;"})}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in zip(numbers, names, strict=True)
    )
    yield (
        "xl/workbook.xml",
        f'{HEADER}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{sheets}</sheets></workbook>',
    )
    targets = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in numbers
    )
    styles = f'<Relationship Id="rId{len(names) + 1}" Type="{RELATIONS}/styles" Target="styles.xml"/>'
    yield (
        "xl/_rels/workbook.xml.rels",
        f'{HEADER}<Relationships xmlns="{PACKAGE}/relationships">{targets}{styles}</Relationships>',
    )
    yield "xl/styles.xml", STYLES
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{kinds}.worksheet+xml"/>'
        for number in numbers
    )
    yield (
        "[Content_Types].xml",
        f'{HEADER}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kinds}.styles+xml"/>{overrides}</Types>',
    )
    yield (
        "_rels/.rels",
        f'{HEADER}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    )

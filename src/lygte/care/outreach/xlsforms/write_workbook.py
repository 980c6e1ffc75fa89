"""Writes the workbook of the visit form: `python -m lygte.care.outreach.xlsforms.write_workbook`."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook

from .visit_form import FILE, sheets


def write(path: Path = FILE) -> None:
    """Write the workbook that phones and coordinators get."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, cells in sheets().items():
        sheet = book.create_sheet(name)
        for line in cells:
            sheet.append([cell or None for cell in line])
        sheet.freeze_panes = "C2"
    book.save(path)


if __name__ == "__main__":
    write()

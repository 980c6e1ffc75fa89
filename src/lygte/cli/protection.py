"""Commands about data protection: what is kept and why, and what has outlived its time."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .common import ROOT, AsJson, Data, console, show_json, with_django

protection = typer.Typer(no_args_is_help=True, help="What is kept about people, why, and for how long.")

Folder = Annotated[Path | None, typer.Option("--out", help="Folder for the document (default: docs/protection).")]
WithPdf = Annotated[bool, typer.Option("--pdf", help="Also write it as a PDF.")]


def _write(name: str, folder: Path | None, with_pdf: bool) -> None:
    from django.utils import translation

    from lygte.core.consent.documents import DOCUMENTS, markdown, pdf

    target = folder or ROOT / "docs" / "protection"
    target.mkdir(parents=True, exist_ok=True)
    with translation.override("en"):
        made = DOCUMENTS[name]()
        paths = [target / f"{name}.md"]
        paths[0].write_text(markdown(made), "utf-8")
        if with_pdf:
            paths.append(target / f"{name}.pdf")
            paths[1].write_bytes(pdf(made, "en"))
    for path in paths:
        console.print(f"wrote {path}", highlight=False, soft_wrap=True)


@protection.command("article30")
@with_django
def article30(out: Folder = None, pdf: WithPdf = False, data: Data = None) -> None:
    """Write the record of processing activities (GDPR Article 30) from the data model."""
    _write("article30", out, pdf)


@protection.command("dpia")
@with_django
def dpia(out: Folder = None, pdf: WithPdf = False, data: Data = None) -> None:
    """Write the data protection impact assessment (GDPR Article 35) from the data model."""
    _write("dpia", out, pdf)


@protection.command("retention")
@with_django
def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Remove what has outlived its time; the worker does the same every day."""
    from lygte.core.consent.retention import run_retention

    found = run_retention(dry_run=dry_run)
    rows = [{"organisation": due.organisation.name, "kind": due.kind, "count": due.count} for due in found]
    if as_json:
        show_json(rows)
        return
    for row in rows:
        console.print(f"{row['count']:>6}  {row['kind']}  {row['organisation']}", highlight=False)
    total = sum(due.count for due in found)
    console.print(f"{total} would go" if dry_run else f"{total} gone", highlight=False)

"""Commands that put things in and look at them: forms, devices, plans, facts, members."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import DownloadColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from .common import AsJson, Data, console, errors, show_json, with_django
from .operate import noted_address

Organisation = Annotated[
    str | None, typer.Option("--organisation", metavar="REF", help="Reference or name of the organisation.")
]
Member = Annotated[str | None, typer.Option("--member", metavar="REF", help="Reference of the member.")]
Grade = Annotated[
    str, typer.Option("--grade", help="open, locked or sealed; a milder one than the workbook's does not count.")
]
File = Annotated[Path, typer.Argument(metavar="FILE")]

form = typer.Typer(no_args_is_help=True, help="Forms for the field.")
device = typer.Typer(no_args_is_help=True, help="Phones that send forms.")
plan = typer.Typer(no_args_is_help=True, help="Action plans.")
facts = typer.Typer(no_args_is_help=True, help="The ledger of facts.")


@form.command("publish")
@with_django
def publish_form(
    file: File,
    organisation: Organisation = None,
    grade: Grade = "",
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Publish an XLSForm for an organisation; errors name sheet, row and column."""
    from lygte.care.intake.commands import publish_form_file

    version = publish_form_file(file, organisation, grade)
    told = {"form_id": version.form.form_id, "version": version.version, "ref": version.form.ref}
    if as_json:
        show_json(told)
    else:
        console.print(f"Published [bold]{told['form_id']}[/], version {told['version']}.")


Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DAY")]


@form.command("export")
@with_django
def export_form(
    name: Annotated[str, typer.Argument(metavar="FORM", help="Form id or reference.")],
    format: Annotated[str, typer.Option("--format", help="csv, xlsx, parquet or media.")] = "csv",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where to write.")] = None,
    since: Day = None,
    until: Day = None,
    state: Annotated[str, typer.Option("--state", help="received, taken or needs_look.")] = "",
    review: Annotated[str, typer.Option("--review", help="received, edited, has_issues, approved or rejected.")] = "",
    split: Annotated[bool, typer.Option("--split", help="A column for each choice of a multiple select.")] = False,
    organisation: Organisation = None,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Take a form's filled forms out as related tables. The log says so; the file is for your eyes alone."""
    from lygte.care.intake.exports.commands import export_form as export

    with Progress(*_WRITING, console=errors, disable=as_json) as progress:
        task = progress.add_task(f"Writing {name}", total=None)
        path, count = export(
            name,
            format=format,
            out=out,
            organisation=organisation,
            since=since,
            until=until,
            state=state,
            review=review,
            split=split,
            wrote=lambda size: progress.advance(task, size),
        )
    if as_json:
        show_json({"file": str(path), "filled_forms": count, "bytes": path.stat().st_size})
    else:
        console.print(f"{count:,} filled forms in [bold]{path}[/].")


_WRITING = (SpinnerColumn(), TextColumn("{task.description}"), DownloadColumn(), TimeElapsedColumn())


@device.command("add")
@with_django
def add_device(
    member: Member = None,
    url: Annotated[
        str | None, typer.Option("--url", help="Address of the site as phones reach it (default: where it runs).")
    ] = None,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Make a key for one phone. It is shown once; the server keeps only its hash."""
    from lygte.care.intake import commands

    told = commands.add_device(member, url or noted_address())
    if as_json:
        show_json(told)
        return
    table = Table(show_header=False, box=None)
    for name, value in told.items():
        table.add_row(name, value)
    console.print(table)


@plan.command("import")
@with_django
def import_plan(file: File, organisation: Organisation = None, as_json: AsJson = False, data: Data = None) -> None:
    """Load an action plan from a YAML file; errors name the line. Loading it again brings it up to date."""
    from lygte.knowledge.programme.commands import import_plan_file

    plan = import_plan_file(file, organisation).plan
    if as_json:
        show_json({"key": plan.key, "ref": plan.ref})
    else:
        console.print(f"Loaded the plan [bold]{plan.key}[/].")


@facts.command("rebuild")
@with_django
def rebuild_facts(as_json: AsJson = False, data: Data = None) -> None:
    """Make the ledger again from the records, and say whether it came out the same."""
    from django_scopes import scopes_disabled

    from lygte.facts import projection

    with scopes_disabled(), console.status("Rebuilding the ledger of facts …"):
        before = projection.fingerprint()
        count = projection.rebuild()
        same = projection.fingerprint() == before
    if as_json:
        show_json({"facts": count, "same": same, "fingerprint": projection.fingerprint()})
    else:
        console.print(f"{count:,} facts; " + ("exactly as before." if same else "[bold]not[/] as before: now mended."))


@with_django
def organisations(as_json: AsJson = False, data: Data = None) -> None:
    """List the organisations."""
    from lygte.core.models import Organisation

    rows = [{"ref": o.ref, "name": o.name, "kind": o.kind, "country": o.country} for o in Organisation.objects.all()]
    _show(rows, as_json)


@with_django
def members(organisation: Organisation = None, as_json: AsJson = False, data: Data = None) -> None:
    """List the members of all organisations, or of one."""
    from django.db.models import Q

    from lygte.core.models import Member

    found = Member.objects.filter(active=True).select_related("user", "organisation").order_by("organisation__name")
    if organisation:
        found = found.filter(Q(organisation__ref=organisation) | Q(organisation__name=organisation))
    rows = [{"ref": m.ref, "name": m.user.name, "role": m.role, "organisation": m.organisation.name} for m in found]
    _show(rows, as_json)


def _show(rows: list[dict[str, str]], as_json: bool) -> None:
    if as_json:
        show_json(rows)
        return
    table = Table()
    for name in rows[0] if rows else ["nothing there yet"]:
        table.add_column(name, no_wrap=name == "ref", min_width=26 if name == "ref" else None, overflow="fold")
    for row in rows:
        table.add_row(*row.values())
    console.print(table)

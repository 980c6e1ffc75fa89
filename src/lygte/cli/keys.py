"""`lygte keys`: what the keys are and where they lie, and the few things that are done with them on the machine itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from .common import AsJson, Data, console, show_json, with_django

if TYPE_CHECKING:
    from lygte.core.models import Member as Somebody

keys = typer.Typer(no_args_is_help=True, help="Keys of what is locked: explain, look, turn, copy, recover.")

By = Annotated[str, typer.Option("--by", help="Name of who does it.", prompt="Name of who does it")]
Before = Annotated[str, typer.Option("--before", help="Name of who watches.", prompt="Name of who watches")]
MemberRef = Annotated[str, typer.Option("--member", metavar="REF", help="Reference of the member (lygte members).")]

EXPLAINED = """
[bold]Three tiers[/]
  [bold]Open[/]    codes, days, districts: what is needed to count and to route. Anybody who has the database reads it.
  [bold]Locked[/]  names, numbers, notes, goals, health: opened only while somebody who may see it has their session open.
  [bold]Sealed[/]  reports from outside: opened in the browser of those they are for, never on this machine.

[bold]From passphrase to content[/]
  a member's passphrase  opens  the member's key           in the database, locked
  the member's key       opens  the organisation's key     in the database, sealed to each who holds it
  the organisation's key opens  each person's key          in the database, wrapped twice
  the person's key       opens  what they told             in the database, locked

[bold]The second wrapping[/]
  Around every person's key lies the key of the epoch, which is a file and never in the database:
  {folder}
  Every {days} days a new one is made, everything is wrapped anew, and the old one destroyed. Whoever was erased before
  is then gone from every backup and every log of the database too.

[bold]The intake key[/]
  A pair of this server's own, a file beside the epoch's key. Phones seal open forms (counts only) to it, and they are read
  on arrival. A new one every 30 days; old ones stay 210 days for phones without signal. Look: lygte keys intake

[bold]So[/]
  Back up the data folder and the database, [bold]never[/] the folder of keys. A sealed copy of the key for the day the machine
  burns: lygte keys split, then lygte keys copy. Passphrase lost: a colleague lets you in. Everybody's lost: two papers.
  Nothing else opens it; we have no other key. More: docs/keys.md
"""


@keys.command("explain")
@with_django
def explain(data: Data = None) -> None:
    """Say in plain words which key opens what, and where each lies."""
    from lygte.core.vault import epochs

    console.print(EXPLAINED.format(folder=epochs.folder(), days=epochs.LENGTH_DAYS), highlight=False, soft_wrap=True)


@keys.command("status")
@with_django
def status(as_json: AsJson = False, data: Data = None) -> None:
    """Look how the keys stand, and open nothing. Leaves with 1 when something is wrong or waits."""
    from lygte.core.vault import epochs
    from lygte.core.vault.turning import report

    found = report()
    wrong = bool(found.problems or found.turn_is_due or found.copies_to_destroy or found.under_lost_epochs)
    if as_json:
        show_json({"folder": str(epochs.folder()), **vars(found)})
        raise typer.Exit(1 if wrong else 0)
    table = Table(show_header=False, box=None)
    for name, value in _status_lines(found):
        table.add_row(name, str(value))
    console.print(f"Keys in {epochs.folder()}", highlight=False, soft_wrap=True)
    console.print(table)
    for problem in found.problems:
        console.print(f"[bold red]![/] {problem}", highlight=False, soft_wrap=True)
    if found.turn_is_due:
        console.print("[bold yellow]![/] The epoch is over its time: lygte keys turn", highlight=False)
    for copy in _copies_to_destroy():
        console.print(f"[bold yellow]![/] To be destroyed, and noted: {copy}", highlight=False, soft_wrap=True)
    raise typer.Exit(1 if wrong else 0)


def _status_lines(found: object) -> list[tuple[str, object]]:
    names = {
        "epoch": "epoch",
        "began_at": "began on",
        "days_left": "days until it turns",
        "wrapped": "wrapped keys",
        "under_old_epochs": "of these still under an older epoch",
        "under_lost_epochs": "of these under a key that is gone",
        "destroyed_in_this_epoch": "thrown away in this epoch (backups of it still hold them)",
        "copies_of_this_epoch": "sealed copies of this epoch",
        "copies_to_destroy": "sealed copies of ended epochs, not noted as destroyed",
        "intake_keys": "intake keys (phones seal open forms to the newest)",
    }
    return [(title, getattr(found, name)) for name, title in names.items()]


def _copies_to_destroy() -> list[str]:
    from lygte.core.vault.turning import copies_to_destroy

    return [f"copy {c.pk} of epoch {c.epoch} at {c.where}, made by {c.made_by}" for c in copies_to_destroy()]


@keys.command("turn")
@with_django
def turn(
    give_up_damaged: Annotated[
        bool, typer.Option("--give-up-damaged", help="Go on although some keys are damaged beyond repair.")
    ] = False,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Begin a new epoch and destroy the old key. May be stopped anywhere: started again it goes on."""
    from lygte.core.vault.turning import turn_epoch

    with console.status("Wrapping every key anew …"):
        turned = turn_epoch(give_up_damaged=give_up_damaged)
    if as_json:
        show_json(vars(turned))
        return
    ended = ", ".join(map(str, turned.ended))
    console.print(f"Epoch {turned.epoch} has begun; {turned.rewrapped:,} keys wrapped anew; key {ended} destroyed.")
    console.print("What was erased before is now gone from every backup.", style="dim")
    for copy in _copies_to_destroy():
        console.print(f"[bold yellow]![/] Destroy, before somebody's eyes: {copy}", highlight=False, soft_wrap=True)
    console.print("Make a sealed copy of the new key: lygte keys copy --to FILE", style="dim", highlight=False)


@keys.command("intake")
@with_django
def intake(
    renew: Annotated[bool, typer.Option("--renew", help="Make a new intake key now, whatever its age.")] = False,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Show the keys to which phones seal open forms, or make a new one. Old ones go on opening what phones still hold."""
    from lygte.core.vault import arrivals

    arrivals.intake_key()
    if renew:
        arrivals.renew_intake_key(now=True)
    rows = [
        {"number": number, "id": key.id, "fingerprint": key.fingerprint, "since": since.date().isoformat()}
        for number, key, since in arrivals.intake_keys()
    ]
    if as_json:
        show_json(rows)
        return
    for row in rows:
        console.print(f"intake key {row['number']}, since {row['since']}: {row['fingerprint']}", highlight=False)


# Sealed copies --------------------------------------------------------------------------------------------------------
@keys.command("split")
@with_django
def split(data: Data = None) -> None:
    """Make this installation's offline key and print its two halves, one after the other, for two people."""
    from lygte.core.vault import ciphers, copies

    halves = copies.make_host_key()
    _print_halves(halves, ciphers.fingerprint(copies.host_public()), "this installation")


@keys.command("copy")
@with_django
def copy(
    to: Annotated[Path, typer.Option("--to", metavar="FILE", help="On removable media, never in a backup.")],
    by: By,
    before: Before,
    data: Data = None,
) -> None:
    """Write a sealed copy of the epoch's key, which only the two papers of `split` open. It is logged with both names."""
    from lygte.core.vault import copies

    if to.exists():
        raise typer.BadParameter(f"{to} exists already; nothing was written over.", param_hint="--to")
    made = copies.seal_copy(to=to, by=by, before=before)
    console.print(f"Copy {made.pk} of epoch {made.epoch} is in {to}.", highlight=False, soft_wrap=True)
    console.print("Destroy it when the epoch has turned: lygte keys copy-destroyed " + str(made.pk), style="dim")


@keys.command("copy-destroyed")
@with_django
def copy_destroyed(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The number of the copy (lygte keys status).")],
    by: By,
    before: Before,
    data: Data = None,
) -> None:
    """Log that a sealed copy was destroyed, by whom and before whose eyes."""
    from lygte.core.vault import copies
    from lygte.core.vault.models import SealedCopy

    found = SealedCopy.objects.filter(pk=number, destroyed_at=None).first()
    if found is None:
        raise typer.BadParameter(f"there is no copy {number} that still exists", param_hint="NUMBER")
    copies.note_destroyed(copy=found, by=by, before=before)
    console.print(f"Noted: copy {number} of epoch {found.epoch} was destroyed.")


@keys.command("restore-copy")
@with_django
def restore_copy(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The sealed copy.")], data: Data = None
) -> None:
    """Put the key of a sealed copy back; asks for the two halves."""
    from lygte.core.vault import copies
    from lygte.core.vault.turning import replay

    epoch = copies.restore_copy(file=file, halves=_ask_halves())
    again = replay()
    console.print(f"The key of epoch {epoch} is back. {again} keys that had been thrown away were thrown away again.")


# The papers of an organisation ----------------------------------------------------------------------------------------
@keys.command("print-recovery")
@with_django
def print_recovery(member: MemberRef, data: Data = None) -> None:
    """Make new recovery papers for a member's organisation and print the halves; papers from before open nothing then."""
    from lygte.core.vault import recovery
    from lygte.core.vault.keyring import open_keyring

    somebody = _member(member)
    somebody.keyring = open_keyring(somebody, _secret("Passphrase of their key"))  # type: ignore[attr-defined]
    halves = recovery.renew_papers(member=somebody)
    _print_halves(halves, recovery.paper_fingerprint(somebody.organisation), somebody.organisation.name)


@keys.command("test-recovery")
@with_django
def test_recovery(member: MemberRef, data: Data = None) -> None:
    """Prove that the two papers of a member's organisation still open its key. Opens no data; notes the day."""
    from lygte.core.vault import recovery

    somebody = _member(member)
    console.print(f"Papers with the fingerprint {recovery.paper_fingerprint(somebody.organisation)}.", highlight=False)
    recovery.test_recovery(member=somebody, halves=_ask_halves())
    console.print("Both papers fit. Put them back where they were, apart from each other.")


def _member(ref: str) -> Somebody:
    from lygte.core.models import Member
    from lygte.core.problems import Problem

    found = Member.objects.filter(ref=ref, active=True).select_related("user", "organisation").first()
    if found is None:
        raise Problem("400.2", ref=ref)
    return found


def _secret(prompt: str) -> str:
    return str(typer.prompt(prompt, hide_input=True))


def _ask_halves() -> tuple[bytes, bytes]:
    from lygte.core.vault.recovery import half_of

    return half_of(_secret("The 24 words of one paper")), half_of(_secret("The 24 words of the other paper"))


def _print_halves(halves: tuple[bytes, bytes], fingerprint: str, whose: str) -> None:
    """Show one half, wait, clear the screen, show the other: nobody needs to see both."""
    from lygte.core.vault.recovery import words_of

    for number, half in enumerate(halves, 1):
        console.print(f"\n[bold]Paper {number} of 2[/] for {whose}, fingerprint {fingerprint}", highlight=False)
        words = words_of(half).split()
        for start in range(0, len(words), 6):
            line = "  ".join(f"{start + i + 1:>2}. {word:<8}" for i, word in enumerate(words[start : start + 6]))
            console.print(line, highlight=False, soft_wrap=True)
        console.print("It opens nothing alone. It is kept nowhere else: write it down now, by hand.", style="dim")
        typer.prompt("Press Enter when it is written down and nobody else looks", default="", show_default=False)
        console.clear()

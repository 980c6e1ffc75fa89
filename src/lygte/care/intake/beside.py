"""What stands inside intake beside filled forms, such as lists of entities, hangs itself up here.

Forms, submissions and phones then need not know it: they tell what happened and ask for files, and go on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from lygte.core.models import Member, Organisation

if TYPE_CHECKING:
    from .instance import Instance
    from .models import FormVersion, Submission

Text = str | Promise


@dataclass(frozen=True)
class PhoneFile:
    """A file that one worker's phone may fetch with a form. `hash` changes whenever the content would.

    `kind` is the type in the manifest ("entityList", "approvalEntityList"); `integrity` is the name of the address that
    tells which rows are gone, as `openrosa.address` takes it.
    """

    filename: str
    hash: str
    content: Callable[[], bytes]
    kind: str = ""
    integrity: str = ""


@dataclass(frozen=True)
class Note:
    """What is shown on the page of a filled form about what else came of it."""

    title: Text
    lines: Sequence[Text]
    url: str = ""
    link: Text = ""
    tone: str = "info"  # or "warning"


Outline = Mapping[str, Any]
Stored = Callable[["Submission", "Instance"], None]
Reviewed = Callable[["Submission", Member], None]
Published = Callable[["FormVersion"], None]
Files = Callable[[Member, "FormVersion"], Sequence[PhoneFile]]
Names = Callable[[Organisation, Outline], frozenset[str]]
Notes = Callable[[Member, "Submission"], Sequence[Note]]

STORED: list[Stored] = []
REVIEWED: list[Reviewed] = []
PUBLISHED: list[Published] = []
FILES: list[Files] = []
NAMES: list[Names] = []
NOTES: list[Notes] = []


def tell_stored(submission: Submission, instance: Instance) -> None:
    """Say, in the transaction that stores a filled form or an edit of one, that it is stored."""
    for listen in STORED:
        listen(submission, instance)


def tell_reviewed(submission: Submission, member: Member) -> None:
    """Say, in the transaction that changes `submission.review`, that somebody reviewed a filled form."""
    for listen in REVIEWED:
        listen(submission, member)


def tell_published(version: FormVersion) -> None:
    """Say, in the transaction that publishes a version, that it is published. A Problem stops the publishing."""
    for listen in PUBLISHED:
        listen(version)


def files_for(member: Member, version: FormVersion) -> list[PhoneFile]:
    """Return the files that are made for one worker and one form."""
    return [file for offer in FILES for file in offer(member, version)]


def names_offered(organisation: Organisation, outline: Outline) -> frozenset[str]:
    """Return the names of files that would be offered with a form, so that nobody is asked for them."""
    return frozenset().union(*(offered(organisation, outline) for offered in NAMES))


def notes_on(member: Member, submission: Submission) -> list[Note]:
    """Return what is shown on the page of a filled form."""
    return [note for tell in NOTES for note in tell(member, submission)]

"""The two recovery papers on their way from the moment they are made to the moment two officers hold them.

The server keeps nothing: the halves travel in a hidden field of the page itself, locked under a key that only the
cookie of the open session gives. They are shown one after the other, once, and then a few words are asked for.
"""

from __future__ import annotations

import base64
import json
import secrets
import time
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import typst
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ..access import Verb
from ..actions import action
from ..people import Member
from ..problems import Problem
from . import ciphers
from .models import OrganisationKey
from .recovery import WORDS, words_of
from .sessions import decode, encode, secret_of

LASTS = 3600  # seconds from making the papers to having checked them
ASKED = 3  # words of each half
TEMPLATE = Path(__file__).with_name("paper.typ")


@dataclass(frozen=True)
class Papers:
    """Both halves, who will keep them, and how far one has come: 1 and 2 show a paper, 3 asks for words."""

    organisation_key: int
    halves: tuple[str, str]
    keepers: tuple[str, str]
    until: int
    step: int = 1
    asked: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())

    @classmethod
    def fresh(cls, organisation_key: OrganisationKey, halves: tuple[bytes, bytes], keepers: tuple[str, str]) -> Papers:
        first, second = (base64.b64encode(half).decode() for half in halves)
        return cls(organisation_key.pk, (first, second), keepers, int(time.time()) + LASTS)

    def words(self, number: int) -> list[str]:
        """Return the words of the first or second paper."""
        return words_of(base64.b64decode(self.halves[number - 1])).split()

    def next(self) -> Papers:
        """Return the papers one step on; the last step chooses at random which words will be asked for."""
        pick = secrets.SystemRandom().sample
        asked = (_chosen(pick(range(1, WORDS + 1), ASKED)), _chosen(pick(range(1, WORDS + 1), ASKED)))
        return replace(self, step=self.step + 1, asked=asked if self.step == 2 else self.asked)


def _chosen(numbers: list[int]) -> tuple[int, ...]:
    return tuple(sorted(numbers))


def _key(request: HttpRequest) -> bytes:
    secret = secret_of(request)
    if not secret:
        raise Problem("423.6")
    return ciphers.derive(secret, "papers")


def _bound(member: Member) -> bytes:
    return ciphers.bind("papers", member.ref)


def send_along(request: HttpRequest, member: Member, papers: Papers) -> str:
    """Return the papers as a text that only this member's open session can read again."""
    return encode(ciphers.lock(_key(request), json.dumps(asdict(papers)).encode(), _bound(member)))


def take_back(request: HttpRequest, member: Member, text: str) -> Papers:
    """Return the papers that the page brought back; Problem 423.6 when they are too old or not this session's."""
    try:
        found: dict[str, Any] = json.loads(ciphers.unlock(_key(request), decode(text), _bound(member)))
    except ciphers.Unopenable:
        raise Problem("423.6") from None
    asked = tuple(tuple(numbers) for numbers in found.pop("asked"))
    papers = Papers(**{**found, "halves": tuple(found["halves"]), "keepers": tuple(found["keepers"]), "asked": asked})
    if papers.until < time.time():
        raise Problem("423.6")
    return papers


@action(Verb.KEY_RECOVER, details=lambda key: {"papers": "checked"})
def note_papers_checked(*, member: Member, organisation_key: OrganisationKey) -> OrganisationKey:
    """Note that both recovery papers were written down and read back."""
    organisation_key.recovery_tested_at = timezone.now()
    organisation_key.save(update_fields=["recovery_tested_at"])
    return organisation_key


@dataclass(frozen=True)
class Paper:
    """One paper as it is shown and printed; every sentence is in the reader's language."""

    number: int
    organisation: str
    keeper: str
    fingerprint: str
    made_on: date
    words: list[str]

    @property
    def title(self) -> str:
        return _("Recovery paper %(number)s of 2") % {"number": self.number}

    def lines(self) -> list[str]:
        """Return what the paper says about itself, under its words."""
        return [
            _("This paper alone opens nothing. Together with the other one it opens what %(organisation)s has locked.")
            % {"organisation": self.organisation},
            _("Keep it where you keep a passport. Never keep both papers in one place, and never photograph them."),
            _("It is needed only when nobody who holds the key can open it any more. Test it once a year."),
        ]


def paper_of(papers: Papers, organisation_key: OrganisationKey, number: int) -> Paper:
    return Paper(
        number=number,
        organisation=organisation_key.organisation.name,
        keeper=papers.keepers[number - 1],
        fingerprint=ciphers.fingerprint(bytes(organisation_key.recovery_public)),
        made_on=timezone.localdate(organisation_key.made_at),
        words=papers.words(number),
    )


def pdf_of(paper: Paper) -> bytes:
    """Set one paper as an accessible PDF, in memory; nothing is written anywhere."""
    said = {
        "language": (get_language() or "en")[:2],
        "title": paper.title,
        "organisation": paper.organisation,
        "facts": [
            [_("Kept by"), paper.keeper],
            [_("Fingerprint"), paper.fingerprint],
            [_("Made on"), date_format(paper.made_on, "DATE_FORMAT")],
        ],
        "words": paper.words,
        "words_title": _("The 24 words, in this order"),
        "lines": paper.lines(),
    }
    try:
        return _set(said, own_fonts_only=True)
    except typst.TypstError:
        return _set(said, own_fonts_only=False)


def _set(said: dict[str, Any], *, own_fonts_only: bool) -> bytes:
    inputs = {"said": json.dumps(said)}
    return bytes(typst.compile(TEMPLATE, sys_inputs=inputs, ignore_system_fonts=own_fonts_only, pdf_standards=["ua-1"]))

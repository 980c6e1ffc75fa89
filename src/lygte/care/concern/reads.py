"""How places stand today. Each question takes the member first; the standing is computed whenever it is read.

Places are always in the order of their code names: there is no more and no less concern.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lygte.care.outreach.handover import PlaceCard, place_cards
from lygte.core.access import Verb, fetch, may
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.core.today import Need, needs

from .models import Contest, NotedSign, Telling
from .rulefile import Rule, rule_on
from .rules import Sign, Standing, State, standing_of, to_forget


def signs_of(noted: Iterable[NotedSign]) -> list[Sign]:
    """Return rows as the rule reads them; those that were taken back are left out."""
    return [
        Sign(row.pk, row.sign, row.known, row.sure, row.day, row.noted_by_id, bool(row.contests.all()))
        for row in noted
        if row.withdrawn_at is None
    ]


def _noted(member: Member) -> QuerySet[NotedSign]:
    found = NotedSign.objects.filter(organisation=member.organisation)
    return found.select_related("noted_by__user").prefetch_related("contests__contested_by__user")


def noted_sign(member: Member, ref: str) -> NotedSign:
    return fetch(member, NotedSign, ref)


def contest(member: Member, ref: str) -> Contest:
    return fetch(member, Contest, ref)


def telling(member: Member, ref: str) -> Telling:
    return fetch(member, Telling, ref)


@dataclass(frozen=True)
class Line:
    """A noted sign as it is shown: whether it stands confirmed, waits, or does not count."""

    row: NotedSign
    words: str
    state: str
    mine: bool
    ended: bool
    contests: list[Contest]
    mine_contested: Contest | None
    to_look: bool


@dataclass(frozen=True)
class PlaceView:
    """Everything about one place: how it stands, by what, until when."""

    standing: Standing
    lines: list[Line]
    rule: Rule

    @property
    def waits_for_others(self) -> bool:
        return any(line.to_look for line in self.lines)


def place_view(member: Member, place: str, today: date | None = None) -> PlaceView:
    """Return the standing of a place with its reasons; signs that have ended are not shown any more."""
    day = today or timezone.localdate()
    rule = rule_on(day)
    rows = list(_noted(member).filter(place=place))
    standing, over = standing_of(signs_of(rows), rule, day), to_forget(signs_of(rows), rule, day)
    mine = {row.sign for row in rows if row.noted_by_id == member.pk and row.pk in standing.waiting}
    lines = [_line(member, row, rule, standing, mine) for row in rows if row.pk not in over]
    own_withdrawn = [line for line in lines if line.row.withdrawn_at is None or line.mine]
    return PlaceView(standing, own_withdrawn, rule)


def _line(member: Member, row: NotedSign, rule: Rule, standing: Standing, mine: set[str]) -> Line:
    contests = list(row.contests.all())
    state = "confirmed" if row.pk in standing.confirmed else "waiting" if row.pk in standing.waiting else ""
    return Line(
        row=row,
        words=rule.sign(row.sign),
        state=state,
        mine=row.noted_by_id == member.pk,
        ended=row.withdrawn_at is not None,
        contests=contests,
        mine_contested=next((one for one in contests if one.contested_by_id == member.pk), None),
        to_look=state == "waiting" and row.noted_by_id != member.pk and row.sign not in mine,
    )


def standing(member: Member, place: str, today: date | None = None) -> Standing:
    return place_view(member, place, today).standing


@dataclass(frozen=True)
class PlaceShown:
    """A place on the list."""

    card: PlaceCard
    standing: Standing
    signs: list[str]
    mine: bool


def places(member: Member, today: date | None = None) -> list[PlaceShown]:
    """Return the places that stand as of concern or wait for a second look, by code name."""
    day = today or timezone.localdate()
    rule = rule_on(day)
    by_place: dict[str, list[NotedSign]] = defaultdict(list)
    for row in _noted(member).filter(withdrawn_at=None):
        by_place[row.place].append(row)
    found = {place: standing_of(signs_of(rows), rule, day) for place, rows in by_place.items()}
    cards = place_cards(member, [place for place, standing in found.items() if standing.state is not State.NONE])
    return [_shown(member, card, found[card.ref], by_place[card.ref], rule) for card in cards]


def _shown(member: Member, card: PlaceCard, standing: Standing, rows: list[NotedSign], rule: Rule) -> PlaceShown:
    by = standing.confirmed or standing.waiting
    meant = [row for row in rows if row.pk in by]
    signs = sorted({rule.sign(row.sign) for row in meant})
    return PlaceShown(card, standing, signs, all(row.noted_by_id == member.pk for row in meant))


def tellings(member: Member, place: str) -> list[Telling]:
    found = Telling.objects.filter(organisation=member.organisation, place=place)
    return list(found.select_related("asked_by__user", "confirmed_by__user", "decided_by__user"))


def place_of(member: Member, ref: str) -> PlaceCard:
    """Return the card of a place, or Problem 404.1."""
    found = place_cards(member, [ref])
    if not found:
        raise Problem("404.1")
    return found[0]


@needs
def second_looks(member: Member) -> list[Need]:
    """Say that places wait for a second look by somebody other than whoever noted the sign, and tellings for a second person."""
    found: list[Need] = []
    if not may(member, Verb.CONCERN_READ):
        return found
    waiting = [one for one in places(member) if one.standing.state is State.WAITING and not one.mine]
    if waiting:
        title = ngettext(
            "%(count)d place waits for a second look", "%(count)d places wait for a second look", len(waiting)
        )
        found.append(
            Need(
                title=title % {"count": len(waiting)},
                detail=_(
                    "A colleague noted a sign there. Look for yourself before anybody calls it a place of concern."
                ),
                url=reverse("concern:list"),
                count=len(waiting),
            )
        )
    if may(member, Verb.CONCERN_CONFIRM):
        asked = Telling.objects.filter(organisation=member.organisation, state="asked").exclude(asked_by=member)
        found.extend(
            Need(
                title=_("A colleague wants to tell an authority about a place"),
                detail=_("A second person decides. Nothing has been told."),
                url=reverse("concern:telling", args=[row.ref]),
            )
            for row in asked[:5]
        )
    return found

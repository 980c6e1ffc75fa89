"""A few invented signs: a place of concern, one that waits for a second look, one that a colleague objects to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone
from django_scopes import scope

from lygte.care.concern.actions import contest_sign, note_sign
from lygte.care.concern.models import NotedSign
from lygte.care.outreach.models import Place
from lygte.core.models import Member

TEAMS = ("road", "harbour")


def note_signs(members: Mapping[str, list[Member]]) -> int:
    """Note signs in the teams that a demo shows most; return how many."""
    return sum(_note(members[team]) for team in TEAMS)


def _note(colleagues: list[Member]) -> int:
    worker = next(member for member in colleagues if member.role == "worker")
    second = next(member for member in colleagues if member.role == "coordinator")
    today = timezone.localdate()
    with scope(organisation=worker.organisation):
        concern, waits, contested = [
            place.ref
            for place in Place.objects.filter(organisation=worker.organisation, state="active").order_by("code_name")[
                :3
            ]
        ]

        def note(member: Member, place: str, sign: str, known: str, ago: int) -> NotedSign:
            day = today - timedelta(days=ago)
            return note_sign(member=member, place=place, sign=sign, known=known, sure="rather", day=day)

        note(worker, concern, "papers_held", "told_there", 24)
        note(second, concern, "papers_held", "seen", 9)
        note(worker, concern, "no_rest", "told_elsewhere", 24)
        note(worker, waits, "spoken_for", "seen", 5)
        objected = note(second, contested, "lives_there_badly", "seen", 40)
        contest_sign(member=worker, noted=objected, reason="other_reason", note="The flat is being rebuilt")
    return 5

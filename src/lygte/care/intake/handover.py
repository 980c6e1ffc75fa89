"""What the next storey may have of this room: filled forms, files for phones, shipped forms."""

from __future__ import annotations

from typing import Any

from django_scopes import scope

from lygte.core.access import Verb, may
from lygte.core.models import Member, Organisation
from lygte.core.problems import Problem

from .actions import publish_form, submit_answers
from .entities.provided import Listed, provide_entities
from .models import FormVersion
from .phone_json import content_of, phone_json, text_of
from .reads import problem_of
from .receivers import (
    SHIPPED,
    Received,
    on_change,
    on_submission,
    provide_media,
    provide_to_phones,
    ship_form,
)
from .xlsform import convert_workbook

__all__ = [
    "Listed",
    "Received",
    "content_of",
    "on_change",
    "on_submission",
    "outline_of_workbook",
    "phone_json",
    "problem_of",
    "provide_entities",
    "provide_media",
    "provide_to_phones",
    "publish_shipped",
    "ship_form",
    "submit_answers",
    "text_of",
]


def outline_of_workbook(workbook: bytes, filename: str) -> dict[str, Any]:
    """Return the questions of a workbook with their labels, without publishing it; raises what is wrong with it."""
    return convert_workbook(workbook, filename).outline


def publish_shipped(organisation: Organisation, member: Member | None = None) -> list[FormVersion]:
    """Publish every shipped form for an organisation, by a member of it who may. Published ones stay as they are."""
    with scope(organisation=organisation):
        publisher = member or member_who_may(organisation, Verb.FORM_PUBLISH)
        return [
            publish_form(member=publisher, workbook=shipped.path.read_bytes(), filename=shipped.path.name)
            for shipped in SHIPPED.values()
        ]


def member_who_may(organisation: Organisation, verb: Verb) -> Member:
    """Return the longest-standing member who may do the verb, or raise Problem 404.174."""
    members = Member.objects.filter(organisation=organisation, active=True).select_related("organisation", "user")
    for member in members.order_by("pk"):
        if may(member, verb):
            return member
    raise Problem("404.174", what=verb)

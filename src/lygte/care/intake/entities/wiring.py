"""What this room hangs up in intake when the site starts."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from lygte.core.access import Verb, may
from lygte.core.models import Member

from .. import beside
from ..models import Submission
from .actions import published, reviewed, stored
from .models import EntityVersion, Feed, Held
from .phones import names_offered, offered
from .reads import feed_of, problem_of


def register_all() -> None:
    """Register everything; called once, by Django."""
    beside.STORED.append(stored)
    beside.REVIEWED.append(reviewed)
    beside.PUBLISHED.append(published)
    beside.FILES.append(offered)
    beside.NAMES.append(names_offered)
    beside.NOTES.append(notes_on)


def notes_on(member: Member, submission: Submission) -> list[beside.Note]:
    """Tell on the page of a filled form what it did to the lists, or why it did nothing."""
    fed = feed_of(submission)
    if fed is None or not may(member, Verb.ENTITY_READ):
        return []
    if fed.state == Feed.State.FAILED:
        problem = problem_of(fed)
        told = [f"{problem.at}: {problem.sentence}" if problem.at else problem.sentence] if problem else []
        told += [f"{problem.next_step} {problem.number}"] if problem else []
        url = reverse("entities:feed", args=[fed.ref])
        return [beside.Note(_("The lists were not changed by this form"), told, url, _("Look at it"), "warning")]
    if fed.state == Feed.State.WAITS:
        return [beside.Note(_("This form would add to a list"), [_("It waits until somebody approves the form.")])]
    if fed.state == Feed.State.REPLACED:
        return []
    return _written(submission)


def _written(submission: Submission) -> list[beside.Note]:
    told = []
    versions = EntityVersion.objects.filter(submission=submission).select_related("entity__list")[:20]
    for version in versions:
        told.append(
            _("%(label)s in the list “%(list)s”, version %(number)s")
            % {"label": version.entity.label, "list": version.entity.list.name, "number": version.number}
        )
    if Held.objects.filter(submission=submission).exists():
        told.append(_("An update waits for an earlier one that has not come yet."))
    if not told:
        return []
    url = reverse("entities:entity", args=[versions[0].entity.ref]) if versions else ""
    return [beside.Note(_("What this form wrote to the lists"), told, url, _("Show it in the list") if url else "")]

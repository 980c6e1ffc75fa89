"""What follows when a person no longer agrees, or time is over: the package's key goes at once, and deletion is asked for.

Nobody has to do anything for it: a withdrawal does it in its own transaction, an end of consent is looked for hourly and
at every opening.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django_scopes import scopes_disabled

from lygte.core.access import Verb
from lygte.core.audit import write_entry
from lygte.core.consent import gate
from lygte.core.consent.codes import Purpose
from lygte.core.consent.erasure import on_erasure
from lygte.core.consent.ledger import on_consent, on_withdrawal
from lygte.core.consent.models import Person
from lygte.core.schedule import periodic
from lygte.core.transactions import writing

from . import counting, packages
from .models import Disclosure, Package, Referral
from .rules import ANSWER_WITHIN, groups_of

CHUNK = 200


def covered(referral: Referral, *, today: date | None = None) -> bool:
    """Tell whether the person still agrees to all that is in a package, for this recipient."""
    agreed = gate.agreed_groups(
        [referral.person], purpose=Purpose.REFERRAL, recipient=referral.package.service.recipient, today=today
    )
    return set(groups_of(referral.package.fields)) <= agreed[referral.person_id]


def _rows(person: Person) -> QuerySet[Referral]:
    return Referral.objects.filter(person=person).select_related("person__organisation", "package__service")


@on_withdrawal
def call_back(person: Person, line: Any) -> None:
    """End every package that the person no longer agrees to; those who saw it are asked to delete and to say so."""
    if line.purpose not in ("", Purpose.REFERRAL):
        return
    with scopes_disabled():
        gone = [r for r in _rows(person).filter(package__end="") if not covered(r)]
        end_referrals(gone, "recalled")


def end_referrals(referrals: Iterable[Referral], how: str) -> int:
    """End the packages of referrals, each with its line in the log and its facts, inside the caller's transaction."""
    found = list(referrals)
    for referral in found:
        package = _locked(referral.package)
        if package.end:
            continue
        packages.end([package], how)
        referral.package = package
        write_entry(
            organisation=referral.organisation,
            member=None,
            verb=Verb.REFERRAL_SEND,
            subject=referral.ref,
            details={"ended": how},
        )
    counting.count_again(found)
    return len(found)


def _locked(package: Package) -> Package:
    return (
        Package.objects.select_for_update(of=("self",))
        .select_related("service", "sender", "recipient")
        .get(pk=package.pk)
    )


@on_consent
@on_withdrawal
def follow_statistics(person: Person, line: Any) -> None:
    """Count referrals from the moment the person agrees to be counted, and no longer when they do not."""
    if line.purpose in ("", Purpose.STATISTICS):
        counting.count_again(counting.of_person(person))


@on_erasure
def forget(person: Person) -> None:
    """Before a person's rows go: end their packages, take their facts away. The packages left name nobody and hold nothing."""
    with scopes_disabled():
        rows = list(_rows(person))
        counting.uncount(rows)
        for referral in rows:
            package = _locked(referral.package)
            packages.drop_reply(package)
            package.save(update_fields=["reply", "reply_ref"])
            if not package.end:
                packages.end([package], "recalled")
        _decide_open_disclosures(person)


def _decide_open_disclosures(person: Person) -> None:
    """Nothing that waited for a second person is handed over once the person is gone; the register says so."""
    for disclosure in Disclosure.objects.filter(person=person, state__in=["asked", "confirmed"]).select_related(
        "request"
    ):
        request = disclosure.request
        request.outcome, request.refusal, request.decided_on = "refused", "said_no", timezone.localdate()
        request.save(update_fields=["outcome", "refusal", "decided_on"])


@periodic("referrals.time", every=timedelta(hours=1))
def keep_time() -> dict[str, int]:
    """Every hour: end what is over or no longer agreed to, or belongs to nobody any more; remind of what waits."""
    with scopes_disabled():
        return {"ended": _end_due(timezone.localdate()), "orphans": _end_orphans(), "reminded": _remind()}


def _end_due(today: date) -> int:
    count, last = 0, 0
    live = Referral.objects.filter(package__end="").exclude(package__locked=None)
    live = live.select_related("person__organisation", "organisation", "package__service").order_by("pk")
    while found := list(live.filter(pk__gt=last)[:CHUNK]):
        last = found[-1].pk
        due = [r for r in found if r.package.is_over(today) or not covered(r, today=today)]
        for referral in due:
            with writing():
                gate.hold_still([referral.person_id], to_change=True)
                count += end_referrals([referral], "expired")
    return count


def _end_orphans() -> int:
    """End packages whose referral is gone: rows removed by any way but the usual leave no package behind."""
    with writing():
        left = Package.objects.filter(referral=None, end="").select_for_update(of=("self",))
        return packages.end(list(left), "recalled")


def _remind() -> int:
    """Mark what has waited too long for an answer; both sides see it on their Today."""
    since = timezone.now() - timedelta(days=ANSWER_WITHIN)
    waiting = Package.objects.filter(end="", answer="", reminded_at=None, sent_at__lt=since)
    with writing():
        return waiting.update(reminded_at=timezone.now())


@periodic("referrals.counting", every=timedelta(hours=24))
def forget_what_ran_out() -> int:
    """Take away the facts of people whose agreement to be counted has run out; return how many were looked at."""
    with scopes_disabled():
        people = Person.objects.filter(
            consents__purpose=Purpose.STATISTICS, consents__kind="grant", consents__until__isnull=False
        ).distinct()
        for person in people:
            with writing():
                counting.count_again(counting.of_person(person))
        return len(people)

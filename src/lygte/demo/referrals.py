"""Invented services, and a few referrals in every state, made and answered by the product's own actions.

Two people of the team in Vejle pass something on: to the lawyers and to the health round, who are on Lygte, and by link
and words to services that are not. One takes it back. Authorities ask, and are mostly told no.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils import timezone
from django_scopes import scope, scopes_disabled

from lygte.care.support.referrals import handover as referrals
from lygte.care.support.referrals.actions.receiving import answer_by_words, open_by_words, read_words
from lygte.care.support.referrals.models import Package
from lygte.care.support.referrals.recall import keep_time
from lygte.core.consent.codes import EVERY_GROUP, Purpose
from lygte.core.consent.ledger import Said, withdraw_consent
from lygte.core.consent.models import Person
from lygte.core.models import Member
from lygte.directory.services.actions import Entry, add_service
from lygte.directory.services.models import Service

from .cast import MARK
from .keys import open_keyrings

Members = Mapping[str, list[Member]]
SAID = Said("en")

ENTRIES: dict[str, tuple[str, Entry]] = {
    "lawyers": ("law", Entry(
        "Legal hour" + MARK, "legal", what="Half an hour with a lawyer, free of charge, also by telephone.",
        areas=("DK", "NL"), languages=("en", "nl", "ro", "es"), opening="Tuesdays and Thursdays 10 to 14",
        front_gate="Telephone 00 00 00 01",
        needs={"alias": "To call you by it", "contact": "To set a time", "language": "To have an interpreter there",
               "goal": "To find the lawyer who knows about it"},
    )),
    "clinic": ("round", Entry(
        "Evening clinic on wheels" + MARK, "health", what="Tests, vaccination and treatment, without a number.",
        areas=("DK-82", "DK-83"), languages=("da", "en", "th"), opening="Wednesdays 17 to 21",
        front_gate="Telephone 00 00 00 02",
        needs={"alias": "To call you in", "language": "To have an interpreter there",
               "health_need": "To bring the right things along"},
    )),
    "shelter": ("road", Entry(
        "A quiet room" + MARK, "housing", run_by="Stiftelsen Ly" + MARK, what="A bed and a lock for up to three months.",
        areas=("DK-83",), languages=("da", "en"), opening="Day and night", front_gate="Telephone 00 00 00 03",
        needs={"alias": "To know who is at the door", "contact": "To call you back", "language": "To be understood",
               "access": "To see whether the room fits"},
    )),
    "debt": ("road", Entry(
        "Debt advice" + MARK, "debt", run_by="Gældsrådet" + MARK, what="Letters to creditors, a plan, company to the bank.",
        areas=("DK-83",), languages=("da",), opening="Mondays 16 to 19", front_gate="Telephone 00 00 00 04",
        needs={"alias": "To call you by it", "goal": "To find the right adviser", "situation": "To prepare the first talk"},
    )),
    "course": ("road", Entry(
        "Danish in the morning" + MARK, "schooling", run_by="Sprogskolen" + MARK, what="A course with child care.",
        areas=("DK-607", "DK-561"), languages=("da", "en", "es"), opening="Weekdays 9 to 11",
        front_gate="Telephone 00 00 00 05",
        needs={"alias": "For the name tag", "language": "To make groups", "access": "To have child care ready"},
    )),
    "peers": ("road", Entry(
        "Coffee on Thursdays" + MARK, "self_organisation", run_by="Egen Stemme" + MARK,
        what="Sex workers talk to sex workers. Come as you are.", areas=("DK",), languages=("da", "en", "th", "es"),
        opening="Thursdays from 15", front_gate="Telephone 00 00 00 06",
    )),
    "police": ("road", Entry("Police district" + MARK, "police", run_by="Politiet" + MARK, areas=("DK-83",))),
    "immigration": ("road", Entry(
        "Immigration office" + MARK, "immigration", run_by="Udlændingekontoret" + MARK, areas=("DK",)
    )),
}  # fmt: skip


def add_services(members: Members) -> dict[str, Service]:
    """Put the services into the list, each by the organisation that keeps the entry."""
    return {
        key: add_service(member=_coordinator(members, party), entry=entry) for key, (party, entry) in ENTRIES.items()
    }


def _coordinator(members: Members, party: str) -> Member:
    return next(member for member in members[party] if member.role == "coordinator")


def make_referrals(members: Members) -> int:
    """Make the services, send, answer and take back; return how many referrals there are."""
    services = add_services(members)
    worker, second = members["road"][0], _coordinator(members, "road")
    lawyer, nurse = members["law"][0], members["round"][0]
    open_keyrings([worker, second, lawyer, nurse])
    with scope(organisation=worker.organisation):
        mali, ioana, _quiet, luz = list(
            Person.objects.filter(seats__member=worker, seats__first=True).order_by("pk")[:4]
        )
        _to_the_lawyers(worker, lawyer, services["lawyers"], mali, luz)
        _to_the_clinic(worker, nurse, services["clinic"], mali, ioana)
        _by_link(worker, services, mali, ioana, luz)
        _authorities(worker, second, services["police"], luz)
    return Package.objects.count()


def _send(worker: Member, person: Person, service: Service, days: int = 60, **chosen: str) -> referrals.Sent:
    return referrals.send_referral(
        member=worker,
        person=person,
        service=service,
        chosen=chosen,
        agreed=EVERY_GROUP,
        said=SAID,
        until=timezone.localdate() + timedelta(days=days),
    )


def _receive(member: Member, sent: referrals.Sent, answer: str = "", **given: str) -> None:
    """Open a package as its receiver, and answer it if there is an answer."""
    with scope(organisation=member.organisation):
        package = referrals.incoming(member, sent.referral.package.ref)
        referrals.open_package(member=member, package=package)
        if answer:
            referrals.answer_package(member=member, package=package, answer=answer, **given)


def _to_the_lawyers(worker: Member, lawyer: Member, service: Service, mali: Person, luz: Person) -> None:
    """One accepted with a few words, and one that was seen and then taken back."""
    accepted = _send(
        worker, mali, service,
        alias="Mali", contact="Text to 20 00 00 01, weekdays before noon, say it is the library", language="th",
        goal="Somebody who reads the tenancy with me",
    )  # fmt: skip
    _receive(lawyer, accepted, "accepted", note="Thursday at eleven. Bring the tenancy; we have an interpreter.")
    taken_back = _send(worker, luz, service, alias="Luz", language="es", goal="A letter to the landlord")
    _receive(lawyer, taken_back)
    withdraw_consent(
        member=worker,
        person=luz,
        said=SAID,
        purpose=Purpose.REFERRAL,
        recipient=taken_back.referral.package.service.recipient,
    )


def _to_the_clinic(worker: Member, nurse: Member, service: Service, mali: Person, ioana: Person) -> None:
    """One that nobody has seen yet, one seen, and one whose time is over."""
    _send(worker, ioana, service, alias="Ioana", language="ro", health_need="A vaccination")
    _receive(nurse, _send(worker, mali, service, alias="Mali", language="th"))
    over = _send(worker, ioana, service, days=1, alias="Ioana")
    with scopes_disabled():  # time cannot be waited for in a demo: the day is moved, the end comes by itself
        Package.objects.filter(pk=over.referral.package_id).update(until=timezone.localdate() - timedelta(days=1))
        keep_time()


def _by_link(worker: Member, services: Mapping[str, Service], mali: Person, ioana: Person, luz: Person) -> None:
    """Refused for a reason, done, and one that waits: services without an account."""
    refused = _send(worker, ioana, services["debt"], alias="Ioana", goal="A plan for what I owe")
    _answer(refused, "refused", refusal="no_papers")
    done = _send(worker, luz, services["course"], alias="Luz", language="es", access="Child care for one boy")
    _answer(done, "accepted", note="From Monday, room 4.")
    _answer(done, "done")
    _send(worker, mali, services["shelter"], alias="Mali", language="th", access="Quiet at night")


def _answer(sent: referrals.Sent, answer: str, refusal: str = "", note: str = "") -> None:
    words = read_words(sent.referral.package.ref, " ".join(sent.words))
    open_by_words(words)
    answer_by_words(words, answer=answer, refusal=refusal, note=note)


def _authorities(worker: Member, second: Member, police: Service, luz: Person) -> None:
    """Three refusals over the last quarters, and one thing that the person herself wanted to tell."""
    today = timezone.localdate()
    for days, authority in ((110, "immigration"), (140, "police"), (230, "immigration")):
        _refuse(worker, authority, today - timedelta(days=days))
    asked = referrals.ask_disclosure(
        member=worker,
        person=luz,
        authority=police,
        values={
            "alias": "Luz",
            "statement": "Somebody broke the door in the night of the second. She wants it on record.",
        },
        received_on=today - timedelta(days=100),
        said=SAID,
    )
    referrals.confirm_disclosure(member=second, disclosure=asked)
    referrals.hand_over(member=worker, disclosure=asked)


def _refuse(worker: Member, authority: str, day: date) -> None:
    referrals.refuse_request(member=worker, authority=authority, received_on=day, reason="no_ground")

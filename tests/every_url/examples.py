"""For every address with a parameter: how to make an object of a member's organisation that it can be asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.utils import timezone
from django_scopes import scope, scopes_disabled

from lygte.care.checkins.models import CheckIn
from lygte.care.concern.models import NotedSign, Telling
from lygte.care.intake.entities.models import Entity, EntityList, EntityVersion
from lygte.care.intake.entities.models import Feed as ListFeed
from lygte.care.intake.exports.models import Feed
from lygte.care.intake.handover import publish_shipped
from lygte.care.intake.models import (
    Attachment,
    Device,
    Form,
    FormDraft,
    FormVersion,
    Review,
    SealedFile,
    SealedSubmission,
    Submission,
)
from lygte.care.intake.storage import store_file
from lygte.care.netreach.models import Batch, Message, Version
from lygte.care.outreach.models import Place, Visit
from lygte.care.rounds.models import JointControl, Round, Stop
from lygte.care.screening.models import Counted, OwnInstrument
from lygte.care.support.cases.actions import open_case
from lygte.care.support.cases.actions.cases import Agreed
from lygte.care.support.cases.models import Case, Deadline, Goal, Name, Step
from lygte.care.support.door.models import Account
from lygte.care.support.duplicates.models import Apart, Merge
from lygte.care.support.exchange.models import Takeout
from lygte.care.support.referrals.models import AuthorityRequest, Disclosure, Package, Referral
from lygte.care.support.screenings.models import Screening
from lygte.core.consent.codes import EVERY_GROUP
from lygte.core.consent.ledger import Said
from lygte.core.consent.models import GlassBreak, LockedModel, Person, Seat
from lygte.core.consent.persons import make_person, new_code
from lygte.core.invitations import add_member, invitations_of
from lygte.core.members import make_password_link
from lygte.core.merging.models import Competing
from lygte.core.models import Kind, Member, Role
from lygte.core.refs import new_ref
from lygte.directory.services.models import Service
from lygte.knowledge import programme
from lygte.knowledge.programme.actions import add_delivery, import_plan, start_report
from lygte.knowledge.programme.models import Delivery, Indicator, Initiative, Plan, StatusReport
from lygte.knowledge.trials.models import Part, Result, Trial
from tests.conftest import make_member

Kwargs = dict[str, Any]
Example = Callable[[Member], Kwargs]

# Answers to phones and files: they have no page for a person to read.
NO_PAGE = {"site:theme", "set_language", "door:leave", "cases:calendar"}
NO_PAGE |= {"exports:download", "exports:service", "exports:service_slash", "exports:metadata", "exports:resource"}
# The key of the sealed example was thrown away, which is told as 410; what opens is looked at in tests/care/intake/grades.
NO_PAGE |= {"intake:sealed_page", "intake:sealed_file"}
# The app on the phone is looked at by itself (tests/field).
NO_PAGE |= {"field:app", "field:file", "field:manifest"}


# What is meant for several organisations: definitions are for all; plans are walked by themselves (test_plans.py).
# The lists that Lygte itself offers have the same names in every organisation.
SHARED_PREFIXES = (
    "facts:",
    "programme:",
    "trials:",
    "consent:protection",
    "services:service",
    "screening:instrument",
    "screening:workbook",
    "screening:reading",
    "screening:count",
    "entities:provided_switch",
)


def other_half(member: Member, everyone: dict[str, Member]) -> Member:
    """Return a member whose organisation has objects: the member's own field organisation, else Bogdan's."""
    return member if member.organisation.kind in (Kind.OUTREACH, Kind.HEALTH) else everyone["bogdan"]


def _publisher(member: Member) -> Member:
    """Return a coordinator of the organisation, since only they publish."""
    found = Member.objects.filter(organisation=member.organisation, role=Role.COORDINATOR).first()
    return found or make_member("bogdan")


def form(member: Member) -> Form:
    with scopes_disabled():
        found = Form.objects.filter(organisation=member.organisation).first()
        return found or publish_shipped(member.organisation, _publisher(member))[0].form


def version(member: Member) -> FormVersion:
    with scopes_disabled():
        return FormVersion.objects.filter(form=form(member)).first()


def submission(member: Member, state: str = "needs_look") -> Submission:
    of = version(member)
    with scopes_disabled():
        return Submission.objects.create(
            organisation=member.organisation,
            form=of.form,
            form_version=of,
            instance_id=f"uuid:{new_ref()}",
            member=member,
            received_at=timezone.now(),
            xml=f'<data id="lygte_visit" version="{of.version}"><meta><instanceID>uuid:1</instanceID></meta></data>'.encode(),
            sha256="0" * 64,
            state=state,
            problem_number="422.201",
            problem_at="Place",
            problem_details={"code": "ZZZZ"},
        )


def attachment(member: Member) -> Attachment:
    file = store_file("a.txt", b"file")
    with scopes_disabled():
        return Attachment.objects.create(
            organisation=member.organisation,
            submission=submission(member),
            name=file.name,
            stored_as=file.stored_as,
            size=file.size,
            sha256=file.sha256,
        )


def device(member: Member) -> Device:
    with scopes_disabled():
        return Device.objects.create(
            organisation=member.organisation, member=member, label="Phone", token_hash=new_ref(), username=new_ref()
        )


def review(member: Member) -> Review:
    of = submission(member)
    with scopes_disabled():
        return Review.objects.create(
            organisation=member.organisation,
            submission=of,
            before="received",
            state="approved",
            member=member,
            at=timezone.now(),
        )


def draft(member: Member) -> FormDraft:
    of = version(member)
    with scopes_disabled():
        return FormDraft.objects.create(
            organisation=member.organisation,
            form_id=new_ref(),
            title="Draft",
            workbook=b"",
            workbook_name="a.md",
            xform=b"",
            outline=of.outline,
            token_hash=new_ref(),
            made_at=timezone.now(),
            made_by=member,
        )


def entity_list(member: Member) -> EntityList:
    with scopes_disabled():
        return EntityList.objects.create(
            organisation=member.organisation, name=f"list-{new_ref()[:6]}", sees="assigned"
        )


def entity(member: Member) -> Entity:
    """An entry that two have changed, in a list by assignment."""
    values, now = {"label": "Oak", "species": "oak"}, timezone.now()
    with scopes_disabled():
        made = Entity.objects.create(
            organisation=member.organisation,
            list=entity_list(member),
            uuid=str(uuid4()),
            label="Oak",
            values=values,
            conflict="soft",
            creator=member,
            made_at=now,
            changed_at=now,
        )
        EntityVersion.objects.create(
            organisation=member.organisation, entity=made, number=1, values=values, seen=values, member=member, at=now
        )
        return made


def list_feed(member: Member) -> ListFeed:
    """A filled form that could not be written to a list."""
    sent = submission(member)
    with scopes_disabled():
        return ListFeed.objects.create(
            organisation=member.organisation,
            submission=sent,
            state="failed",
            problem_number="422.442",
            problem_details={"what": "a telephone number"},
            at=timezone.now(),
        )


def place(member: Member) -> Place:
    with scopes_disabled():
        return Place.objects.create(
            organisation=member.organisation,
            kind="clinic",
            area="DK-461" if member.organisation.country == "DK" else "NL-GM0518",
            code_name=f"Quiet {new_ref()[:8]}",
            short_code=new_ref()[:6].upper(),
            created_on=date(2026, 1, 5),
        )


def visit(member: Member) -> Visit:
    where = place(member)
    with scopes_disabled():
        return Visit.objects.create(
            organisation=member.organisation,
            place=where,
            place_kind=where.kind,
            area=where.area,
            day=timezone.localdate(),
            outcome="spoke",
            present=3,
            spoken_to=2,
            new=1,
            recorded_by=member,
        )


def message(member: Member) -> Message:
    """A message with a published text and a draft."""
    with scopes_disabled():
        made = Message.objects.create(
            organisation=member.organisation, title=f"Introduction {new_ref()[:8]}", made_at=timezone.now()
        )
        text = f"{member.organisation.name} writes to you.\nAnswer STOP for no more."
        for number, published in ((1, timezone.now()), (2, None)):
            Version.objects.create(
                organisation=member.organisation,
                message=made,
                number=number,
                texts={"en": text + "!" * number},
                stop_words={"en": "STOP"},
                published_at=published,
            )
        return made


def batch(member: Member) -> Batch:
    with scopes_disabled():
        return Batch.objects.create(
            organisation=member.organisation,
            version=message(member).versions.get(number=1),
            channel="sms",
            method="introduction",
            language="en",
            area="DK-461" if member.organisation.country == "DK" else "NL-GM0518",
            day=timezone.localdate(),
            made_at=timezone.now(),
            recorded_by=member,
            claim=new_ref(),
            cleared=3,
            withheld=1,
        )


ADDENDUM = Path(programme.__file__).parent / "plans" / "dk-addendum-2015-2018.yaml"


def initiative(member: Member) -> Initiative:
    """Return the third initiative of the shipped plan, delivered by the member's organisation where it does field work."""
    dorte = make_member("dorte")
    with scopes_disabled():
        plan = Plan.objects.filter(organisation=dorte.organisation).first()
        plan = plan or import_plan(member=dorte, content=ADDENDUM.read_bytes()).plan
        found = Initiative.objects.get(plan=plan, number=3)
        here = member.organisation.country == "DK" and member.organisation.kind in (Kind.OUTREACH, Kind.HEALTH)
        deliverer = member.organisation if here else make_member("bogdan").organisation
        if not Delivery.objects.filter(initiative=found, organisation=deliverer).exists():
            add_delivery(member=dorte, initiative=found, organisation=deliverer, areas=["DK-85"], from_month="2016-01")
        return found


def delivery(member: Member) -> Delivery:
    with scopes_disabled():
        return Delivery.objects.filter(initiative=initiative(member)).first()


def indicator(member: Member) -> Indicator:
    with scopes_disabled():
        return Indicator.objects.filter(plan=initiative(member).plan).first()


def report(member: Member) -> StatusReport:
    of = initiative(member)
    with scopes_disabled():
        found = StatusReport.objects.filter(initiative=of).first()
        return found or start_report(member=make_member("dorte"), initiative=of, as_at="2017-06")


def by_ref(make: Callable[[Member], Any]) -> Example:
    return lambda member: {"ref": make(member).ref}


def phone_address(member: Member, **more: Any) -> Kwargs:
    """Phones have keys of their own; a wrong one must be refused whoever is signed in beside it."""
    return {"token": "not-a-token", **more}


def password_token(member: Member) -> Kwargs:
    return {"token": make_password_link(member.user)}


def invitation_token(member: Member) -> Kwargs:
    coordinator = Member.objects.filter(organisation=member.organisation, role=Role.COORDINATOR).first()
    if coordinator is None:
        return {"token": "not-a-token"}
    invited = add_member(member=coordinator, email="new@example.org", name="Nadia", role=Role.COORDINATOR)
    return {"token": invited.token}


def invitation(member: Member) -> Any:
    invitation_token(member)
    return invitations_of(member).first() or member


def colleague(member: Member) -> Member:
    with scopes_disabled():
        found = Member.objects.filter(organisation=member.organisation, active=True).exclude(role=Role.COORDINATOR)
        return found.first() or member


def sealed_submission(member: Member) -> SealedSubmission:
    """A sealed form with a file; its key was thrown away, so that it opens for nobody."""
    of = version(member)
    with scopes_disabled():
        found = SealedSubmission.objects.create(
            organisation=member.organisation, form=of.form, form_version=of, instance_id=f"uuid:{new_ref()}",
            member=member, day=date(2026, 1, 5), sealed="phone", header=b"{}", box=b"box", digest="0" * 64,
        )  # fmt: skip
        SealedFile.objects.create(
            organisation=member.organisation, submission=found, part="file|0", own_key=False,
            stored_as=store_file("", b"box").stored_as, size=3, digest="0" * 64,
        )  # fmt: skip
        return found


def sealed_file(member: Member) -> SealedFile:
    with scopes_disabled():
        return SealedFile.objects.get(submission=sealed_submission(member))


EXAMPLES: dict[str, Example] = {
    "field:file": lambda member: {"name": "sw.js"},
    "netreach:batch": by_ref(batch),
    "netreach:take_back": by_ref(batch),
    "netreach:message": by_ref(message),
    "netreach:message_publish": by_ref(message),
    "core:member_link": by_ref(colleague),
    "core:member_remove": by_ref(lambda member: member),
    "core:password": password_token,
    "core:invitation": invitation_token,
    "core:invitation_withdraw": by_ref(invitation),
    "screening:instrument": lambda member: {"key": "ilo_delphi_labour"},
    "screening:workbook": lambda member: {"key": "ilo_forced_labour_11"},
    "screening:reading": lambda member: {"key": "general_signs"},
    "facts:definition": lambda member: {"name": "visit"},
    "mfa_edit_webauthn": lambda member: {"pk": 1},
    "mfa_remove_webauthn": lambda member: {"pk": 1},
    "intake:form_page": by_ref(form),
    "intake:form_state": by_ref(form),
    "intake:version_workbook": by_ref(version),
    "intake:version_xform": by_ref(version),
    "intake:device_revoke": by_ref(device),
    "intake:submission_page": by_ref(submission),
    "intake:submission_xml": by_ref(submission),
    "intake:submission_resolve": by_ref(submission),
    "intake:attachment": by_ref(attachment),
    "intake:sealed_page": by_ref(sealed_submission),
    "intake:sealed_take_in": by_ref(sealed_submission),
    "intake:sealed_file": by_ref(sealed_file),
    "intake:form_file": by_ref(form),
    "intake:form_encrypt": by_ref(form),
    "intake:draft_page": by_ref(draft),
    "intake:draft_file": by_ref(draft),
    "intake:draft_publish": by_ref(draft),
    "intake:draft_discard": by_ref(draft),
    "intake:submission_review": by_ref(submission),
    "intake:submission_trash": by_ref(submission),
    "intake:submission_restore": by_ref(submission),
    "intake:submission_open": by_ref(submission),
    "intake:submission_destroy": by_ref(submission),
    "intake:review_undo": by_ref(review),
    "programme:plan": by_ref(lambda member: initiative(member).plan),
    "programme:initiative": by_ref(initiative),
    "programme:delivery_add": by_ref(initiative),
    "programme:delivery_end": by_ref(delivery),
    "programme:indicator": by_ref(indicator),
    "programme:report_start": by_ref(initiative),
    "programme:report": by_ref(report),
    "programme:report_write": by_ref(report),
    "programme:report_issue": by_ref(report),
    "programme:report_paper": lambda member: {"ref": report(member).ref, "language": "da"},
    "programme:live_chart": lambda member: {"ref": initiative(member).ref, "key": "visits", "theme": "light"},
    "programme:report_chart": lambda member: {"ref": report(member).ref, "key": "visits", "theme": "light"},
    "outreach:place": by_ref(place),
    "outreach:place_change": by_ref(place),
    "outreach:place_close": by_ref(place),
    "outreach:place_reopen": by_ref(place),
    "outreach:visit": by_ref(visit),
    "outreach:visit_withdraw": by_ref(visit),
    "outreach:visit_restore": by_ref(visit),
}

EXAMPLES |= {
    "vault:let_in": by_ref(colleague),
    "vault:shut_out": by_ref(colleague),
}

for _door in ("form_list", "submission", "nothing", "keys", "sealed"):
    EXAMPLES[f"intake:phone_{_door}"] = phone_address
for _door in ("form", "manifest"):
    EXAMPLES[f"intake:phone_{_door}"] = partial(phone_address, ref="a" * 26)
    EXAMPLES[f"intake:login_{_door}"] = lambda member: {"ref": "a" * 26}
for _door in ("form", "form_list", "manifest", "submission", "nothing"):
    EXAMPLES[f"intake:draft_{_door}"] = lambda member: {"token": "a" * 43}
EXAMPLES["intake:draft_media"] = lambda member: {"token": "a" * 43, "name": "places.csv"}
EXAMPLES["intake:draft_unknown"] = lambda member: {"token": "a" * 43, "rest": "elsewhere"}
EXAMPLES["intake:field_send"] = lambda member: {"ref": "a" * 26}
EXAMPLES["checkins:phone_start"] = phone_address
EXAMPLES["checkins:phone_safe"] = partial(phone_address, timer="1f")
for _door in ("renew", "phone", "today"):
    EXAMPLES[f"intake:phone_{_door}"] = phone_address
EXAMPLES["intake:phone_media"] = partial(phone_address, ref="a" * 26, name="places.csv")
EXAMPLES["intake:login_media"] = lambda member: {"ref": "a" * 26, "name": "places.csv"}
EXAMPLES["entities:phone_integrity"] = partial(phone_address, name="places.csv")
EXAMPLES["entities:login_integrity"] = lambda member: {"name": "places.csv"}
EXAMPLES["entities:provided_switch"] = lambda member: {"name": "cases"}
for _page in ("list", "list_change", "list_csv"):
    EXAMPLES[f"entities:{_page}"] = by_ref(entity_list)
for _page in ("entity", "entity_decide", "entity_delete", "entity_restore", "entity_assign"):
    EXAMPLES[f"entities:{_page}"] = by_ref(entity)
EXAMPLES["entities:feed"] = by_ref(list_feed)
EXAMPLES["intake:phone_unknown"] = partial(phone_address, rest="elsewhere")
EXAMPLES["intake:login_unknown"] = lambda member: {"rest": "elsewhere"}


# Tables and feeds of a form ---------------------------------------------------------------------------------------------
def feed(member: Member) -> Feed:
    of = form(member)
    with scopes_disabled():
        return Feed.objects.create(
            organisation=member.organisation, form=of, member=member, label="Figures", token_hash=new_ref()
        )


for _page in ("tables", "download", "feed_make"):
    EXAMPLES[f"exports:{_page}"] = by_ref(form)
EXAMPLES["exports:feed_close"] = by_ref(feed)
for _page in ("service", "service_slash", "metadata"):
    EXAMPLES[f"exports:{_page}"] = by_ref(form)
EXAMPLES["exports:resource"] = lambda member: {"ref": form(member).ref, "rest": "Submissions"}


# Services and referrals -----------------------------------------------------------------------------------------------
def service(member: Member) -> Service:
    return Service.objects.create(
        organisation=member.organisation, name=f"Service {new_ref()}", kind="health", checked_on=date(2026, 1, 5)
    )


for _page in ("service", "change", "close", "reopen"):
    EXAMPLES[f"services:{_page}"] = by_ref(service)


# Persons and what is kept about them -----------------------------------------------------------------------------------
def person(member: Member) -> Person:
    """Return a person on the member's team, with a key where the organisation has one."""
    with scopes_disabled():
        if getattr(member, "keyring", None) is not None:
            return make_person(member=member)
        today = timezone.localdate()
        found = Person.objects.create(organisation=member.organisation, code=new_code(), made_on=today)
        Seat.objects.create(person=found, member=member, first=True, since=today)
        return found


# The person's own door ------------------------------------------------------------------------------------------------
def own_words(member: Member) -> Account:
    """Return what a person of the member's organisation wrote: locked under a key that nobody here has."""
    with scopes_disabled():
        return Account.objects.create(
            organisation=member.organisation,
            person=person(member),
            kind="correction",
            written_on=date(2026, 11, 5),
        )


for _page in ("slip_make", "slip_file", "slip_end", "seen_by", "words"):
    EXAMPLES[f"door:{_page}"] = by_ref(lambda member: person(member))
EXAMPLES["door:answer"] = by_ref(own_words)


# Two codes that may be one person, two values of which one is chosen -----------------------------------------------------
def two_people(member: Member) -> Kwargs:
    return {"ref": person(member).ref, "other": person(member).ref}


def merge(member: Member) -> Merge:
    kept, gone = person(member), person(member)
    with scopes_disabled():
        return Merge.objects.create(
            organisation=member.organisation, kept=kept, gone=gone, at=timezone.now(), member=member
        )


def apart(member: Member) -> Apart:
    first, second = person(member), person(member)
    with scopes_disabled():
        return Apart.objects.create(
            organisation=member.organisation, first=first, second=second, at=timezone.now(), member=member
        )


def competing(member: Member) -> Competing:
    about = Name(organisation=member.organisation, person=person(member))
    about.save()
    with scopes_disabled():
        return Competing.objects.create(
            organisation=member.organisation,
            person=about.person,
            table=Name._meta.label,
            record=about.ref,
            of_group="identity",
            member=member,
            at=timezone.now(),
            met=0,
        )


for _step in ("pair", "apart", "merge"):
    EXAMPLES[f"duplicates:{_step}"] = two_people
EXAMPLES["duplicates:merge_undo"] = by_ref(merge)
EXAMPLES["duplicates:apart_undo"] = by_ref(apart)
EXAMPLES["duplicates:choose"] = by_ref(competing)


# Consent, teams, emergencies, documents --------------------------------------------------------------------------------
def glass_break(member: Member) -> GlassBreak:
    now = timezone.now()
    with scopes_disabled():
        return GlassBreak.objects.create(
            organisation=member.organisation, person=person(member), member=member, at=now, until=now, groups=["notes"]
        )


for _page in ("person", "withdraw", "team", "team_change", "glass", "hold", "hold_confirm", "hold_end", "erase"):
    EXAMPLES[f"consent:{_page}"] = by_ref(person)
EXAMPLES["consent:review"] = by_ref(glass_break)
EXAMPLES["consent:ask"] = lambda member: {"ref": person(member).ref, "subject": "support"}
EXAMPLES["consent:paper"] = lambda member: {"language": "da"}
for _page in ("protection", "protection_pdf"):
    EXAMPLES[f"consent:{_page}"] = lambda member: {"name": "dpia"}


# Cases and their records -----------------------------------------------------------------------------------------------
def case(member: Member) -> Case:
    """Return a case of the member's, in which the person agreed to everything."""
    with scope(organisation=member.organisation):
        if getattr(member, "keyring", None) is None:
            return Case.objects.create(
                organisation=member.organisation,
                person=person(member),
                area="DK-461",
                way_in="visit",
                language="th",
                asked_on=timezone.localdate(),
                opened_on=timezone.localdate(),
                opened_by=member,
            )
        agreed = Agreed(EVERY_GROUP)
        return open_case(member=member, said=Said("en"), agreed=agreed, area="DK-461", way_in="visit", language="th")


def of_case(model: type[LockedModel], **columns: Any) -> Example:
    """Return an example of a record of a case: only its row, with nothing locked in it."""

    def make(member: Member) -> Kwargs:
        about = case(member)
        with scopes_disabled():
            row = model._default_manager.create(organisation=member.organisation, person=about.person, **columns)
        return {"ref": row.ref}

    return make


_day = date(2026, 11, 5)
for _page in ("case", "notes", "about", "measures", "dates", "change", "close", "reopen", "look"):
    EXAMPLES[f"cases:{_page}"] = by_ref(case)
EXAMPLES["cases:new"] = lambda member: {"ref": case(member).ref, "kind": "step"}
for _page in ("record", "remove"):
    EXAMPLES[f"cases:{_page}"] = lambda member: {**of_case(Goal, set_on=_day)(member), "kind": "goal"}
EXAMPLES["cases:goal_state"] = of_case(Goal, set_on=_day)
EXAMPLES["cases:step_state"] = of_case(Step, set_on=_day)
for _page in ("deadline_extend", "deadline_end", "deadline_reopen"):
    EXAMPLES[f"cases:{_page}"] = of_case(Deadline, starts_on=_day, due=_day, first_due=_day)
EXAMPLES["cases:calendar"] = lambda member: {"token": "a" * 43}


# Referrals and disclosures ---------------------------------------------------------------------------------------------
def package_to(member: Member) -> Package:
    """Return a package that was sent to the member's organisation; its key is gone."""
    return Package.objects.create(
        code=new_code(),
        service=service(member),
        kind="health",
        sender=member.organisation,
        recipient=member.organisation,
        sent_at=timezone.now(),
        until=timezone.localdate(),
    )


def referral(member: Member) -> Referral:
    with scopes_disabled():
        return Referral.objects.create(
            organisation=member.organisation,
            person=person(member),
            package=package_to(member),
            sent_by=member,
            sent_on=timezone.localdate(),
        )


def disclosure(member: Member) -> Disclosure:
    with scopes_disabled():
        request = AuthorityRequest.objects.create(
            organisation=member.organisation, authority="police", received_on=timezone.localdate()
        )
        return Disclosure.objects.create(
            organisation=member.organisation,
            person=person(member),
            request=request,
            service=service(member),
            ground="order",
            asked_by=member,
            asked_at=timezone.now(),
        )


for _page in ("package", "answer", "deleted"):
    EXAMPLES[f"referrals:{_page}"] = by_ref(package_to)
for _page in ("referral", "noted", "revoke"):
    EXAMPLES[f"referrals:{_page}"] = by_ref(referral)
for _page in ("person", "send", "disclose"):
    EXAMPLES[f"referrals:{_page}"] = by_ref(person)
for _page in ("disclosure", "disclosure_confirm", "disclosure_refuse", "disclosure_paper"):
    EXAMPLES[f"referrals:{_page}"] = by_ref(disclosure)
EXAMPLES["referrals:write"] = lambda member: {"ref": person(member).ref, "service": service(member).ref}
EXAMPLES["handed:link"] = lambda member: {"ref": "a" * 26}


# Files that leave and come in ------------------------------------------------------------------------------------------
def takeout(member: Member) -> Takeout:
    with scopes_disabled():
        return Takeout.objects.create(
            organisation=member.organisation,
            service=service(member),
            kind="legal",
            fields=["prs_FirstName"],
            format="csv",
            persons=2,
            state="asked",
            asked_by=member,
            asked_at=timezone.now(),
        )


EXAMPLES["exchange:person"] = by_ref(person)
EXAMPLES["exchange:fields"] = lambda member: {"ref": person(member).ref, "service": service(member).ref}
for _page in ("takeout", "confirm", "refuse", "make"):
    EXAMPLES[f"exchange:{_page}"] = by_ref(takeout)


# Screenings -----------------------------------------------------------------------------------------------------------
def counted_screening(member: Member) -> Counted:
    with scopes_disabled():
        return Counted.objects.create(
            organisation=member.organisation, instrument="own", version=1, outcome="no_sign", area="DK-461",
            month=date(2026, 11, 1),
        )  # fmt: skip


def own_instrument(member: Member) -> OwnInstrument:
    words = {"en": "Own", "da": "Egen", "nl": "Eigen"}
    said = {
        "title": words, "about": words, "rule": "present/1", "answers": "known", "groups": ["adult"], "licence": "ask",
        "maker": "", "source": "", "checked": "2026-11-01", "sections": {"a": words},
        "items": [{"dimension": "a", "key": "b", "words": words, "weights": {}}],
    }  # fmt: skip
    with scopes_disabled():
        return OwnInstrument.objects.create(
            organisation=member.organisation, title=new_ref(), version=1, said=said, workbook=b"", brought_by=member,
            brought_at=timezone.now(),
        )  # fmt: skip


def kept_screening(member: Member) -> Screening:
    about = case(member)
    with scopes_disabled():
        return Screening.objects.create(organisation=member.organisation, person=about.person, day=_day, member=member)


EXAMPLES |= {
    "screenings:case": by_ref(case),
    "screenings:remove": by_ref(kept_screening),
    "screening:count": lambda member: {"key": "general_signs"},
    "screening:uncount": by_ref(counted_screening),
    "screening:retire": by_ref(own_instrument),
}
EXAMPLES["directory:at_work"] = lambda member: {"country": "dk", "language": "ro"}


# Places of concern ----------------------------------------------------------------------------------------------------
def noted_sign(member: Member) -> NotedSign:
    with scopes_disabled():
        return NotedSign.objects.create(
            organisation=member.organisation, place=place(member).ref, sign="threats", known="seen", sure="sure",
            day=timezone.localdate(), rule_version=1, noted_by=member, noted_at=timezone.now(),
        )  # fmt: skip


def telling(member: Member) -> Telling:
    with scopes_disabled():
        return Telling.objects.create(
            organisation=member.organisation, place=place(member).ref, authority="police", ground="danger",
            people="not_safe", pieces=["area"], why="Now", asked_by=member, asked_at=timezone.now(),
        )  # fmt: skip


EXAMPLES |= {
    "concern:place": by_ref(place),
    "concern:tell": by_ref(place),
    "concern:sign": lambda member: {"ref": noted_sign(member).ref, "what": "look"},
    "concern:telling": by_ref(telling),
}


# Rounds ---------------------------------------------------------------------------------------------------------------
def round_of(member: Member) -> Round:
    with scopes_disabled():
        one = Round.objects.create(organisation=member.organisation, region="DK-83", day=timezone.localdate())
        one.members.set([member])
        at = place(member)
        Stop.objects.create(round=one, position=1, place=at.ref, kind=at.kind, area=at.area)
        return one


def joint_control(member: Member) -> JointControl:
    with scopes_disabled():
        return JointControl.objects.create(
            organisation=member.organisation, day=timezone.localdate(), led_by="police", area="DK-607", kind="clinic"
        )


EXAMPLES |= {f"rounds:{_page}": by_ref(round_of) for _page in ("round", "change", "move")}
EXAMPLES |= {f"rounds:control_{_page}": by_ref(joint_control) for _page in ("withdraw", "restore")}
EXAMPLES["rounds:state"] = lambda member: {"ref": round_of(member).ref, "state": "under_way"}


# Visiting alone -------------------------------------------------------------------------------------------------------
def timer(member: Member) -> CheckIn:
    with scopes_disabled():
        CheckIn.objects.filter(member=member, ended_at=None).update(ended_at=timezone.now())
        return CheckIn.objects.create(
            organisation=member.organisation,
            member=member,
            colleague=member,
            started_at=timezone.now(),
            due_at=timezone.now(),
        )


EXAMPLES |= {"checkins:end": by_ref(timer), "checkins:reached": by_ref(timer)}


# Method trials ----------------------------------------------------------------------------------------------------------
def trial(member: Member) -> Trial:
    """Return a plan of the member's organisation."""
    with scopes_disabled():
        return Trial.objects.create(organisation=member.organisation, country=member.organisation.country, title="Tea")


def trial_part(member: Member) -> Part:
    return Part.objects.create(trial=trial(make_member("freja")), organisation=member.organisation)


def trial_result(member: Member) -> Result:
    """Return a result that everybody in the country may read."""
    from tests.knowledge.trials.example import issued_result

    with scopes_disabled():
        return issued_result(make_member("freja"))


def trial_today(member: Member) -> Trial:
    """Return a registered plan of the member's organisation that teams follow today."""
    from tests.knowledge.trials.example import running_trial

    with scopes_disabled():
        return running_trial(member)


for _page in ("trial", "change", "smallest", "register", "invite", "issue"):
    EXAMPLES[f"trials:{_page}"] = by_ref(trial)
for _page in ("amend", "stop"):
    EXAMPLES[f"trials:{_page}"] = by_ref(trial_today)
for _page in ("take_back", "answer"):
    EXAMPLES[f"trials:{_page}"] = by_ref(trial_part)
for _page in ("schedule", "schedule_csv"):
    EXAMPLES[f"trials:{_page}"] = by_ref(lambda member: trial_result(member).trial)
EXAMPLES["trials:result"] = by_ref(trial_result)
EXAMPLES["trials:paper"] = lambda member: {"ref": trial_result(member).ref, "language": "da"}

"""Exactly what the service declared, the person agreed to and somebody chose leaves the house, sealed under its own key."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from django_scopes import scope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lygte.care.support.referrals import packages, twelve
from lygte.care.support.referrals.models import REFERRAL, Package, Referral
from lygte.care.support.referrals.rules import groups_of, package_of
from lygte.core.consent import gate
from lygte.core.consent.codes import EVERY_GROUP, Group, Purpose, Via
from lygte.core.consent.ledger import record_consent
from lygte.core.consent.models import Consent, Person, Seen
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.core.vault import ciphers, fields
from lygte.core.vault.models import Wrapped
from lygte.directory.services.actions import change_service, close_service
from lygte.directory.services.codes import ASKS
from lygte.directory.services.models import Need, Service

from .conftest import ALL, LEGAL_NEEDS, SPOKEN, in_days, legal_of, now_of, refer

CODES = st.sets(st.sampled_from(sorted(ASKS)), min_size=2)
GROUPS = st.sets(st.sampled_from(sorted(EVERY_GROUP)), min_size=3)


@given(CODES, GROUPS, st.dictionaries(st.sampled_from([*sorted(ASKS), "photo"]), st.text(max_size=5)))
def test_a_package_is_what_was_declared_and_agreed_to_and_chosen(
    declared: set[str], agreed: set[str], chosen: dict[str, str]
) -> None:
    left = package_of(declared, agreed, chosen)
    assert left.keys() == {c for c in declared & set(chosen) if ASKS[c].group in agreed and chosen[c].strip()}
    assert all(text == chosen[code].strip() for code, text in left.items())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(needs=CODES, agreed=GROUPS, chosen=CODES)
def test_whatever_is_asked_agreed_and_written_the_receiver_opens_only_that(
    needs: set[str], agreed: set[str], chosen: set[str], amina: Member, hugo: Member, jan: Member, mali: Person
) -> None:
    service = Service.objects.create(
        organisation=jan.organisation, name=f"s{Service.objects.count()}", kind="other", checked_on="2026-01-05"
    )
    Need.objects.bulk_create(Need(service=service, field=code, why="because") for code in needs)
    wanted = {c: ALL[c] for c in chosen}
    expected = {c: t for c, t in wanted.items() if c in needs and ASKS[c].group in agreed}
    if not expected:
        with pytest.raises(Problem) as caught:
            refer(amina, mali, service, chosen=wanted, agreed=agreed)
        assert caught.value.number == "422.540" and not Package.objects.filter(service=service).exists()
        assert not Consent.objects.filter(recipient=service.recipient).exists()
        return
    sent = refer(amina, mali, service, chosen=wanted, agreed=agreed)
    assert packages.open_for_house(sent.referral.package, hugo) == expected
    assert sorted(sent.referral.package.fields) == sorted(expected)
    line = Consent.objects.get(recipient=service.recipient)
    assert (line.purpose, line.groups, line.until) == ("referral", groups_of(expected), in_days(30))


def test_an_earlier_wider_yes_does_not_widen_this_package(
    amina: Member, hugo: Member, mali: Person, legal: Service
) -> None:
    record_consent(
        member=amina, person=mali, purpose=Purpose.REFERRAL, groups=EVERY_GROUP, said=SPOKEN, recipient=legal.recipient
    )
    sent = refer(amina, mali, legal, agreed=[Group.IDENTITY])
    assert packages.open_for_house(sent.referral.package, hugo) == {"alias": "Mali"}


def test_the_copy_in_the_record_is_what_left(amina: Member, to_legal: object, mali: Person) -> None:
    referral = Referral.objects.select_related("person").get()
    copy = gate.read(member=amina, records=[referral]).get(referral)
    assert copy == {code: ALL[code] for code in LEGAL_NEEDS}


def test_sending_does_not_depend_on_agreeing_that_a_copy_is_kept(amina: Member, hugo: Member, legal: Service) -> None:
    from tests.care.support.cases.conftest import make_case

    person = make_case(amina, {Group.GOALS}).person
    sent = refer(amina, person, legal)
    assert now_of(sent).referral.locked is None
    assert packages.open_for_house(now_of(sent).package, hugo)["alias"] == "Mali"


def test_every_thing_that_can_be_asked_for_is_declared_with_purpose_ground_and_time() -> None:
    assert set(ASKS) <= set(REFERRAL)


def test_the_person_sees_what_left_and_to_whom(mali: Person, legal: Service, to_legal: object) -> None:
    line = Seen.objects.filter(person=mali.ref, via=Via.REFERRAL).get()
    assert (line.recipient, line.purpose, line.groups) == (
        legal.recipient,
        "referral",
        ["contact", "goals", "identity"],
    )


# Keys -----------------------------------------------------------------------------------------------------------------
def test_the_key_of_a_package_opens_nothing_of_the_person_and_the_persons_key_no_package(
    amina: Member, mali: Person, to_legal: object
) -> None:
    referral = Referral.objects.select_related("person", "package").get()
    person_key = amina.keyring.person_key(mali.ref)
    place = packages._place(referral.package, "locked")
    for label in ("", "package", referral.package.ref):
        key = person_key if not label else ciphers.derive(person_key, label)
        with pytest.raises(Problem):
            fields.open_values(key, bytes(referral.package.locked or b""), place, "x")


def test_a_package_for_a_house_is_wrapped_for_that_house_alone(hugo: Member, to_legal: object) -> None:
    row = Wrapped.objects.get(kind=Wrapped.PACKAGE)
    assert row.organisation_key is not None and row.organisation_key.organisation == hugo.organisation
    assert row.lookup is None


def test_nobody_of_the_sender_opens_what_was_packed_for_another_house(amina: Member, to_legal: object) -> None:
    with pytest.raises(Problem) as caught:
        packages.open_for_house(Package.objects.get(), amina)
    assert caught.value.number == "410.540"


def test_packages_of_short_and_long_words_look_alike(amina: Member, mali: Person, legal: Service) -> None:
    short = refer(amina, mali, legal, chosen={"alias": "M"}).referral.package
    long = refer(amina, mali, legal, chosen={"alias": "M" * 60}).referral.package
    assert len(short.locked or b"") == len(long.locked or b"")


def test_a_package_moved_to_another_row_does_not_open(
    amina: Member, hugo: Member, mali: Person, legal: Service
) -> None:
    first, second = (refer(amina, mali, legal).referral.package for _ in range(2))
    first.locked, second.locked = second.locked, first.locked
    with pytest.raises(Problem) as caught:
        packages.open_for_house(first, hugo)
    assert caught.value.number == "422.20"


def test_the_words_are_stored_nowhere(to_shelter: object) -> None:
    words = to_shelter.words  # type: ignore[attr-defined]
    secret = twelve.secret_of(" ".join(words))
    assert len(words) == 12 and secret is not None
    row, package = Wrapped.objects.get(kind=Wrapped.PACKAGE), Package.objects.get()
    stored = [
        bytes(row.box),
        (row.lookup or "").encode(),
        (package.lookup or "").encode(),
        bytes(package.locked or b""),
    ]
    assert not any(secret in part or secret.hex().encode() in part for part in stored)
    assert row.lookup != package.lookup  # what tells a recall opens nothing


def test_words_are_read_forgivingly_and_a_wrong_one_is_noticed() -> None:
    secret = twelve.new_secret()
    words = twelve.words_of(secret)
    assert twelve.secret_of("\n".join(f"{n}. {w.upper()}" for n, w in enumerate(words, 1))) == secret
    assert twelve.secret_of(" ".join(word[:4] for word in words)) == secret
    assert twelve.secret_of(" ".join(words[:11])) is None
    assert twelve.secret_of("") is None
    swapped = [words[1], words[0], *words[2:]]
    assert swapped == words or twelve.secret_of(" ".join(swapped)) != secret


# Bad input ------------------------------------------------------------------------------------------------------------
def refused(member: Member, person: Person, service: Service, **given: object) -> str:
    with pytest.raises(Problem) as caught:
        refer(member, person, service, **given)
    assert not Package.objects.exists() and not Wrapped.objects.filter(kind=Wrapped.PACKAGE).exists()
    return caught.value.number


def test_a_closed_service_receives_nothing(amina: Member, jan: Member, mali: Person, legal: Service) -> None:
    close_service(member=jan, service=legal)
    legal.state = "open"  # as a page that was open too long has it
    assert refused(amina, mali, legal) == "409.541"


@pytest.mark.parametrize("days", [-1, 181])
def test_the_end_lies_within_half_a_year(amina: Member, mali: Person, legal: Service, days: int) -> None:
    assert refused(amina, mali, legal, until=in_days(days)) == "422.541"


@pytest.mark.parametrize(
    ("chosen", "number"),
    [
        ({"alias": "M" * 61}, "422.543"),
        ({"language": "klingon"}, "422.542"),
        ({"photo": "x"}, "422.542"),
        ({"goal": "Ask for 010190-1234"}, "422.10"),
        ({"goal": "Write to mali@example.org"}, "422.11"),
        ({"alias": "   "}, "422.540"),
    ],
)
def test_what_must_not_leave_does_not(
    amina: Member, mali: Person, legal: Service, chosen: Mapping[str, str], number: str
) -> None:
    assert refused(amina, mali, legal, chosen=chosen) == number


def test_who_is_not_on_the_team_refers_nobody(bogdan: Member, mali: Person, legal: Service) -> None:
    assert refused(bogdan, mali, legal) == "403.11"


def test_another_organisation_refers_nobody_of_ours(hugo: Member, mali: Person, legal: Service) -> None:
    assert refused(hugo, mali, legal) == "404.1"


def test_what_a_service_no_longer_asks_for_no_longer_leaves(
    amina: Member, hugo: Member, jan: Member, mali: Person, legal: Service
) -> None:
    from lygte.directory.services.actions import Entry

    entry = Entry(name=legal.name, kind="legal", areas=("DK",), needs={"alias": "To call you by it"})
    with scope(organisation=jan.organisation):
        change_service(member=jan, service=legal, entry=entry)
    sent = refer(amina, mali, legal)
    assert packages.open_for_house(sent.referral.package, hugo) == {"alias": "Mali"}


def test_a_house_whose_key_has_one_holder_is_reached_by_link(amina: Member, mali: Person, chika: Member) -> None:
    assert refer(amina, mali, legal_of(chika)).words

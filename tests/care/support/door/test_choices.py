"""What she decides counts at once: a yes taken back, a file taken along, everything erased."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from lygte.care.support.cases.models import Note
from lygte.care.support.door.leaving import erase_as_wished
from lygte.care.support.door.models import ErasureWish, Opening
from lygte.care.support.door.portable import FORMAT, VERSION, read_portable
from lygte.care.support.door.slips import Slip, open_slip
from lygte.core.consent import gate
from lygte.core.consent.ledger import ON_WITHDRAWAL, Said, record_consent
from lygte.core.consent.models import Consent, Erasure, Hold, Person, Seen
from lygte.core.consent.retention import run_retention
from lygte.core.problems import Problem
from lygte.core.vault.models import Wrapped

from .conftest import Worker, come_in, new_person

pytestmark = pytest.mark.django_db


def note_of(person: Person) -> Note:
    with scopes_disabled():
        return Note.objects.select_related("person").get(person=person)


def lines(person: Person, mark: str) -> int:
    return Seen.objects.filter(person=person.ref, recipient=mark).count()


# Taking a yes back ---------------------------------------------------------------------------------------------------
@pytest.fixture
def followed() -> Iterator[list[str]]:
    """What a room that passed something on is told."""
    told: list[str] = []

    def follow(person: Person, line: Consent) -> None:
        told.append(line.purpose)

    ON_WITHDRAWAL.append(follow)
    yield told
    ON_WITHDRAWAL.remove(follow)


def test_one_yes_is_taken_back_by_one_action_and_the_others_stand(
    her: Client, person: Person, key_holders: Worker, followed: list[str]
) -> None:
    amina, _ = key_holders
    with scopes_disabled():
        record_consent(member=amina, person=person, purpose="statistics", groups=["goals"], said=Said("da"))
        assert gate.agrees(person, "statistics")
    answer = her.post(reverse("door:no_longer"), {"purpose": "statistics", "recipient": "own"})
    assert answer.status_code == 302
    with scopes_disabled():
        assert not gate.agrees(person, "statistics") and gate.agrees(person, "support")
        last = Consent.objects.filter(person=person).last()
    assert (last.manner, last.member, last.purpose) == ("slip", None, "statistics")
    assert followed == ["statistics"]
    assert lines(person, "self:withdrew") == 1


def test_after_everything_was_taken_back_her_team_reads_nothing(
    her: Client, person: Person, key_holders: Worker, followed: list[str]
) -> None:
    amina, _ = key_holders
    with scopes_disabled():
        assert gate.read(member=amina, records=[note_of(person)]).values
    her.post(reverse("door:no_longer"), {"what": "all"})
    with scopes_disabled():
        assert gate.read(member=amina, records=[note_of(person)]).refused == {note_of(person).ref: "403.10"}
    assert followed == [""]
    assert "Nothing now" in her.get(reverse("door:agreed")).content.decode()


@pytest.mark.parametrize(
    "sent", [{}, {"purpose": "support"}, {"purpose": "authority", "recipient": "own"}, {"what": "some"}]
)
def test_what_she_never_agreed_to_cannot_be_taken_back_by_mistake(
    sent: dict[str, str], her: Client, person: Person
) -> None:
    with scopes_disabled():
        before = Consent.objects.filter(person=person).count()
        her.post(reverse("door:no_longer"), sent)
        assert Consent.objects.filter(person=person).count() == before


def test_nothing_at_the_door_gives_a_new_yes(her: Client, person: Person) -> None:
    """Every address of the door, with everything a yes could be made of: the ledger gets no grant."""
    yes = {
        "purpose": "authority",
        "recipient": "own",
        "groups": ["notes"],
        "kind": "grant",
        "text": "x",
        "when": "week",
    }
    for name in ("no_longer", "write", "keep", "take", "end", "remove", "home", "agreed"):
        her.post(reverse(f"door:{name}"), yes)
    with scopes_disabled():
        assert set(Consent.objects.filter(person=person, kind="grant").values_list("purpose", flat=True)) == {"support"}


# Taking it away ------------------------------------------------------------------------------------------------------
def unzipped(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_the_file_holds_everything_under_a_quiet_name(her: Client, person: Person) -> None:
    her.post(reverse("door:write"), {"text": "sentinel-mine", "beside": note_of(person).ref})
    answer = her.post(reverse("door:take"))
    assert answer["Content-Disposition"] == 'attachment; filename="notes.zip"'
    assert "no-store" in answer["Cache-Control"]
    files = unzipped(answer.content)
    assert sorted(files) == ["notes.html", "notes.json"]
    for text in files.values():
        assert "sentinel-one note" in text and "sentinel-one called" in text and "sentinel-mine" in text
    document = json.loads(files["notes.json"])
    assert (document["format"], document["version"]) == (FORMAT, VERSION)
    assert document["person"]["code"] == person.code
    assert {record["kind"] for record in document["records"]} == {"cases.name", "cases.note", "door.account"}
    note = next(record for record in document["records"] if record["kind"] == "cases.note")
    assert note["values"] == {"text": "sentinel-one note"} and note["open"]["day"] == timezone.localdate().isoformat()
    assert [consent["purpose"] for consent in document["consents"]] == ["support"]
    assert len(document["seen"]) == Seen.objects.filter(person=person.ref).count() - 1  # the taking itself comes after
    assert read_portable(answer.content) == document
    assert lines(person, "self:took") == 1


def test_looking_at_the_page_takes_nothing(her: Client, person: Person) -> None:
    assert her.get(reverse("door:take")).status_code == 200
    assert lines(person, "self:took") == 0


@pytest.mark.parametrize("content", [b"", b"PK", b"{}", "zip"])
def test_any_other_file_is_refused_with_a_number(content: bytes | str) -> None:
    if content == "zip":
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("notes.json", json.dumps({"format": FORMAT, "version": VERSION + 1}))
        content = file.getvalue()
    assert isinstance(content, bytes)
    with pytest.raises(Problem, match=r"422\.581"):
        read_portable(content)


# Being erased --------------------------------------------------------------------------------------------------------
def test_erased_now_nothing_opens_and_nothing_is_said(
    slip: Slip, her: Client, person: Person, key_holders: Worker
) -> None:
    other = new_person(key_holders[0], "sentinel-two")
    second = come_in(" ".join(slip.numbers))
    answer = her.post(reverse("door:end"), {"when": "now", "understood": "on"})
    assert answer.status_code == 200 and "sentinel" not in answer.content.decode()
    assert her.cookies["mine"].value == ""
    with scopes_disabled():
        assert not Person.objects.filter(pk=person.pk).exists() and Person.objects.filter(pk=other.pk).exists()
        assert Erasure.objects.filter(person=person.ref, because="asked").count() == 1
    assert not Wrapped.objects.filter(about=person.ref).exists()
    assert not Seen.objects.filter(person=person.ref).exists() and not Opening.objects.exists()
    assert open_slip(" ".join(slip.words)) is None and open_slip(" ".join(slip.numbers)) is None
    assert second.get(reverse("door:home")).status_code == 302
    again = Client().post(reverse("door:enter"), {"code": " ".join(slip.words)})
    assert again.status_code == 400


def test_nothing_is_erased_unless_she_says_that_she_knows(her: Client, person: Person) -> None:
    assert her.post(reverse("door:end"), {"when": "now"}).status_code == 400
    assert her.post(reverse("door:end"), {"understood": "on"}).status_code == 400
    assert her.get(reverse("door:end")).status_code == 200
    assert not Erasure.objects.exists() and not ErasureWish.objects.exists()


def test_seven_days_later_it_is_done_by_itself(her: Client, slip: Slip, person: Person) -> None:
    her.post(reverse("door:end"), {"when": "week", "understood": "on"})
    assert ErasureWish.objects.get().due_on == timezone.localdate() + timedelta(days=7)
    assert erase_as_wished() == 0
    ErasureWish.objects.update(due_on=timezone.localdate())
    assert erase_as_wished() == 1
    assert open_slip(" ".join(slip.words)) is None
    assert her.get(reverse("door:home")).status_code == 302


def test_until_then_she_can_change_her_mind(her: Client, person: Person) -> None:
    her.post(reverse("door:end"), {"when": "week", "understood": "on"})
    assert "No, keep it" in her.get(reverse("door:home")).content.decode()
    her.post(reverse("door:keep"))
    ErasureWish.objects.update(due_on=timezone.localdate())
    assert erase_as_wished() == 0
    assert her.get(reverse("door:home")).status_code == 200
    assert (lines(person, "self:erase"), lines(person, "self:stay")) == (1, 1)


@pytest.fixture
def hold(person: Person, key_holders: Worker) -> Hold:
    amina, bogdan = key_holders
    today = timezone.localdate()
    return Hold.objects.create(
        person=person, ground="court", since=today, until=today + timedelta(days=90), set_by=amina, confirmed_by=bogdan
    )


def test_a_legal_duty_is_named_with_its_end_and_the_wish_is_kept(
    her: Client, person: Person, hold: Hold, key_holders: Worker
) -> None:
    page = her.get(reverse("door:end")).content.decode()
    assert "A court has ordered" in page and str(hold.until.year) in page
    assert her.post(reverse("door:end"), {"when": "now", "understood": "on"}).status_code == 302
    with scopes_disabled():
        assert Person.objects.filter(pk=person.pk).exists()
    hold.refresh_from_db()
    assert hold.wished_at is not None
    assert "erased by itself after that day" in her.get(reverse("door:end")).content.decode()
    her.post(reverse("door:keep"))
    hold.refresh_from_db()
    assert hold.wished_at is None


def test_a_duty_that_began_meanwhile_takes_the_wish_over(her: Client, person: Person, hold: Hold) -> None:
    ErasureWish.objects.create(person=person, asked_on=timezone.localdate(), due_on=timezone.localdate())
    assert erase_as_wished() == 0
    hold.refresh_from_db()
    assert hold.wished_at is not None and not ErasureWish.objects.exists()


def test_who_decides_to_stay_after_a_duty_has_ended_stays(
    her: Client, person: Person, hold: Hold, key_holders: Worker
) -> None:
    her.post(reverse("door:end"), {"when": "now", "understood": "on"})
    Hold.objects.filter(pk=hold.pk).update(ended_at=timezone.now())
    her.post(reverse("door:keep"))
    run_retention()
    with scopes_disabled():
        assert Person.objects.filter(pk=person.pk).exists()


def test_two_wishes_of_one_person_under_two_codes_do_not_stop_others(person: Person, key_holders: Worker) -> None:
    amina, _ = key_holders
    people = [person, new_person(amina, "sentinel-two"), new_person(amina, "sentinel-three")]
    today = timezone.localdate()
    ErasureWish.objects.bulk_create(ErasureWish(person=one, asked_on=today, due_on=today) for one in people)
    with scopes_disabled():
        Person.objects.filter(pk=people[1].pk).update(merged_into=person)
        assert erase_as_wished() == 2
        assert not Person.objects.filter(pk__in=[one.pk for one in people]).exists()


def test_all_that_is_taken_back_with_an_older_slip_is_taken_back_under_every_code(
    her: Client, person: Person, key_holders: Worker
) -> None:
    other = new_person(key_holders[0], "sentinel-two")
    with scopes_disabled():
        Person.objects.filter(pk=other.pk).update(merged_into=person)  # her slip was made before
    her.post(reverse("door:no_longer"), {"what": "all"})
    assert not gate.agrees(person, "support") and not gate.agrees(other, "support")

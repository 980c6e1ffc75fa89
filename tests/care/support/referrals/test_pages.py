"""The pages of referrals: choosing, showing exactly what leaves, sending, answering, calling back; with and without account."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lygte.care.support.cases.models import Case
from lygte.care.support.referrals.models import AuthorityRequest, Disclosure, Package, Referral
from lygte.care.support.referrals.tries import MOST
from lygte.core.consent.ledger import withdraw_consent
from lygte.core.consent.models import Consent, Person, Seen
from lygte.core.models import Member
from lygte.core.today import collect
from lygte.directory.services.models import Service

from .conftest import LEGAL_NEEDS, SPOKEN, in_days

ClientOf = Callable[[Member], Client]
VALUES = {"is-alias": "Mali", "is-contact": "20 00 00 01, mornings", "is-goal": "To know whether I must pay"}
AGREED = {"agree_identity": "on", "agree_contact": "on", "agree_goals": "on", "language": "th", "manner": "spoken"}


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()


def text_of(response: object) -> str:
    return re.sub(r"\s+", " ", response.content.decode())  # type: ignore[attr-defined]


# Choosing and writing -----------------------------------------------------------------------------------------------------
def test_only_open_services_that_ask_for_something_are_offered_and_no_authority(
    amina: Member, bogdan: Member, client_of: ClientOf, mali: Person, legal: Service, police: Service
) -> None:
    Service.objects.create(
        organisation=bogdan.organisation, name="Nothing asked", kind="other", checked_on="2026-01-05"
    )
    Service.objects.create(
        organisation=bogdan.organisation, name="Closed", kind="other", state="closed", checked_on="2026-01-05"
    )
    response = client_of(amina).get(reverse("referrals:send", args=[mali.ref]))
    assert [service.name for service, _asks in response.context["rows"]] == [legal.name]


def test_an_authority_has_no_form(amina: Member, client_of: ClientOf, mali: Person, police: Service) -> None:
    response = client_of(amina).get(reverse("referrals:write", args=[mali.ref, police.ref]))
    assert response.status_code == 403 and "403.540" in text_of(response)


def test_the_form_has_what_is_declared_and_begins_with_what_we_know(
    amina: Member, client_of: ClientOf, mali: Person, legal: Service
) -> None:
    form = client_of(amina).get(reverse("referrals:write", args=[mali.ref, legal.ref])).context["form"]
    assert list(form.fields) == list(LEGAL_NEEDS)
    assert {bound.name: bound.value() for bound in form} == {
        "alias": "Mali",
        "contact": "20 00 00 01",
        "goal": "To know whether I must pay",
    }
    assert all(str(why) in str(form.fields[code].help_text) for code, why in LEGAL_NEEDS.items())


def test_without_an_open_key_the_page_says_how_to_open_it(
    amina: Member, signed_in: ClientOf, mali: Person, legal: Service
) -> None:
    response = signed_in(amina).get(reverse("referrals:write", args=[mali.ref, legal.ref]))
    assert response.status_code == 423 and "423.1" in text_of(response)


def write(client: Client, person: Person, service: Service, **more: str) -> object:
    url = reverse("referrals:write", args=[person.ref, service.ref])
    return client.post(url, {**VALUES, "until": f"{in_days(30):%Y-%m-%d}", **more})


def test_the_person_sees_exactly_what_leaves_before_anything_does(
    amina: Member, client_of: ClientOf, mali: Person, legal: Service
) -> None:
    text = text_of(
        write(client_of(amina), mali, legal, step="preview", speak="en", **{"is-health_need": "secret", "is-alias": ""})
    )
    leaves = text[text.index("referrals-leaves") : text.index("What does the person say?")]
    assert "20 00 00 01, mornings" in leaves and "To set a time" in leaves
    assert "secret" not in text and "Mali" not in leaves and mali.code not in leaves
    assert not Package.objects.exists() and not Consent.objects.filter(purpose="referral").exists()


def test_what_leaves_can_be_read_in_another_language(
    amina: Member, client_of: ClientOf, mali: Person, legal: Service
) -> None:
    text = text_of(write(client_of(amina), mali, legal, step="preview", speak="da"))
    assert '<div class="referrals-leaves" lang="da">' in text and "What does the person say?" in text


def test_a_yes_is_never_ticked_beforehand(amina: Member, client_of: ClientOf, mali: Person, legal: Service) -> None:
    text = text_of(write(client_of(amina), mali, legal, step="preview"))
    boxes = re.findall(r'<input[^>]*name="agree_\w+"[^>]*>', text)
    assert len(boxes) == 3 and not any("checked" in box for box in boxes)


def test_nothing_is_sent_without_a_yes(amina: Member, client_of: ClientOf, mali: Person, legal: Service) -> None:
    response = write(client_of(amina), mali, legal, step="send", language="th", manner="spoken")
    assert response.status_code == 400 and not Package.objects.exists()  # type: ignore[attr-defined]


def test_a_yes_to_a_part_sends_that_part(
    amina: Member, hugo: Member, client_of: ClientOf, mali: Person, legal: Service
) -> None:
    agreed = {name: value for name, value in AGREED.items() if name != "agree_contact"}
    response = write(client_of(amina), mali, legal, step="send", **agreed)
    referral = Referral.objects.get()
    assert response.url == reverse("referrals:referral", args=[referral.ref])  # type: ignore[attr-defined]
    assert now_of_ref(referral).fields == ["alias", "goal"]
    text = text_of(client_of(hugo).get(reverse("referrals:package", args=[referral.package.ref])))
    assert "Mali" in text and "mornings" not in text


def now_of_ref(referral: Referral) -> Package:
    return Package.objects.get(pk=referral.package_id)


def test_words_are_shown_once_and_stand_in_no_address(
    amina: Member, client_of: ClientOf, mali: Person, shelter: Service
) -> None:
    client = client_of(amina)
    response = write(client, mali, shelter, step="send", **{"is-language": "ro"}, **AGREED)
    words = response.context["words"]  # type: ignore[attr-defined]
    package = Package.objects.get()
    assert package.fields == ["alias", "language"] and Consent.objects.get(purpose="referral").language == "th"
    assert len(words) == 12 and response["Cache-Control"].count("no-store") == 1  # type: ignore[index]
    assert response.context["url"].endswith(reverse("handed:link", args=[package.ref]))  # type: ignore[attr-defined]
    later = text_of(client.get(reverse("referrals:referral", args=[Referral.objects.get().ref])))
    assert not all(f">{word}<" in later for word in words)


# Following ------------------------------------------------------------------------------------------------------------------
def test_the_page_of_a_referral_shows_how_it_stands_and_calls_it_back(
    amina: Member, client_of: ClientOf, to_legal: object, mali: Person
) -> None:
    client, ref = client_of(amina), Referral.objects.get().ref
    assert "To know whether I must pay" in text_of(client.get(reverse("referrals:referral", args=[ref])))
    page = client.post(reverse("referrals:revoke", args=[ref]), {"language": "th", "manner": "spoken"}, follow=True)
    assert "It is called back. Nobody had seen it." in text_of(page) and "Recalled" in text_of(page)
    assert (
        client.post(reverse("referrals:revoke", args=[ref]), {"language": "th", "manner": "spoken"}).status_code == 410
    )


def test_a_colleague_who_is_not_on_the_team_does_not_see_to_which_service_somebody_was_sent(
    bogdan: Member, client_of: ClientOf, to_legal: object, mali: Person
) -> None:
    client, sent = client_of(bogdan), Referral.objects.get()
    for page in (
        client.get(reverse("referrals:referral", args=[sent.ref])),
        client.get(reverse("referrals:person", args=[mali.ref])),
    ):
        assert page.status_code == 403 and "Legal hour" not in text_of(page)
    case = client.get(reverse("cases:case", args=[Case.objects.get(person=mali).ref]))
    assert case.status_code == 200 and "waits for an answer" not in text_of(case)


def test_today_tells_both_sides_what_waits(amina: Member, hugo: Member, client_of: ClientOf, to_legal: object) -> None:
    assert "1 referral to you waits" in [need.title for need in collect(hugo)]
    client_of(hugo).post(
        reverse("referrals:answer", args=[Package.objects.get().ref]), {"answer": "refused", "refusal": "full"}
    )
    assert "1 referral to you waits" not in [need.title for need in collect(hugo)]
    needs = [need for need in collect(amina) if "an answer to a referral" in need.title]
    assert [need.detail for need in needs] == ["Legal hour (invented): Refused"] and needs[0].urgent
    client_of(amina).post(reverse("referrals:noted", args=[Referral.objects.get().ref]))
    assert not [need for need in collect(amina) if "an answer to a referral" in need.title]


# Receiving ------------------------------------------------------------------------------------------------------------------
def test_the_inbox_lists_without_content_and_the_page_opens(
    hugo: Member, client_of: ClientOf, to_legal: object
) -> None:
    client, package = client_of(hugo), Package.objects.get()
    listed = text_of(client.get(reverse("referrals:inbox")))
    assert package.code in listed and "Mali" not in listed
    assert not Seen.objects.filter(organisation=hugo.organisation).exists()
    assert "To know whether I must pay" in text_of(client.get(reverse("referrals:package", args=[package.ref])))


def test_an_answer_without_a_reason_is_asked_for_one(hugo: Member, client_of: ClientOf, to_legal: object) -> None:
    url = reverse("referrals:answer", args=[Package.objects.get().ref])
    response = client_of(hugo).post(url, {"answer": "refused"})
    assert response.status_code == 400 and "Say why" in text_of(response)
    assert Package.objects.get().answer == ""


def test_two_answers_at_once_tell_the_second_what_the_first_said(
    hugo: Member, jan: Member, client_of: ClientOf, to_legal: object
) -> None:
    url = reverse("referrals:answer", args=[Package.objects.get().ref])
    assert client_of(hugo).post(url, {"answer": "refused", "refusal": "full"}).status_code == 302
    response = client_of(jan).post(url, {"answer": "accepted"})
    assert response.status_code == 409 and "Refused" in text_of(response)


def test_a_recall_reaches_the_receiver_who_confirms_it(
    amina: Member, hugo: Member, client_of: ClientOf, mali: Person, to_legal: object
) -> None:
    client, url = client_of(hugo), reverse("referrals:package", args=[Package.objects.get().ref])
    client.get(url)
    withdraw_consent(member=amina, person=mali, said=SPOKEN)
    text = text_of(client.get(url))
    assert "Called back" in text and "Mali" not in text
    assert "1 referral was called back" in [need.title for need in collect(hugo)]
    client.post(reverse("referrals:deleted", args=[Package.objects.get().ref]))
    assert "1 referral was called back" not in [need.title for need in collect(hugo)]


# By link --------------------------------------------------------------------------------------------------------------------
def link_of(sent: object) -> str:
    return reverse("handed:link", args=[sent.referral.package.ref])  # type: ignore[attr-defined]


def same(one: object, other: object, *hide: str) -> bool:
    """Tell whether two answers are the same but for the references and the form's token."""
    found = set()
    for response in (one, other):
        text = re.sub(r'csrfmiddlewaretoken" value="[^"]+', "", text_of(response))
        for word in hide:
            text = text.replace(word, "…")
        found.add((response.status_code, text))  # type: ignore[attr-defined]
    return len(found) == 1


def test_without_words_a_link_looks_the_same_whether_it_lives_was_recalled_or_never_was(
    amina: Member, mali: Person, to_shelter: object
) -> None:
    link, never = link_of(to_shelter), reverse("handed:link", args=["a" * 26])
    wrong = {"step": "open", "words": "one two three"}
    refs = (to_shelter.referral.package.ref, "a" * 26)  # type: ignore[attr-defined]
    alive = Client().get(link), Client().post(link, wrong)
    withdraw_consent(member=amina, person=mali, said=SPOKEN)
    recalled = Client().get(link), Client().post(link, wrong)
    unknown = Client().get(never), Client().post(never, wrong)
    for here, there, nowhere in zip(alive, recalled, unknown, strict=True):
        assert same(here, there, *refs) and same(here, nowhere, *refs)
    assert alive[0].status_code == 200 and alive[1].status_code == 404


def test_the_words_open_the_page_and_its_buttons_answer(to_shelter: object, mali: Person) -> None:
    client, link = Client(), link_of(to_shelter)
    words = " ".join(to_shelter.words)  # type: ignore[attr-defined]
    page = client.post(link, {"step": "open", "words": words})
    assert "Mali" in text_of(page) and "Thai" in text_of(page) and "no-store" in page["Cache-Control"]
    assert mali.code not in text_of(page)
    done = client.post(link, {"step": "answer", "words": words, "answer": "refused", "refusal": "no_papers"})
    assert "Your answer is with" in text_of(done)
    assert (Package.objects.get().answer, Package.objects.get().refusal) == ("refused", "no_papers")
    again = client.post(link, {"step": "open", "words": words})
    assert "Mali" not in text_of(again) and "its content is gone from here" in text_of(again)


def test_a_link_is_tried_so_often_and_not_more(to_shelter: object) -> None:
    link, words = link_of(to_shelter), " ".join(to_shelter.words)  # type: ignore[attr-defined]
    for url in (link, reverse("handed:link", args=["b" * 26])):
        answers = [Client().post(url, {"words": f"wrong {number}"}).status_code for number in range(MOST + 2)]
        assert answers == [404] * MOST + [429] * 2
    assert Client().post(link, {"words": words}).status_code == 429
    other = reverse("handed:link", args=["c" * 26])
    assert Client().post(other, {"words": "x"}).status_code == 404


# Authorities ----------------------------------------------------------------------------------------------------------------
def test_a_disclosure_goes_through_two_people_to_one_paper(
    amina: Member, bogdan: Member, client_of: ClientOf, mali: Person, police: Service
) -> None:
    first, second = client_of(amina), client_of(bogdan)
    filled = {
        "authority": police.ref, "received_on": f"{timezone.localdate():%Y-%m-%d}", "ground": "order",
        "court": "City court (invented)", "number": "K 12", "day": "2026-11-02", "tell_full_name": "Mali Invented",
    }  # fmt: skip
    assert first.post(reverse("referrals:disclose", args=[mali.ref]), filled).status_code == 302
    made = Disclosure.objects.get()
    page = reverse("referrals:disclosure", args=[made.ref])
    assert "Mali Invented" in text_of(second.get(page)) and "Confirm as the second person" in text_of(second.get(page))
    assert "Confirm as the second person" not in text_of(first.get(page))
    paper = reverse("referrals:disclosure_paper", args=[made.ref])
    assert first.post(paper).status_code == 409
    assert second.post(reverse("referrals:disclosure_confirm", args=[made.ref])).status_code == 302
    given = first.post(paper)
    assert given["Content-Type"] == "application/pdf" and b"%PDF" in given.content
    assert first.post(paper).status_code == 409
    assert "Handed over" in text_of(first.get(reverse("referrals:register")))


@pytest.mark.parametrize("missing", ["court", "number", "day", "authority", "ground", "received_on", "tell_full_name"])
def test_what_a_disclosure_lacks_is_said(
    amina: Member, client_of: ClientOf, mali: Person, police: Service, missing: str
) -> None:
    filled = {
        "authority": police.ref, "received_on": "2026-11-02", "ground": "order",
        "court": "C", "number": "K 12", "day": "2026-11-02", "tell_full_name": "Mali Invented",
    }  # fmt: skip
    del filled[missing]
    response = client_of(amina).post(reverse("referrals:disclose", args=[mali.ref]), filled)
    assert response.status_code == 400 and not AuthorityRequest.objects.exists()


def test_a_refusal_is_noted_and_stands_in_the_public_table(amina: Member, client_of: ClientOf) -> None:
    url = reverse("referrals:request_refused")
    client = client_of(amina)
    future = client.post(url, {"authority": "tax", "received_on": f"{in_days(1):%Y-%m-%d}", "reason": "no_ground"})
    assert future.status_code == 400
    client.post(url, {"authority": "tax", "received_on": "2025-02-03", "reason": "no_ground"})
    table = text_of(Client().get(reverse("handed:openness")))
    assert "Quarter 1, 2025" in table and "What authorities were told" in table
    assert amina.organisation.name not in table


def test_the_public_table_stands_without_any_quarter() -> None:
    text = text_of(Client().get(reverse("handed:openness")))
    assert "No quarter has ended yet" in text or "Quarter" in text


def test_a_case_shows_its_referrals_and_leads_to_the_next(
    amina: Member, client_of: ClientOf, mali: Person, to_legal: object
) -> None:
    from lygte.care.support.cases.handover import case_card

    card = case_card(amina, mali)
    assert card is not None
    text = text_of(client_of(amina).get(reverse("cases:case", args=[card.ref])))
    assert "1 waits for an answer" in text and reverse("referrals:send", args=[mali.ref]) in text

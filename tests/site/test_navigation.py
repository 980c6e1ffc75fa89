"""The left side shows what one may do, nothing else, and says where one is."""

from __future__ import annotations

import re

import pytest
from django.test import RequestFactory
from django.urls import reverse

from lygte.core.access import Verb, may
from lygte.core.models import Member
from lygte.site.icons import PATHS
from lygte.site.navigation import NAVIGATION, QUICK_ACTIONS, address_of, navigation_for, quick_actions_for

ENTRIES = [entry for section in NAVIGATION for entry in section.entries]


def shown_to(member: Member, path: str = "/") -> list[str]:
    request = RequestFactory().get(path)
    return [shown.entry.section for _heading, entries in navigation_for(request, member) for shown in entries]


def test_every_letter_leads_to_one_place_only() -> None:
    keys = [entry.key for entry in ENTRIES if entry.key]
    assert len(keys) == len(set(keys))
    assert all(re.fullmatch("[a-z0-9]", key) for key in keys)


def test_every_icon_is_drawn() -> None:
    assert {entry.icon for entry in ENTRIES} | {action.icon for action in QUICK_ACTIONS} <= set(PATHS)


@pytest.mark.parametrize("entry", [*ENTRIES, *QUICK_ACTIONS], ids=lambda entry: entry.url_name)
def test_every_entry_leads_to_a_page_that_asks_for_the_same_verb(entry) -> None:
    from django.urls import resolve

    address = address_of(entry.url_name)
    assert address, f"there is no page {entry.url_name}"
    assert resolve(address).func.verb == entry.verb


def test_members_see_exactly_the_entries_they_may_use(everyone: dict[str, Member]) -> None:
    for member in everyone.values():
        expected = [entry.section for entry in ENTRIES if may(member, entry.verb) and address_of(entry.url_name)]
        assert shown_to(member) == expected


def test_an_authority_is_never_shown_places_or_visits(emil: Member) -> None:
    assert not {"places", "visits", "forms", "devices", "submissions"} & set(shown_to(emil))


def test_the_host_sees_organisations_and_no_content(henk: Member) -> None:
    assert "organisations" in shown_to(henk)
    assert not {"places", "visits", "forms", "programme", "members", "log"} & set(shown_to(henk))


def test_strangers_are_shown_nothing() -> None:
    assert navigation_for(RequestFactory().get("/"), None) == []


def test_the_page_one_is_on_is_marked_and_only_that(signed_in, bogdan: Member) -> None:
    html = signed_in(bogdan).get(reverse("core:member_list")).content.decode()
    marked = re.findall(r'<a href="([^"]+)" aria-current="([a-z]+)"', html)
    assert set(marked) == {(reverse("core:member_list"), "page")}


def test_a_page_below_an_entry_marks_that_entry(bogdan: Member) -> None:
    request = RequestFactory().get(reverse("core:member_add"))
    here = [s.entry.section for _h, entries in navigation_for(request, bogdan) for s in entries if s.here]
    assert here == ["members"]


def test_quick_actions_are_those_the_member_may_do(everyone: dict[str, Member]) -> None:
    assert {a.verb for a, _ in quick_actions_for(everyone["henk"])} == {Verb.HOST_ORGANISATIONS}
    for member in everyone.values():
        assert all(may(member, action.verb) for action, _url in quick_actions_for(member))


def test_someone_in_two_organisations_can_change_between_them(signed_in, bogdan: Member, chika: Member) -> None:
    other = Member.objects.create(user=bogdan.user, organisation=chika.organisation, role="worker")
    client = signed_in(bogdan)
    html = client.get(reverse("site:today")).content.decode()
    assert f'value="{other.ref}"' in html
    assert f'value="{bogdan.ref}"' not in html
    client.post(reverse("core:switch"), {"member": other.ref})
    html = client.get(reverse("site:today")).content.decode()
    assert chika.organisation.name in html
    assert f'value="{bogdan.ref}"' in html


def test_someone_in_one_organisation_is_not_asked(signed_in, amina: Member) -> None:
    assert reverse("core:switch") not in signed_in(amina).get(reverse("site:today")).content.decode()

"""What stands on the left of staff pages: entries named by what one does, shown to those who may do it.

A new room adds one line here. An entry whose address does not exist (yet) is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lygte.core.access import Verb, may
from lygte.core.people import Member


@dataclass(frozen=True)
class Entry:
    """One line of the navigation; `key` is the letter that goes there after `g`, if it has one: there are only so many."""

    label: str | Promise
    url_name: str
    verb: Verb
    section: str
    icon: str
    key: str = ""


@dataclass(frozen=True)
class Section:
    """Entries that belong together, under a quiet heading; the first has none."""

    label: str | Promise
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Shown:
    """An entry as this member sees it now."""

    entry: Entry
    url: str
    here: bool


NAVIGATION: tuple[Section, ...] = (
    Section("", (Entry(_("Today"), "site:today", Verb.TODAY, "today", "today", "t"),)),
    Section(
        _("Out there"),
        (
            Entry(_("Places"), "outreach:place_list", Verb.PLACE_LIST, "places", "places", "p"),
            Entry(_("Visits"), "outreach:visit_list", Verb.VISIT_LIST, "visits", "submissions", "v"),
            Entry(_("Rounds"), "rounds:season", Verb.ROUND_LIST, "rounds", "rounds", "1"),
            Entry(_("Places of concern"), "concern:list", Verb.CONCERN_READ, "concern", "screening"),
            Entry(_("Visiting alone"), "checkins:list", Verb.CHECKIN_LIST, "checkins", "security", "n"),
            Entry(_("Netreach"), "netreach:list", Verb.NETREACH_LIST, "netreach", "voices", "g"),
        ),
    ),
    Section(
        _("Forms"),
        (
            Entry(_("Forms"), "intake:form_list", Verb.FORM_LIST, "forms", "forms", "f"),
            Entry(_("Phones"), "intake:device_list", Verb.DEVICE_LIST, "devices", "devices", "d"),
            Entry(_("Lists on phones"), "entities:list_list", Verb.ENTITY_LIST, "lists", "directory", "h"),
            Entry(_("Received"), "intake:submission_list", Verb.SUBMISSION_LIST, "submissions", "submissions", "r"),
            Entry(_("Sealed forms"), "intake:sealed_list", Verb.SUBMISSION_LIST, "sealed_forms", "security", "q"),
        ),
    ),
    Section(
        _("Help"),
        (
            Entry(_("My day"), "cases:my_day", Verb.CASE_LIST, "my_day", "today", "y"),
            Entry(_("Cases"), "cases:case_list", Verb.CASE_LIST, "cases", "cases", "e"),
            Entry(_("Dates"), "cases:deadlines", Verb.CASE_LIST, "deadlines", "log", "x"),
            Entry(_("Referrals received"), "referrals:inbox", Verb.REFERRAL_RECEIVE, "inbox", "submissions", "i"),
            Entry(_("Instruments"), "screening:library", Verb.SCREENING_READ, "screening", "screening", "j"),
            Entry(_("Services"), "services:list", Verb.SERVICE_LIST, "services", "directory", "s"),
            Entry(_("Files out and in"), "exchange:home", Verb.CASE_EXPORT, "files", "download", "b"),
            Entry(_("Authorities"), "referrals:register", Verb.DISCLOSURE_ASK, "authorities", "security", "z"),
        ),
    ),
    Section(
        _("Programme"),
        (
            Entry(_("Action plans"), "programme:plan_list", Verb.PLAN_LIST, "programme", "programme", "a"),
            Entry(_("Follow-up"), "programme:follow_up", Verb.FOLLOW_UP_READ, "follow_up", "evidence", "u"),
            Entry(_("Method trials"), "trials:list", Verb.TRIAL_READ, "trials", "evidence"),
            Entry(_("What is counted"), "facts:definitions", Verb.FACT_DEFINITIONS, "facts", "directory", "c"),
        ),
    ),
    Section(
        _("Organisation"),
        (
            Entry(_("Members"), "core:member_list", Verb.MEMBER_LIST, "members", "people", "m"),
            Entry(pgettext_lazy("of the locked part", "Keys"), "vault:keys", Verb.KEY_READ, "keys", "key", "k"),
            Entry(_("Log"), "core:log", Verb.LOG_READ, "log", "log", "l"),
            Entry(
                _("Data protection"), "consent:protection_index", Verb.PROTECTION_READ, "protection", "security", "w"
            ),
            Entry(
                _("Organisations"), "core:organisations", Verb.HOST_ORGANISATIONS, "organisations", "organisations", "o"
            ),
        ),
    ),
)


@dataclass(frozen=True)
class QuickAction:
    """Something a member often starts from Today."""

    label: str | Promise
    url_name: str
    verb: Verb
    icon: str


QUICK_ACTIONS: tuple[QuickAction, ...] = (
    QuickAction(_("Record a visit"), "outreach:visit_record", Verb.VISIT_RECORD, "plus"),
    QuickAction(_("Plan a round"), "rounds:plan", Verb.ROUND_PLAN, "rounds"),
    QuickAction(_("Open a case"), "cases:open", Verb.CASE_OPEN, "cases"),
    QuickAction(_("Add a place"), "outreach:place_create", Verb.PLACE_CREATE, "places"),
    QuickAction(_("Publish a form"), "intake:form_publish", Verb.FORM_PUBLISH, "forms"),
    QuickAction(_("Connect a phone"), "intake:device_add", Verb.DEVICE_ADD, "devices"),
    QuickAction(_("Bring in an action plan"), "programme:plan_import", Verb.PLAN_IMPORT, "upload"),
    QuickAction(_("Read the action plans"), "programme:plan_list", Verb.PLAN_LIST, "programme"),
    QuickAction(_("See what is counted"), "facts:definitions", Verb.FACT_DEFINITIONS, "directory"),
    QuickAction(_("Add a member"), "core:member_add", Verb.MEMBER_ADD, "people"),
    QuickAction(_("Add an organisation"), "core:organisations", Verb.HOST_ORGANISATIONS, "organisations"),
)


def address_of(url_name: str) -> str:
    """Return the address of a named page, or nothing where no such page exists."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _here(urls: list[str], path: str) -> str:
    """Return the longest address that the current path lies under."""
    return max((url for url in urls if path.startswith(url)), key=len, default="")


def navigation_for(request: HttpRequest, member: Member | None) -> list[tuple[str | Promise, list[Shown]]]:
    """Return (heading, entries) for what the member may do, with the current one marked."""
    allowed = [
        (section, [(entry, address_of(entry.url_name)) for entry in section.entries if may(member, entry.verb)])
        for section in NAVIGATION
    ]
    here = _here([url for _section, found in allowed for _entry, url in found if url], request.path)
    sections = [
        (section.label, [Shown(entry, url, url == here) for entry, url in found if url]) for section, found in allowed
    ]
    return [(label, shown) for label, shown in sections if shown]


def quick_actions_for(member: Member) -> list[tuple[QuickAction, str]]:
    """Return what the member may start from Today, with its address."""
    found = [(action, address_of(action.url_name)) for action in QUICK_ACTIONS if may(member, action.verb)]
    return [(action, url) for action, url in found if url]

"""Who may do what: one table of verbs, closed by default, and the one way to fetch an object.

A verb is the same string in code, in the log and in the documentation. A view carries a verb or says that it is
public, or the site does not start.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.db import models
from django.http import HttpRequest, HttpResponseBase

from .organisations import Kind
from .people import Member, Role
from .problems import Problem


class Verb(StrEnum):
    """Everything a member can do. Search for a verb to find all its uses."""

    TODAY = "today.read"
    MEMBER_LIST = "member.list"
    MEMBER_ADD = "member.add"
    MEMBER_REMOVE = "member.remove"
    LOG_READ = "log.read"
    HOST_ORGANISATIONS = "host.organisations"
    KEY_READ = "key.read"
    KEY_MAKE = "key.make"
    KEY_SET_UP = "key.set_up"
    KEY_LET_IN = "key.let_in"
    KEY_SHUT_OUT = "key.shut_out"
    KEY_RENEW = "key.renew"
    KEY_RECOVER = "key.recover"
    RECORD_READ = "record.read"

    CASE_LIST = "case.list"
    CASE_OPEN = "case.open"
    CASE_READ = "case.read"
    CASE_CHANGE = "case.change"
    CASE_TEAM = "case.team"
    CASE_CLOSE = "case.close"
    CASE_EXPORT = "case.export"
    CASE_MERGE = "case.merge"
    CASE_ERASE = "case.erase"
    CASE_HOLD = "case.hold"
    CASE_SLIP = "case.slip"
    CONSENT_RECORD = "case.consent"
    GLASS_BREAK = "case.glass_break"
    GLASS_REVIEW = "case.glass_review"
    REFERRAL_SEND = "referral.send"
    REFERRAL_READ = "referral.read"
    REFERRAL_RECEIVE = "referral.receive"
    DISCLOSURE_ASK = "case.disclosure_ask"
    DISCLOSURE_CONFIRM = "case.disclosure_confirm"
    SERVICE_LIST = "service.list"
    SERVICE_CHANGE = "service.change"
    PROTECTION_READ = "protection.read"

    SCREENING_READ = "screening.read"
    SCREENING_COUNT = "screening.count"
    SCREENING_BRING = "screening.bring"
    SCREENING_KEEP = "screening.keep"

    FORM_LIST = "form.list"
    FORM_READ = "form.read"
    FORM_PUBLISH = "form.publish"
    FORM_RETIRE = "form.retire"
    DEVICE_LIST = "device.list"
    DEVICE_ADD = "device.add"
    DEVICE_RENEW = "device.renew"
    DEVICE_REVOKE = "device.revoke"
    SUBMISSION_LIST = "submission.list"
    SUBMISSION_READ = "submission.read"
    SUBMISSION_RECEIVE = "submission.receive"
    SUBMISSION_RESOLVE = "submission.resolve"
    SUBMISSION_REVIEW = "submission.review"
    SUBMISSION_TRASH = "submission.trash"
    SUBMISSION_EXPORT = "submission.export"
    SUBMISSION_FEED = "submission.feed"
    FORM_FEED = "form.feed"

    ENTITY_LIST = "entity.list"
    ENTITY_READ = "entity.read"
    ENTITY_DECIDE = "entity.decide"
    ENTITY_ASSIGN = "entity.assign"
    ENTITY_DELETE = "entity.delete"
    ENTITY_LIST_CHANGE = "entity.list_change"

    PLACE_LIST = "place.list"
    PLACE_READ = "place.read"
    PLACE_CREATE = "place.create"
    PLACE_CHANGE = "place.change"
    VISIT_LIST = "visit.list"
    VISIT_READ = "visit.read"
    VISIT_RECORD = "visit.record"
    VISIT_WITHDRAW = "visit.withdraw"

    CONCERN_READ = "concern.read"
    CONCERN_NOTE = "concern.note"
    CONCERN_TELL = "concern.tell"
    CONCERN_CONFIRM = "concern.confirm"

    ROUND_LIST = "round.list"
    ROUND_READ = "round.read"
    ROUND_PLAN = "round.plan"
    ROUND_CHANGE = "round.change"
    CONTROL_LIST = "control.list"
    CONTROL_RECORD = "control.record"

    CHECKIN_LIST = "checkin.list"
    CHECKIN_START = "checkin.start"
    CHECKIN_END = "checkin.end"
    CHECKIN_REACHED = "checkin.reached"

    NETREACH_LIST = "netreach.list"
    NETREACH_READ = "netreach.read"
    NETREACH_COMPOSE = "netreach.compose"
    NETREACH_CHANGE = "netreach.change"
    NETREACH_OPT_OUT = "netreach.opt_out"
    NETREACH_WRITE = "netreach.write"
    NETREACH_PUBLISH = "netreach.publish"

    FACT_DEFINITIONS = "fact.definitions"

    PLAN_LIST = "plan.list"
    PLAN_READ = "plan.read"
    PLAN_IMPORT = "plan.import"
    INDICATOR_READ = "indicator.read"
    REPORT_READ = "report.read"
    REPORT_WRITE = "report.write"
    REPORT_ISSUE = "report.issue"
    DELIVERY_CHANGE = "delivery.change"
    FOLLOW_UP_READ = "follow_up.read"

    TRIAL_READ = "trial.read"
    TRIAL_WRITE = "trial.write"
    TRIAL_REGISTER = "trial.register"
    TRIAL_JOIN = "trial.join"
    TRIAL_ISSUE = "trial.issue"


@dataclass(frozen=True)
class Rule:
    """Allowed for these roles, in organisations of these kinds, and for nobody else."""

    roles: frozenset[str]
    kinds: frozenset[str]

    def allows(self, member: Member) -> bool:
        return member.active and member.role in self.roles and member.organisation.kind in self.kinds


FIELD = frozenset({Kind.OUTREACH, Kind.HEALTH})
HELP = FIELD | {Kind.LEGAL}  # who may keep records of persons
EVERY_KIND = frozenset(Kind) - {Kind.HOST}
EVERY_ROLE = frozenset(Role) - {Role.HOST}
COORDINATORS = frozenset({Role.COORDINATOR})
FIELD_STAFF = frozenset({Role.WORKER, Role.COORDINATOR})


def _rule(roles: frozenset[str], kinds: frozenset[str]) -> Rule:
    return Rule(roles=frozenset(roles), kinds=frozenset(kinds))


_everyone = _rule(EVERY_ROLE, EVERY_KIND)
_anyone_signed_in = _rule(frozenset(Role), frozenset(Kind))
_coordinator = _rule(COORDINATORS, EVERY_KIND)
_host = _rule(frozenset({Role.HOST}), frozenset({Kind.HOST}))
_field = _rule(FIELD_STAFF, FIELD)
_field_coordinator = _rule(COORDINATORS, FIELD)
_helper = _rule(FIELD_STAFF | {Role.ADVISER}, HELP)
_help_coordinator = _rule(COORDINATORS, HELP)
_officer = _rule(frozenset({Role.PROGRAMME_OFFICER, Role.COORDINATOR}), frozenset({Kind.FUNDER}))
_figures = _rule(EVERY_ROLE - {Role.WORKER}, EVERY_KIND)
_follow_up = _rule(
    frozenset({Role.CONTACT, Role.COORDINATOR, Role.PROGRAMME_OFFICER}), frozenset({Kind.AUTHORITY, Kind.FUNDER})
)
_trialist = _rule(
    frozenset({Role.RESEARCHER, Role.PROGRAMME_OFFICER, Role.COORDINATOR}), FIELD | {Kind.KNOWLEDGE, Kind.FUNDER}
)

RULES: dict[Verb, Rule] = {
    Verb.TODAY: _anyone_signed_in,
    Verb.MEMBER_LIST: _coordinator,
    Verb.MEMBER_ADD: _coordinator,
    Verb.MEMBER_REMOVE: _coordinator,
    Verb.LOG_READ: _coordinator,
    Verb.HOST_ORGANISATIONS: _host,
    Verb.KEY_READ: _helper,
    Verb.KEY_MAKE: _helper,
    Verb.KEY_SET_UP: _help_coordinator,
    Verb.KEY_LET_IN: _helper,
    Verb.KEY_SHUT_OUT: _help_coordinator,
    Verb.KEY_RENEW: _help_coordinator,
    Verb.KEY_RECOVER: _helper,
    Verb.RECORD_READ: _helper,
    Verb.CASE_LIST: _helper,
    Verb.CASE_OPEN: _helper,
    Verb.CASE_READ: _helper,
    Verb.CASE_CHANGE: _helper,
    Verb.CASE_TEAM: _helper,
    Verb.CASE_CLOSE: _helper,
    Verb.CASE_EXPORT: _helper,
    Verb.CASE_MERGE: _helper,
    Verb.CASE_ERASE: _helper,
    Verb.CASE_HOLD: _help_coordinator,
    Verb.CASE_SLIP: _helper,
    Verb.CONSENT_RECORD: _helper,
    Verb.GLASS_BREAK: _helper,
    Verb.GLASS_REVIEW: _helper,
    Verb.REFERRAL_SEND: _helper,
    Verb.REFERRAL_READ: _helper,
    Verb.REFERRAL_RECEIVE: _helper,
    Verb.DISCLOSURE_ASK: _helper,
    Verb.DISCLOSURE_CONFIRM: _help_coordinator,
    Verb.SERVICE_LIST: _everyone,
    Verb.SERVICE_CHANGE: _help_coordinator,
    Verb.PROTECTION_READ: _everyone,
    Verb.SCREENING_READ: _helper,
    Verb.SCREENING_COUNT: _helper,
    Verb.SCREENING_BRING: _help_coordinator,
    Verb.SCREENING_KEEP: _helper,
    Verb.FORM_LIST: _field,
    Verb.FORM_READ: _field,
    Verb.FORM_PUBLISH: _field_coordinator,
    Verb.FORM_RETIRE: _field_coordinator,
    Verb.DEVICE_LIST: _field,
    Verb.DEVICE_ADD: _field,
    Verb.DEVICE_RENEW: _field,
    Verb.DEVICE_REVOKE: _field,
    Verb.SUBMISSION_LIST: _field,
    Verb.SUBMISSION_READ: _field_coordinator,
    Verb.SUBMISSION_RECEIVE: _field,
    Verb.SUBMISSION_RESOLVE: _field_coordinator,
    Verb.SUBMISSION_REVIEW: _field_coordinator,
    Verb.SUBMISSION_TRASH: _field_coordinator,
    Verb.SUBMISSION_EXPORT: _field_coordinator,
    Verb.SUBMISSION_FEED: _field_coordinator,
    Verb.FORM_FEED: _field_coordinator,
    Verb.ENTITY_LIST: _field,
    Verb.ENTITY_READ: _field,
    Verb.ENTITY_DECIDE: _field,
    Verb.ENTITY_ASSIGN: _field_coordinator,
    Verb.ENTITY_DELETE: _field_coordinator,
    Verb.ENTITY_LIST_CHANGE: _field_coordinator,
    Verb.PLACE_LIST: _field,
    Verb.PLACE_READ: _field,
    Verb.PLACE_CREATE: _field,
    Verb.PLACE_CHANGE: _field,
    Verb.VISIT_LIST: _field,
    Verb.VISIT_READ: _field,
    Verb.VISIT_RECORD: _field,
    Verb.VISIT_WITHDRAW: _field,
    Verb.CONCERN_READ: _field,
    Verb.CONCERN_NOTE: _field,
    Verb.CONCERN_TELL: _field,
    Verb.CONCERN_CONFIRM: _field_coordinator,
    Verb.ROUND_LIST: _field,
    Verb.ROUND_READ: _field,
    Verb.ROUND_PLAN: _field,
    Verb.ROUND_CHANGE: _field,
    Verb.CONTROL_LIST: _field,
    Verb.CONTROL_RECORD: _field,
    Verb.CHECKIN_LIST: _field,
    Verb.CHECKIN_START: _field,
    Verb.CHECKIN_END: _field,
    Verb.CHECKIN_REACHED: _field,
    Verb.NETREACH_LIST: _field,
    Verb.NETREACH_READ: _field,
    Verb.NETREACH_COMPOSE: _field,
    Verb.NETREACH_CHANGE: _field,
    Verb.NETREACH_OPT_OUT: _field,
    Verb.NETREACH_WRITE: _field,
    Verb.NETREACH_PUBLISH: _field_coordinator,
    Verb.FACT_DEFINITIONS: _everyone,
    Verb.PLAN_LIST: _figures,
    Verb.PLAN_READ: _figures,
    Verb.PLAN_IMPORT: _officer,
    Verb.INDICATOR_READ: _figures,
    Verb.REPORT_READ: _figures,
    Verb.REPORT_WRITE: _officer,
    Verb.REPORT_ISSUE: _officer,
    Verb.DELIVERY_CHANGE: _officer,
    Verb.FOLLOW_UP_READ: _follow_up,
    Verb.TRIAL_READ: _everyone,
    Verb.TRIAL_WRITE: _trialist,
    Verb.TRIAL_REGISTER: _trialist,
    Verb.TRIAL_JOIN: _field_coordinator,
    Verb.TRIAL_ISSUE: _trialist,
}

# What tells about a place, a visit or a person. No organisation outside field work may ever be given these,
# and police, tax and immigration are outside it by type; `checks.py` refuses to start otherwise.
FIELD_PREFIXES = (
    *("form.", "device.", "submission.", "entity.", "place.", "visit.", "concern.", "checkin.", "netreach."),
    *("round.", "control."),
)
CARE_PREFIXES = (*FIELD_PREFIXES, "screening.", "case.", "referral.", "record.", "key.")


def may(member: Member | None, verb: Verb | str) -> bool:
    """Return whether the member may do the verb. Unknown verbs and absent members may not."""
    if member is None:
        return False
    rule = RULES.get(Verb(verb))
    return rule is not None and rule.allows(member)


def require(member: Member | None, verb: Verb) -> None:
    """Raise Problem 403.1 unless the member may."""
    if not may(member, verb):
        raise Problem("403.1")


View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def page(verb: Verb) -> Callable[[View], View]:
    """Close a view with a verb: strangers go to the sign-in page, members without the verb get 403.1."""

    def close(view: View) -> View:
        @wraps(view)
        def closed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            member = getattr(request, "member", None)
            if member is None:
                raise Problem("403.2")
            require(member, verb)
            return view(request, *args, **kwargs)

        closed.verb = verb  # type: ignore[attr-defined]
        return closed  # type: ignore[return-value]

    return close


def public(view: View) -> View:
    """Say that a view is for everybody; `tests/core/public_pages.txt` lists them all for review."""
    view.public = True  # type: ignore[attr-defined]
    return view


Thing = TypeVar("Thing", bound=models.Model)


def fetch(member: Member, model: type[Thing], ref: str, **conditions: Any) -> Thing:
    """Return the object of the member's organisation, or Problem 404.1, the same for absent and not yours."""
    found = model._default_manager.filter(organisation=member.organisation, ref=ref, **conditions).first()
    if found is None:
        raise Problem("404.1")
    return found

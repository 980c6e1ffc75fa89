"""What waits on Today because of keys: make one, let a colleague in, test the papers, turn the epoch."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ..access import Verb, may
from ..people import Member
from ..today import Need, needs
from .keys import renewal_is_due
from .reads import State, is_set_up, state_for
from .turning import is_due


@needs
def keys_today(member: Member) -> list[Need]:
    """Tell a member of an organisation that helps what to do about keys."""
    if not may(member, Verb.KEY_READ):
        return []
    if not is_set_up(member):
        return _to_set_up() if may(member, Verb.KEY_SET_UP) else []
    state = state_for(member)
    found = [*_own(state), *_of_colleagues(state)]
    return [*found, *_renewal(member), *_papers(state)] if may(member, Verb.KEY_RENEW) else found


@needs
def epoch_today(member: Member) -> list[Need]:
    """Tell the host when the epoch should have turned: until it does, erased records can be read in backups."""
    if not may(member, Verb.HOST_ORGANISATIONS) or not is_due():
        return []
    detail = _("Until then, what was erased can still be read in backups. On the machine: ./lygte keys turn")
    return [Need(_("Turn the epoch of the keys"), detail, "", urgent=True)]


def _to_set_up() -> list[Need]:
    title = _("Set up the locked part")
    return [Need(title, _("Before anybody can open a case, your organisation needs a key."), reverse("vault:keys"))]


def _own(state: State) -> list[Need]:
    if state.i_hold:
        return []
    if not state.mine:
        return [Need(_("Make your key"), _("It opens the locked part for you."), reverse("vault:make"))]
    detail = _("Somebody who holds the key lets you in. Read your fingerprint aloud to them.")
    return [Need(_("You wait to be let in"), detail, reverse("vault:keys"))]


def _of_colleagues(state: State) -> list[Need]:
    if not state.i_hold:
        return []
    found = [
        Need(
            _("Let %(name)s in") % {"name": one.member.user.name},
            _("They have made a key and wait."),
            reverse("vault:let_in", args=[one.member.ref]),
        )
        for one in state.waiting
    ]
    if not state.enough:
        detail = _("If you cannot open it one day, only the two papers can. Nothing is locked before there are two.")
        found.append(Need(_("Only one person holds the key"), detail, reverse("vault:keys"), urgent=True))
    return found


def _renewal(member: Member) -> list[Need]:
    if not renewal_is_due(member.organisation_id):
        return []
    detail = _("Somebody who held it has left, or a renewal was not finished.")
    return [Need(_("Renew the organisation's key"), detail, reverse("vault:keys"), urgent=True)]


def _papers(state: State) -> list[Need]:
    if not state.test_overdue or state.test_due is None:
        return []
    detail = _("Once a year both papers are read back, so that they help when they are needed.")
    due = timezone.localdate(state.test_due)
    return [Need(_("Test the recovery papers"), detail, reverse("vault:keys"), due=due)]

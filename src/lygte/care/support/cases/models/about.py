"""What a person tells about themselves, each group apart from the others: a name is no part of a case."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from lygte.core.consent.codes import Group
from lygte.core.consent.models import LockedModel
from lygte.core.consent.personal import PersonalField


class Once(LockedModel):
    """A record of which a person has at most one."""

    objects = ScopedManager(organisation="organisation")

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["person"], name="%(app_label)s_one_%(class)s")]


_to_address = _("To call them what they want to be called")
_for_services = _("Where a service that they choose needs it")


class Name(Once):
    """How a person is called, if they said it."""

    GROUP = Group.IDENTITY
    PERSONAL = {
        "called": PersonalField(_("What they want to be called"), _to_address),
        "name": PersonalField(_("Full name"), _for_services),
        "born": PersonalField(_("Date or year of birth"), _for_services),
        "gender": PersonalField(_("Gender, in their own words"), _for_services),
    }

    class Meta(Once.Meta):
        verbose_name = _("name")


_to_reach = _("To reach them as they wish, and in no other way")


class Reach(Once):
    """Ways to reach a person, when it is safe, and under which name we are known where others may listen."""

    GROUP = Group.CONTACT
    PERSONAL = {
        "phone": PersonalField(_("Telephone"), _to_reach),
        "mail": PersonalField(_("E-mail"), _to_reach),
        "other": PersonalField(_("Another way"), _to_reach),
        "ways": PersonalField(_("How, best first"), _to_reach),
        "safe_times": PersonalField(_("When it is safe"), _to_reach),
        "cover_name": PersonalField(_("Name that we use for ourselves"), _to_reach),
        "never": PersonalField(_("Never do this"), _to_reach),
    }

    class Meta(Once.Meta):
        verbose_name = _("how to reach them")


_to_help = _("To help with what the person wants to change, or to keep")


class Situation(Once):
    """Life areas, in a few words each. Nationality is asked only where a service needs it, and never for a list."""

    GROUP = Group.SITUATION
    PERSONAL = {
        "home": PersonalField(_("Home"), _to_help),
        "money": PersonalField(_("Money and debt"), _to_help),
        "work": PersonalField(_("Work"), _to_help, special=True),
        "family": PersonalField(_("Family and friends"), _to_help),
        "papers": PersonalField(_("Papers and residence"), _to_help, special=True),
        "citizenship": PersonalField(_("Citizenship"), _for_services, special=True),
        "safety": PersonalField(_("Safety"), _to_help),
        "network": PersonalField(_("Who else helps"), _to_help),
    }

    class Meta(Once.Meta):
        verbose_name = _("situation")


class Health(Once):
    """What the person wants their worker to know about their health, and nothing more."""

    GROUP = Group.HEALTH
    PERSONAL = {
        "needs": PersonalField(_("What they want help with"), _to_help, special=True),
        "care": PersonalField(_("Care that they have"), _to_help, special=True),
        "careful": PersonalField(_("What we must be careful about"), _to_help, special=True),
    }

    class Meta(Once.Meta):
        verbose_name = _("health")

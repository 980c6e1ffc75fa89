"""The words of consent: purposes, groups of fields, ways to see and to agree. Codes are stored, labels are shown."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Purpose(TextChoices):
    """What a person can agree to, each by itself. None of them is a condition for help."""

    SUPPORT = "support", _("Keep a record, to help me over time")
    CONTACT = "contact", _("Contact me, in the ways and at the times that I say")
    REFERRAL = "referral", _("Pass on what I choose to a service that I choose")
    FEEDBACK = "feedback", _("Ask me later how it was")
    STATISTICS = "statistics", _("Count me in statistics, without anything that is mine alone")
    LINKAGE = "linkage", _("Count how many people several organisations know, by codes that say nothing")
    AUTHORITY = "authority", _("Pass on what I choose to police, tax or immigration authorities")


class Group(TextChoices):
    """Fields that are agreed to together. Every locked record belongs to exactly one group."""

    IDENTITY = "identity", _("Name and date of birth")
    CONTACT = "contact", _("How to reach me")
    SITUATION = "situation", _("My situation: home, money, work, family, papers")
    HEALTH = "health", _("My health")
    GOALS = "goals", _("My goals and the plan")
    NOTES = "notes", _("Notes of my worker")
    MEASURES = "measures", _("Well-being and other measures")
    IDENTIFICATION = "identification", _("Identification as exposed to human trafficking, and its deadlines")
    SCREENING = "screening", _("Answers to a screening")
    REFERRALS = "referrals", _("Referrals and what came of them")
    ACCOUNT = "account", _("What I have written myself")


class Manner(TextChoices):
    SPOKEN = "spoken", _("Spoken")
    WRITTEN = "written", _("Written")
    SLIP = "slip", _("By the person, with the slip")


class Via(TextChoices):
    """By which way somebody came to see, pass on or take something; the person reads these words."""

    PAGE = "page", _("Looked at on a page")
    LIST = "list", _("Shown in a list")
    SEARCH = "search", _("Found by a search")
    EXPORT = "export", _("Taken out in a file")
    API = "api", _("Read by a connected program")
    PHONE = "phone", _("Sent to a worker's phone")
    REFERRAL = "referral", _("Passed on with a referral")
    AUTHORITY = "authority", _("Passed on to an authority")
    GLASS = "glass", _("Opened in an emergency")
    CHANGE = "change", _("Written or changed")
    SLIP = "slip", _("By you, with your slip")
    TEAM = "team", _("Changed who is on your team")
    REVIEW = "review", _("Checked an emergency opening")


class HoldGround(TextChoices):
    """Why a record must be kept for a while although the person wants it gone. Nothing else is a ground."""

    COURT = "court", _("A court has ordered that it is kept")
    CLAIM = "claim", _("A complaint or a claim of the person is running, for which it is needed")
    DUTY = "duty", _("The law on health records binds the worker to keep it")


OWN = "own"  # the recipient that stands for the organisation that keeps the record
EVERY_GROUP = frozenset(group.value for group in Group)

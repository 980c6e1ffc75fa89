"""Risks to people and what stands against them, for the impact assessment. Each measure is held by tests."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Risk:
    """What could happen to people, what stands against it, and what is left."""

    what: str
    against: str
    likely: str
    grave: str
    left: str


def measures() -> list[str]:
    """Return what protects the records, in sentences."""
    return [
        _("What a person told is locked under a key of their own, which only key-holders of the organisation can open."),
        _("The keys are wrapped once more by a key of the month that lies in no database and no backup. Erasure is final "
          "when it is destroyed, within 30 days."),
        _("One gate asks consent, then the team, before anything is opened, and leaves a line that the person can read."),
        _("What was agreed to cannot be rewritten: the database refuses."),
        _("Every action leaves a line in a log that cannot be changed unnoticed."),
        _("Retention runs by itself every day and leaves a line without content."),
        _("Free text is always locked, and warns of telephone numbers and addresses; personal numbers are refused."),
        _("No address of a visitor is written down, and nothing is loaded from elsewhere."),
    ]  # fmt: skip


def risks() -> list[Risk]:
    """Return the risks, gravest first."""
    low, middle, high = _("low"), _("middle"), _("high")
    return [
        Risk(
            _("Police or immigration authorities take the machine, and people lose their residence or are charged."),
            _(
                "Locked content needs a key-holder's passphrase; no name stands in the open; authorities have no account."
            ),
            low,
            high,
            _("A running machine holds open sessions. How many cases there are, and their dates, can be seen."),
        ),
        Risk(
            _("A violent partner or trafficker learns that somebody asked for help."),
            _(
                "Contact only in ways and at times that the person chose; neutral titles; a slip without name; a way out."
            ),
            middle,
            high,
            _("Spyware, a found slip, somebody who follows them."),
        ),
        Risk(
            _("A curious colleague reads about a neighbour."),
            _(
                "Only the team reads; each look leaves a line that the person sees; emergencies are looked at by a second person."
            ),
            low,
            middle,
            _("A colleague on the team who remembers and talks."),
        ),
        Risk(
            _("Somebody says yes because they believe that help depends on it."),
            _("Each purpose by itself; the text says so in their language; nothing in the software asks for a yes."),
            middle,
            middle,
            _("A worker who presses. A person can take back everything alone, with their slip."),
        ),
        Risk(
            _("A record marks somebody for life."),
            _(
                "Everything goes two years after the support ended; no label, score or list; identification is never needed."
            ),
            low,
            high,
            _("What other services wrote down after a referral follows their rules."),
        ),
        Risk(
            _("Statistics give somebody away."),
            _("Only facts without a person leave; numbers under five are hidden, and what would give them away."),
            low,
            middle,
            _("Somebody who knows a place very well may still guess."),
        ),
        Risk(
            _("Somebody learns who was written to online, or who wants no messages."),
            _(
                "Numbers and names are hashed as they are typed and never kept; the key of contacts is destroyed after 60 "
                "days at most; opt-outs have a slow hash; no team learns from another why somebody is left in peace."
            ),
            low,
            middle,
            _("Whoever has the database and the folder of keys can try out telephone numbers, slowly."),
        ),
        Risk(
            _("Whoever runs the machine changes the software."),
            _("The host has no key and no verb for content; the log's heads are kept elsewhere."),
            low,
            high,
            _("What is typed after such a change could be read. It can be found, not prevented."),
        ),
        Risk(
            _("A record is lost when it is needed."),
            _("Two key-holders at least, recovery papers in two halves, backups that are tried out."),
            low,
            middle,
            _("If all key-holders and both papers are lost, nobody can open it."),
        ),
    ]

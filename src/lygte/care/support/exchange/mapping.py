"""Which field of the standard is filled from what, in which group of consent. What is not here, Lygte never passes on.

The standard has fields that Lygte does not keep: titles, addresses, identity numbers, ways of recruitment and control,
places. They stay empty in every file (docs/rooms/exchange.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from lygte.care.support.cases.handover import ENDINGS
from lygte.core.consent.codes import Group
from lygte.directory.languages import LANGUAGES as OUR_LANGUAGES

from . import standard
from .lives import Life, days

# ISO 639-2 for the languages in which people are met; "other" has none. Nigerian Pidgin has no code of its own there.
LANGUAGES: Mapping[str, str] = {
    "ar": "ara", "bg": "bul", "cs": "ces", "da": "dan", "de": "deu", "en": "eng", "es": "spa", "fr": "fra", "hu": "hun",
    "it": "ita", "lt": "lit", "lv": "lav", "nl": "nld", "pcm": "cpe", "pl": "pol", "pt": "por", "ro": "ron", "ru": "rus",
    "sk": "slk", "sq": "sqi", "th": "tha", "tl": "tgl", "tr": "tur", "uk": "ukr", "vi": "vie", "zh": "zho",
}  # fmt: skip
OTHER_CODES = {"cze": "cs", "ger": "de", "fre": "fr", "dut": "nl", "rum": "ro", "slo": "sk", "alb": "sq", "chi": "zh",
               "fil": "tl"}  # fmt: skip
# The person's own words for their gender, where they are the same as a code of the standard; any others stay theirs.
GENDERS: Mapping[str, str] = {
    **dict.fromkeys(("woman", "female", "kvinde", "vrouw"), "Feminine"),
    **dict.fromkeys(("man", "male", "mand"), "Masculine"),
    **dict.fromkeys(("trans woman", "transwoman", "transkvinde", "trans vrouw", "transvrouw"), "TransgenderFeminine"),
    **dict.fromkeys(("trans man", "transman", "transmand"), "TransgenderMasculine"),
    **dict.fromkeys(("non-binary", "nonbinary", "non-binær", "nonbinær", "non-binair"), "NonConforming"),
}
IDENTIFICATIONS: Mapping[str, str] = {
    "presumed": "PossibleVictimOfTrafficking",
    "interview": "PossibleVictimOfTrafficking",
    "assessed": "ActualVictimOfTrafficking",
    "not_assessed": "NotAVictimOfTrafficking",
}  # who said no to being assessed, or stepped out, has no such state, and none is made up
DECIDERS: Mapping[str, str] = {
    **dict.fromkeys(("police", "politi", "politiet", "politie"), "Police"),
    **dict.fromkeys(("court", "court or prosecution", "domstol", "retten", "rechtbank", "om"), "CourtOrProsecution"),
    **dict.fromkeys(
        ("danish immigration service", "udlændingestyrelsen", "cmm", "center mod menneskehandel", "ind"),
        "NonPoliceGovernmentalOrganization",
    ),
}


@dataclass(frozen=True)
class Filled:
    """One field of the standard that Lygte can fill."""

    field: str
    label: Any
    group: Group
    kind: str  # the kind of record it is read from
    of: Callable[[Life], str]


def _names(life: Life) -> tuple[str, str]:
    """Return first and second name; a name of several words is parted before the last, as it is joined again."""
    values = life.one("name")
    first, _space, second = str(values.get("name", "")).strip().rpartition(" ")
    if not first:
        return second or str(values.get("called", "")).strip(), ""
    return first.strip(), second


def _birthdate(life: Life) -> str:
    born = str(life.one("name").get("born", "")).strip()
    return born if len(born) == 10 and standard.day_of(born) else _turned(born)


def _turned(born: str) -> str:
    """Return a day as it is written in Denmark and the Netherlands in the way of the standard."""
    parts = born.replace("/", ".").replace("-", ".").replace(" ", "").split(".")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts) or len(parts[2]) != 4:
        return ""
    try:
        return date(int(parts[2]), int(parts[1]), int(parts[0])).isoformat()
    except ValueError:
        return ""


def _gender(life: Life) -> str:
    words = str(life.one("name").get("gender", "")).strip()
    return standard.code_of(standard.FIELDS["prs_Gender"], words) or GENDERS.get(words.casefold(), "")


def _citizenship(life: Life) -> str:
    one = standard.FIELDS["prs_Citizenship"]
    parts = [part.strip() for part in str(life.one("situation").get("citizenship", "")).replace(",", ";").split(";")]
    found = [standard.code_of(one, part) for part in parts if part]
    return ";".join(dict.fromkeys(code for code in found if code)) if all(found) else ""


def _trafficking(life: Life) -> str:
    return IDENTIFICATIONS.get(str(life.latest("identification").get("state", "")), "")


def _decider(life: Life) -> str:
    by = str(life.latest("identification").get("by", "")).strip()
    if not _trafficking(life) or not by:
        return ""
    one = standard.FIELDS["vic_TraffickingStatusDecisionMakingOrg"]
    return standard.code_of(one, by) or DECIDERS.get(by.casefold(), "Other")


def _status(life: Life) -> str:
    case = life.record("case")
    if case is None:
        return ""
    if case.state == "open":
        return "Active"
    return "ClosedReferred" if case.ending == "other_service" else "Closed"


def _ending(life: Life) -> str:
    case = life.record("case")
    return str(ENDINGS.get(case.ending, "")) if case is not None and case.ending else ""


def _language(life: Life) -> str:
    case = life.record("case")
    return LANGUAGES.get(case.language, "") if case is not None else ""


def _planned_end(life: Life) -> str:
    ends = days(phase.ends_on for phase, _values in life.all("phase"))
    return max(ends).isoformat() if ends else ""


def _actual_end(life: Life) -> str:
    case = life.record("case")
    return case.closed_on.isoformat() if case is not None and case.closed_on else ""


def _notes(life: Life) -> str:
    told = sorted(life.all("note"), key=lambda pair: (pair[0].day, pair[0].pk))
    return "\n\n".join(f"{note.day:%Y-%m-%d}: {values['text']}" for note, values in told if values.get("text"))


def _latest_sent(life: Life) -> Any:
    return max(life.sent, key=lambda card: card.sent_on) if life.sent else None


def _sent_to(life: Life) -> str:
    card = _latest_sent(life)
    return card.service if card else ""


def _sent_on(life: Life) -> str:
    card = _latest_sent(life)
    return card.sent_on.isoformat() if card else ""


def _reach(name: str) -> Callable[[Life], str]:
    return lambda life: str(life.one("reach").get(name, "")).strip()


FILLED: Mapping[str, Filled] = {
    one.field: one
    for one in (
        Filled("prs_FirstName", _("First name, or what they want to be called"), Group.IDENTITY, "name",
               lambda life: _names(life)[0]),
        Filled("prs_SecondName", _("Family name"), Group.IDENTITY, "name", lambda life: _names(life)[1]),
        Filled("prs_Birthdate", _("Date of birth"), Group.IDENTITY, "name", _birthdate),
        Filled("prs_Gender", _("Gender, where their word has a code"), Group.IDENTITY, "name", _gender),
        Filled("prs_Email", _("E-mail"), Group.CONTACT, "reach", _reach("mail")),
        Filled("prs_MobilePhone", _("Telephone"), Group.CONTACT, "reach", _reach("phone")),
        Filled("prs_Citizenship", _("Citizenship, where it has a code"), Group.SITUATION, "situation", _citizenship),
        Filled("prs_PrimaryLanguage", _("Language"), Group.GOALS, "case", _language),
        Filled("cas_Status", _("Whether the case is open"), Group.GOALS, "case", _status),
        Filled("cas_ReasonForCaseClosure", _("How the support ended"), Group.GOALS, "case", _ending),
        Filled("cas_CaseOwner", _("Their worker"), Group.GOALS, "case",
               lambda life: life.first_worker if life.record("case") else ""),
        Filled("spl_Objectives", _("Goals, in their words"), Group.GOALS, "goal",
               lambda life: "\n".join(life.texts("goal", "words"))),
        Filled("spl_ActionPlan", _("Steps"), Group.GOALS, "step",
               lambda life: "\n".join(life.texts("step", "what"))),
        Filled("spl_PlannedEndDate", _("Last day of the phases"), Group.GOALS, "phase", _planned_end),
        Filled("spl_ActualEndDate", _("Day on which the support ended"), Group.GOALS, "case", _actual_end),
        Filled("cco_CaseComment", _("Notes of the worker"), Group.NOTES, "note", _notes),
        Filled("vic_TraffickingStatus", _("State of a formal identification"), Group.IDENTIFICATION, "identification",
               _trafficking),
        Filled("vic_TraffickingStatusDecisionMakingOrg", _("Who said so"), Group.IDENTIFICATION, "identification",
               _decider),
        Filled("cas_ReferredOrganisation", _("Service of the latest referral"), Group.REFERRALS, "referral", _sent_to),
        Filled("cas_OutgoingReferralDate", _("Day of the latest referral"), Group.REFERRALS, "referral", _sent_on),
    )
}  # fmt: skip
# How codes are said to the person who looks at what would leave; other values are already in words.
_SAID: Mapping[str, Any] = {
    "PossibleVictimOfTrafficking": _("Perhaps exposed to trafficking, not assessed"),
    "ActualVictimOfTrafficking": _("Assessed as exposed to trafficking"),
    "NotAVictimOfTrafficking": _("Not assessed as exposed to trafficking"),
    "NonPoliceGovernmentalOrganization": _("A public authority other than the police"),
    "CourtOrProsecution": _("Court or prosecution"),
    "Active": _("Open"),
    "Closed": _("Closed"),
    "ClosedReferred": _("Closed; another service goes on"),
}


def said(name: str, value: str) -> str:
    """Return a value of a row in words."""
    one = standard.FIELDS[name]
    if one.codes == "iso_639_2":
        return str(OUR_LANGUAGES[language_of(value)])
    if one.codes == "iso_3166":
        return ", ".join(standard.COUNTRIES[code] for code in value.split(";"))
    if one.values:
        return str(_SAID.get(value) or one.values[value])
    return value


COLUMNS = (*standard.CORE, *(name for name in FILLED if name not in standard.CORE))


def kinds_for(fields: Any) -> list[str]:
    """Return the kinds of records that some fields are read from."""
    return list(dict.fromkeys(FILLED[name].kind for name in fields))


def row_of(life: Life, fields: Any) -> dict[str, str]:
    """Return the chosen fields of a person. Raises ValueError for what the standard would refuse: a fault of ours."""
    row = {name: value for name in fields if (value := FILLED[name].of(life))}
    for name, value in row.items():
        fault = standard.fault_of(name, value)
        if fault and fault != "422.616":
            raise ValueError(f"{name} does not keep to the standard")
    return row


def language_of(code: str) -> str:
    """Return our code for a language of the standard: "other" for one that we do not know."""
    known = {iso: ours for ours, iso in LANGUAGES.items()} | OTHER_CODES | {ours: ours for ours in LANGUAGES}
    return known.get(code.strip().lower(), "other")

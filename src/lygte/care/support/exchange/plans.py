"""A table by the standard, read into what would be kept of each row, with every problem found at once. Nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from lygte.core.consent.codes import Group
from lygte.core.personal_signs import refuse_signs
from lygte.core.problems import Problem

from . import cells, mapping, standard
from .cells import EXTRA, Row

STATES = {
    "PossibleVictimOfTrafficking": "presumed",
    "ActualVictimOfTrafficking": "assessed",
    "NotAVictimOfTrafficking": "not_assessed",
}
# What becomes a line of one note, because Lygte has no field of its own for it.
NOTED = (
    "cas_ReasonForCaseClosure", "cas_ReferringOrganisation", "cas_IncomingReferralDate",
    "cas_ReferringPrimaryCaseWorker", "cas_ReasonForIncomingReferral", "cas_IncomingReferralDetails",
    "cas_ReferredOrganisation", "cas_ReferredPrimaryCaseWorker", "cas_ReasonForOutgoingReferral",
    "cas_OutgoingReferralDate", "cas_OutgoingReferralDetails", "spl_PlannedEndDate", "spl_ActualEndDate",
)  # fmt: skip
KEPT = frozenset(
    {
        "prs_FirstName", "prs_MiddleName", "prs_SecondName", "prs_Birthdate", "prs_Gender", "prs_PrimaryLanguage",
        "prs_Citizenship", "prs_Email", "prs_HomePhone", "prs_MobilePhone", "vic_TraffickingStatus",
        "vic_TraffickingStatusDecisionMakingOrg", "cas_Status", "cco_CaseComment", "spl_Objectives", "spl_ActionPlan",
        standard.CONSENT, *NOTED,
    }
)  # fmt: skip
LONGEST = {"spl_Objectives": 2000, "spl_ActionPlan": 2000, "cco_CaseComment": 4000}
NUMBERS_ARE_FINE = frozenset({"prs_HomePhone", "prs_MobilePhone"})
YES_IS_NEEDED = standard.CONSENT


@dataclass(frozen=True)
class Planned:
    """What would become of one row: a case, with what is kept in each group."""

    number: int
    language: str
    name: Mapping[str, str] = field(default_factory=dict)
    reach: Mapping[str, str] = field(default_factory=dict)
    citizenship: str = ""
    goal: str = ""
    step: str = ""
    notes: tuple[str, ...] = ()
    state: str = ""
    by: str = ""
    ending: str = ""  # empty: the case is open
    asked_on: date | None = None

    @property
    def groups(self) -> list[str]:
        """The groups that the person must have agreed to for all of it; a case at least."""
        has = {
            Group.IDENTITY: self.name,
            Group.CONTACT: self.reach,
            Group.SITUATION: self.citizenship,
            Group.NOTES: self.notes,
            Group.IDENTIFICATION: self.state,
        }
        return sorted({Group.GOALS.value, *(group.value for group, what in has.items() if what)})


@dataclass(frozen=True)
class Table:
    """A whole file: what each row would become, what has no place, and what is wrong."""

    rows: list[Planned]
    left_out: Mapping[str, int]  # by column: how many rows have something in it that Lygte does not keep
    unknown: Mapping[str, int]  # columns that the standard does not have either
    absent: list[str]  # core columns that the file lacks
    problems: list[Problem]


def read_plan(content: bytes) -> Table:
    """Return what a file would become. Raises a problem only where the file as a whole cannot be read."""
    columns, rows = cells.read_table(content)
    named = {column: standard.field_named(column) for column in columns}
    if YES_IS_NEEDED not in named.values():
        raise Problem("422.611", column=YES_IS_NEEDED)
    problems: list[Problem] = []
    planned: list[Planned] = []
    left_out: dict[str, int] = {}
    unknown: dict[str, int] = {}
    _check_twice(named)
    for number, row in enumerate(rows, start=2):
        found = {named[column]: text.strip() for column, text in row.items() if named[column] and text.strip()}
        for column, text in row.items():
            if not text.strip() or column.startswith(EXTRA):
                continue
            if not named[column]:
                unknown[column] = unknown.get(column, 0) + 1
            elif named[column] not in KEPT:
                left_out[named[column]] = left_out.get(named[column], 0) + 1
        wrong = _problems_of(found, number)
        problems += wrong
        if not wrong:
            planned.append(_planned(found, number))
    absent = [name for name in standard.CORE if name not in named.values()]
    return Table(planned, left_out, unknown, absent, problems)


def _check_twice(named: Mapping[str, str]) -> None:
    names = [name for name in named.values() if name]
    for name in names:
        if names.count(name) > 1:
            raise Problem("422.618", column=name)


def place(number: int, name: str) -> str:
    return _("row %(row)s, %(column)s") % {"row": number, "column": name}


def _problems_of(row: Row, number: int) -> list[Problem]:
    found = []
    if standard.agreed(row.get(YES_IS_NEEDED, "")) is not True:
        found.append(Problem("422.612", at=place(number, YES_IS_NEEDED)))
    for name, text in row.items():
        fault = standard.fault_of(name, text)
        longest = min(standard.FIELDS[name].longest, LONGEST.get(name, 10_000))
        if not fault and len(text) > longest:
            fault = "422.616"
        if fault:
            found.append(Problem(fault, at=place(number, name), value=text[:40], most=longest))
        elif name in KEPT and name not in NUMBERS_ARE_FINE:
            found += _signs(text, place(number, name))
    if not found and not set(row) & (KEPT - {YES_IS_NEEDED}):
        found.append(Problem("422.621", at=place(number, YES_IS_NEEDED)))
    return found


def _signs(text: str, at: str) -> list[Problem]:
    try:
        refuse_signs(text, looked=True, at=at)
    except Problem as problem:
        return [problem]
    return []


def _planned(row: Row, number: int) -> Planned:
    return Planned(
        number=number,
        language=mapping.language_of(row["prs_PrimaryLanguage"]) if "prs_PrimaryLanguage" in row else "",
        name=_name(row),
        reach=_reach(row),
        citizenship=";".join(_codes("prs_Citizenship", row)),
        goal=row.get("spl_Objectives", ""),
        step=row.get("spl_ActionPlan", ""),
        notes=_notes(row),
        state=STATES.get("".join(_codes("vic_TraffickingStatus", row)), ""),
        by=row.get("vic_TraffickingStatusDecisionMakingOrg", ""),
        ending=_ending(row),
        asked_on=standard.day_of(row.get("cas_IncomingReferralDate", "")),
    )


def _codes(name: str, row: Row) -> list[str]:
    one = standard.FIELDS[name]
    return [code for part in standard.parts_of(one, row.get(name, "")) if (code := standard.code_of(one, part))]


def _name(row: Row) -> dict[str, str]:
    parts = [row[name] for name in ("prs_FirstName", "prs_MiddleName", "prs_SecondName") if name in row]
    key = "name" if len(parts) > 1 or "prs_FirstName" not in row else "called"
    gender = _codes("prs_Gender", row)
    found = {
        key: " ".join(parts),
        "born": born.isoformat() if (born := standard.day_of(row.get("prs_Birthdate", ""))) else "",
        "gender": standard.FIELDS["prs_Gender"].values[gender[0]]
        if gender and gender != ["NonSpecifiedUnknown"]
        else "",
    }
    return {name: text for name, text in found.items() if text}


def _reach(row: Row) -> dict[str, str]:
    mobile, home = row.get("prs_MobilePhone", ""), row.get("prs_HomePhone", "")
    found = {"phone": mobile or home, "mail": row.get("prs_Email", ""), "other": home if mobile else ""}
    return {name: text for name, text in found.items() if text}


def _notes(row: Row) -> tuple[str, ...]:
    lines = [f"{name}: {row[name]}" for name in NOTED if name in row]
    comment = row.get("cco_CaseComment", "")
    return tuple(text for text in (comment, "\n".join(lines)) if text)


def _ending(row: Row) -> str:
    status = "".join(_codes("cas_Status", row))
    return {"Closed": "other", "ClosedReferred": "other_service"}.get(status, "")

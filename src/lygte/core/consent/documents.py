"""The record of processing (GDPR Article 30) and the impact assessment (Article 35), made from the data model.

Both carry the fingerprint of the model. A test fails when the model has changed and the stored documents have not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import typst
from django.db.models import Model
from django.utils.translation import gettext as _

from .codes import Group, Purpose
from .glass import LASTS, REVIEW_WITHIN
from .models import LockedModel
from .personal import GROUNDS, KEEPS, PersonalField, Tier
from .protection import everything_kept, fingerprint
from .risks import measures, risks

TEMPLATE = Path(__file__).with_name("document.typ")
MADE = "<!-- Made by `./lygte protection` from the data model; change it there. -->\n\n"


@dataclass(frozen=True)
class Section:
    """A heading, sentences, and a table or none."""

    title: str
    sentences: list[str] = field(default_factory=list)
    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    level: int = 2

    @property
    def labelled(self) -> list[list[tuple[str, str]]]:
        """Each cell with the head of its column, for pages on which rows become cards."""
        return [list(zip(self.header, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Document:
    """A document in the reader's language."""

    name: str
    title: str
    lead: str
    sections: list[Section]
    fingerprint: str


def _tier(one: PersonalField) -> str:
    names = {Tier.OPEN: _("open"), Tier.LOCKED: _("locked"), Tier.SEALED: _("sealed")}
    return names[one.tier]


def _field_rows(fields: Mapping[str, PersonalField]) -> list[list[str]]:
    return [
        [
            str(one.label) + (" *" if one.special else ""),
            str(one.why),
            f"{GROUNDS[one.ground].label} ({GROUNDS[one.ground].article})",
            str(KEEPS[one.keep].label),
            _tier(one),
        ]
        for one in fields.values()
    ]


def _title(model: type[Model]) -> str:
    name = str(model._meta.verbose_name)
    return f"{name[:1].upper()}{name[1:]} ({model._meta.label_lower})"


def _tables() -> list[Section]:
    header = [_("What"), _("Why"), _("Legal ground (GDPR)"), _("How long"), _("Tier")]
    return [
        Section(_title(model), _of_group(model), header, _field_rows(fields), level=3)
        for model, fields in everything_kept()
    ]


def _of_group(model: type[Model]) -> list[str]:
    if not issubclass(model, LockedModel):
        return []
    return [_("Agreed to with the part “%(group)s”.") % {"group": Group(model.GROUP).label}]


def _counts() -> dict[str, int]:
    fields = [one for _model, declared in everything_kept() for one in declared.values()]
    return {
        "fields": len(fields),
        "locked": sum(one.tier != Tier.OPEN for one in fields),
        "special": sum(one.special for one in fields),
    }


def article30() -> Document:
    """Return the record of processing activities."""
    counts = _counts()
    return Document(
        "article30",
        _("Record of processing activities"),
        _("GDPR Article 30. Made from the data model: what is not here is not kept."),
        [
            Section(
                _("Who is responsible"),
                [
                    _("Each organisation is the controller of what it records. The host of the installation is its processor."),
                    _("The organisation adds its name, address and data protection officer when it signs this record."),
                ],
            ),
            Section(
                _("About whom"),
                [
                    _("People who ask for help and agree that a record is kept. Nobody is recorded without agreeing."),
                    _("Members of organisations: who did what, in the log."),
                ],
            ),
            Section(
                _("For what"),
                [_("Each purpose is agreed to by itself, and none is a condition for help.")],
                [_("Purpose"), _("Code")],
                [[str(purpose.label), purpose.value] for purpose in Purpose],
            ),
            Section(
                _("Who receives it"),
                [
                    _("The team of the person, inside one organisation."),
                    _("A service, where the person agreed to that service, those parts and a last day."),
                    _("Police, tax and immigration authorities have no way in. Something is passed on to one only with the "
                      "person's agreement or a court's order, by two people, and is counted publicly."),
                    _("Nothing is sent to a country outside the European Economic Area."),
                ],
            ),
            Section(_("For how long"), [], [_("Time"), _("Counted from")], _keep_rows()),
            Section(_("How it is protected"), measures()),
            Section(
                _("What is kept, field by field"),
                [
                    _("%(fields)s fields, of which %(locked)s are locked under the person's own key.") % counts,
                    _("Fields with a star can hold what Article 9 protects: health, sex life, origin."),
                ],
            ),
            *_tables(),
        ],
        fingerprint(),
    )  # fmt: skip


def _keep_rows() -> list[list[str]]:
    events = {
        "closed": _("the end of the support"),
        "recorded": _("the day it was recorded"),
        "sent": _("the day it was sent"),
        "ended": _("the day it ended"),
        "never": _("does not run out"),
    }
    return [[str(one.label), events[one.after]] for one in KEEPS.values()]


def dpia() -> Document:
    """Return the assessment of the impact on the people whom the record is about."""
    counts = _counts()
    return Document(
        "dpia",
        _("Data protection impact assessment"),
        _("GDPR Article 35. The risks are those to the people whom the record is about, not to the organisation."),
        [
            Section(
                _("Why it is needed"),
                [
                    _("Two of the nine criteria of guideline WP248 ask for an assessment. Here at least four are met: "
                      "sensitive data, people in a weak position, matching, and new technology."),
                    _("%(special)s of %(fields)s fields can hold what Article 9 protects.") % counts,
                ],
            ),
            Section(
                _("What is done"),
                [
                    _("A worker keeps a record with a person who asks for help: goals, plan, notes, measures, deadlines."),
                    _("The person is known by a random code. A name is optional and kept apart."),
                    _("What is counted leaves the record only as a number, and only while the person agrees to be counted."),
                    _("The fields are those of the record of processing activities of the same fingerprint."),
                ],
            ),
            Section(
                _("Is it needed, and is it in proportion"),
                [
                    _("Help is given without a record as well: no field is needed to get help."),
                    _("Every field has a purpose, a ground and an end, or the software does not start."),
                    _("The person sees who has seen them, reads, corrects, adds, takes away, takes back and erases, "
                      "with a slip of paper and any phone."),
                    _("No list, label, score or ranking of people exists, and none can be made of what stands in the open."),
                    _("An emergency opens chosen parts for %(minutes)s minutes, never against consent; a second person looks "
                      "at it within %(hours)s hours.")
                    % {"minutes": int(LASTS.total_seconds() // 60), "hours": int(REVIEW_WITHIN.total_seconds() // 3600)},
                ],
            ),
            Section(
                _("What could happen to people, and what stands against it"),
                [_("Likely and grave are on three steps, after the measures. The judgement is the designers'; yours may differ.")],
                [_("Who, and what"), _("Measures"), _("Likely"), _("Grave"), _("What is left")],
                [[one.what, one.against, one.likely, one.grave, one.left] for one in risks()],
            ),
            Section(
                _("What is locked"),
                [],
                [_("Part"), _("Kinds of records"), _("Locked fields"), _("Of them Article 9")],
                _group_rows(),
            ),
            Section(
                _("Who was asked"),
                [
                    _("Sex workers' own organisations have a seat with a veto on new fields, new sharing and new screening. "
                      "The organisation writes down here whom it asked, and what they said."),
                ],
            ),
            Section(
                _("What the organisation decides before it begins"),
                [
                    _("Which member answers for data protection; who holds the recovery papers; where the epoch key lies; "
                      "whether disks are encrypted; what is done on the first day after a breach, with the safety of people first."),
                ],
            ),
        ],
        fingerprint(),
    )  # fmt: skip


def _group_rows() -> list[list[str]]:
    rows = []
    for group in Group:
        models = [(m, f) for m, f in everything_kept() if issubclass(m, LockedModel) and group == m.GROUP]
        locked = [one for _m, fields in models for one in fields.values() if one.tier != Tier.OPEN]
        if models:
            kinds = ", ".join(str(m._meta.verbose_name) for m, _f in models)
            rows.append([str(group.label), kinds, str(len(locked)), str(sum(one.special for one in locked))])
    return rows


DOCUMENTS: dict[str, Callable[[], Document]] = {"article30": article30, "dpia": dpia}


def markdown(document: Document) -> str:
    """Return a document as Markdown, for the repository and for tenders."""
    lines = [
        f"# {document.title}",
        "",
        document.lead,
        "",
        f"Fingerprint of the data model: `{document.fingerprint}`",
        "",
    ]
    for section in document.sections:
        lines += [f"{'#' * section.level} {section.title}", ""]
        lines += [line for sentence in section.sentences for line in (f"- {sentence}",)]
        lines += [""] if section.sentences else []
        if section.header:
            lines += [_row(section.header), _row(["---"] * len(section.header))]
            lines += [_row(row) for row in section.rows]
            lines += [""]
    return MADE + "\n".join(lines).rstrip() + "\n"


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def pdf(document: Document, language: str) -> bytes:
    """Return a document as a tagged PDF; the words go in as data and are never read as commands."""
    import json

    said: dict[str, Any] = asdict(document) | {
        "language": language,
        "about": _("Fingerprint of the data model"),
        "page": _("Page"),
    }
    text = _CONTROL.sub(" ", json.dumps(said, ensure_ascii=False))
    inputs = {"document": text}
    return bytes(typst.compile(TEMPLATE, sys_inputs=inputs, ignore_system_fonts=True, pdf_standards=["ua-1"]))

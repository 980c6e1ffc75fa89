"""A report as plain sentences in one language: the page and the paper show exactly this, in this order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from lygte.facts.disclosure import Cell

from . import formats
from .charts import chart_alt, in_order
from .content import SECTIONS, BaselineNote, Report, SourceNote
from .figures import Figure, Row, Text


@dataclass(frozen=True)
class Line:
    """One line of a table."""

    label: str
    value: str
    hidden: bool


@dataclass(frozen=True)
class FigureSheet:
    key: str
    title: str
    definition: str
    counts: str
    counting_rule: str
    value: str
    unit: str
    interval: str
    detail: str
    period: str
    target: str
    dimension: str
    rows: tuple[Line, ...]
    unlisted: str
    mix_title: str
    mix: tuple[Line, ...]
    alt: str
    mark: str
    hidden_cells: int


@dataclass(frozen=True)
class BaselineSheet:
    title: str
    value: str
    unit: str
    period: str
    measure: str
    interval: str
    definition: str
    source: str
    note: str


@dataclass(frozen=True)
class Sheet:
    """Everything the report says, ready to be set."""

    language: str
    plan: str
    number: int
    title: str
    heading: str
    caption: str
    invented: str
    state: str
    as_at: str
    purpose: str
    facts: tuple[tuple[str, str], ...]
    milestones: tuple[tuple[str, str, str], ...]
    deliverers: tuple[tuple[str, str, str], ...]
    baselines: tuple[BaselineSheet, ...]
    targets_note: str
    narrative: tuple[tuple[str, str], ...]
    narrative_language: str
    figures: tuple[FigureSheet, ...]
    hidden_note: tuple[str, ...]
    rules: tuple[str, ...]
    sources: tuple[str, ...]
    hash: str
    words: dict[str, str]


def sheet_of(report: Report, language: str, *, issued_at: datetime | None = None, content_hash: str = "") -> Sheet:
    """Return the report in a language."""
    with override(language):
        return _sheet(report, language, issued_at, content_hash)


def _sheet(report: Report, language: str, issued_at: datetime | None, content_hash: str) -> Sheet:
    figures = tuple(_figure(one, language) for one in report.figures)
    return Sheet(
        language=language,
        plan=report.plan_title[language],
        number=report.number,
        title=report.title[language],
        heading=_("Status report: initiative {number}").format(number=report.number),
        caption=_("As at {month}").format(month=formats.month(report.as_at, language)),
        invented=_("Invented example. No such plan exists.") if report.invented else "",
        state=_state(issued_at, language),
        as_at=formats.month(report.as_at, language),
        purpose=report.purpose[language],
        facts=_plan_facts(report, language),
        milestones=tuple(
            (m.kind[language], m.title[language], formats.due(m.due, language)) for m in report.milestones
        ),
        deliverers=tuple(
            (d.organisation, ", ".join(d.areas), formats.period(d.months, language)) for d in report.deliverers
        ),
        baselines=tuple(_baseline(one, language) for one in report.baselines),
        targets_note=_said(report.targets_note, language),
        narrative=tuple(
            (section_title(name), report.narrative[name]) for name in SECTIONS if report.narrative.get(name)
        ),
        narrative_language=report.narrative_language,
        figures=figures,
        hidden_note=_hidden_note(figures),
        rules=_rules(),
        sources=tuple(_source(one, language) for one in report.sources),
        hash=content_hash,
        words=_words(),
    )


def section_title(name: str) -> str:
    """Return the heading of a section of the narrative."""
    return {
        "done": _("What was done"),
        "learned": _("What was learned"),
        "hindered": _("What got in the way"),
        "next": _("What comes next"),
    }[name]


def _state(issued_at: datetime | None, language: str) -> str:
    if issued_at is None:
        return _("Draft. The figures are counted when the page is opened and can still change.")
    return _("Issued on {day}. The figures are frozen.").format(day=formats.day(issued_at.date(), language))


def _said(text: Text | None, language: str) -> str:
    return text[language] if text else ""


def _plan_facts(report: Report, language: str) -> tuple[tuple[str, str], ...]:
    money = report.money
    spent = (
        _("{amount} for {period}").format(
            amount=formats.money(money.amount, money.currency, language), period=formats.period(money.months, language)
        )
        if money
        else _said(report.money_note, language)
    )
    period = formats.period(report.months, language)
    rows = [
        (_("Plan"), f"{report.plan_title[language]}"),
        (_("Responsible"), ", ".join(report.owners)),
        (_("Period of the initiative"), f"{period}. {_said(report.period_note, language)}".rstrip(". ") + "."),
        (_("Where"), ", ".join(report.areas)),
        (_("Kinds of place"), ", ".join(kind[language] for kind in report.place_kinds)),
        (_("Money"), spent),
        (_("Followed by"), ", ".join(report.followed_by)),
    ]
    return tuple((key, value) for key, value in rows if value)


def _baseline(one: BaselineNote, language: str) -> BaselineSheet:
    interval = ""
    if one.measure == "estimated":
        interval = (
            _("between {low} and {high}").format(
                low=formats.number(one.interval[0], language), high=formats.number(one.interval[1], language)
            )
            if one.interval
            else _("no interval in the source")
        )
    return BaselineSheet(
        title=one.title[language],
        value=formats.number(one.value, language),
        unit=one.unit[language],
        period=one.period[language],
        measure=_measure(one.measure),
        interval=interval,
        definition=one.definition[language],
        source=_source(one.source, language, short=True),
        note=_said(one.note, language),
    )


def _measure(name: str) -> str:
    return {
        "identified": _("Identified"),
        "presumed": _("Presumed"),
        "estimated": _("Estimated"),
        "counted": _("Counted"),
    }[name]


def _source(one: SourceNote, language: str, short: bool = False) -> str:
    cited = f"{one.publisher}: {one.title} ({formats.published(one.published, language)})"
    note = _said(one.note, language)
    return cited if short or not note else f"{cited}. {note}"


def _figure(one: Figure, language: str) -> FigureSheet:
    rows = list(one.rows) if one.by_month else in_order(one.rows)
    mix = in_order(one.reporter_mix)
    cells = [one.value, *([one.base] if one.base else []), *(row.cell for row in (*rows, *mix))]
    return FigureSheet(
        key=one.key,
        title=one.title[language],
        definition=one.definition[language],
        counts=one.counts[language],
        counting_rule=one.counting_rule[language],
        value=_value(one, language),
        unit=_unit(one, language),
        interval=_interval(one, language),
        detail=_detail(one, language),
        period=formats.period(one.months, language),
        target=_target(one, language),
        dimension=one.dimension[language] if one.dimension else "",
        rows=_lines(rows, language),
        unlisted=_("What is not listed is nought.") if one.unlisted_are_zero else "",
        mix_title=_("Who reported: {what}").format(what=one.counts[language].lower()),
        mix=_lines(mix, language),
        alt=chart_alt(one, language),
        mark=_("A triangle marks a month that is hidden.") if one.by_month and any(r.cell.hidden for r in rows) else "",
        hidden_cells=sum(cell.hidden for cell in cells),
    )


def _lines(rows: Sequence[Row], language: str) -> tuple[Line, ...]:
    return tuple(Line(row.label[language], shown(row.cell, language), row.cell.hidden) for row in rows)


def shown(cell: Cell, language: str) -> str:
    """Write a cell: its number, or that it is hidden."""
    return _("hidden") if cell.value is None else formats.number(cell.value, language)


def _value(one: Figure, language: str) -> str:
    """A share is said as its interval, the point comes after it."""
    if one.base is None:
        return shown(one.value, language)
    if one.interval is None:
        return _("hidden") if one.value.hidden or one.base.hidden else "–"
    low, high = (formats.percent(end, language) for end in one.interval)
    return f"{low} – {high}"


def _unit(one: Figure, language: str) -> str:
    return "" if one.base is not None else one.unit[language]


def _interval(one: Figure, language: str) -> str:
    if one.base is None:
        return _("A full count of what was recorded: no sampling error, but what nobody recorded is missing.")
    if one.interval is None:
        return ""
    return _("95 % interval (Wilson). It says how far chance alone could move the share.")


def _detail(one: Figure, language: str) -> str:
    if one.base is None or one.share is None:
        return ""
    return _("{share}: {part} of {whole} {unit}").format(
        share=formats.percent(one.share, language),
        part=shown(one.value, language),
        whole=shown(one.base, language),
        unit=one.unit[language],
    )


def _target(one: Figure, language: str) -> str:
    if one.target is None:
        return _("No target is set in the source.")
    goal = one.target.value
    said = formats.percent(goal, language) if one.base is not None else formats.number(goal, language)
    return _("Target: {value} by {month} ({source}).").format(
        value=said, month=formats.month(one.target.by, language), source=one.target.source
    )


def _hidden_note(figures: Sequence[FigureSheet]) -> tuple[str, ...]:
    """Say what is hidden and why."""
    count = sum(figure.hidden_cells for figure in figures)
    if not count:
        return (_("Nothing in this report is hidden: no number in it is from 1 to 4."),)
    return (
        ngettext(
            "{count} number in this report is hidden.", "{count} numbers in this report are hidden.", count
        ).format(count=count),
        _("Numbers from 1 to 4 are hidden, because somebody could be recognised by being one of a few."),
        _(
            "Some larger numbers are hidden as well, so that the small ones cannot be worked out from totals, shares, "
            "differences or from another table of this report."
        ),
        _("Nought is always shown. A hidden number is never nought."),
    )


def _rules() -> tuple[str, ...]:
    return (
        _(
            "A visit counts for this initiative when a deliverer made it in its areas, in its months and at its kinds of place."
        ),
        _(
            "People are counted at each visit. The same person met twice counts twice; nobody is recognised from visit to visit."
        ),
        _("What somebody did not wish to say is left out and is never guessed."),
        _("A figure depends on who reports. The organisations behind each figure stand beside it."),
        _(
            "What was counted, what was identified and what was estimated are different things and are never added together."
        ),
    )


def _words() -> dict[str, str]:
    """Return the fixed words that the paper needs."""
    return {
        "about": _("The initiative"),
        "milestones": _("Milestones"),
        "what": _("What"),
        "due": _("Due"),
        "deliverers": _("Who delivers it"),
        "organisation": _("Organisation"),
        "areas": _("Where"),
        "months": _("When"),
        "no_deliverers": _("Nobody delivers the initiative yet."),
        "no_figures": _("There are no figures: the initiative has none of its own, or nobody delivers it yet."),
        "baselines": _("Figures from before the plan"),
        "source": _("Source"),
        "narrative": _("In the words of the programme officer"),
        "figures": _("Figures"),
        "definition": _("What is counted"),
        "counted_as": _("How it is recorded"),
        "number": _("Number"),
        "mix": _("Who reported"),
        "hidden": _("What is hidden, and why"),
        "rules": _("Counting rules"),
        "sources": _("Sources"),
        "hash": _("Fingerprint of the content (SHA-256)"),
        "page": _("Page"),
        "period": _("Period"),
        "target": _("Target"),
        "table": _("The numbers as a table"),
        "more": _("How this is counted"),
        "drift": _("Some figures would be others today"),
        "figure": _("Figure"),
        "then": _("In this report"),
        "now": _("Today"),
    }

"""What the pages of one case show: the records of each page, opened in one go, put together for reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lygte.core.consent import gate, glass
from lygte.core.consent.codes import Group, Purpose
from lygte.core.consent.models import LockedModel, Person, Seat
from lygte.core.models import Member
from lygte.directory.areas import area_name
from lygte.directory.languages import language_name

from . import codes, reads
from .measures import INSTRUMENTS, Band, Instrument, in_words
from .models import Case, Deadline, Goal, Health, Identification, Measure, Name, Note, Phase, Reach, Situation, Step
from .models.about import Once

DONE_SHOWN = timedelta(days=30)
NOTES_ON_HUB = 3
NOTES_ON_PAGE = 25


def address_of(name: str, *args: str) -> str:
    """Return the address of a page of another room, or nothing where that room is not there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@dataclass(frozen=True)
class Frame:
    """What stands around every page of a case: who it is about, what they agree to, who is on the team."""

    case: Case
    called: str
    area: str
    language: str
    on_team: bool
    agreed: frozenset[str]
    team: Sequence[Seat]
    consent_url: str
    glass_url: str
    open_until: datetime | None  # in an emergency, by who looks

    @property
    def title(self) -> str:
        return self.called or self.case.person.code

    @property
    def nothing_agreed(self) -> bool:
        return not self.agreed

    @property
    def may_write(self) -> Mapping[str, bool]:
        """By group: whether the member may write something now."""
        return {str(group): self.on_team and self.case.open and group.value in self.agreed for group in Group}


class Reading:
    """Collects the records of a page and opens them together: one line for the person to read per page."""

    def __init__(self, member: Member, case: Case) -> None:
        self.member, self.case = member, case
        self.people: list[Person] = reads.family(case.person)
        for person in self.people:
            person.organisation = member.organisation
        self.records: list[LockedModel] = []
        self.opened = gate.Opened()
        self.name = self.first(Name)

    def add(self, found: Any) -> list[Any]:
        """Take the records of a query into the page."""
        rows = list(found.select_related("person"))
        self.records.extend(rows)
        return rows

    def all(self, model: Any, *args: Any, **filters: Any) -> list[Any]:
        return self.add(model.objects.filter(*args, person__in=self.people, **filters))

    def first(self, model: Any) -> Any:
        """Take the one record of a kind: the person's own, before that of somebody merged into them."""
        rows = [*model.objects.filter(person__in=self.people).select_related("person")]
        rows.sort(key=lambda row: row.person_id != self.case.person_id)
        self.records.extend(rows[:1])
        return rows[0] if rows else None

    def open(self) -> None:
        self.opened = gate.read(member=self.member, records=self.records)

    def seen(self, rows: Sequence[Any]) -> list[Any]:
        """Return the rows to show: who is not on the team learns nothing of what they may not read, not even its days."""
        if reads.on_team(self.member, self.case.person):
            return list(rows)
        return [row for row in rows if not self.shut(row)]

    def get(self, record: LockedModel | None) -> Mapping[str, Any]:
        return self.opened.get(record) if record is not None else {}

    def shut(self, record: LockedModel) -> bool:
        """Tell whether a record was not let through."""
        return record.ref in self.opened.refused

    def frame(self) -> Frame:
        person = self.case.person
        agreed = gate.agreed_groups([person], purpose=Purpose.SUPPORT)[person.pk]
        seats = reads.team(person)
        return Frame(
            case=self.case,
            called=reads.called_in(self.get(self.name)),
            area=area_name(self.case.area),
            language=language_name(self.case.language),
            on_team=any(seat.member_id == self.member.pk for seat in seats),
            agreed=agreed,
            team=seats,
            consent_url=address_of("consent:person", person.ref),
            glass_url=address_of("consent:glass", person.ref),
            open_until=glass.open_until(self.member, person),
        )


# The hub ----------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class StepShown:
    step: Step
    what: str
    late: bool
    shut: bool


@dataclass(frozen=True)
class GoalShown:
    goal: Goal
    words: str
    life_area: Any
    shut: bool
    steps: Sequence[StepShown] = ()


@dataclass(frozen=True)
class NoteShown:
    note: Note
    text: str
    shut: bool


@dataclass(frozen=True)
class PhaseShown:
    """A phase with where today stands in it."""

    phase: Phase
    title: Any
    plan: str
    handover: str
    day: int
    days: int
    now: bool
    shut: bool


@dataclass(frozen=True)
class DateShown:
    """A date that must not pass, with where today stands in it."""

    deadline: Deadline
    kind: str
    title: Any
    about: str
    outcome: Any
    days_left: int
    extended: bool
    shut: bool


@dataclass(frozen=True)
class DueShown:
    """One thing that is due next: a step, a date, the end of a phase."""

    day: date
    kind: str
    words: Any
    late: bool
    step: Step | None = None


@dataclass(frozen=True)
class Hub:
    """The first page of a case."""

    frame: Frame
    asked: str
    due: Sequence[DueShown]
    goals: Sequence[GoalShown]
    past_goals: Sequence[GoalShown]
    loose: Sequence[StepShown]
    notes: Sequence[NoteShown]
    phases: Sequence[PhaseShown]
    reach: Sequence[tuple[Any, str]]
    steps_done: Sequence[StepShown] = field(default_factory=list)


def hub(member: Member, case: Case) -> Hub:
    """Return what the first page of a case shows."""
    reading, today = Reading(member, case), timezone.localdate()
    reading.records.append(case)
    recent = Q(state="open") | Q(done_on__gte=today - DONE_SHOWN)
    goals, steps = reading.all(Goal), reading.all(Step, recent)
    phases, dates = reading.all(Phase), reading.all(Deadline, ended_on=None)
    notes = reading.add(Note.objects.filter(person__in=reading.people)[:NOTES_ON_HUB])
    reach = reading.first(Reach)
    reading.open()
    goals, steps, phases, dates, notes = map(reading.seen, (goals, steps, phases, dates, notes))
    shown = [StepShown(s, reading.get(s).get("what", ""), _late(s.due, today), reading.shut(s)) for s in steps]
    to_do = [one for one in shown if one.step.state == "open"]
    goals_shown = [_goal(reading, goal, to_do) for goal in goals]
    known = {goal.pk for goal in goals if goal.state == "open"}
    return Hub(
        frame=reading.frame(),
        asked=str(reading.get(case).get("asked", "")),
        due=_due(to_do, [_date(reading, one, today) for one in dates], phases, today),
        goals=[one for one in goals_shown if one.goal.state == "open"],
        past_goals=[one for one in goals_shown if one.goal.state != "open"],
        loose=[one for one in to_do if one.step.goal_id not in known],
        steps_done=[one for one in shown if one.step.state == "done"],
        notes=[_note(reading, note) for note in notes],
        phases=[_phase(reading, one, today) for one in phases],
        reach=_filled(Reach, reading.get(reach)),
    )


def _late(day: date | None, today: date) -> bool:
    return day is not None and day < today


def _goal(reading: Reading, goal: Goal, steps: Sequence[StepShown]) -> GoalShown:
    values = reading.get(goal)
    return GoalShown(
        goal,
        str(values.get("words", "")),
        codes.LIFE_AREAS.get(values.get("life_area", ""), ""),
        reading.shut(goal),
        [one for one in steps if one.step.goal_id == goal.pk],
    )


def _note(reading: Reading, note: Note) -> NoteShown:
    return NoteShown(note, str(reading.get(note).get("text", "")), reading.shut(note))


def _phase(reading: Reading, phase: Phase, today: date) -> PhaseShown:
    values = reading.get(phase)
    days = (phase.ends_on - phase.starts_on).days + 1
    return PhaseShown(
        phase=phase,
        title=codes.PHASES[str(phase.number)],
        plan=str(values.get("plan", "")),
        handover=str(values.get("handover", "")),
        day=min(max((today - phase.starts_on).days + 1, 0), days),
        days=days,
        now=phase.starts_on <= today <= phase.ends_on,
        shut=reading.shut(phase),
    )


def _date(reading: Reading, deadline: Deadline, today: date) -> DateShown:
    values = reading.get(deadline)
    kind = str(values.get("kind", ""))
    return DateShown(
        deadline=deadline,
        kind=kind,
        title=codes.DEADLINES.get(kind, ""),
        about=str(values.get("about", "")),
        outcome=codes.DEADLINE_OUTCOMES.get(values.get("outcome", ""), ""),
        days_left=(deadline.due - today).days,
        extended=deadline.due > deadline.first_due,
        shut=reading.shut(deadline),
    )


def _due(
    steps: Sequence[StepShown], dates: Sequence[DateShown], phases: Sequence[Phase], today: date
) -> list[DueShown]:
    soon = today + timedelta(days=reads.SOON)
    found = [
        *(
            DueShown(one.step.due, "step", one.what, one.late, one.step)
            for one in steps
            if one.step.due is not None and one.step.due <= soon
        ),
        *(
            DueShown(one.deadline.due, "date", one.title, one.deadline.due < today)
            for one in dates
            if one.deadline.due <= today + timedelta(days=reads.DATES_AHEAD)
        ),
        *(
            DueShown(one.ends_on, "phase", codes.PHASES[str(one.number)], False)
            for one in phases
            if today <= one.ends_on <= today + timedelta(days=reads.PHASE_AHEAD)
        ),
    ]
    return sorted(found, key=lambda due: due.day)


def _filled(model: Any, values: Mapping[str, Any]) -> list[tuple[Any, str]]:
    return [(one.label, str(values[name])) for name, one in model.PERSONAL.items() if values.get(name)]


# Notes ------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class NotesPage:
    frame: Frame
    notes: Sequence[NoteShown]
    older: str
    newer: bool


def notes(member: Member, case: Case, *, after: str = "") -> NotesPage:
    """Return a page of notes, newest first, starting after the note whose reference is given."""
    reading = Reading(member, case)
    found = Note.objects.filter(person__in=reading.people)
    last = found.filter(ref=after).first() if after else None
    if last is not None:
        found = found.filter(Q(day__lt=last.day) | Q(day=last.day, pk__lt=last.pk))
    rows = list(found.select_related("person", "member__user")[: NOTES_ON_PAGE + 1])
    shown = rows[:NOTES_ON_PAGE]
    reading.records.extend(shown)
    reading.open()
    shown = reading.seen(shown)
    older = rows[NOTES_ON_PAGE - 1].ref if shown and len(rows) > NOTES_ON_PAGE else ""
    return NotesPage(reading.frame(), [_note(reading, note) for note in shown], older, bool(after))


# About them --------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class AboutShown:
    """One group of what a person tells: its record, if there is one, and what is filled in."""

    kind: str
    group: Group
    title: Any
    record: Once | None
    rows: Sequence[tuple[Any, str]]
    agreed: bool
    may_write: bool


@dataclass(frozen=True)
class AboutPage:
    frame: Frame
    parts: Sequence[AboutShown]


ABOUT: Mapping[str, type[Once]] = {"name": Name, "reach": Reach, "situation": Situation, "health": Health}
TITLES: codes.Labels = {
    "name": _("Name"),
    "reach": _("How to reach them"),
    "situation": _("Their situation"),
    "health": _("Their health"),
}


def about(member: Member, case: Case) -> AboutPage:
    """Return what the person told about themselves, group by group."""
    reading = Reading(member, case)
    records = {
        "name": reading.name,
        **{kind: reading.first(model) for kind, model in ABOUT.items() if kind != "name"},
    }
    reading.open()
    frame = reading.frame()
    return AboutPage(
        frame,
        [
            AboutShown(
                kind=kind,
                group=model.GROUP,
                title=TITLES[kind],
                record=records[kind],
                rows=_filled(model, reading.get(records[kind])),
                agreed=model.GROUP.value in frame.agreed,
                may_write=frame.may_write[str(model.GROUP)],
            )
            for kind, model in ABOUT.items()
        ],
    )


# How it goes -------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class MeasureShown:
    measure: Measure
    score: int | None
    band: Band | None
    answers: Sequence[tuple[str, str]]

    @property
    def band_words(self) -> str:
        return in_words(self.band.words) if self.band else ""


@dataclass(frozen=True)
class Series:
    """All answers to one instrument, the oldest first, and the line of its scores."""

    instrument: Instrument
    title: str
    about: str
    band_note: str
    rows: Sequence[MeasureShown]
    points: str
    dots: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class MeasuresPage:
    frame: Frame
    series: Sequence[Series]
    instruments: Sequence[tuple[str, str]]


def measures(member: Member, case: Case) -> MeasuresPage:
    """Return what the person answered over time, instrument by instrument."""
    reading = Reading(member, case)
    rows = reading.all(Measure)
    reading.open()
    by_instrument: dict[str, list[MeasureShown]] = {}
    for row in rows:
        values = reading.get(row)
        if values.get("instrument") in INSTRUMENTS:
            by_instrument.setdefault(values["instrument"], []).append(_measure(row, values))
    return MeasuresPage(
        reading.frame(),
        [_series(INSTRUMENTS[key], by_instrument[key]) for key in INSTRUMENTS if key in by_instrument],
        [(key, in_words(one.title)) for key, one in INSTRUMENTS.items()],
    )


def _measure(row: Measure, values: Mapping[str, Any]) -> MeasureShown:
    instrument, answers = INSTRUMENTS[values["instrument"]], values.get("answers", {})
    score = instrument.score(answers)
    words = [
        (in_words(item.words), f"{answers[item.key]} · {in_words(item.scale[answers[item.key]])}")
        if item.key in answers
        else (in_words(item.words), "–")
        for item in instrument.items
    ]
    return MeasureShown(row, score, instrument.band(score) if score is not None else None, words)


WIDTH, HEIGHT, EDGE = 320, 64, 6


def _series(instrument: Instrument, rows: Sequence[MeasureShown]) -> Series:
    scored = [(row.measure.day, row.score) for row in rows if row.score is not None]
    dots: list[tuple[float, float]] = []
    if len(scored) > 1:
        first, span = scored[0][0], max((scored[-1][0] - scored[0][0]).days, 1)
        dots = [
            (
                round(EDGE + (WIDTH - 2 * EDGE) * (day - first).days / span, 1),
                round(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * score / instrument.highest, 1),
            )
            for day, score in scored
        ]
    return Series(
        instrument,
        in_words(instrument.title),
        in_words(instrument.about),
        in_words(instrument.band_note),
        rows,
        " ".join(f"{x},{y}" for x, y in dots),
        dots,
    )


# Dates -------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class StateShown:
    identification: Identification
    state: Any
    by: str
    remark: str
    shut: bool


@dataclass(frozen=True)
class DatesPage:
    frame: Frame
    running: Sequence[DateShown]
    over: Sequence[DateShown]
    states: Sequence[StateShown]


def dates(member: Member, case: Case) -> DatesPage:
    """Return the dates that must not pass, and the states of a formal identification."""
    reading, today = Reading(member, case), timezone.localdate()
    deadlines, states = reading.all(Deadline), reading.all(Identification)
    reading.open()
    deadlines, states = reading.seen(deadlines), reading.seen(states)
    shown = [_date(reading, one, today) for one in deadlines]
    return DatesPage(
        reading.frame(),
        [one for one in shown if one.deadline.ended_on is None],
        [one for one in shown if one.deadline.ended_on is not None],
        [
            StateShown(
                one,
                codes.IDENTIFICATIONS.get(reading.get(one).get("state", ""), ""),
                str(reading.get(one).get("by", "")),
                str(reading.get(one).get("remark", "")),
                reading.shut(one),
            )
            for one in states
        ],
    )

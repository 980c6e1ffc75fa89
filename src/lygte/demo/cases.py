"""A dozen invented people with a case, opened and written by the product's own actions: nothing here is real.

They show what a case can be: goals in the person's words, steps due around today, refused groups, a reflection period,
well-being over time, a case with nothing but a code. Nobody here is like anybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django_scopes import scope

from lygte.care.support.cases.handover import Agreed, Told, actions, open_case
from lygte.core.consent.codes import EVERY_GROUP
from lygte.core.consent.ledger import Said, decline_consent
from lygte.core.models import Member

from .cast import MARK
from .keys import open_keyrings

PLAN = frozenset({"goals", "notes"})
USUAL = PLAN | {"identity", "contact", "situation", "referrals"}
WHO5 = ("spirits", "calm", "energy", "rested", "interest")


@dataclass(frozen=True)
class Wish:
    """A goal and its steps: what, how many days from today, who."""

    words: str
    life_area: str
    steps: tuple[tuple[str, int | None, str], ...] = ()
    state: str = "open"


@dataclass(frozen=True)
class Somebody:
    """One invented person: whose, since how many days, what they agreed to, what they told."""

    party: str
    days: int
    area: str
    language: str
    way_in: str = "visit"
    groups: frozenset[str] = USUAL
    purposes: tuple[str, ...] = ()
    no_to: tuple[str, ...] = ()
    asked: str = ""
    called: str = ""
    reach: Mapping[str, str] = field(default_factory=dict)
    waited: int | None = None  # days until the first talk, if there was one
    wishes: tuple[Wish, ...] = ()
    notes: tuple[tuple[int, str], ...] = ()  # days ago, words
    who5: tuple[tuple[int, tuple[int, ...]], ...] = ()  # days ago, answers; fewer than five: the rest was left out
    phases: bool = False
    dates: tuple[tuple[str, int, int | None, str], ...] = ()  # kind, began days ago, due in days, about
    ending: str = ""


PEOPLE: tuple[Somebody, ...] = (
    Somebody(
        "road", 74, "DK-461", "th", purposes=("contact", "statistics"), groups=EVERY_GROUP - {"screening"}, waited=3,
        asked="A room of my own where nobody knocks at night, and somebody who reads my letters with me.",
        called="Mali",
        reach={"phone": "+45 00 00 00 01", "ways": "Text first, never call", "safe_times": "Weekdays before noon",
               "cover_name": "The library"},
        wishes=(
            Wish("I want to keep working, and have the key to my own room.", "home", (
                ("Call the housing office together", 0, "together"),
                ("Look through the tenancy with the lawyer", -3, "worker"),
            )),
            Wish("Understand what the tax office wants from me", "rights", (("Bring the two letters", 4, "person"),)),
            Wish("See a dentist", "health", (), "reached"),
        ),
        notes=(
            (1, "Read the first letter together. It asks for a form, not for money. She laughed."),
            (15, "Tea at the library. The room is cold; the landlord has been told."),
            (40, "First long talk. She wants to go on working and to have it quiet at night."),
        ),
        who5=((70, (1, 1, 2, 1, 2)), (35, (2, 2, 2, 1, 3)), (2, (3, 3, 2, 3, 3))),
        phases=True,
    ),
    Somebody(
        "road", 21, "DK-607", "ro", way_in="phone", purposes=("contact",), no_to=("statistics",), waited=1,
        asked="Help with the bank. They closed my account.", called="Ioana",
        reach={"phone": "+45 00 00 00 02", "safe_times": "Evenings"},
        wishes=(Wish("A bank account in my own name", "money", (("Write to the bank with the form for complaints", 1, "worker"),)),),
        notes=((3, "The bank wants to know where the money comes from. We wrote it down together, in her words."),),
    ),
    Somebody(
        "road", 9, "DK-630", "pcm", groups=PLAN | {"identification", "contact"}, purposes=("contact",),
        asked="To know what happens if I tell.",
        reach={"ways": "Through the church (invented)", "never": "Do not call the number on the door"},
        wishes=(Wish("To decide in peace", "safety", (("Talk with the lawyer, with an interpreter", 2, "together"),)),),
        notes=((2, "Told both ways it can go, and that nothing has to be decided today. Read the text about the period aloud."),),
        dates=(("appeal", 6, 8, "Answer of the Immigration Service (invented)"),),
    ),
    Somebody(
        "road", 130, "DK-561", "es", purposes=("statistics",), waited=12,
        asked="Work during the day, near my son's school.", called="Luz",
        wishes=(
            Wish("A course in Danish", "other_work", (), "reached"),
            Wish("An hour a week with the debt adviser", "money", (("Ask for a new day with the adviser", 6, "worker"),)),
        ),
        who5=((120, (2, 2, 1, 2, 2)), (60, (3, 2, 2, 2)), (5, (4, 3, 3, 3, 3))),
    ),
    Somebody("road", 5, "DK-461", "hu", groups=frozenset({"notes"}),
             notes=((4, "Wants to be left in peace for now. We said where we are on Thursdays."),)),
    Somebody("road", 200, "DK-621", "da", way_in="came", purposes=("statistics",), waited=0, ending="goals",
             asked="To sort out the tax of three years.",
             wishes=(Wish("No more brown envelopes", "rights", (), "reached"),)),
    Somebody(
        "round", 33, "DK-751", "th", way_in="health", groups=PLAN | {"health", "contact"}, purposes=("contact",),
        asked="A doctor who does not ask where I work.",
        reach={"phone": "+45 00 00 00 03", "cover_name": "The optician"},
        wishes=(Wish("The second vaccination", "health", (("Book the second vaccination", 0, "worker"),)),),
        notes=((10, "Went along to the doctor. It was calm."),),
    ),
    Somebody("round", 12, "DK-851", "uk", groups=PLAN, asked="Sleep.",
             wishes=(Wish("To sleep through one night", "health", (("Ask how the nights are", 5, "together"),)),)),
    Somebody(
        "harbour", 26, "NL-GM0518", "bg", purposes=("contact",), called="Rada", waited=2,
        asked="My own papers back, and a safe place for a while.",
        groups=USUAL | {"identification"},
        reach={"phone": "+31 6 00000004", "ways": "Signal"},
        wishes=(Wish("My passport in my own drawer", "papers", (("Go to the consulate together", 3, "together"),)),),
        notes=((7, "She keeps the copy of the passport with us until Friday."),),
        dates=(("reflection_nl", 20, None, "Offered after the talk of the first week (invented)"),),
    ),
    Somebody(
        "harbour", 61, "NL-GM0518", "en", way_in="online", purposes=("contact", "statistics"), waited=5,
        asked="To know which taxes I owe, and to stay in the work.",
        called="Jo", groups=USUAL | {"measures"},
        wishes=(Wish("A bookkeeper who does not judge", "work", (("Ask the two bookkeepers on the list", -1, "worker"),)),),
        who5=((58, (3, 3, 3, 2, 4)), (9, (4, 4, 3, 3, 4))),
    ),
    Somebody("harbour", 3, "NL-GM0503", "es", groups=PLAN, asked="Somewhere to sit down in the afternoon."),
    Somebody(
        "law", 15, "NL-GM0518", "ro", way_in="organisation", groups=PLAN | {"identity", "situation"}, called="Maria",
        asked="To have the contract read.",
        wishes=(Wish("To know what I may say no to", "rights", (("Write the letter to the operator", 2, "worker"),)),),
    ),
)  # fmt: skip


def open_cases(members: Mapping[str, list[Member]]) -> int:
    """Open every case of the demo as a worker with an open key; return how many."""
    for one in PEOPLE:
        team = [member for member in members[one.party] if member.user.has_usable_password()]
        worker = next((member for member in team if member.role != "coordinator"), team[0])
        open_keyrings([worker])
        with scope(organisation=worker.organisation):
            _open(worker, one)
    return len(PEOPLE)


def _open(worker: Member, one: Somebody) -> None:
    today = timezone.localdate()
    said = Said("en")
    case = open_case(
        member=worker,
        said=said,
        agreed=Agreed(one.groups, one.purposes),
        area=one.area,
        way_in=one.way_in,
        language=one.language,
        opened_on=today - timedelta(days=one.days),
        asked_on=today - timedelta(days=one.days),
        told=Told(one.asked, {"called": one.called + MARK} if one.called else {}, one.reach),
    )
    for purpose in one.no_to:
        decline_consent(member=worker, person=case.person, said=said, purpose=purpose)
    _plan(worker, case, one, today)
    for ago, words in one.notes:
        actions.add_note(member=worker, person=case.person, text=words, day=today - timedelta(days=ago))
    for ago, answers in one.who5:
        if "measures" in one.groups:
            given = dict(zip(WHO5, answers, strict=False))
            day = today - timedelta(days=ago)
            actions.add_measure(member=worker, person=case.person, instrument="who5", answers=given, day=day)
    for kind, ago, due, about in one.dates:
        until = today + timedelta(days=due) if due is not None else None
        begun = today - timedelta(days=ago)
        actions.add_deadline(member=worker, person=case.person, kind=kind, starts_on=begun, due=until, about=about)
    if one.ending:
        actions.close_case(member=worker, case=case, ending=one.ending)


def _plan(worker: Member, case: Any, one: Somebody, today: date) -> None:
    for wish in one.wishes:
        goal = actions.add_goal(member=worker, person=case.person, words=wish.words, life_area=wish.life_area)
        for what, days, doer in wish.steps:
            due = today + timedelta(days=days) if days is not None else None
            actions.add_step(member=worker, person=case.person, what=what, due=due, doer=doer, goal=goal)
        if wish.state != "open":
            actions.set_goal_state(member=worker, goal=goal, state=wish.state, on=today - timedelta(days=one.days // 2))
    if one.waited is not None:
        step = actions.add_step(member=worker, person=case.person, what="First talk")
        day = today - timedelta(days=one.days - one.waited)
        actions.set_step_state(member=worker, step=step, state="done", on=day)
    if one.phases:
        actions.start_phases(member=worker, person=case.person, starts_on=today - timedelta(days=one.days - 10))

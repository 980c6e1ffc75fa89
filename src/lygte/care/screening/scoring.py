"""How answers are read: pure functions, one for each version of a rule, which never change once they are used.

A new way to read is a new version beside the old one, so that old answers always give the old result, bit for bit.
Nothing here gives a number for a person. Source of the Delphi rule: ILO and European Commission, Operational indicators
of trafficking in human beings, 2009.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from .library import Instrument, Item


class Answer(StrEnum):
    """What can be known of a sign. Declining is an answer; nothing said is `unknown`."""

    YES = "yes"
    NO = "no"
    SUSPECTED = "suspected"
    TOLD = "told"
    SEEN = "seen"
    UNKNOWN = "unknown"
    DECLINED = "declined"


PRESENT = frozenset({Answer.YES, Answer.SUSPECTED, Answer.TOLD, Answer.SEEN})
SCALES: dict[str, tuple[Answer, ...]] = {
    "yes_no": (Answer.YES, Answer.NO, Answer.UNKNOWN, Answer.DECLINED),
    "known": (Answer.SEEN, Answer.TOLD, Answer.SUSPECTED, Answer.NO, Answer.UNKNOWN, Answer.DECLINED),
}


class State(StrEnum):
    """POSITIVE, NEGATIVE, or OPEN: negative now, and positive if something that is not known were so."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    OPEN = "open"


@dataclass(frozen=True)
class DimensionResult:
    """One dimension: its state and how many signs of each weight are present, not known, or were declined."""

    key: str
    state: State
    strong: int
    medium: int
    weak: int
    unknown: int
    declined: int


@dataclass(frozen=True)
class Result:
    """What an instrument gives for one set of answers. `reading` and `next_step` are codes, empty where none is given."""

    instrument: str
    version: int
    rule: str
    group: str
    dimensions: tuple[DimensionResult, ...] = ()
    present: tuple[tuple[str, str], ...] = ()
    reading: str = ""
    next_step: str = ""

    def canonical(self) -> bytes:
        """Return the result as bytes that are the same for ever for the same answers."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":")).encode()

    @classmethod
    def from_canonical(cls, stored: bytes) -> Result:
        """Return a result from its bytes, as it was computed then; nothing is read anew."""
        said = json.loads(stored)
        dimensions = tuple(DimensionResult(**{**one, "state": State(one["state"])}) for one in said.pop("dimensions"))
        present = tuple((path, answer) for path, answer in said.pop("present"))
        return cls(dimensions=dimensions, present=present, **said)


Answers = Mapping[str, Answer]


class UnknownSign(ValueError):
    """An answer names a sign that the instrument does not have, or a value that its scale does not have."""


def score(instrument: Instrument, answers: Mapping[str, str], group: str = "adult") -> Result:
    """Read answers (`dimension/key` to a value of the instrument's scale) by the instrument's own rule.

    What is not answered is unknown. Raises UnknownSign for an answer that the instrument does not ask for.
    """
    asked = {item.path: item for item in instrument.items_for(group)}
    scale = SCALES[instrument.answers]
    for path, value in answers.items():
        if path not in asked:
            raise UnknownSign(path)
        if value not in scale:
            raise UnknownSign(f"{path}: {value}")
    given = {path: Answer(answers.get(path, Answer.UNKNOWN)) for path in asked}
    return RULES[instrument.rule](instrument, group, given)


def delphi_positive(strong: int, medium: int, weak: int) -> bool:
    """Return whether a dimension is present: two strong; one strong and any other; three medium; two medium and a weak."""
    return (
        strong >= 2
        or (strong >= 1 and medium + weak >= 1)
        or medium >= 3
        or (medium >= 2 and weak >= 1)
    )  # fmt: skip


def delphi_state(items: Iterable[Item], group: str, answers: Answers) -> DimensionResult:
    """Return the state of one dimension. The rule only ever gains by a further sign, so one trial shows what is open."""
    items = list(items)
    here = dict.fromkeys(("strong", "medium", "weak"), 0)
    might = dict(here)
    unknown = declined = 0
    for item in items:
        answer, weight = answers[item.path], item.weights[group]
        here[weight] += answer in PRESENT
        might[weight] += answer in PRESENT or answer in {Answer.UNKNOWN, Answer.DECLINED}
        unknown += answer == Answer.UNKNOWN
        declined += answer == Answer.DECLINED
    state = State.NEGATIVE
    if delphi_positive(**here):
        state = State.POSITIVE
    elif delphi_positive(**might):
        state = State.OPEN
    return DimensionResult(items[0].dimension, state, **here, unknown=unknown, declined=declined)


def delphi_1(instrument: Instrument, group: str, answers: Answers) -> Result:
    dimensions = tuple(
        delphi_state(instrument.in_dimension(key, group), group, answers) for key in instrument.dimensions_for(group)
    )
    states = {dimension.key: dimension.state for dimension in dimensions}
    read = read_child if group == "child" else read_adult
    return Result(
        instrument.key, instrument.version, "delphi/1", group, dimensions, reading=read(states) if states else ""
    )


def read_adult(states: Mapping[str, State]) -> str:
    """Return how the dimensions of an adult read together, or nothing where the source gives no reading."""
    deceived, coerced = states["deceptive_recruitment"], states["coercive_recruitment"]
    exploited, held = states["exploitation"], states["coercion_destination"]
    yes, no = State.POSITIVE, State.NEGATIVE
    if (exploited, held) == (no, no):
        return "no_sign"
    if (exploited, held) == (yes, no):
        if (deceived, coerced) == (no, no):
            return "exploited"
        if (deceived, coerced) == (yes, no):
            return "deceived_and_exploited"
    if (exploited, held) == (yes, yes) and yes in (deceived, coerced):
        return "signs_of_trafficking"
    return ""


def read_child(states: Mapping[str, State]) -> str:
    """Return how the dimensions of somebody under 18 read: exploitation is enough, no means are needed."""
    return {State.POSITIVE: "signs_of_trafficking", State.NEGATIVE: "no_sign", State.OPEN: ""}[states["exploitation"]]


def present_1(instrument: Instrument, group: str, answers: Answers) -> Result:
    """List the signs that are there, each with how it is known. No sum."""
    present = tuple((path, str(answer)) for path, answer in answers.items() if answer in PRESENT)
    return Result(instrument.key, instrument.version, "present/1", group, present=present)


def signs_1(instrument: Instrument, group: str, answers: Answers) -> Result:
    """List the signs; what comes next follows from danger first, then from what the person wants, never from signs."""
    present = tuple(
        (path, str(answer)) for path, answer in answers.items() if answer in PRESENT and not path.startswith("next/")
    )
    step = "leave_number"
    if answers["next/danger_now"] in PRESENT:
        step = "emergency"
    elif answers["next/talk_on"] in PRESENT:
        step = "offer_assessment"
    return Result(instrument.key, instrument.version, "signs/1", group, present=present, next_step=step)


RULES: dict[str, Callable[[Instrument, str, Answers], Result]] = {
    "delphi/1": delphi_1,
    "present/1": present_1,
    "signs/1": signs_1,
}

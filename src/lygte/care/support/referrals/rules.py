"""What may leave, who may receive, which answer may follow which, how numbers of the register are shown. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from lygte.directory.services.codes import ASKS, HELP_KINDS

LONGEST_DAYS = 180  # a referral, and the consent to it, never lasts longer
USUAL_DAYS = 60
ANSWER_WITHIN = 7  # days after which a reminder is shown
RECALL_WITHIN = 7

# Which answers may follow on which; nothing follows on a refusal or when it is done.
FOLLOWS: Mapping[str, frozenset[str]] = {
    "": frozenset({"accepted", "refused"}),
    "accepted": frozenset({"done", "refused"}),
}
CLOSING = frozenset({"refused", "done"})  # after these nobody needs the content any more


def may_receive(kind: str) -> bool:
    """Tell whether anything can be sent to a kind of service. Default deny: only what is known to be help."""
    return kind in HELP_KINDS


def package_of(declared: Iterable[str], agreed: Iterable[str], chosen: Mapping[str, str]) -> dict[str, str]:
    """Return what leaves: of what was chosen, only what the service declared and the person agreed to, by group."""
    wanted, groups = set(declared), set(agreed)
    return {
        code: chosen[code].strip()
        for code, ask in ASKS.items()
        if code in wanted and ask.group in groups and chosen.get(code, "").strip()
    }


def groups_of(fields: Iterable[str]) -> list[str]:
    """Return the groups of consent that some fields belong to."""
    return sorted({str(ASKS[code].group) for code in fields if code in ASKS})


def fault_of(code: str, text: str) -> str:
    """Return the number of what is wrong with one value, or nothing."""
    ask = ASKS[code]
    if ask.choices is not None and text and text not in ask.choices:
        return "422.542"
    return "422.543" if len(text) > ask.longest else ""


def said(code: str, text: str) -> str:
    """Return a value in words: labels for codes."""
    ask = ASKS.get(code)
    return str(ask.choices.get(text, text)) if ask is not None and ask.choices is not None else text


def outcome_of(answer: str, end: str) -> str:
    """Return under which outcome a referral is counted: the answer if there was one."""
    return answer or end or "waiting"


def wait_band(days: int) -> str:
    """Return the band of the days between sending and the first answer."""
    edges = (("0_2", 2), ("3_7", 7), ("8_30", 30))
    return next((band for band, longest in edges if days <= longest), "over_30")


# The public table -----------------------------------------------------------------------------------------------------
Quarter = tuple[int, int]
SMALLEST = 5


def quarter_of(day: date) -> Quarter:
    return day.year, (day.month + 2) // 3


def next_quarter(quarter: Quarter) -> Quarter:
    year, number = quarter
    return (year + 1, 1) if number == 4 else (year, number + 1)


def quarters(first: date, today: date) -> list[Quarter]:
    """Return the quarters from one day on that have ended, oldest first."""
    found, current, last = [], quarter_of(first), quarter_of(today)
    while current < last:
        found.append(current)
        current = next_quarter(current)
    return found


def last_day(quarter: Quarter) -> date:
    year, number = next_quarter(quarter)
    return date.fromordinal(date(year, number * 3 - 2, 1).toordinal() - 1)


@dataclass(frozen=True)
class Shown:
    """A number as the public sees it: exact, or a range."""

    low: int
    high: int

    @property
    def exact(self) -> bool:
        return self.low == self.high


def shown(count: int) -> Shown:
    """Return a count of people as it is shown: 0 is 0, 1 to 4 is a range, more is exact."""
    return Shown(1, SMALLEST - 1) if 0 < count < SMALLEST else Shown(count, count)


def shown_sum(counts: Iterable[int]) -> Shown:
    """Return a sum from which no range follows: exact only where every hidden count could still be another."""
    parts = list(counts)
    small = [count for count in parts if 0 < count < SMALLEST]
    number, total = len(small), sum(small)
    lowest = max(1, total - (SMALLEST - 1) * (number - 1))
    highest = min(SMALLEST - 1, total - (number - 1))
    if not small or (total >= SMALLEST and lowest < highest):
        return Shown(sum(parts), sum(parts))
    rest = sum(parts) - total
    return Shown(rest + number, rest + number * (SMALLEST - 1))

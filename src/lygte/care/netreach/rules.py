"""What holds for batches, messages and how often somebody may be written to, without looking anything up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from . import codes

LARGEST = 10_000
MOST_MESSAGES = 2  # the message and one reminder, from all teams together
WITHIN = timedelta(days=30)
BETWEEN = timedelta(days=7)
OUTCOMES_UNTIL = timedelta(days=60)
NOTE_KEPT = timedelta(days=180)


def may_write(written: Collection[date], today: date) -> bool:
    """Tell whether somebody may be written to, who was written to on these days by any team."""
    lately = [day for day in written if day > today - WITHIN]
    return len(lately) < MOST_MESSAGES and all(day <= today - BETWEEN for day in lately)


# Counts ----------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Fault:
    """What is wrong with one count: the number of its problem, which count, and details for the sentence."""

    number: str
    count: str
    details: Mapping[str, int]


def faults_of(counts: Mapping[str, int | None], *, cleared: int | None) -> Iterator[Fault]:
    """Yield every contradiction between the counts of a batch. Missing counts contradict nothing.

    A batch to persons was cleared for so many handles; where everybody reads, one text may have many answers.
    """
    out_of_range = {name for name, value in counts.items() if value is not None and not 0 <= value <= LARGEST}
    yield from (Fault("422.640", name, {"low": 0, "high": LARGEST}) for name in sorted(out_of_range))
    known = {name: value for name, value in counts.items() if value is not None and name not in out_of_range}
    if cleared is not None and known.get("sent", 0) > cleared:
        yield Fault("422.641", "sent", {"sent": known["sent"], "cleared": cleared})
    if "sent" in known and known.get("delivered", 0) > known["sent"]:
        yield Fault("422.642", "delivered", {"delivered": known["delivered"], "sent": known["sent"]})
    reached = known.get("delivered", known.get("sent"))
    if cleared is not None and reached is not None and known.get("answered", 0) > reached:
        yield Fault("422.643", "answered", {"answered": known["answered"], "reached": reached})
    yield from _more_than(known, "answered", ("opted_out", "hostile", "conversations"), "422.644")
    yield from _more_than(known, "conversations", ("meetings", "referrals"), "422.645")


def _more_than(known: Mapping[str, int], whole: str, parts: tuple[str, ...], number: str) -> Iterator[Fault]:
    for part in parts:
        if known.get(part, 0) > known.get(whole, 0):
            yield Fault(number, part, {"part": known[part], "whole": known.get(whole, 0)})


# Messages --------------------------------------------------------------------------------------------------------------
_BESIDE = re.compile(r"\s*\([^()]*\)\s*$")


def _even(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def short_name(organisation: str) -> str:
    """Return an organisation's name without what stands in brackets behind it."""
    return _BESIDE.sub("", organisation) or organisation


def first_line(text: str) -> str:
    return next((line for line in text.splitlines() if line.strip()), "")


def says_who(text: str, organisation: str) -> bool:
    """Tell whether the first line of a message names who writes."""
    name = re.escape(_even(short_name(organisation)))
    return re.search(rf"(?<!\w){name}(?!\w)", _even(first_line(text))) is not None


def says_how_to_stop(text: str, word: str) -> bool:
    """Tell whether a message holds the word with which one opts out."""
    wanted = re.escape(_even(word))
    return bool(wanted) and re.search(rf"(?<!\w){wanted}(?!\w)", _even(text)) is not None


def is_to_persons(channel: str) -> bool:
    return channel in codes.TO_PERSONS

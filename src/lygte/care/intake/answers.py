"""A filled form as it is read: its answers, what an edit changed, how it was filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from .envelope import files_wanted
from .instance import Node, parse_instance
from .models import Submission
from .rules import label_in

# A filled form may have 50,000 answers of any length; a page shows as many as somebody can look through.
MOST_SHOWN = 300  # of the questions of the form, and as many again of everything else
LONGEST_SHOWN = 1_000  # characters
LONGEST_PATH = 400


@dataclass(frozen=True)
class Answer:
    """One answer as it is shown: `path` is relative to the form; only an answer outside repeats can be corrected."""

    path: str
    label: str
    value: str
    shown: str
    corrected: str | None
    correctable: bool

    @property
    def is_long(self) -> bool:
        return self.corrected is None and len(self.value) > LONGEST_SHOWN

    @property
    def offered(self) -> str:
        """Return what the page offers for correction: the answer, or nothing where it is too long to stand there."""
        if self.corrected is not None:
            return self.corrected
        return "" if self.is_long else self.value

    def is_as_offered(self, given: str) -> bool:
        """Tell whether nothing was changed; a browser's field of one line loses the ends of lines."""
        one_line = self.offered.replace("\r", "").replace("\n", "")
        return given.strip() in (self.offered.strip(), one_line.strip())


@dataclass(frozen=True)
class AnswersShown:
    """The answers that a page shows, and how many it leaves out."""

    answers: list[Answer]
    left_out: int


def answers_shown(submission: Submission, root: Node | None = None) -> AnswersShown:
    """Return answers in the order of the form, with labels in the reader's language; of `root` where it was decrypted.

    Of very many, the first are shown; what the form asks outside repeats is not crowded out by anything else.
    """
    if root is None and submission.encrypted:
        return AnswersShown([], 0)
    root = root or parse_instance(bytes(submission.xml)).root
    return _answers_below(root, submission.form_version.outline, submission.corrections)


def answers_in(xml: bytes, outline: dict[str, Any], corrections: Mapping[str, str]) -> AnswersShown:
    """Return the answers of a filled form, as `answers_shown` does."""
    return _answers_below(parse_instance(xml).root, outline, corrections)


def _answers_below(root: Node, outline: dict[str, Any], corrections: Mapping[str, str]) -> AnswersShown:
    questions = {question["path"]: question for question in outline["questions"]}
    repeats = tuple(f"{path}/" for path in outline["repeats"])
    language = (get_language() or "en")[:2]
    answers: list[Answer] = []
    room = {True: MOST_SHOWN, False: MOST_SHOWN}
    left_out = 0
    for path, numbered, node in _walk(root, f"/{root.name}", "", frozenset(outline["repeats"])):
        correctable = not path.startswith(repeats) and len(numbered) <= LONGEST_PATH
        asked = correctable and path in questions
        if not room[asked]:
            left_out += 1
            continue
        room[asked] -= 1
        question = questions.get(path, {})
        value = node.value
        answers.append(
            Answer(
                path=numbered,
                label=label_in(question.get("label", {}), language) or _cut(numbered),
                value=value,
                shown=_cut(_choices_shown(value[: LONGEST_SHOWN + 1], question.get("choices", {}), language)),
                corrected=corrections.get(numbered),
                correctable=correctable,
            )
        )
    return AnswersShown(answers, left_out)


@dataclass(frozen=True)
class Change:
    """One answer that an edit changed, as both are shown."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Changes:
    """What a page shows of the changes, and how many it leaves out."""

    changes: list[Change]
    left_out: int


def changes_of(submission: Submission) -> Changes:
    """Return what an edit changed in the form before it, question by question; entries of a repeat by their place."""
    earlier = submission.earlier
    if earlier is None or submission.encrypted or earlier.encrypted:
        return Changes([], 0)
    before, after = _answers_by_path(earlier), _answers_by_path(submission)
    language = (get_language() or "en")[:2]
    questions = {question["path"]: question for question in submission.form_version.outline["questions"]}
    found = []
    for numbered in dict.fromkeys([*after, *before]):
        (path, new), (_, old) = after.get(numbered, ("", "")), before.get(numbered, ("", ""))
        if new == old:
            continue
        question = questions.get(path or before[numbered][0], {})
        old, new = (
            _cut(_choices_shown(value[: LONGEST_SHOWN + 1], question.get("choices", {}), language))
            for value in (old, new)
        )
        found.append(Change(label_in(question.get("label", {}), language) or _cut(numbered), old, new))
    return Changes(found[:MOST_SHOWN], len(found[MOST_SHOWN:]))


def _answers_by_path(submission: Submission) -> dict[str, tuple[str, str]]:
    """Return {path with places in repeats: (path, answer)}."""
    root = parse_instance(bytes(submission.xml)).root
    repeats = frozenset(submission.form_version.outline["repeats"])
    return {trail: (path, node.value) for path, trail, node in _walk(root, f"/{root.name}", "", repeats)}


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + " …"


def _walk(node: Node, path: str, numbered: str, repeats: frozenset[str]) -> Iterator[tuple[str, str, Node]]:
    seen: dict[str, int] = {}
    for child in node.children:
        below = f"{path}/{child.name}"
        if numbered == "" and child.name == "meta":
            continue
        seen[child.name] = seen.get(child.name, 0) + 1
        name = f"{child.name}[{seen[child.name]}]" if below in repeats else child.name
        trail = f"{numbered}/{name}" if numbered else name
        if child.children:
            yield from _walk(child, below, trail, repeats)
        elif below not in repeats:
            yield below, trail, child


def _choices_shown(value: str, choices: dict[str, dict[str, str]], language: str) -> str:
    if not choices or not value:
        return value
    return ", ".join(label_in(choices.get(one, {}), language) or one for one in value.split())


@dataclass(frozen=True)
class Filling:
    """How a form was filled in, as far as the phone kept a record of it."""

    minutes: int
    days: int
    questions: int
    jumps_back: int
    left: int
    changes: list[Change]
    reasons: list[str]
    places: int


def filling_of(submission: Submission) -> Filling | None:
    """Return what the record of the phone says, in a few numbers; None where it kept none."""
    events = list(submission.audit_events.all())
    if not events:
        return None
    outline = submission.form_version.outline
    order = {question["path"]: place for place, question in enumerate(outline["questions"])}
    labels = {question["path"]: question["label"] for question in outline["questions"]}
    language = (get_language() or "en")[:2]
    seen, back, before = 0, 0, -1
    changes = []
    for event in events:
        path = re.sub(r"\[\d+\]", "", event.node)
        if event.event != "question" or path not in order:
            continue
        seen += 1
        back += order[path] < before
        before = order[path]
        if event.old_value and event.old_value != event.new_value:
            label = label_in(labels[path], language) or event.node
            changes.append(Change(label, _cut(event.old_value), _cut(event.new_value)))
    spent = sum(e.end - e.start for e in events if e.start and e.end and e.end > e.start and e.event == "question")
    times = [time for e in events for time in (e.start, e.end) if time]
    return Filling(
        minutes=round(spent / 60_000),
        days=(max(times) - min(times)) // 86_400_000 if times else 0,
        questions=seen,
        jumps_back=back,
        left=sum(event.event == "form exit" for event in events),
        changes=changes[:MOST_SHOWN],
        reasons=[_cut(event.change_reason) for event in events if event.change_reason][:MOST_SHOWN],
        places=sum(bool(event.latitude) for event in events),
    )


def missing_files(submission: Submission) -> list[str]:
    """Return the names of files that the answers name and that have not come."""
    named = files_wanted(parse_instance(bytes(submission.xml)), submission.form_version.outline)
    return sorted(named - {attachment.name for attachment in submission.attachments.all()})

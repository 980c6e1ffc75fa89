"""What can be asked about forms, phones and filled forms. The member comes first and sees their organisation only."""

from __future__ import annotations

import hashlib
import heapq
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import islice
from typing import Any, Generic, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Count, Model, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from lygte.core.access import Verb, may
from lygte.core.models import Member, Organisation
from lygte.core.problems import CATALOGUE, Problem
from lygte.core.today import Need, needs

from .beside import PhoneFile
from .envelope import files_wanted
from .instance import Node, parse_instance
from .models import Device, Form, FormDraft, FormFile, FormVersion, ReviewState, SealedSubmission, Submission
from .receivers import MEDIA, RECEIVERS
from .rules import label_in
from .storage import path_of

Row = TypeVar("Row", bound=Model)


def the_one(found: QuerySet[Row]) -> Row | None:
    """Return the only row there can be. `first()` would sort, which cost a tenth of taking in a form."""
    try:
        return found.get()
    except ObjectDoesNotExist:
        return None


@needs
def submissions_to_look_at(member: Member) -> list[Need]:
    if not may(member, Verb.SUBMISSION_RESOLVE):
        return []
    waiting = Submission.objects.filter(organisation=member.organisation, state=Submission.State.NEEDS_LOOK)
    count = waiting.standing().count()
    if not count:
        return []
    return [
        Need(
            title=ngettext("%(count)s filled form needs a look", "%(count)s filled forms need a look", count)
            % {"count": count},
            detail=gettext("They are stored, but could not be taken in as they are."),
            url=reverse("intake:submission_list") + "?state=needs_look",
            urgent=True,
            count=count,
        )
    ]


@needs
def sealed_forms_that_wait(member: Member) -> list[Need]:
    if not may(member, Verb.SUBMISSION_READ):
        return []
    count = SealedSubmission.objects.filter(
        organisation=member.organisation, state__in=(SealedSubmission.State.WAITS, SealedSubmission.State.NEEDS_LOOK)
    ).count()
    if not count:
        return []
    return [
        Need(
            title=ngettext("%(count)s sealed form waits", "%(count)s sealed forms wait", count) % {"count": count},
            detail=gettext("Open them in a session that holds your organisation's key."),
            url=reverse("intake:sealed_list"),
            count=count,
        )
    ]


# What asks for somebody, and what has been dealt with: the list of sealed forms shows the two one above the other.
SEALED_WAITING = (SealedSubmission.State.WAITS, SealedSubmission.State.NEEDS_LOOK)
SEALED_DONE = (SealedSubmission.State.OPENED, SealedSubmission.State.TAKEN)


def sealed_of(
    member: Member,
    state: str,
    *,
    form: str = "",
    sealed: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[SealedSubmission]:
    """Sealed forms in one state, the newest first, without their boxes: the order in which an index has them."""
    found = (
        SealedSubmission.objects.filter(organisation=member.organisation, state=state)
        .select_related("form")
        .only("ref", "day", "state", "sealed", "file_count", "problem_number", "organisation", "form__title")
    )
    if form:
        found = found.filter(form_id=_number(Form.objects.filter(organisation=member.organisation, ref=form)))
    if sealed:
        found = found.filter(sealed=sealed)
    if since:
        found = found.filter(day__gte=since)
    if until:
        found = found.filter(day__lte=until)
    return found.order_by("-day", "-pk")


def sealed_slice(
    member: Member, states: Iterable[str], *, after: str = "", size: int, **narrowed: Any
) -> Slice[SealedSubmission]:
    """Return one page of several states, the newest first, each state read by its index and none of them counted."""
    there = SealedSubmission.objects.filter(organisation=member.organisation, ref=after).only("day", "organisation")
    last = the_one(there) if after.isalnum() else None
    runs = []
    for state in states:
        found = sealed_of(member, state, **narrowed)
        if last is not None:
            found = found.filter(Q(day__lt=last.day) | Q(day=last.day, pk__lt=last.pk), day__lte=last.day)
        runs.append(found[: size + 1])
    merged = heapq.merge(*runs, key=lambda one: (one.day, one.pk), reverse=True)
    return _cut_off(list(islice(merged, size + 1)), size, last is not None)


def sealed_to_take_in(member: Member) -> list[str]:
    """Return which sealed forms wait and are taken in by a room, the oldest first, so many as are opened at once."""
    found = SealedSubmission.objects.filter(
        organisation=member.organisation, state=SealedSubmission.State.WAITS, form__form_id__in=list(RECEIVERS)
    )
    return list(found.order_by("pk").values_list("ref", flat=True)[:MOST_AT_ONCE])


def forms_of(member: Member) -> QuerySet[Form]:
    return Form.objects.filter(organisation=member.organisation).annotate(
        version_count=Count("versions", distinct=True)
    )


def with_grade(forms: QuerySet[Form]) -> QuerySet[Form]:
    """Add the grade of each form's newest version, as `grade`."""
    newest = FormVersion.objects.filter(form=OuterRef("pk")).order_by("-pk")
    return forms.annotate(grade=Subquery(newest.values("grade")[:1]))


def versions_of(member: Member, form: Form) -> QuerySet[FormVersion]:
    """All versions of a form, the newest first, without their bytes."""
    return (
        FormVersion.objects.filter(organisation=member.organisation, form=form)
        .select_related("published_by__user")
        .defer("workbook", "xform")
    )


def devices_of(member: Member) -> QuerySet[Device]:
    return Device.objects.filter(organisation=member.organisation).select_related("member__user")


@dataclass(frozen=True)
class Slice(Generic[Row]):
    """Some of a long list, the newest first; `older` is the reference after which the next ones start."""

    rows: list[Row]
    older: str = ""
    newer: bool = False


def slice_of(member: Member, found: QuerySet[Submission], *, after: str, size: int) -> Slice[Submission]:
    """Return one page without counting or passing over the others: a million rows cost as much as fifty."""
    last = the_one(Submission.objects.filter(organisation=member.organisation, ref=after)) if after.isalnum() else None
    if last is not None:
        earlier = Q(received_at__lt=last.received_at) | Q(received_at=last.received_at, pk__lt=last.pk)
        found = found.filter(earlier, received_at__lte=last.received_at)
    return _cut_off(newest(member, found, size + 1), size, last is not None)


def newest(member: Member, found: QuerySet[Submission], size: int) -> list[Submission]:
    """Return the first rows of a list, with what is shown of each.

    Which ones they are is asked first and alone: with everything else in one question SQLite reads all there are.
    """
    keys = list(found.values_list("pk", flat=True)[:size])
    shown = (
        Submission.objects.filter(organisation=member.organisation, pk__in=keys)
        .select_related("form", "form_version", "device", "member__user")
        .defer("xml", "form_version__workbook", "form_version__xform", "form_version__outline")
        .order_by()
    )
    rows = {one.pk: one for one in shown}
    return [rows[pk] for pk in keys if pk in rows]


def _cut_off(rows: list[Row], size: int, newer: bool) -> Slice[Row]:
    """Return the page that `rows` begin; one row more than fits says that there are older ones."""
    return Slice(rows[:size], getattr(rows[size - 1], "ref", "") if len(rows) > size else "", newer)


def _number(found: QuerySet[Any]) -> int:
    return found.values_list("pk", flat=True).first() or 0


def _midnight(day: date) -> datetime:
    within = min(
        max(day, date(1971, 1, 1)), date(2999, 1, 1)
    )  # what no database can turn into another zone is not asked
    return timezone.make_aware(datetime.combine(within, time.min))


def submissions_of(
    member: Member,
    *,
    form: str = "",
    state: str = "",
    review: str = "",
    phone: str = "",
    since: date | None = None,
    until: date | None = None,
    trashed: bool = False,
) -> QuerySet[Submission]:
    """Filled forms, the newest first; of edited ones the newest edit. What lies in the trash is listed by itself."""
    found = Submission.objects.filter(
        organisation=member.organisation,
        replaced_by=None,
        trashed_at__isnull=not trashed,
        # Always true. Without an end of days SQLite takes the index of replaced forms, where nearly all are alike.
        received_at__lte=timezone.now() + timedelta(days=1),
    )
    # Looked up first: with the number at hand the index of that form or phone gives the rows in order.
    if form:
        found = found.filter(form_id=_number(Form.objects.filter(organisation=member.organisation, ref=form)))
    if phone:
        found = found.filter(device_id=_number(Device.objects.filter(organisation=member.organisation, ref=phone)))
    if since:
        found = found.filter(received_at__gte=_midnight(since))
    if until:
        found = found.filter(received_at__lt=_midnight(min(until, date(2999, 1, 1)) + timedelta(days=1)))
    if review in ReviewState.values:
        found = found.filter(review=review)
    if state == "not_waiting":
        found = found.exclude(state=Submission.State.NEEDS_LOOK)
    elif state:
        found = found.filter(state=state)
    return found.order_by("-received_at", "-pk")


def problem_of(submission: Submission) -> Problem | None:
    """Return the problem that keeps a filled form waiting, in the reader's language."""
    if submission.problem_number not in CATALOGUE:
        return None
    parts = [
        Problem(part["number"], at=_said(part["at"]), **_details_said(part["details"]))
        for part in submission.problem_parts
        if part["number"] in CATALOGUE
    ]
    details = _details_said(submission.problem_details)
    return Problem(submission.problem_number, at=_said(submission.problem_at), parts=parts, **details)


def _said(label: str) -> str:
    """Return the label of a question, kept in English, in the reader's language."""
    return gettext(label) if label else ""


def _details_said(details: dict[str, Any]) -> dict[str, Any]:
    return {**details, "field": _said(details["field"])} if "field" in details else details


# A filled form may have 50,000 answers of any length; a page shows as many as somebody can look through.
MOST_SHOWN = 300  # of the questions of the form, and as many again of everything else
LONGEST_SHOWN = 1_000  # characters
LONGEST_PATH = 400
MOST_AT_ONCE = 200


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


# For the phones -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MediaFile:
    filename: str
    content: bytes

    @property
    def md5(self) -> str:
        return hashlib.md5(self.content, usedforsecurity=False).hexdigest()


def given_files(form: Form) -> list[PhoneFile]:
    """Return the files that coordinators gave a form."""
    return [_given(file) for file in FormFile.objects.filter(form=form, replaced_at=None)]


def _given(file: FormFile) -> PhoneFile:
    return PhoneFile(file.name, file.md5, path_of(file.stored_as).read_bytes)


def draft_files(draft: FormDraft) -> list[PhoneFile]:
    """Return the files of a draft: its own, then those of the form as it is published, then those made by the server."""
    found = {file.name: _given(file) for file in draft.files.filter(replaced_at=None)}
    published = Form.objects.filter(organisation=draft.organisation, form_id=draft.form_id).first()
    for given in given_files(published) if published else []:
        found.setdefault(given.filename, given)
    for made in media_of(draft.organisation, draft.form_id):
        found.setdefault(made.filename, PhoneFile(made.filename, made.md5, partial(bytes, made.content)))
    return [found[name] for name in sorted(found)]


def drafts_of(member: Member) -> QuerySet[FormDraft]:
    """Drafts of the organisation, without their bytes."""
    drafts = FormDraft.objects.filter(organisation=member.organisation).select_related("made_by__user")
    return drafts.defer("workbook", "xform")


def media_of(organisation: Organisation, form_id: str) -> list[MediaFile]:
    """Return the server-made files of a form that have content for this organisation."""
    made = [MediaFile(name, provide(organisation)) for name, provide in MEDIA.get(form_id, {}).items()]
    return [file for file in made if file.content]


def versions_for_phones(organisation: Organisation, *, form_id: str = "", every: bool = False) -> list[FormVersion]:
    """Return the newest version of each open form, or all versions of them, for `formList`."""
    versions = (
        FormVersion.objects.filter(organisation=organisation, form__state=Form.State.OPEN)
        .select_related("form")
        .defer("workbook", "xform", "outline", "warnings")
        .order_by("form__title", "form_id", "-pk")
    )
    if form_id:
        versions = versions.filter(form__form_id=form_id)
    if every:
        return list(versions)
    newest: dict[Any, FormVersion] = {}
    for version in versions:
        newest.setdefault(version.form.pk, version)
    return list(newest.values())

"""Writing messages and publishing them. What is published never changes: the next text is a new version."""

from __future__ import annotations

from django.utils import timezone

from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.models import Member
from lygte.core.personal_signs import refuse_signs
from lygte.core.problems import Problem
from lygte.directory.languages import LANGUAGES, language_name

from .. import reads, words
from ..models import Message, Version
from ..rules import says_how_to_stop, says_who, short_name


@action(Verb.NETREACH_WRITE)
def begin_message(*, member: Member, title: str, looked: bool = False) -> Message:
    """Begin a message under a title that the organisation has not used."""
    title = " ".join(title.split())
    refuse_signs(title, looked=looked, at=words.label("title"))
    if Message.objects.filter(organisation=member.organisation, title__iexact=title).exists():
        raise Problem("409.644", at=words.label("title"), title=title)
    return Message.objects.create(organisation=member.organisation, title=title, made_at=timezone.now())


@action(Verb.NETREACH_WRITE, details=lambda version: {"version": version.number})
def write_text(
    *, member: Member, message: Message, language: str, text: str, stop_word: str, looked: bool = False
) -> Version:
    """Write the text of one language into the draft, or take that language out with an empty text."""
    if language not in LANGUAGES:
        raise Problem("422.651", at=words.label("language"), field=words.label("language"))
    refuse_signs(text, looked=looked, at=words.label("text"))
    refuse_signs(stop_word, looked=looked, at=words.label("stop_word"))
    draft = _draft(member, message)
    for kept, said in ((draft.texts, text.strip()), (draft.stop_words, stop_word.strip())):
        kept.pop(language, None)
        if text.strip():
            kept[language] = said
    draft.written_by = member
    draft.save()
    return draft


def _draft(member: Member, message: Message) -> Version:
    """Return the draft of a message, made from what is published now where there is none."""
    Message.objects.select_for_update().get(pk=message.pk)  # two who begin at once write into one draft
    draft = reads.draft(message)
    if draft is not None:
        return draft
    last = message.versions.first()
    return Version(
        organisation=member.organisation,
        message=message,
        number=last.number + 1 if last else 1,
        texts=dict(last.texts) if last else {},
        stop_words=dict(last.stop_words) if last else {},
    )


@action(Verb.NETREACH_PUBLISH, details=lambda version: {"version": version.number})
def publish(*, member: Member, message: Message) -> Version:
    """Publish the draft: from now on batches are made with it.

    Raises 422.648 where a first line does not say who writes, 422.649 where a text does not say how to get no more.
    """
    Message.objects.select_for_update().get(pk=message.pk)
    draft, now = reads.draft(message), reads.published(message)
    if draft is None or not draft.texts or (now and (now.texts, now.stop_words) == (draft.texts, draft.stop_words)):
        raise Problem("409.643")
    faults = [
        Problem(number, at=language_name(language), language=language_name(language), name=short_name(name))
        for name in [member.organisation.name]
        for language, text in sorted(draft.texts.items())
        for number in _faults(text, draft.stop_words.get(language, ""), name)
    ]
    if faults:
        raise faults[0] if len(faults) == 1 else Problem(faults[0].number, parts=faults, **faults[0].details)
    draft.published_at, draft.published_by = timezone.now(), member
    draft.save()
    return draft


def _faults(text: str, stop_word: str, organisation: str) -> list[str]:
    return [
        number
        for number, right in (
            ("422.648", says_who(text, organisation)),
            ("422.649", says_how_to_stop(text, stop_word)),
        )
        if not right
    ]

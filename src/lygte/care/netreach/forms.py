"""What workers fill in: whom to write to (read, hashed, forgotten), what came of it, what a message says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lygte.core.models import Member
from lygte.core.personal_signs import refuse_signs
from lygte.core.problems import Problem
from lygte.core.refs import RefConverter, new_ref
from lygte.directory.areas import area_choices, area_name, regions_of
from lygte.directory.languages import LANGUAGES, OWN_LANGUAGE

from . import codes, handles, reads
from .handles import Handle
from .models import Batch, Message, Version
from .rules import LARGEST, Fault
from .words import QUESTIONS

Choices = list[tuple[str, Any]]
ANY: Choices = [("", _("All"))]
QUIET = {"autocomplete": "off", "autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}
LONGEST_LIST = 5_000


def _in_words(problem: Problem) -> str:
    return f"{problem.sentence} {problem.next_step}"


def _choose(form: forms.Form, name: str, choices: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def _languages(codes_used: Iterable[str] = LANGUAGES) -> Choices:
    found = [(code, LANGUAGES[code]) for code in codes_used]
    return sorted(found, key=lambda choice: (choice[0] == "other", str(choice[1])))


class LookedForm(forms.Form):
    """A form in which somebody writes freely: it asks once about what could lead to a person, and refuses two numbers."""

    FREE: tuple[str, ...] = ()
    use_required_attribute = False

    looked = forms.BooleanField(label=_("I have looked: save it anyway"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks = False

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.FREE:
            try:
                refuse_signs(str(data.get(name) or ""), looked=bool(data.get("looked")))
            except Problem as problem:
                self.asks = self.asks or problem.number == "422.11"
                self.add_error(name, _in_words(problem))
        return data


# Whom to write to ------------------------------------------------------------------------------------------------------
class HandlesField(forms.CharField):
    """Numbers, user names and addresses, one a line. Cleaned: (handle, as it was typed), each handle once."""

    def __init__(self, *, most: int = handles.MOST, rows: int = 6, **options: Any) -> None:
        widget = forms.Textarea({"rows": rows, **QUIET})
        super().__init__(widget=widget, max_length=LONGEST_LIST, strip=False, **options)
        self.most = most

    def clean(self, value: Any) -> list[tuple[Handle, str]]:
        text = super().clean(value)
        found: dict[Handle, str] = {}
        unread = []
        for line, typed in handles.typed(text):
            handle = handles.read(typed)
            if handle is None:
                unread.append(line)
            else:
                found.setdefault(handle, typed)
        if unread:
            lines = ", ".join(str(line) for line in dict.fromkeys(unread))
            raise forms.ValidationError(_in_words(Problem("422.646", lines=lines)))
        if len(found) > self.most:
            raise forms.ValidationError(_in_words(Problem("422.647", count=len(found), most=self.most)))
        return list(found.items())


class ComposeForm(forms.Form):
    """A batch before it is written. `claim` makes a repeated or corrected form the same batch."""

    use_required_attribute = False

    claim = forms.CharField(widget=forms.HiddenInput, required=False)
    message = forms.ChoiceField(label=QUESTIONS["message"])
    language = forms.ChoiceField(label=QUESTIONS["language"])
    channel = forms.ChoiceField(
        label=QUESTIONS["channel"], choices=codes.choices(codes.CHANNELS), widget=forms.RadioSelect
    )
    method = forms.ChoiceField(
        label=QUESTIONS["method"], choices=codes.choices(codes.METHODS), widget=forms.RadioSelect
    )
    area = forms.ChoiceField(label=QUESTIONS["area"], help_text=_("Where the people you write to say that they are."))
    handles = HandlesField(
        label=QUESTIONS["handles"],
        required=False,
        help_text=_(
            "Telephone numbers, user names or e-mail addresses, one on each line. They are checked and not kept: not "
            "here, not in the log. Leave it empty for what everybody in a place reads."
        ),
    )

    def __init__(self, member: Member, messages: list[Message], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.messages = {message.ref: message for message in messages if reads.published(message)}
        _choose(self, "message", [(ref, message.title) for ref, message in self.messages.items()])
        written = {code for one in self.messages.values() for code in (reads.published(one) or Version()).texts}
        _choose(self, "language", _languages(written))
        _choose(self, "area", [("", _("Choose a municipality")), *area_choices(member.organisation.country)])
        self.initial.setdefault("claim", new_ref())
        own = OWN_LANGUAGE.get(member.organisation.country, "")
        if own in written:
            self.initial.setdefault("language", own)

    def clean_claim(self) -> str:
        claim = str(self.cleaned_data["claim"])
        return claim if re.fullmatch(RefConverter.regex, claim) else new_ref()

    def clean_message(self) -> Message:
        return self.messages[self.cleaned_data["message"]]


class OptOutForm(forms.Form):
    """Who wants no more messages, as a worker types it."""

    use_required_attribute = False

    handles = HandlesField(
        label=_("Who wants no more messages"),
        most=10,
        rows=3,
        help_text=_(
            "A telephone number, user name or e-mail address, in any way of writing, one on each line. It is not kept: "
            "only a mark that no team here can read."
        ),
    )


class StopForm(forms.Form):
    """Who wants no more messages, as they type it themselves."""

    use_required_attribute = False

    handle = HandlesField(
        label=_("Your telephone number, user name or e-mail address"),
        most=1,
        rows=2,
        help_text=_("The one by which we wrote to you, in any way of writing."),
    )


# What came of it -------------------------------------------------------------------------------------------------------
class OutcomeForm(LookedForm):
    """The counts of a batch. Whatever is not known is left empty."""

    FREE = ("note",)

    note = forms.CharField(
        label=QUESTIONS["note"],
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("About the work, never about anybody: no name, no number. It is deleted after half a year."),
    )

    def __init__(self, batch: Batch, given: Any) -> None:
        super().__init__(given, initial={**batch.counts, "note": batch.note})
        for name, label in codes.COUNTS.items():
            self.fields[name] = forms.IntegerField(
                label=label,
                required=False,
                min_value=0,
                max_value=LARGEST,
                widget=forms.NumberInput({"min": 0, "max": LARGEST, "inputmode": "numeric"}),
            )
        self.fields["sent"].required = True

    @property
    def steps(self) -> list[forms.BoundField]:
        return [self[name] for name in codes.STEPS]

    @property
    def harms(self) -> list[forms.BoundField]:
        return [self[name] for name in codes.HARMS]

    def counts(self) -> dict[str, int | None]:
        """Return the counts, where they were understood; an empty one is not known."""
        return {name: self.cleaned_data.get(name) for name in codes.COUNTS}

    def tell(self, found: Iterable[tuple[Fault, Problem]]) -> None:
        for fault, problem in found:
            self.add_error(fault.count, _in_words(problem))


class BatchFilterForm(forms.Form):
    """The filters of the list; the address holds them."""

    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=ANY + codes.choices(codes.CHANNELS))
    method = forms.ChoiceField(label=_("Method"), required=False, choices=ANY + codes.choices(codes.METHODS))
    waiting = forms.BooleanField(label=_("Waits for its figures"), required=False)
    withdrawn = forms.BooleanField(label=_("Taken back"), required=False)

    def wanted(self) -> reads.BatchFilter:
        """Return the filter; what cannot be understood is left out."""
        self.is_valid()
        return reads.BatchFilter(**{name: value for name, value in self.cleaned_data.items() if value})


class FunnelForm(forms.Form):
    """Of which months and which batches the funnel is."""

    months = forms.TypedChoiceField(
        label=_("Period"),
        required=False,
        coerce=int,
        choices=[
            (1, _("This month")),
            (3, _("The last 3 months")),
            (6, _("The last 6 months")),
            (12, _("The last 12 months")),
            (60, _("The last 5 years")),
        ],
    )
    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=ANY + codes.choices(codes.CHANNELS))
    method = forms.ChoiceField(label=_("Method"), required=False, choices=ANY + codes.choices(codes.METHODS))
    language = forms.ChoiceField(label=_("Language"), required=False)
    area = forms.ChoiceField(label=_("Area"), required=False)

    def __init__(self, member: Member, given: Any) -> None:
        super().__init__(given, initial={"months": 6})
        _choose(self, "language", ANY + _languages())
        regions: Choices = [(region.code, area_name(region.code)) for region in regions_of(member.organisation.country)]
        _choose(self, "area", ANY + regions)

    def wanted(self) -> reads.FunnelFilter:
        """Return the filter; what cannot be understood is left out."""
        self.is_valid()
        given = {name: self.cleaned_data.get(name) or "" for name in ("channel", "method", "language", "area")}
        months = reads.months_back(timezone.localdate(), self.cleaned_data.get("months") or 6)
        return reads.FunnelFilter(since=months[-1], until=months[0], **given)


# Messages --------------------------------------------------------------------------------------------------------------
class TitleForm(LookedForm):
    """A new message."""

    FREE = ("title",)

    title = forms.CharField(
        label=QUESTIONS["title"], max_length=60, help_text=_("For the team only, such as “Introduction, summer”.")
    )


class TextForm(LookedForm):
    """The text of a message in one language."""

    FREE = ("text", "stop_word")

    language = forms.ChoiceField(label=QUESTIONS["language"])
    text = forms.CharField(
        label=QUESTIONS["text"],
        required=False,
        max_length=2_000,
        widget=forms.Textarea({"rows": 7}),
        help_text=_("The first line says who you are, by name. An empty text takes the language out."),
    )
    stop_word = forms.CharField(
        label=QUESTIONS["stop_word"],
        required=False,
        max_length=20,
        help_text=_("Such as STOP. The text has to say it too: “Answer STOP and we will not write again.”"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "language", _languages())

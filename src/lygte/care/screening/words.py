"""What codes of instruments and readings are called, in sentences that never label a person."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from .library import LANGUAGES, Words
from .scoring import Answer, State

Labels = Mapping[str, str | Promise]

ANSWERS: Labels = {
    Answer.YES: _("Yes"),
    Answer.NO: pgettext_lazy("answer about a sign", "No"),
    Answer.SEEN: pgettext_lazy("how a sign is known", "Seen by us"),
    Answer.TOLD: pgettext_lazy("how a sign is known", "Told by the person"),
    Answer.SUSPECTED: pgettext_lazy("how a sign is known", "Suspected"),
    Answer.UNKNOWN: _("Not known"),
    Answer.DECLINED: _("Does not want to answer"),
}
NOT_SEEN = pgettext_lazy("how a sign is known", "Not there")
WEIGHTS: Labels = {"strong": _("Strong"), "medium": _("Medium"), "weak": _("Weak")}
STATES: Labels = {State.POSITIVE: _("Present"), State.NEGATIVE: _("Not present"), State.OPEN: _("Open")}
GROUPS: Labels = {"adult": _("18 years or older"), "child": _("Under 18")}
LICENCES: Labels = {
    "free": _("Free to use"),
    "ogl": _("Open Government Licence"),
    "facts": _("Free to use: signs of a published source, in our own words"),
    "ask": _("Ask the owner first"),
}
READINGS: Labels = {
    "no_sign": _("No sign of forced labour in what is known."),
    "exploited": _("Signs of exploitation: a matter of labour rights. Rights and a union or legal aid come first."),
    "deceived_and_exploited": _(
        "Signs that somebody was deceived and is exploited. Labour rights, and a talk about more help if wished."
    ),
    "signs_of_trafficking": _(
        "Signs of trafficking for forced labour: a reason to offer an assessment by those who may decide, if the "
        "person wants it."
    ),
    "": _("The source gives no reading for this combination. Look at the dimensions one by one."),
}
NEXT_STEPS: Labels = {
    "emergency": _("Somebody is in danger now: call 112 if that is what the person wants or a life is at risk."),
    "offer_assessment": _("The person wants to talk on: offer an assessment, and say what it leads to and what not."),
    "leave_number": _("Leave the number of the hotline in the person’s language, and stop here."),
}
RULES: Labels = {
    "delphi/1": _(
        "A dimension is present with two strong signs; with one strong sign and any other; with three medium signs; or "
        "with two medium signs and a weak one. It is open if it is not present, but would be if something not known "
        "were so."
    ),
    "present/1": _("The signs that are there are listed, each with how it is known. There is no sum."),
    "signs/1": _("There is no score. Danger comes first, then what the person wants; signs decide nothing."),
}
PLAIN = _("One sign can be enough, and several may still not be.")


def in_words(words: Words) -> str:
    """Return words of a file in the reader's language."""
    language = (get_language() or "en")[:2]
    return words[language if language in LANGUAGES else "en"]

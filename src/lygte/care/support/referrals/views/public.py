"""Two pages for everybody: a sealed link that twelve words open, and what authorities were told."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from lygte.core.access import public
from lygte.core.problems import Problem
from lygte.directory.services.codes import ASKS

from .. import tries
from ..actions.receiving import (
    Opened,
    Words,
    answer_by_words,
    confirm_by_words,
    open_by_words,
    read_words,
)
from ..forms import AnswerForm, WordsForm
from ..openness import public_table
from ..rules import FOLLOWS, said


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@public
def link(request: HttpRequest, ref: str) -> HttpResponse:
    """Ask for the words. Without them the page is the same for a link that is unknown, over, recalled or alive."""
    form = WordsForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, ref, form)
    tries.require_patience(ref)
    try:
        words = read_words(ref, form.cleaned_data["words"])
    except Problem as problem:
        tries.note_wrong(ref)
        form.add_error("words", f"{problem.sentence} {problem.next_step}")
        return _ask(request, ref, form, status=problem.status)
    return _act(request, words, form.cleaned_data["words"])


def _ask(request: HttpRequest, ref: str, form: WordsForm, status: int = 400) -> HttpResponse:
    return render(request, "referrals/link.html", {"form": form, "ref": ref}, status=status if form.errors else 200)


def _act(request: HttpRequest, words: Words, typed: str) -> HttpResponse:
    step = request.POST.get("step", "open")
    if step == "answer":
        form = AnswerForm(FOLLOWS.get(words.package.answer, FOLLOWS[""]), request.POST)  # type: ignore[arg-type]
        if not form.is_valid():
            return _show(request, open_by_words(words), typed, form)
        given = {name: form.cleaned_data.get(name, "") for name in ("answer", "refusal", "note")}
        done = answer_by_words(words, **given)
        return _thank(request, Opened(done, {}), typed, _("Your answer is with %(name)s.") % {"name": done.sender.name})
    if step == "deleted":
        done = confirm_by_words(words)
        return _thank(request, Opened(done, {}), typed, _("Thank you. They know now that it is deleted."))
    return _show(request, open_by_words(words), typed)


def _show(request: HttpRequest, opened: Opened, typed: str, form: AnswerForm | None = None) -> HttpResponse:
    package = opened.package
    offered = FOLLOWS.get(package.answer, frozenset())
    context = {
        "package": package,
        "ref": package.ref,
        "words": typed,
        "pieces": [(ask.label, said(code, opened.values[code])) for code, ask in ASKS.items() if code in opened.values],
        "form": form or AnswerForm(offered),  # type: ignore[arg-type]
        "can_answer": bool(offered) and not package.end,
    }
    return render(request, "referrals/opened.html", context, status=400 if form and form.errors else 200)


def _thank(request: HttpRequest, opened: Opened, typed: str, sentence: str) -> HttpResponse:
    context = {"package": opened.package, "ref": opened.package.ref, "words": typed, "sentence": sentence}
    return render(request, "referrals/answered.html", context)


@require_safe
@public
def openness(request: HttpRequest) -> HttpResponse:
    """Show what authorities wanted to know and what they were told, by quarter."""
    return render(request, "referrals/openness.html", {"table": public_table()})

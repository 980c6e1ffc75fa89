"""English, Danish and Dutch are complete: no sentence without a translation, no plural form missing, no detail lost."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Message
from django.utils import translation
from django.utils.translation import gettext, ngettext

from lygte.core.problems import CATALOGUE
from lygte.site.messages import LANGUAGES, load, missing_in, template

PLACEHOLDERS = re.compile(r"%\(\w+\)[sd]|\{\w*\}|<[^>]+>")


def sentences(language: str) -> list[Message]:
    return [message for message in load(language) if message.id]


def halves(message: Message) -> list[tuple[str, str]]:
    """Return (English, translation) pairs, each plural form beside the English form it translates."""
    if isinstance(message.id, (list, tuple)):
        return list(zip(message.id, message.string, strict=False))
    return [(message.id, message.string)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_code_is_in_the_catalogue(language: str) -> None:
    known = {(m.id if isinstance(m.id, str) else m.id[0], m.context) for m in sentences(language)}
    wanted = {(m.id if isinstance(m.id, str) else m.id[0], m.context) for m in template() if m.id}
    assert len(wanted) > 300
    assert wanted - known == set(), "run ./lygte messages and translate"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated_in_all_its_plural_forms(language: str) -> None:
    assert missing_in(load(language)) == []
    assert load(language).num_plurals == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_detail_and_no_markup_is_lost_in_translation(language: str) -> None:
    lost = [
        (english, translated)
        for message in sentences(language)
        for english, translated in halves(message)
        if sorted(PLACEHOLDERS.findall(english)) != sorted(PLACEHOLDERS.findall(translated))
        and not isinstance(message.id, (list, tuple))
    ]
    assert lost == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_are_used(language: str) -> None:
    with translation.override(language):
        assert gettext("Places") != "Places"
        said = {number: str(kind.sentence) for number, kind in CATALOGUE.items()}
    english = {number: str(kind.sentence) for number, kind in CATALOGUE.items()}
    assert [number for number in said if said[number] == english[number]] == []


def test_the_language_switch_keeps_the_page(client: object) -> None:
    page = client.post("/language/", {"language": "nl", "next": "/about/"}, follow=True)  # type: ignore[attr-defined]
    assert page.redirect_chain == [("/about/", 302)]
    assert '<html lang="nl"' in page.content.decode()


SOME_FORMS = "%(count)s filled form needs a look", "%(count)s filled forms need a look"


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_follow_the_number(language: str) -> None:
    with translation.override(language):
        none, one, two = (ngettext(*SOME_FORMS, n) % {"count": n} for n in (0, 1, 2))
    assert one.replace("1", "2") != two, "one and several must be said differently"
    assert none.replace("0", "2") == two
    assert one not in SOME_FORMS[0] % {"count": 1}

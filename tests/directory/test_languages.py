"""The contact languages have a name to translate and a name of their own."""

from __future__ import annotations

from django.utils.functional import Promise

from lygte.directory.languages import LANGUAGES, OWN_NAMES, language_name


def test_every_language_has_a_name_that_can_be_translated_and_its_own_name() -> None:
    assert len(LANGUAGES) >= 25
    assert all(isinstance(name, Promise) for name in LANGUAGES.values())
    assert set(OWN_NAMES) == set(LANGUAGES) - {"other"}
    assert len(set(OWN_NAMES.values())) == len(OWN_NAMES)


def test_the_main_contact_languages_of_the_field_are_there() -> None:
    assert {"th", "ro", "es", "uk", "hu", "en", "pcm", "da", "nl"} <= set(LANGUAGES)


def test_an_unknown_language_is_shown_by_its_code() -> None:
    assert language_name("th") == "Thai"
    assert language_name("xx") == "xx"

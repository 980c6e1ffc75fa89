"""The version of November 2026, in the languages that it has been written in."""

from . import da, en, nl

LANGUAGES = {"en": en.WORDS, "da": da.WORDS, "nl": nl.WORDS}

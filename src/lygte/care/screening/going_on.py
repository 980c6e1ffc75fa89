"""Where rooms above offer a way to go on after a reading, so that this room need not know them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from lygte.core.access import Verb

Text = str | Promise


@dataclass(frozen=True)
class Way:
    """One way: its heading, what it means, the words of its button, where the answers are posted, and for whom it is."""

    title: Text
    about: Text
    button: Text
    url_name: str
    verb: Verb


WAYS: list[Way] = []

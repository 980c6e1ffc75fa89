"""Rights at work: public, in many languages, each card with its source, and honest about its age."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from lygte.directory.at_work import cards, cards_for, spoken


@pytest.mark.django_db
def test_everybody_can_read_the_cards_of_a_country_in_their_language() -> None:
    page = Client().get("/rights-at-work/dk/pl/").content.decode()
    assert "Twoje dokumenty należą do ciebie" in page and 'lang="pl"' in page
    assert "workindenmark.dk" in page and "Not yet checked by a lawyer." in page
    assert "nllabourauthority" not in page
    dutch = Client().get("/rights-at-work/nl/zz/").content.decode()
    assert "Since 1 January 2024 there is a lowest wage" in dutch  # no such language: English
    assert Client().get("/rights-at-work/se/en/").status_code == 404


def test_each_card_names_a_source_a_day_and_how_sure_it_is() -> None:
    assert {code for code, _name in spoken()} == {"en", "da", "nl", "pl", "ro", "bg", "uk", "es"}
    for card in cards():
        assert card.source and card.certainty in "AB"  # general knowledge alone is not printed for people at work
        assert not card.old(card.read_on + timedelta(days=365)) and card.old(card.read_on + timedelta(days=366))
    assert [card.country for card in cards_for("NL")] == ["NL"] * 3 + [""] * 2

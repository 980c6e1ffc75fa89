"""Who is asked about as perhaps the same person, and who is left alone."""

import pytest

from lygte.care.support.duplicates.rules import alike, told_of


def told(name: str = "", born: str = "", phone: str = "") -> object:
    return told_of({"name": name, "born": born, "phone": phone})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Katarzyna Nowak", "1990"), ("Nowak, Catarzina", "1991")),
        (("Katarzyna Nowak", ""), ("Katarzyna Nowak", "1990")),
        (("Joy", "1998-03-01"), ("Joy", "1998")),
        (("", "", "+45 20 30 40 50"), ("Someone", "", "20304050")),
    ],
)
def test_people_who_may_be_the_same_are_asked_about(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert alike(told(*one), told(*other)) and alike(told(*other), told(*one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Katarzyna Nowak", "1990"), ("Katarzyna Nowak", "1970")),
        (("Joy", ""), ("Joy", "")),
        (("Ana Pop", "1990"), ("Ana Ionescu", "1990")),
        (("", "", ""), ("", "", "")),
        (("Ana Pop (invented)", "1990"), ("Li Wen (invented)", "1990")),
    ],
)
def test_others_are_left_alone(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert not alike(told(*one), told(*other))

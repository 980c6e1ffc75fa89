"""The runner of planted wrongs finds what it should: every wrong in one small rule is noticed by a test made to pass it."""

from __future__ import annotations

import importlib

from lygte.core.consent import rules
from lygte.core.consent.rules import GRANT, WITHDRAW, Event, groups_for
from tests.mutation.mutants import live, mutants_of, plant
from tests.mutation.run import MODULES, explained, name_of

ONE, TWO = frozenset({"identity"}), frozenset({"contact"})


def _right() -> bool:
    """Ask the policy what it must answer to each kind of line."""
    from datetime import UTC, date, datetime, timedelta

    at, today = datetime(2026, 11, 1, tzinfo=UTC), date(2026, 11, 5)

    def asked(*events: Event, purpose: str = "support", recipient: str = "own") -> frozenset[str]:
        return groups_for(events, purpose=purpose, recipient=recipient, today=today)

    def line(
        kind: str, groups: frozenset[str], until: date | None = None, purpose: str = "support", to: str = "own"
    ) -> Event:
        return Event(kind, purpose, to, groups, until, at)

    day = timedelta(days=1)
    grant = line(GRANT, ONE | TWO)
    return (
        asked(grant) == ONE | TWO
        and asked(grant, purpose="statistics") == frozenset()
        and asked(grant, recipient="police") == frozenset()
        and asked(grant, line(WITHDRAW, ONE)) == TWO
        and asked(grant, line(WITHDRAW, frozenset(), purpose="", to="")) == frozenset()
        and asked(grant, line(WITHDRAW, ONE, purpose="statistics")) == ONE | TWO
        and asked(grant, line(WITHDRAW, ONE, to="police")) == ONE | TWO
        and asked(grant, line("declined", ONE)) == ONE | TWO
        and asked(line(GRANT, ONE, today)) == ONE
        and asked(line(GRANT, ONE, today - day)) == frozenset()
    )


def test_every_wrong_in_the_consent_policy_is_noticed_or_explained() -> None:
    assert _right()
    module, known, noticed = importlib.import_module(rules.__name__), explained(), 0
    for mutant in mutants_of(module):
        function = live(module, mutant.function)
        assert function is not None
        right = function.__code__
        try:
            assert plant(module, mutant)
            try:
                found = not _right()
            except Exception:
                found = True
        finally:
            function.__code__ = right
        assert found or name_of(mutant) in known, mutant
        noticed += found
    assert _right()
    print(f"{noticed} wrongs planted in the policy, each noticed")
    assert noticed > 20


def test_every_module_under_watch_gives_wrongs_that_can_be_planted() -> None:
    counts = {name: len(list(mutants_of(importlib.import_module(f"lygte.{name}")))) for name in MODULES[:2]}
    print(counts)
    assert all(count > 5 for count in counts.values())

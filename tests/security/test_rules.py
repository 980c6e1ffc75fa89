"""Every rule is really asked: closing one shuts each of its pages and actions, widening one is seen in the reviewed table."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

import lygte
from lygte.core import access
from lygte.core.access import RULES, Rule, Verb
from lygte.core.actions import ACTIONS
from lygte.core.models import Kind, Member, Role
from lygte.core.problems import Problem
from lygte.site.handbook import MADE, verbs_page
from tests.conftest import keep_open, open_vaults
from tests.every_url.examples import EXAMPLES
from tests.every_url.walk import addresses

NOBODY = Rule(frozenset(), frozenset())
VERBS_PAGE = Path(__file__).parents[2] / "docs" / "verbs.md"


def every_module() -> Iterator[str]:
    for found in pkgutil.walk_packages(lygte.__path__, "lygte."):
        # wsgi and rsgi begin to serve when they are imported: they look into the real database first.
        if "migrations" not in found.name and not found.name.endswith(("__main__", ".wsgi", ".rsgi")):
            yield found.name


def mutations(rule: Rule) -> Iterator[Rule]:
    """Yield the ways in which somebody could get a rule wrong: open to all, one role or one kind more or less."""
    yield Rule(frozenset(Role), frozenset(Kind))
    for role in Role:
        yield Rule(rule.roles ^ {role}, rule.kinds)
    for kind in Kind:
        yield Rule(rule.roles, rule.kinds ^ {kind})


def test_with_every_rule_closed_nothing_opens_to_anybody(
    everyone: dict[str, Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    open_vaults(everyone)
    owner = everyone["bogdan"]
    asked = [
        (address, reverse(address.name, kwargs=EXAMPLES[address.name](owner) if address.parameters else {}))
        for address in addresses()
        if not address.public
    ]
    for verb in Verb:
        monkeypatch.setitem(access.RULES, verb, NOBODY)
    count = 0
    for member in everyone.values():
        client = Client()
        client.force_login(member.user)
        if hasattr(member, "keyring"):
            keep_open(client, member)
        for address, url in asked:
            for method in ("get", "post"):
                status = getattr(client, method)(url).status_code
                count += 1
                assert status in (403, 405), f"{address.name}: {method} gives {member.role} {status} without a rule"
    print(f"{len(asked)} addresses x {len(everyone)} members x 2 methods = {count} requests, all refused")
    assert count > 500


def test_with_every_rule_closed_no_action_does_anything(bogdan: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in every_module():
        importlib.import_module(name)
    monkeypatch.setattr("lygte.core.actions.require", _refuse)
    for path in ACTIONS:
        module, _dot, function = path.rpartition(".")
        act = getattr(importlib.import_module(module), function)
        with pytest.raises(Refused):
            act(member=bogdan)
    print(f"{len(ACTIONS)} actions ask their rule before anything else")
    assert len(ACTIONS) > 30


class Refused(Exception):
    pass


def _refuse(member: Member, verb: Verb) -> None:
    raise Refused


def test_each_verb_that_is_closed_refuses_its_actions(bogdan: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    for verb in RULES:
        with monkeypatch.context() as patched:
            patched.setitem(access.RULES, verb, NOBODY)
            with pytest.raises(Problem, match=r"403\.1"):
                access.require(bogdan, verb)


def test_any_change_of_a_rule_shows_in_the_reviewed_table(monkeypatch: pytest.MonkeyPatch) -> None:
    reviewed = VERBS_PAGE.read_text().removeprefix(MADE)
    count = 0
    for verb, rule in list(RULES.items()):
        for wrong in mutations(rule):
            if wrong == rule:
                continue
            with monkeypatch.context() as patched:
                patched.setitem(access.RULES, verb, wrong)
                assert verbs_page() != reviewed, f"a wrong rule for {verb} goes unseen"
            count += 1
    print(f"{count} wrong rules, each of them seen")
    assert count > 10 * len(RULES)


def test_every_verb_is_used_by_a_page_or_an_action() -> None:
    for name in every_module():
        importlib.import_module(name)
    used = {address.view.verb for address in addresses() if not address.public} | set(ACTIONS.values())
    inside = {verb for verb in Verb if _mentioned(verb)}
    assert set(Verb) - used - inside == set(), "a verb that nothing asks is a promise that nobody keeps"


def _mentioned(verb: Verb) -> bool:
    sources = Path(lygte.__file__).parent.rglob("*.py")
    return any(f"Verb.{verb.name}" in path.read_text() for path in sources if path.name != "access.py")

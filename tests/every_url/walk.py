"""Walk every address of the site as everybody: what comes back from another organisation's object must not differ
from what comes back for an object that does not exist. Derived from the resolver, so a new address is walked unasked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse

from lygte.core.access import may
from lygte.core.checks import every_pattern
from lygte.core.models import Member

ABSENT = "a" * 26
METHODS = ("get", "post", "head", "put", "delete", "patch", "options")


@dataclass(frozen=True)
class Address:
    """One address of the site, with the view behind it."""

    name: str
    route: str
    view: Any

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"<(?:\w+:)?(\w+)>", self.route)

    @property
    def public(self) -> bool:
        return bool(getattr(self.view, "public", False))


def addresses() -> list[Address]:
    """Return every address of the site that has a name, and fail on one that has none."""
    found = [Address(name, route, view) for route, name, view in every_pattern()]
    unnamed = [address.route for address in found if not address.name or address.name.endswith(":")]
    assert not unnamed, f"addresses without a name: {unnamed}"
    return found


Examples = dict[str, Callable[[Member], dict[str, Any]]]


@dataclass(frozen=True)
class Answer:
    """What somebody got, without what differs by chance."""

    status: int
    body: str
    kind: str

    @classmethod
    def of(cls, response: Any, *hide: str) -> Answer:
        content = b"".join(response.streaming_content) if response.streaming else response.content
        text = content.decode("utf-8", errors="replace")
        for word in (word for word in hide if len(word) == len(ABSENT)):
            text = text.replace(word, "…")
        text = re.sub(r'(csrfmiddlewaretoken" value="|data-csrf=")[^"]+', r"\1…", text)
        return cls(response.status_code, text, response.headers.get("Content-Type", ""))


def ask(client: Client, method: str, url: str) -> Any:
    client.raise_request_exception = True
    return getattr(client, method)(url)


@dataclass(frozen=True)
class Finding:
    """Something that must not be."""

    address: str
    who: str
    method: str
    what: str


def walk_objects(
    examples: Examples,
    owner: Member,
    people: dict[str, Member],
    client_of: Callable[[Member], Client],
    shared: tuple[str, ...] = (),
    only: tuple[str, ...] = ("",),
) -> Iterator[Finding | None]:
    """Ask for the owner's objects as everybody else; yield a finding, or None for each request that was right.

    `shared` are beginnings of names of addresses whose objects are meant for other organisations as well, `only` those
    of the addresses that are walked.
    """
    for address in addresses():
        if not address.parameters or address.public or address.name.startswith(shared):
            continue
        if not address.name.startswith(only):
            continue
        theirs = examples[address.name](owner)
        absent = {
            key: ABSENT if value == theirs.get("ref") or len(str(value)) == 26 else value
            for key, value in theirs.items()
        }
        url, no_url = reverse(address.name, kwargs=theirs), reverse(address.name, kwargs=absent)
        for who, member in people.items():
            if member.organisation_id == owner.organisation_id:
                continue
            client = client_of(member)
            # Who lacks the verb is refused before any object is looked at: two ways of asking show that.
            for method in METHODS if may(member, address.view.verb) else ("get", "post"):
                got = Answer.of(ask(client, method, url), *map(str, theirs.values()))
                wanted = Answer.of(ask(client, method, no_url), *map(str, absent.values()))
                if got != wanted:
                    yield Finding(address.name, who, method, f"{got.status} differs from absent {wanted.status}")
                elif got.status not in (403, 404, 405) and not (method == "options" and got.status == 200):
                    yield Finding(address.name, who, method, f"status {got.status} for another organisation's object")
                elif got.status >= 500:
                    yield Finding(address.name, who, method, f"status {got.status}")
                else:
                    yield None


def walk_verbs(
    examples: Examples,
    own: Callable[[Member], Member],
    people: dict[str, Member],
    client_of: Callable[[Member], Client],
) -> Iterator[Finding | None]:
    """Open every page as everybody: who may not gets 403, who may gets an answer that is no error of ours."""
    for address in addresses():
        for who, member in people.items():
            kwargs = examples[address.name](own(member)) if address.parameters else {}
            response = ask(client_of(member), "get", reverse(address.name, kwargs=kwargs))
            status = response.status_code
            allowed = address.public or may(member, address.view.verb)
            if status >= 500:
                yield Finding(address.name, who, "get", f"status {status}")
            elif not allowed and status not in (403, 405):
                yield Finding(address.name, who, "get", f"status {status}, although the role does not include it")
            elif allowed and status == 403 and not address.public:
                yield Finding(address.name, who, "get", "403, although the role includes it")
            else:
                yield None


def walk_signed_out(examples: Examples, owner: Member) -> Iterator[Finding | None]:
    """Ask for everything without signing in: public pages answer, all others lead to the sign-in page."""
    for address in addresses():
        kwargs = examples[address.name](owner) if address.parameters else {}
        url = reverse(address.name, kwargs=kwargs)
        for method in METHODS:
            response = ask(Client(), method, url)
            closed = response.status_code in (302, 403) and "/login/" in response.headers.get("Location", "/login/")
            if response.status_code >= 500:
                yield Finding(address.name, "nobody", method, f"status {response.status_code}")
            elif not address.public and not closed and response.status_code != 405:
                yield Finding(address.name, "nobody", method, f"status {response.status_code} without signing in")
            else:
                yield None

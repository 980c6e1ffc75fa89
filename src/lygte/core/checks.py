"""The site does not start with an open door: every URL has a verb or is public, every verb has a rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver

from .access import CARE_PREFIXES, FIELD, FIELD_PREFIXES, HELP, RULES, Verb


def every_pattern(
    resolver: URLResolver | None = None, trail: str = "", spaces: str = ""
) -> Iterator[tuple[str, str, Any]]:
    """Yield (route, namespaced name, view) of every URL of the site."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = trail + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{spaces}{entry.namespace}:" if entry.namespace else spaces
            yield from every_pattern(entry, route, inner)
        elif isinstance(entry, URLPattern):
            yield route, spaces + (entry.name or ""), entry.callback


@register()
def every_view_is_closed_or_public(**options: Any) -> list[CheckMessage]:
    return [
        Error(f"The URL {route} has neither a verb nor @public.", id="lygte.E001")
        for route, _name, view in every_pattern()
        if not hasattr(view, "verb") and not getattr(view, "public", False)
    ]


@register()
def every_verb_has_a_rule(**options: Any) -> list[CheckMessage]:
    return [Error(f"The verb {verb} has no rule.", id="lygte.E002") for verb in Verb if verb not in RULES]


@register()
def care_stays_with_field_organisations(**options: Any) -> list[CheckMessage]:
    """Hold the firewall: no rule may open places, visits or persons to an authority, a funder or the host."""
    return [
        Error(f"The verb {verb} is open outside organisations that help.", id="lygte.E003")
        for verb, rule in RULES.items()
        if verb.startswith(CARE_PREFIXES) and not rule.kinds <= (FIELD if verb.startswith(FIELD_PREFIXES) else HELP)
    ]

"""What the shell and the pages of problems need to know of the locked part."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

from django import template
from django.http import HttpRequest
from django.urls import reverse

from lygte.core.access import Verb, may
from lygte.core.problems import Problem
from lygte.core.vault.reads import is_set_up

register = template.Library()

TO_KEYS = {"423.2", "423.3", "423.4", "423.5", "423.6", "409.10", "423.7"}


def _back_to(request: HttpRequest) -> str:
    """Return the page that somebody was on: this one, or the one with the form that they sent from."""
    if request.method == "GET":
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("referer", ""))
    return came_from.path if came_from.netloc == request.get_host() else ""


@register.simple_tag(takes_context=True)
def key_page(context: dict[str, Any], problem: Problem) -> str:
    """Return the address of the page that mends a problem with keys, or nothing."""
    if problem.number == "423.1":
        back = _back_to(context["request"])
        return reverse("vault:unlock") + (f"?{urlencode({'next': back})}" if back else "")
    return reverse("vault:keys") if problem.number in TO_KEYS else ""


@register.simple_tag(takes_context=True)
def locked_part(context: dict[str, Any]) -> str:
    """Return how the locked part stands in this session: `open`, `closed`, or nothing where there is none."""
    member = getattr(context.get("request"), "member", None)
    if member is None or not may(member, Verb.KEY_READ):
        return ""
    if getattr(member, "keyring", None) is not None:
        return "open"
    if not hasattr(member, "is_set_up"):  # asked twice a page: in the menu and at the side
        member.is_set_up = is_set_up(member)
    return "closed" if member.is_set_up else ""

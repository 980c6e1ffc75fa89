"""What every page of the look needs: who is asking, in which light, in which language, and the way out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_info

from .navigation import navigation_for

THEMES = ("light", "dark", "auto")


def lygte(request: HttpRequest) -> dict[str, Any]:
    """Return the context of every page; what costs something is computed only when a template asks."""
    member = getattr(request, "member", None)
    theme = request.COOKIES.get("theme", "auto")
    return {
        "member": member,
        "memberships": getattr(request, "memberships", []),
        "navigation": SimpleLazyObject(lambda: navigation_for(request, member)),
        "layout": "staff.html" if member else "public.html",
        "theme": theme if theme in THEMES else "auto",
        "languages": [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES],
        "exit_url": settings.LYGTE_EXIT_URL,
        "demo": settings.LYGTE_DEMO,
    }

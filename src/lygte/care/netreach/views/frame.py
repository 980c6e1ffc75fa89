"""What pages share on which ways to somebody are typed."""

from __future__ import annotations

from django.http import HttpResponseBase


def unseen(response: HttpResponseBase) -> HttpResponseBase:
    """Let no browser and nothing on the way keep a page."""
    response["Cache-Control"] = "no-store, private"
    return response

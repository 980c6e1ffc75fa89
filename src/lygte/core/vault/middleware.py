"""Hangs the session's open keys on the member for the length of a request; sets the cookie that opens them."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from .sessions import SLOT, drop_unfinished, put_cookie, reopen

Next = Callable[[HttpRequest], HttpResponseBase]


class KeyringMiddleware:
    """After `MemberMiddleware`: `request.member.keyring` is a Keyring where the session has one open, else None."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        member = getattr(request, "member", None)
        if member is not None:
            member.keyring = reopen(request, member) if SLOT in request.session else None
        response = self.get_response(request)
        drop_unfinished(request)
        put_cookie(request, response)
        return response

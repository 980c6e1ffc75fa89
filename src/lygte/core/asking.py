"""A request as pages behind a verb get it: somebody is asking, on behalf of one organisation."""

from django.http import HttpRequest

from .people import Member


class Request(HttpRequest):
    """An HttpRequest to which the middleware has attached who is asking. For type hints only."""

    member: Member
    memberships: list[Member]

"""Ask the verbs table from a template: `{% if member|may:"place.create" %}`."""

from django import template

from lygte.core import access
from lygte.core.people import Member

register = template.Library()


@register.filter
def may(member: Member | None, verb: str) -> bool:
    return access.may(member, verb)

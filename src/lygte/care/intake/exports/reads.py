"""What can be asked about exports and feeds. The member comes first and sees their organisation only."""

from __future__ import annotations

from django.db.models import QuerySet

from lygte.core.models import Member

from ..models import Form
from .models import Feed


def feeds_of(member: Member, form: Form) -> QuerySet[Feed]:
    return Feed.objects.filter(organisation=member.organisation, form=form).select_related("member__user")

"""Forgets signs that have ended and reasons of old decisions. Pages never wait for this: they compute what stands."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from django.utils import timezone
from django_scopes import scopes_disabled

from lygte.core.schedule import periodic
from lygte.core.transactions import writing

from .models import NotedSign, Telling
from .reads import signs_of
from .rulefile import rule_on
from .rules import to_forget

WHY_KEPT = timedelta(days=90)


@periodic("concern.forget", every=timedelta(hours=6))
def forget() -> int:
    """Delete the signs that have ended, and those taken back so long ago; return how many."""
    today = timezone.localdate()
    rule = rule_on(today)
    with scopes_disabled(), writing():
        before = timezone.now() - WHY_KEPT
        Telling.objects.filter(decided_at__lt=before).exclude(why="").update(why="")
        places: dict[str, list[NotedSign]] = defaultdict(list)
        for row in NotedSign.objects.prefetch_related("contests"):
            places[row.place].append(row)
        over = {key for rows in places.values() for key in to_forget(signs_of(rows), rule, today)}
        oldest = today - timedelta(days=rule.ends_after_days)
        over |= set(NotedSign.objects.filter(day__lt=oldest, withdrawn_at__isnull=False).values_list("pk", flat=True))
        NotedSign.objects.filter(pk__in=over).delete()
        return len(over)

"""Forgets what need not be known any longer: keys and marks of contact, what joins them to a batch, old notes."""

from __future__ import annotations

import logging
from datetime import datetime, time, timedelta

from django.utils import timezone
from django_scopes import scopes_disabled

from lygte.core.schedule import periodic
from lygte.core.transactions import writing
from lygte.core.vault.reach import turn_contact_key

from .models import Batch, ContactMark
from .rules import NOTE_KEPT, WITHIN

logger = logging.getLogger(__name__)


@periodic("netreach.forget", every=timedelta(hours=6))
def forget(*, now: bool = False) -> int:
    """Turn the contact key when it is due (or `now`), remove what is under dead keys or too old; return how many marks."""
    living = turn_contact_key(now=now)
    today = timezone.localdate()
    midnight = timezone.make_aware(datetime.combine(today, time()))
    with scopes_disabled(), writing():
        gone = ContactMark.objects.exclude(key__in=living).delete()[0]
        gone += ContactMark.objects.filter(day__lte=today - WITHIN).delete()[0]
        ContactMark.objects.filter(day__lt=today).exclude(claim="").update(claim="")
        Batch.objects.filter(made_at__lt=midnight).exclude(claim="").update(claim="")
        Batch.objects.filter(day__lt=today - NOTE_KEPT).exclude(note="").update(note="")
    logger.info("%s marks of contact were removed", gone)
    return gone

"""Looks at timers every minute, and forgets them after a week: they say where somebody of the staff was."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from lygte.core.schedule import periodic
from lygte.core.transactions import writing

from .models import CheckIn
from .rules import KEPT_FOR

logger = logging.getLogger(__name__)


@periodic("checkins.look", every=timedelta(minutes=1))
def look() -> int:
    """Alert for every timer that is over; return how many. What Today shows does not wait for this."""
    now = timezone.now()
    with scopes_disabled():
        over = CheckIn.objects.filter(ended_at=None, alerted_at=None, due_at__lte=now)
        found = list(over.select_related("colleague__user", "organisation"))
        for timer in found:
            with writing():
                mine = CheckIn.objects.filter(pk=timer.pk, alerted_at=None).update(alerted_at=now)
            if mine:
                _tell(timer)
    return len(found)


def _tell(timer: CheckIn) -> None:
    """Where mail is set up, ask the colleague to look: no name, no place, no reason leaves the house."""
    if not settings.LYGTE_MAIL_FROM:
        return
    with translation.override(timer.organisation.language):
        subject, words = _("Please look at Lygte now"), _("Something waits for you on your Today page.")
    try:
        send_mail(subject, words, settings.LYGTE_MAIL_FROM, [timer.colleague.user.email])
    except OSError as error:
        logger.error("a mail could not be sent: %s", type(error).__name__)


@periodic("checkins.forget", every=timedelta(hours=6))
def forget() -> int:
    """Delete timers that ended a week ago; return how many."""
    before = timezone.now() - KEPT_FOR
    with scopes_disabled(), writing():
        return CheckIn.objects.filter(Q(ended_at__lt=before) | Q(due_at__lt=before)).delete()[0]

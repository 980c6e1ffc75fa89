"""What comes round for keys: the epoch turns by itself, or somebody is reminded; tokens stay shared by enough people."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings

from ..schedule import periodic
from . import arrivals, turning
from .index import shorten
from .models import SearchToken

logger = logging.getLogger(__name__)


@periodic("vault.turn_epoch", every=timedelta(hours=6))
def turn_when_due() -> None:
    """Turn the epoch when its 30 days are over, or say loudly that somebody must."""
    if turning.is_due():
        if settings.LYGTE_TURN_EPOCH == "by itself":
            turned = turning.turn_epoch()
            logger.info("epoch %s has begun, %s keys were wrapped anew", turned.epoch, turned.rewrapped)
        else:
            logger.warning("the epoch is over its time: run “lygte keys turn”")
    if waiting := turning.copies_to_destroy().count():
        logger.warning("%s sealed copies of ended epochs must be destroyed: see “lygte keys status”", waiting)


@periodic("vault.renew_intake_key", every=timedelta(hours=6))
def renew_intake_key() -> None:
    """Make a new key for open forms when the newest is old enough, and destroy those no phone can still use."""
    if arrivals.renew_intake_key():
        logger.info("a new intake key was made: phones fetch it at their next contact")


@periodic("vault.shorten_tokens", every=timedelta(days=7))
def shorten_tokens() -> None:
    """Cut search tokens where people have become fewer."""
    for organisation in SearchToken.objects.order_by().values_list("organisation", flat=True).distinct():
        shorten(organisation)

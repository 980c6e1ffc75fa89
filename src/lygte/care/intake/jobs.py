"""What comes round by itself in this room: files that no row speaks of are removed."""

from __future__ import annotations

import logging
import time
from datetime import timedelta

from django.apps import apps
from django.db import models
from django_scopes import scopes_disabled

from lygte.core.schedule import periodic

from . import storage
from .models import TestSubmission

log = logging.getLogger(__name__)
KEPT_FOR = timedelta(days=7)  # long enough for whoever restored a database to see what it does not know


def names_in_use() -> set[str]:
    """Return the name of every file that a row speaks of. A model that keeps a file has a field `stored_as`."""
    used: set[str] = set()
    with scopes_disabled():
        for model in apps.get_app_config("intake").get_models():
            if any(isinstance(f, models.CharField) and f.name == "stored_as" for f in model._meta.get_fields()):
                used.update(model._default_manager.order_by().values_list("stored_as", flat=True))
        for files in TestSubmission.objects.order_by().values_list("files", flat=True):
            used.update(file["stored_as"] for file in files.values())
    return used


@periodic("intake.forget_files", every=timedelta(hours=24))
def forget_files() -> int:
    """Remove files of a week ago that no row speaks of: their server was killed before their form was stored.

    The files are listed before the rows are read, so that one which is stored meanwhile is not taken for forgotten.
    """
    lying = list(storage.stored_before(time.time() - KEPT_FOR.total_seconds()))
    forgotten = set(lying) - names_in_use() if lying else set()
    storage.remove_files(forgotten)
    if forgotten:
        log.warning("%s files belonged to no filled form and were removed", len(forgotten))
    return len(forgotten)

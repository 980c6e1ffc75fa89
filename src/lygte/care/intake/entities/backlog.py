"""Updates that have waited too long for their predecessor: after some days they are written all the same.

They overwrite nothing: what differs from what stands is kept beside it, and a person decides.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django_scopes import scopes_disabled

from lygte.core.schedule import periodic
from lygte.core.transactions import writing

from .actions import force
from .models import EntityList, Held

AT_ONCE = 500  # entities in one round; what is left comes in the next


@periodic("entities.force_backlog", every=timedelta(hours=1))
def force_backlog() -> int:
    """Write what has waited longer than allowed; return for how many entities that was possible."""
    before = timezone.now() - timedelta(days=settings.LYGTE_ENTITY_BACKLOG_DAYS)
    with scopes_disabled():
        late = Held.objects.filter(held_at__lte=before).order_by("held_at", "pk").values_list("list_id", "uuid")
        found = list(dict.fromkeys(late[: AT_ONCE * 4]))[:AT_ONCE]
        return sum(_force(list_id, uuid) for list_id, uuid in found)


def _force(list_id: int, uuid: str) -> bool:
    with writing():
        into = EntityList.objects.select_for_update().select_related("organisation").get(pk=list_id)
        return force(into, uuid)

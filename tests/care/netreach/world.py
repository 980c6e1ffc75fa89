"""A published message and a way to ask whom a batch may go to: what every test of this room needs."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.utils import timezone
from django_scopes import scope

from lygte.care.netreach.actions.messages import begin_message, publish, write_text
from lygte.care.netreach.models import Batch, Message
from lygte.core.models import Member
from lygte.core.refs import new_ref

TEXT = "{name} writes to you.\nFree tests on Mondays. Answer STOP and we will not write again."


def make_message(coordinator: Member, title: str = "Introduction") -> Message:
    """Return a message published in English."""
    name = coordinator.organisation.name
    with scope(organisation=coordinator.organisation):
        message: Message = begin_message(member=coordinator, title=title)
        write_text(member=coordinator, message=message, language="en", text=TEXT.format(name=name), stop_word="Stop")
        publish(member=coordinator, message=message)
    return message


def asked(message: Message, handles: str, **more: Any) -> dict[str, Any]:
    area = "DK-461" if message.organisation.country == "DK" else "NL-GM0518"
    given = {"claim": new_ref(), "message": message.ref, "language": "en", "channel": "sms", "method": "introduction"}
    return {**given, "area": area, "handles": handles, **more}


def ask(client: Client, message: Message, handles: str, **more: Any) -> Any:
    """Type handles on the page and return the answer."""
    return client.post("/netreach/compose/", asked(message, handles, **more))


def not_to(answer: Any) -> list[str]:
    return list(answer.context["answer"].not_to)


def batches(member: Member) -> list[Batch]:
    with scope(organisation=member.organisation):
        return list(Batch.objects.order_by("pk"))


def today() -> Any:
    return timezone.localdate()

"""Places and visits: what outreach workers bring home, as counts."""

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "lygte.care.outreach"
    label = "outreach"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import problems, reads, wiring  # noqa: F401  (registers problems and what waits today)

        wiring.register_all()

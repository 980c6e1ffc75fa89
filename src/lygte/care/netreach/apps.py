"""Online outreach, as Django sees it."""

from django.apps import AppConfig


class NetreachConfig(AppConfig):
    name = "lygte.care.netreach"
    label = "netreach"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import jobs, problems, reads, wiring  # noqa: F401  (registers what comes round, problems, what waits today)

        wiring.register_all()

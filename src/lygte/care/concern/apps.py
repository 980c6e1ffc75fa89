"""Places of concern: signs, second looks, and when they end."""

from django.apps import AppConfig


class ConcernConfig(AppConfig):
    name = "lygte.care.concern"
    label = "concern"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import jobs, panel, problems, reads  # noqa: F401  (registers what comes round, the panel, what waits today)

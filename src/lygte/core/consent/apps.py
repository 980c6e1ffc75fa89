"""Consent, as Django sees it."""

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "lygte.core.consent"
    label = "consent"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import problems, protection, reads, retention, team  # noqa: F401  (registers what they do)

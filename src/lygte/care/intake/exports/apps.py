"""Exports, as Django sees them."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "lygte.care.intake.exports"
    label = "exports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import problems  # noqa: F401  (registers the problems)

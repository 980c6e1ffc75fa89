"""Screening of a person by an instrument: the library, and readings that nobody keeps."""

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "lygte.care.screening"
    label = "screening"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import problems  # noqa: F401  (registers them)

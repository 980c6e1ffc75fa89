"""Merging of persons, as Django sees it."""

from django.apps import AppConfig


class DuplicatesConfig(AppConfig):
    name = "lygte.care.support.duplicates"
    label = "duplicates"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import panels, problems  # noqa: F401  (hangs panels on the case page, registers problems)

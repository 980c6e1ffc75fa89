"""Merging, as Django sees it."""

from django.apps import AppConfig


class MergingConfig(AppConfig):
    name = "lygte.core.merging"
    label = "merging"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import history  # noqa: F401  (keeps what is about to be changed)

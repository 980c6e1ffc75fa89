"""Ground floor, as Django sees it."""

from django.apps import AppConfig
from django.urls import register_converter


class CoreConfig(AppConfig):
    name = "lygte.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks, durability, invitations, jobs, refs, sessions  # noqa: F401  (registers what they hold)

        register_converter(refs.RefConverter, "ref")

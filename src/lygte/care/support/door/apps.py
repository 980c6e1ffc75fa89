"""The person's own door, as Django sees it."""

from django.apps import AppConfig


class DoorConfig(AppConfig):
    name = "lygte.care.support.door"
    label = "door"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import case_page, leaving, needs, problems, sessions  # noqa: F401  (each registers something)

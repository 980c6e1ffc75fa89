"""Screenings in cases, as Django sees them."""

from django.apps import AppConfig


class ScreeningsConfig(AppConfig):
    name = "lygte.care.support.screenings"
    label = "screenings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import problems, wiring  # noqa: F401  (registers them)

        wiring.register_all()

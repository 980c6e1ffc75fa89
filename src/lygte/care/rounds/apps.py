"""Rounds, as Django sees them."""

from django.apps import AppConfig


class RoundsConfig(AppConfig):
    name = "lygte.care.rounds"
    label = "rounds"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import problems, reads, wiring  # noqa: F401  (registers problems and what waits today)

        wiring.register_all()

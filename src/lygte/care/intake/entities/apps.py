"""Lists of entities, as Django sees them."""

from django.apps import AppConfig


class EntitiesConfig(AppConfig):
    name = "lygte.care.intake.entities"
    label = "entities"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import backlog, problems, today, wiring  # noqa: F401  (registers problems, jobs and what waits today)

        wiring.register_all()

"""The room of method trials, as Django sees it."""

from django.apps import AppConfig


class TrialsConfig(AppConfig):
    name = "lygte.knowledge.trials"
    label = "trials"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import problems, reads  # noqa: F401  (adds to the catalogue and to Today)

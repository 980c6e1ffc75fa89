"""The programme room, as Django sees it."""

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "lygte.knowledge.programme"
    label = "programme"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import problems, reads  # noqa: F401  (adds to the catalogue and to Today)

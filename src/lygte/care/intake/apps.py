"""Intake, as Django sees it."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "lygte.care.intake"
    label = "intake"

    def ready(self) -> None:
        from . import jobs, problems, reads  # noqa: F401  (registers jobs, the problems and what needs somebody today)

"""Check-ins, as Django sees them."""

from django.apps import AppConfig


class CheckinsConfig(AppConfig):
    name = "lygte.care.checkins"
    label = "checkins"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lygte.care.intake.handover import provide_to_phones

        from . import jobs, problems, reads  # noqa: F401  (registers what comes round, problems, what waits today)

        provide_to_phones("colleagues", reads.colleagues_for_phone)
        provide_to_phones("watching", reads.watching_for_phone)

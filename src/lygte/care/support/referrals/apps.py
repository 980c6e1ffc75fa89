"""Referrals, as Django sees them."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "lygte.care.support.referrals"
    label = "referrals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import problems, recall, reminders, wiring  # noqa: F401  (registers problems, what follows a no, Today)

        wiring.register_all()

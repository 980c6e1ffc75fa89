"""Services, as Django sees them."""

from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "lygte.directory.services"
    label = "services"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import problems, recipients  # noqa: F401  (registers what can go wrong)

        recipients.register_all()

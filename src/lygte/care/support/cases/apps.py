"""Cases, as Django sees them."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "lygte.care.support.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import problems, today, wiring  # noqa: F401  (registers problems and what waits today)

        wiring.register_all()

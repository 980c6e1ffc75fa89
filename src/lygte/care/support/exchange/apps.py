"""Exchange of records, as Django sees it."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "lygte.care.support.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import problems, wiring  # noqa: F401  (registers problems, recipients, a panel and what waits)

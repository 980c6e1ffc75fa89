"""The ledger of facts, as Django sees it."""

from django.apps import AppConfig


class FactsConfig(AppConfig):
    name = "lygte.facts"
    label = "facts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import problems  # noqa: F401  (adds to the catalogue)

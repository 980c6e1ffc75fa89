"""The vault, as Django sees it."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "lygte.core.vault"
    label = "vault"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import problems  # noqa: F401  (registers what can go wrong)

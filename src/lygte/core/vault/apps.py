"""The vault, as Django sees it."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "lygte.core.vault"
    label = "vault"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ..members import on_leaving
        from . import checks, jobs, needs, problems, sign_in  # noqa: F401  (registers what each of them names)
        from .keys import leave

        on_leaving(leave)

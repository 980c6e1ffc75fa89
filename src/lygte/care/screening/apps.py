"""Screening of a person by an instrument: the library, readings that nobody keeps, counts without anybody."""

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "lygte.care.screening"
    label = "screening"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lygte.facts.projection import register_projection
        from lygte.facts.register import register_kind

        from . import facts, problems  # noqa: F401  (registers them)

        for kind in facts.KINDS:
            register_kind(kind)
        register_projection(name="screening", facts_of_all=facts.facts_of_all)

"""Public knowledge that every room may use: areas and languages now, services and rights later."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "lygte.directory"
    label = "directory"
    default_auto_field = "django.db.models.BigAutoField"

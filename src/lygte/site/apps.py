"""The front of the house, as Django sees it."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "lygte.site"
    label = "site"

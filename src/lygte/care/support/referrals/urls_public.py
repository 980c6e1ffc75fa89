"""Addresses that need no account: sealed links, and the public table about authorities."""

from django.urls import path

from .views import public

app_name = "handed"
urlpatterns = [
    path("r/<ref:ref>/", public.link, name="link"),
    path("openness/", public.openness, name="openness"),
]

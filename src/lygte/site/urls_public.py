"""Addresses of the pages that belong to no room."""

from django.conf import settings
from django.urls import path

from . import views, views_look

app_name = "site"
urlpatterns = [
    path("", views.front, name="front"),
    path("about/", views.about, name="about"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("theme/", views.theme, name="theme"),
    path("today/", views.today, name="today"),
]
if settings.LYGTE_STYLE_PAGE:
    urlpatterns.append(path("look/", views_look.look, name="look"))

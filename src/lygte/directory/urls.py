"""Addresses of public knowledge."""

from django.urls import path

from . import views

app_name = "directory"
urlpatterns = [path("rights-at-work/<slug:country>/<slug:language>/", views.at_work, name="at_work")]

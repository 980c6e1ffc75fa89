"""Addresses of the app on the phone."""

from django.urls import path

from . import views_field

app_name = "field"
urlpatterns = [
    path("field/", views_field.field_app, name="app"),
    path("field/app.webmanifest", views_field.field_manifest, name="manifest"),
    path("field/<path:name>", views_field.field_app, name="file"),
]

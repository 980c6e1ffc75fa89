"""Addresses of the definitions: what each figure counts."""

from django.urls import path

from . import views

app_name = "facts"
urlpatterns = [
    path("", views.definitions, name="definitions"),
    path("<slug:name>/", views.definition, name="definition"),
]

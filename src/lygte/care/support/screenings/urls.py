"""Addresses of screenings in cases. None lists persons."""

from django.urls import path

from . import views

app_name = "screenings"
urlpatterns = [
    path("keep/", views.keep, name="keep"),
    path("of/<ref:ref>/", views.case, name="case"),
    path("<ref:ref>/remove/", views.remove, name="remove"),
]

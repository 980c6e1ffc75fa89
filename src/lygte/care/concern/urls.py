"""Addresses of signs and second looks. None narrows, sorts or counts places by concern."""

from django.urls import path

from . import views

app_name = "concern"
urlpatterns = [
    path("concern/", views.place_list, name="list"),
    path("concern/rule/", views.rule, name="rule"),
    path("concern/places/<ref:ref>/", views.place, name="place"),
    path("concern/places/<ref:ref>/tell/", views.tell, name="tell"),
    path("concern/signs/<ref:ref>/<slug:what>/", views.sign, name="sign"),
    path("concern/decisions/<ref:ref>/", views.telling, name="telling"),
]

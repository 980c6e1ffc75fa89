"""Addresses about two codes that may be one person, and two values of which one must be chosen."""

from django.urls import path

from . import views

app_name = "duplicates"
urlpatterns = [
    path("", views.pair_list, name="list"),
    path("pair/<ref:ref>/<ref:other>/", views.pair, name="pair"),
    path("pair/<ref:ref>/<ref:other>/apart/", views.apart, name="apart"),
    path("pair/<ref:ref>/<ref:other>/merge/", views.merge, name="merge"),
    path("apart/<ref:ref>/undo/", views.apart_undo, name="apart_undo"),
    path("merge/<ref:ref>/undo/", views.merge_undo, name="merge_undo"),
    path("choose/<ref:ref>/", views.choose_value, name="choose"),
]

"""Addresses of the library of instruments. Nothing here is about anybody; only counts without anybody are kept."""

from django.urls import path

from . import views

app_name = "screening"
urlpatterns = [
    path("instruments/", views.library, name="library"),
    path("instruments/bring/", views.bring, name="bring"),
    path("health-outreach/", views.health_workbook, name="health_workbook"),
    path("counted/<ref:ref>/undo/", views.uncount, name="uncount"),
    path("instruments/<slug:key>/", views.instrument, name="instrument"),
    path("instruments/<slug:key>/workbook", views.workbook, name="workbook"),
    path("instruments/<slug:key>/read/", views.reading, name="reading"),
    path("instruments/<slug:key>/count/", views.count, name="count"),
    path("instruments/<ref:ref>/retire/", views.retire, name="retire"),
    path("value/", views.value, name="value"),
]

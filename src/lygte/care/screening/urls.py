"""Addresses of the library of instruments. Nothing here is about anybody; what is read on these pages is not kept."""

from django.urls import path

from . import views

app_name = "screening"
urlpatterns = [
    path("instruments/", views.library, name="library"),
    path("instruments/<slug:key>/", views.instrument, name="instrument"),
    path("instruments/<slug:key>/workbook", views.workbook, name="workbook"),
    path("instruments/<slug:key>/read/", views.reading, name="reading"),
    path("value/", views.value, name="value"),
]

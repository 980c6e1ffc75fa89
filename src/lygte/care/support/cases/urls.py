"""Addresses of cases. A reference is random; what narrows a list stands behind the question mark."""

from django.urls import path
from django.urls.resolvers import URLPattern

app_name = "cases"
urlpatterns: list[URLPattern] = []
assert path

"""Addresses of services. A reference is random; what narrows the list stands behind the question mark."""

from django.urls import path

from . import views

app_name = "services"
urlpatterns = [
    path("", views.service_list, name="list"),
    path("new/", views.service_add, name="add"),
    path("<ref:ref>/", views.service, name="service"),
    path("<ref:ref>/change/", views.service_change, name="change"),
    path("<ref:ref>/close/", views.service_close, name="close"),
    path("<ref:ref>/reopen/", views.service_reopen, name="reopen"),
]

"""Addresses of check-ins: pages for staff, and two for phones below their token."""

from django.urls import path

from .views import pages, phones

app_name = "checkins"
urlpatterns = [
    path("checkins/", pages.checkin_list, name="list"),
    path("checkins/start/", pages.checkin_start, name="start"),
    path("checkins/<ref:ref>/end/", pages.checkin_end, name="end"),
    path("checkins/<ref:ref>/reached/", pages.checkin_reached, name="reached"),
    path("-/<str:token>/checkins", phones.start, name="phone_start"),
    path("-/<str:token>/checkins/<str:timer>/safe", phones.safe, name="phone_safe"),
]

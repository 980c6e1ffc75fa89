"""Addresses of places and visits. A reference is random; what narrows a list stands behind the question mark."""

from django.urls import path

from .views import places, record, visits

app_name = "outreach"
urlpatterns = [
    path("places/", places.place_list, name="place_list"),
    path("places/new/", places.place_create, name="place_create"),
    path("places/<ref:ref>/", places.place_page, name="place"),
    path("places/<ref:ref>/change/", places.place_change, name="place_change"),
    path("places/<ref:ref>/close/", places.place_close, name="place_close"),
    path("places/<ref:ref>/reopen/", places.place_reopen, name="place_reopen"),
    path("visits/", visits.visit_list, name="visit_list"),
    path("visits/record/", record.visit_record, name="visit_record"),
    path("visits/<ref:ref>/", visits.visit_page, name="visit"),
    path("visits/<ref:ref>/withdraw/", visits.visit_withdraw, name="visit_withdraw"),
    path("visits/<ref:ref>/restore/", visits.visit_restore, name="visit_restore"),
]

"""Addresses about consent. A person's address is a random reference, never the code that is said on the phone."""

from django.urls import path

from .views import glass, hold, person, protection, team

app_name = "consent"
urlpatterns = [
    path("people/alone/", team.alone, name="alone"),
    path("people/emergencies/", glass.reviews, name="reviews"),
    path("people/emergencies/<ref:ref>/", glass.review, name="review"),
    path("people/<ref:ref>/consent/", person.person, name="person"),
    path("people/<ref:ref>/consent/ask/<slug:subject>/", person.ask, name="ask"),
    path("people/<ref:ref>/consent/withdraw/", person.withdraw, name="withdraw"),
    path("people/<ref:ref>/consent/team/", team.team, name="team"),
    path("people/<ref:ref>/consent/team/change/", team.team_change, name="team_change"),
    path("people/<ref:ref>/consent/emergency/", glass.glass, name="glass"),
    path("people/<ref:ref>/consent/hold/", hold.hold, name="hold"),
    path("people/<ref:ref>/consent/hold/confirm/", hold.hold_confirm, name="hold_confirm"),
    path("people/<ref:ref>/consent/hold/end/", hold.hold_end, name="hold_end"),
    path("people/<ref:ref>/consent/erase/", person.erase, name="erase"),
    path("what-we-ask/<slug:language>/", person.paper, name="paper"),
    path("protection/", protection.document, {"name": "article30"}, name="protection_index"),
    path("protection/<slug:name>/", protection.document, name="protection"),
    path("protection/<slug:name>/pdf/", protection.document_pdf, name="protection_pdf"),
]

"""Addresses of rounds, regions and joint controls; which region stands behind the question mark."""

from django.urls import path

from .views import controls, coverage, planning, regions, rounds

app_name = "rounds"
urlpatterns = [
    path("", coverage.season, name="season"),
    path("plan/", planning.plan, name="plan"),
    path("region/", regions.region, name="region"),
    path("coverage/", coverage.coverage, name="coverage"),
    path("joint-controls/", controls.controls, name="controls"),
    path("joint-controls/<ref:ref>/withdraw/", controls.withdraw, name="control_withdraw"),
    path("joint-controls/<ref:ref>/restore/", controls.restore, name="control_restore"),
    path("<ref:ref>/", rounds.round_page, name="round"),
    path("<ref:ref>/change/", planning.change, name="change"),
    path("<ref:ref>/state/<str:state>/", rounds.state, name="state"),
    path("<ref:ref>/move/", rounds.move, name="move"),
]

"""Addresses about files that leave and files that come in."""

from django.urls import path

from .views import coming, going

app_name = "exchange"
urlpatterns = [
    path("", going.home, name="home"),
    path("person/<ref:ref>/", going.person, name="person"),
    path("person/<ref:ref>/for/<ref:service>/", going.fields, name="fields"),
    path("out/", going.several, name="several"),
    path("out/<ref:ref>/", going.takeout, name="takeout"),
    path("out/<ref:ref>/confirm/", going.confirm, name="confirm"),
    path("out/<ref:ref>/refuse/", going.refuse, name="refuse"),
    path("out/<ref:ref>/file/", going.make, name="make"),
    path("in/", coming.choose, name="choose"),
    path("in/table/", coming.table, name="table"),
    path("in/person/", coming.own_file, name="own_file"),
]

"""Addresses about one's own organisation."""

from django.urls import path

from . import views

app_name = "core"
urlpatterns = [
    path("members/", views.member_list, name="member_list"),
    path("members/add/", views.member_add, name="member_add"),
    path("members/<ref:ref>/link/", views.member_link, name="member_link"),
    path("members/<ref:ref>/remove/", views.member_remove, name="member_remove"),
    path("members/invitations/<ref:ref>/withdraw/", views.invitation_withdraw, name="invitation_withdraw"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("password/<str:token>/", views.password, name="password"),
    path("switch/", views.switch, name="switch"),
    path("log/", views.log, name="log"),
    path("log/verify/", views.log_verify, name="log_verify"),
    path("all/", views.organisations, name="organisations"),
    path("all/verify/", views.verify_all, name="verify_all"),
]

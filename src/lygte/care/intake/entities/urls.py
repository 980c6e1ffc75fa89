"""The addresses of lists: pages for staff below `intake/lists/`, and what phones ask, in both of their ways."""

from django.urls import path

from . import views

app_name = "entities"
urlpatterns = [
    path("intake/lists/", views.list_list, name="list_list"),
    path("intake/lists/not-written/", views.feed_list, name="feed_list"),
    path("intake/lists/not-written/<ref:ref>/", views.feed, name="feed"),
    path("intake/lists/provided/<slug:name>/", views.provided_switch, name="provided_switch"),
    path("intake/lists/<ref:ref>/", views.list_page, name="list"),
    path("intake/lists/<ref:ref>/declare/", views.list_change, name="list_change"),
    path("intake/lists/<ref:ref>/csv", views.list_csv, name="list_csv"),
    path("intake/entries/<ref:ref>/", views.entity_page, name="entity"),
    path("intake/entries/<ref:ref>/decide/", views.entity_decide, name="entity_decide"),
    path("intake/entries/<ref:ref>/delete/", views.entity_delete, name="entity_delete"),
    path("intake/entries/<ref:ref>/restore/", views.entity_restore, name="entity_restore"),
    path("intake/entries/<ref:ref>/assign/", views.entity_assign, name="entity_assign"),
    path("-/<str:token>/lists/<str:name>/integrity", views.integrity, name="phone_integrity"),
    path("openrosa/lists/<str:name>/integrity", views.integrity, name="login_integrity"),
]

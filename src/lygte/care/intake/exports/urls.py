"""The addresses of exports: pages for coordinators, and feeds for spreadsheets."""

from __future__ import annotations

from django.urls import path

from .views import feeds, pages

app_name = "exports"

urlpatterns = [
    path("intake/forms/<ref:ref>/tables/", pages.tables, name="tables"),
    path("intake/forms/<ref:ref>/tables/download", pages.download, name="download"),
    path("intake/forms/<ref:ref>/feeds/", pages.feed_make, name="feed_make"),
    path("intake/feeds/<ref:ref>/close/", pages.feed_close, name="feed_close"),
    path("odata/<ref:ref>.svc", feeds.service, name="service"),
    path("odata/<ref:ref>.svc/", feeds.service, name="service_slash"),
    path("odata/<ref:ref>.svc/$metadata", feeds.metadata, name="metadata"),
    path("odata/<ref:ref>.svc/<path:rest>", feeds.resource, name="resource"),
]

"""Addresses of the locked part: open it, shut it, who holds its key, the papers."""

from django.urls import path

from . import views, views_papers

app_name = "vault"
urlpatterns = [
    path("", views.keys, name="keys"),
    path("tiers/", views.tiers, name="tiers"),
    path("open/", views.unlock, name="unlock"),
    path("shut/", views.shut_now, name="shut"),
    path("mine/", views.make, name="make"),
    path("mine/former-password/", views.former_password, name="former_password"),
    path("set-up/", views_papers.begin, name="set_up"),
    path("papers/", views_papers.papers, name="papers"),
    path("papers/file/", views_papers.paper_file, name="paper_file"),
    path("papers/new/", views_papers.new_papers, name="new_papers"),
    path("papers/test/", views_papers.papers_test, name="papers_test"),
    path("papers/recover/", views_papers.recovering, name="recover"),
    path("renew/", views_papers.renewing, name="renew"),
    path("<ref:ref>/in/", views.letting_in, name="let_in"),
    path("<ref:ref>/out/", views.shutting_out, name="shut_out"),
]

"""Addresses of the trials room, under /trials/."""

from django.urls import path

from .views import parts, plans, results

app_name = "trials"

urlpatterns = [
    path("", plans.trial_list, name="list"),
    path("new/", plans.trial_new, name="new"),
    path("<ref:ref>/", plans.trial, name="trial"),
    path("<ref:ref>/change/", plans.trial_change, name="change"),
    path("<ref:ref>/smallest/", plans.smallest, name="smallest"),
    path("<ref:ref>/register/", plans.register, name="register"),
    path("<ref:ref>/amend/", plans.amend, name="amend"),
    path("<ref:ref>/stop/", plans.stop, name="stop"),
    path("<ref:ref>/invite/", parts.invite_party, name="invite"),
    path("parts/<ref:ref>/take-back/", parts.take_back_party, name="take_back"),
    path("parts/<ref:ref>/answer/", parts.answer_party, name="answer"),
    path("<ref:ref>/schedule/", results.schedule, name="schedule"),
    path("<ref:ref>/schedule.csv", results.schedule_csv, name="schedule_csv"),
    path("<ref:ref>/work-out/", results.issue, name="issue"),
    path("results/<ref:ref>/", results.result, name="result"),
    path("results/<ref:ref>/<slug:language>.pdf", results.paper, name="paper"),
]

"""Addresses of cases. A reference is random; what narrows a list stands behind the question mark."""

from django.urls import path

from .views import calendar, cases, lists, opening, records

app_name = "cases"
urlpatterns = [
    path("", lists.case_list, name="case_list"),
    path("open/", opening.case_open, name="open"),
    path("my-day/", lists.my_day, name="my_day"),
    path("deadlines/", lists.deadlines, name="deadlines"),
    path("calendar/make/", calendar.feed_make, name="feed_make"),
    path("calendar/revoke/", calendar.feed_revoke, name="feed_revoke"),
    path("calendar/<str:token>.ics", calendar.calendar, name="calendar"),
    path("<ref:ref>/", cases.case, name="case"),
    path("<ref:ref>/notes/", cases.notes, name="notes"),
    path("<ref:ref>/about/", cases.about, name="about"),
    path("<ref:ref>/measures/", cases.measures, name="measures"),
    path("<ref:ref>/dates/", cases.dates, name="dates"),
    path("<ref:ref>/change/", cases.change, name="change"),
    path("<ref:ref>/close/", cases.close, name="close"),
    path("<ref:ref>/reopen/", cases.reopen, name="reopen"),
    path("<ref:ref>/look/", cases.look, name="look"),
    path("<ref:ref>/new/<slug:kind>/", records.new, name="new"),
    path("records/<slug:kind>/<ref:ref>/", records.change, name="record"),
    path("records/<slug:kind>/<ref:ref>/remove/", records.remove, name="remove"),
    path("goals/<ref:ref>/state/", records.goal_state, name="goal_state"),
    path("steps/<ref:ref>/state/", records.step_state, name="step_state"),
    path("dates/<ref:ref>/extend/", records.deadline_extend, name="deadline_extend"),
    path("dates/<ref:ref>/end/", records.deadline_end, name="deadline_end"),
    path("dates/<ref:ref>/reopen/", records.deadline_reopen, name="deadline_reopen"),
]

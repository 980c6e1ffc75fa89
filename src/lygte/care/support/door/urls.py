"""Addresses of the door. The person's own say nothing of what they are: they stand in a history that others may read."""

from django.urls import path

from .views import choices, entry, own, staff, write

app_name = "door"
urlpatterns = [
    path("mine/", entry.enter, name="enter"),
    path("mine/out/", entry.out, name="out"),
    path("mine/leave/", entry.leave, name="leave"),
    path("mine/start/", own.home, name="home"),
    path("mine/list/", own.seen, name="seen"),
    path("mine/all/", own.record, name="record"),
    path("mine/write/", write.write, name="write"),
    path("mine/remove/", own.remove, name="remove"),
    path("mine/yes/", choices.agreed, name="agreed"),
    path("mine/yes/back/", choices.no_longer, name="no_longer"),
    path("mine/file/", choices.take, name="take"),
    path("mine/end/", choices.end, name="end"),
    path("mine/keep/", choices.keep, name="keep"),
    path("mine/paper/", own.end_paper, name="end_paper"),
    path("people/<ref:ref>/paper/", staff.slip_make, name="slip_make"),
    path("people/<ref:ref>/paper/file/", staff.slip_file, name="slip_file"),
    path("people/<ref:ref>/paper/end/", staff.slip_end, name="slip_end"),
    path("people/<ref:ref>/seen/", staff.seen_by, name="seen_by"),
    path("people/<ref:ref>/words/", staff.words, name="words"),
    path("people/words/<ref:ref>/answer/", staff.answer, name="answer"),
]

"""Addresses of online outreach. What is typed into these pages is in no address."""

from django.urls import path

from .views import batches, messages, opt_outs, reach

app_name = "netreach"
urlpatterns = [
    path("netreach/", batches.batch_list, name="list"),
    path("netreach/compose/", batches.compose_page, name="compose"),
    path("netreach/opt-out/", opt_outs.opt_out, name="opt_out"),
    path("netreach/reach/", reach.funnel, name="funnel"),
    path("netreach/messages/", messages.message_list, name="messages"),
    path("netreach/messages/<ref:ref>/", messages.message_page, name="message"),
    path("netreach/messages/<ref:ref>/publish/", messages.message_publish, name="message_publish"),
    path("netreach/<ref:ref>/", batches.batch_page, name="batch"),
    path("netreach/<ref:ref>/take-back/", batches.batch_take_back, name="take_back"),
    path("stop/", opt_outs.stop, name="stop"),  # stands in messages, so it is short
]

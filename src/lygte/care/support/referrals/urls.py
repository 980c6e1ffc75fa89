"""Addresses of referrals and disclosures. A reference is random, and nothing secret stands in an address."""

from django.urls import path

from .views import authorities, inbox, sending

app_name = "referrals"
urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<ref:ref>/", inbox.package, name="package"),
    path("inbox/<ref:ref>/answer/", inbox.answer, name="answer"),
    path("inbox/<ref:ref>/deleted/", inbox.deleted, name="deleted"),
    path("recalls/", sending.recalls, name="recalls"),
    path("people/<ref:ref>/", sending.person_list, name="person"),
    path("people/<ref:ref>/send/", sending.send, name="send"),
    path("people/<ref:ref>/send/<ref:service>/", sending.write, name="write"),
    path("people/<ref:ref>/authority/", authorities.disclose, name="disclose"),
    path("authorities/", authorities.register, name="register"),
    path("authorities/refused/", authorities.request_refused, name="request_refused"),
    path("authorities/<ref:ref>/", authorities.disclosure, name="disclosure"),
    path("authorities/<ref:ref>/confirm/", authorities.confirm, name="disclosure_confirm"),
    path("authorities/<ref:ref>/refuse/", authorities.refuse, name="disclosure_refuse"),
    path("authorities/<ref:ref>/paper/", authorities.paper, name="disclosure_paper"),
    path("<ref:ref>/", sending.referral, name="referral"),
    path("<ref:ref>/noted/", sending.noted, name="noted"),
    path("<ref:ref>/revoke/", sending.revoke, name="revoke"),
]

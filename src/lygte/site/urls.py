"""Every address of the site. Each view carries a verb or says that it is public, or nothing starts."""

from django.urls import include, path
from django.views.i18n import set_language

from lygte.core.access import public

urlpatterns = [
    path("", include("lygte.site.urls_public")),
    path("account/", include("lygte.site.accounts")),
    path("language/", public(set_language), name="set_language"),
    path("organisation/", include("lygte.core.urls")),
    path("keys/", include("lygte.core.vault.urls")),
    path("", include("lygte.core.consent.urls")),
    path("facts/", include("lygte.facts.urls")),
    path("", include("lygte.directory.urls")),
    path("services/", include("lygte.directory.services.urls")),
    path("programme/", include("lygte.knowledge.programme.urls")),
    path("trials/", include("lygte.knowledge.trials.urls")),
    path("", include("lygte.care.outreach.urls")),
    path("", include("lygte.care.concern.urls")),
    path("rounds/", include("lygte.care.rounds.urls")),
    path("screening/", include("lygte.care.screening.urls")),
    path("", include("lygte.care.checkins.urls")),
    path("", include("lygte.care.netreach.urls")),
    path("cases/", include("lygte.care.support.cases.urls")),
    path("screenings/", include("lygte.care.support.screenings.urls")),
    path("same/", include("lygte.care.support.duplicates.urls")),
    path("referrals/", include("lygte.care.support.referrals.urls")),
    path("", include("lygte.care.support.referrals.urls_public")),
    path("exchange/", include("lygte.care.support.exchange.urls")),
    path("", include("lygte.care.support.door.urls")),
    path("", include("lygte.care.intake.exports.urls")),
    path("", include("lygte.care.intake.entities.urls")),
    path("", include("lygte.care.intake.urls")),
    path("", include("lygte.site.urls_field")),  # last: its files may have any name
]

handler400 = "lygte.site.views.bad_request"
handler403 = "lygte.site.views.forbidden"
handler404 = "lygte.site.views.not_found"
handler500 = "lygte.site.views.server_error"

"""Every address of the site. Each view carries a verb or says that it is public, or nothing starts."""

from importlib.util import find_spec

from django.urls import include, path
from django.views.i18n import set_language

from lygte.core.access import public

ROOMS = [
    ("", "lygte.site.urls_public"),
    ("account/", "lygte.site.accounts"),
    ("organisation/", "lygte.core.urls"),
    ("facts/", "lygte.facts.urls"),
    ("", "lygte.care.intake.urls"),
    ("", "lygte.care.outreach.urls"),
    ("programme/", "lygte.knowledge.programme.urls"),
]
# TEMPORARY filter while the rooms are being built
urlpatterns = [path("language/", public(set_language), name="set_language")] + [
    path(prefix, include(module))
    for prefix, module in ROOMS
    if find_spec(module)
    and not any(app and module.startswith(app) for app in __import__("os").environ.get("LYGTE_WITHOUT", "").split(","))
]

handler400 = "lygte.site.views.bad_request"
handler403 = "lygte.site.views.forbidden"
handler404 = "lygte.site.views.not_found"
handler500 = "lygte.site.views.server_error"

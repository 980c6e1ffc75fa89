"""What the web server calls."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lygte.site.settings")
application = get_wsgi_application()

from lygte.core import durability  # noqa: E402 (needs Django set up)
from lygte.core.consent import startup as consent  # noqa: E402
from lygte.core.vault import startup as vault  # noqa: E402

durability.require_durable()
vault.before_serving()
consent.before_serving()

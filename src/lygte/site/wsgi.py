"""What the web server calls."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lygte.site.settings")
application = get_wsgi_application()

from lygte.core.consent.startup import before_serving  # noqa: E402 (needs Django set up)

before_serving()

"""What granian calls: Django behind the doorway."""

from __future__ import annotations

from .wsgi import application as django_application  # isort: skip (sets Django up)
from .doorway import Doorway

application = Doorway(django_application)

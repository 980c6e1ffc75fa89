"""The product's settings for a server of its own: static files as they lie, hashes that cost little."""

from lygte.site.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LYGTE_STRETCH = (1, 8192)
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}

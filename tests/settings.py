"""The product's settings, with a data folder of its own: tests never touch somebody's real one."""

import os
import tempfile

MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 (a disk in memory, where there is one)
os.environ["LYGTE_DATA_DIR"] = tempfile.mkdtemp(prefix="lygte-test-", dir=MEMORY)
os.environ["LYGTE_KEYS_DIR"] = os.environ["LYGTE_DATA_DIR"] + "-keys"
os.environ.setdefault("LYGTE_SECRET_KEY", "only for tests")
os.environ["LYGTE_LOG_LEVEL"] = "DEBUG"  # everything that could ever be logged is listened to (secrets_in_logs.py)
os.environ["LYGTE_STYLE_PAGE"] = "1"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps an event loop running beside the tests

from lygte.site.settings import *
from lygte.site.settings import DATA_DIR, STATIC_ROOT, STORAGES

STATIC_ROOT.mkdir(parents=True, exist_ok=True)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the real one is slow on purpose
LYGTE_STRETCH = LYGTE_HANDLE_STRETCH = (1, 8192)  # likewise
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
CACHES = {
    "default": {**CACHES["default"], "BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": ""},
}
assert "lygte-test-" in str(DATA_DIR)
LOGGING["handlers"]["stderr"]["level"] = "WARNING"
# Django's server for tests hands out files of MEDIA_ROOT at MEDIA_URL; empty, both mean: this whole folder, at "/".
MEDIA_URL, MEDIA_ROOT = "/no-such-files/", str(DATA_DIR / "no-such-files")

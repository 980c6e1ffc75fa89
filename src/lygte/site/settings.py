"""All settings, from the environment, with defaults that are safe on one machine.

Variables are named LYGTE_*; docs/running.md lists them. `LYGTE_DATABASE_URL` chooses SQLite or PostgreSQL.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

PACKAGE = Path(__file__).resolve().parent.parent


def _flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, str(int(default))).lower() in {"1", "true", "yes", "on"}


DATA_DIR = Path(os.environ.get("LYGTE_DATA_DIR", PACKAGE.parent.parent / "var")).resolve()
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
ATTACHMENTS_DIR = DATA_DIR / "attachments"
# Keys of epochs lie beside the data folder, never in it: who copies the data for a backup must not take them along.
LYGTE_KEYS_DIR = Path(os.environ.get("LYGTE_KEYS_DIR", DATA_DIR.with_name(DATA_DIR.name + "-keys"))).resolve()


def _secret_key() -> str:
    """Return the key of the environment, or one made once for this data folder and readable by its owner only."""
    if given := os.environ.get("LYGTE_SECRET_KEY"):
        return given
    path = DATA_DIR / "secret_key"
    if not path.exists():
        fresh = path.with_name(f"secret_key.{os.getpid()}")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
        with suppress(FileExistsError):  # another process was quicker: its key is the key
            os.link(fresh, path)  # whole or not at all
        fresh.unlink()
    key = path.read_text().strip()
    if len(key) < 50:
        raise ImproperlyConfigured(
            f"{path} is too short for a secret key. Remove it: a new one is made at the next start."
        )
    return key


SECRET_KEY = _secret_key()
DEBUG = False
HTTPS = _flag("LYGTE_HTTPS")
ALLOWED_HOSTS = os.environ.get("LYGTE_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if HTTPS and host != "*"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_cotton",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "lygte.core",
    "lygte.core.vault",
    "lygte.core.consent",
    "lygte.core.merging",
    "lygte.directory",
    "lygte.directory.services",
    "lygte.facts",
    "lygte.care.intake",
    "lygte.care.intake.exports",
    "lygte.care.intake.entities",
    "lygte.care.outreach",
    "lygte.care.concern",
    "lygte.care.rounds",
    "lygte.care.checkins",
    "lygte.care.netreach",
    "lygte.care.screening",
    "lygte.care.support.cases",
    "lygte.care.support.screenings",
    "lygte.care.support.duplicates",
    "lygte.care.support.referrals",
    "lygte.care.support.exchange",
    "lygte.care.support.door",
    "lygte.knowledge.programme",
    "lygte.knowledge.trials",
    "lygte.site",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "lygte.core.devices.DeviceMiddleware",
    "lygte.core.middleware.MemberMiddleware",
    "lygte.core.vault.middleware.KeyringMiddleware",
    "lygte.core.middleware.ProblemMiddleware",
]

ROOT_URLCONF = "lygte.site.urls"
WSGI_APPLICATION = "lygte.site.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "site" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "lygte.site.context_processors.lygte",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
        },
    }
]


def _database() -> dict[str, Any]:
    url = os.environ.get("LYGTE_DATABASE_URL", f"sqlite:///{DATA_DIR / 'lygte.sqlite3'}")
    database: dict[str, Any] = dict(dj_database_url.parse(url))
    if database["ENGINE"].endswith("sqlite3"):
        database["CONN_MAX_AGE"] = None  # opening the file anew for each request cost a third of a submission's time
        database["OPTIONS"] = {
            # IMMEDIATE, or concurrent submissions fail as "locked"; FULL, since phones delete their copy after our 201.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; "
            "PRAGMA cache_size=-64000; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;",
        }
        database["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}  # a file: many connections see the same one
    else:
        # Where the database is away, a phone hears so in five seconds; where it is back, nobody meets a dead connection.
        database.setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 10, "timeout": 5}
        database["CONN_HEALTH_CHECKS"] = True
    return database


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "lygte_cache",
        # Limits on guessing are counted here. Django's own 300 entries would let a few hundred addresses wash them out.
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    },
}
SILENCED_SYSTEM_CHECKS = [] if HTTPS else ["security.W004", "security.W008", "security.W012", "security.W016"]

# People ------------------------------------------------------------
AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "site:today"
ACCOUNT_ADAPTER = "lygte.core.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "lygte.core.adapters.SocialAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "site:front"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_FORMS = {
    "login": "lygte.core.vault.sign_in.SignInForm",
    "change_password": "lygte.core.vault.sign_in.PasswordChangeForm",
}
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,20/h/key",
    "reauthenticate": "10/m/user,20/h/user",
    "change_password": "5/m/user,20/h/user",
    "unlock": "5/m/user,20/h/user",  # tries at the passphrase of one's key
}
# allauth asks who the client is for its rate limits; behind a proxy say how many there are.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("LYGTE_PROXIES", "0"))
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Lygte"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
SOCIALACCOUNT_PROVIDERS = {}
if os.environ.get("LYGTE_OIDC_SERVER"):
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "oidc",
                "name": os.environ.get("LYGTE_OIDC_NAME", "OpenID Connect"),
                "client_id": os.environ["LYGTE_OIDC_CLIENT"],
                "secret": os.environ["LYGTE_OIDC_SECRET"],
                "settings": {"server_url": os.environ["LYGTE_OIDC_SERVER"]},
            }
        ]
    }
    SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
    SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_LOGIN_ON_GET = False

SESSION_COOKIE_AGE = LYGTE_SESSION_SECONDS = 8 * 3600  # counted from the sign-in, however busy the session is
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "lygte.site.views.csrf_failure"
LYGTE_IDLE_SECONDS = int(os.environ.get("LYGTE_IDLE_MINUTES", "15")) * 60

# What browsers may do ------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [NONE],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _flag("LYGTE_BEHIND_PROXY") else None
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS

# Language and time ------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("da", _("Danish")), ("nl", _("Dutch"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = USE_TZ = True
FORMAT_MODULE_PATH = ["lygte.site.formats"]
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = os.environ.get("LYGTE_TIME_ZONE", "Europe/Copenhagen")
LANGUAGE_COOKIE_NAME = "language"

# Files ------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("LYGTE_STATIC_DIR", DATA_DIR / "static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 31536000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000

# Lygte ------------------------------------------------------------
LYGTE_STRETCH = (3, 64 * 1024 * 1024)  # passes and bytes of Argon2id for passphrases: about a third of a second
# Likewise for the mark of somebody who wants no message: less memory, since a batch has many. Kept beside the key it was made with.
LYGTE_HANDLE_STRETCH = (3, 32 * 1024 * 1024)
# Whether the worker turns the epoch of keys when its 30 days are over, or only says that somebody must.
LYGTE_TURN_EPOCH = os.environ.get("LYGTE_TURN_EPOCH", "by itself")
# Lygte mails nobody unless this is set, and then only: "please look". No name, no place, no reason.
LYGTE_MAIL_FROM = os.environ.get("LYGTE_MAIL_FROM", "")
EMAIL_HOST = os.environ.get("LYGTE_MAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("LYGTE_MAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("LYGTE_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("LYGTE_MAIL_PASSWORD", "")
EMAIL_USE_TLS = _flag("LYGTE_MAIL_TLS")
EMAIL_TIMEOUT = 20
LYGTE_EXIT_URL = os.environ.get("LYGTE_EXIT_URL", "https://www.yr.no/")
LYGTE_STYLE_PAGE = _flag("LYGTE_STYLE_PAGE")
LYGTE_DEMO = _flag("LYGTE_DEMO")
# An update from a phone without a signal waits this long for the one before it.
LYGTE_ENTITY_BACKLOG_DAYS = int(os.environ.get("LYGTE_ENTITY_BACKLOG_DAYS", "5"))
LYGTE_PLACE_UNVISITED_DAYS = int(os.environ.get("LYGTE_PLACE_UNVISITED_DAYS", "90"))
LYGTE_OLDEST_VISIT_DAYS = int(os.environ.get("LYGTE_OLDEST_VISIT_DAYS", "400"))

# No addresses of visitors anywhere: the log says what broke, not who came.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LYGTE_LOG_LEVEL", "WARNING")},
    "loggers": {"django.request": {"level": "ERROR"}, "django.security.DisallowedHost": {"level": "CRITICAL"}},
}

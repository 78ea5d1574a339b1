"""All settings, read once from the environment. docs/settings.md lists every variable.

`PARTNERDESK_ENV` is `production` unless said otherwise, and production refuses to start with DEBUG, with a weak
secret or with the demo: a forgotten variable fails towards safety.
"""

from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

django_stubs_ext.monkeypatch()  # lets `ModelForm[Ticket]` be written at run time

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent

ENVIRONMENT = env.str("PARTNERDESK_ENV", default="production")
if ENVIRONMENT not in {"production", "local", "test"}:
    raise ImproperlyConfigured(f"PARTNERDESK_ENV must be production, local or test, not {ENVIRONMENT!r}.")
PRODUCTION = ENVIRONMENT == "production"

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")

if PRODUCTION:
    if DEBUG:
        raise ImproperlyConfigured("DEBUG is on. Production does not start with it: unset DEBUG.")
    if DEMO:
        raise ImproperlyConfigured("DEMO is on. Its logins have a published password: unset DEMO.")
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5:
        raise ImproperlyConfigured(
            "SECRET_KEY must be a random text of 50 characters or more. Make one with: "
            "python -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
elif not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is empty. `make run` and `make test` set one; set it for other commands.")

# Where the portal is reached. Mail is written outside of any request and needs it too.
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
STATUS_PAGE_URL = env.str("STATUS_PAGE_URL", default="https://status.retarus.io/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[urlsplit(SITE_URL).hostname or "localhost"])
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL.startswith("https://") else []

INSTALLED_APPS = [
    "partnerdesk.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "mailroom",
    "contacts",
    "kb",
    "tickets",
    "reports",
]

MIDDLEWARE = [
    "partnerdesk.logs.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "contacts.middleware.WhoAsksMiddleware",
    "contacts.middleware.ReaderMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "partnerdesk.limits.RequestLimitMiddleware",
    "partnerdesk.limits.RequestTextMiddleware",
]

ROOT_URLCONF = "partnerdesk.urls"
WSGI_APPLICATION = "partnerdesk.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "contacts.context.reader",
                "kb.context.notices",
            ],
            "builtins": ["django.templatetags.i18n"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- data -----------------------------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL")}
if DATABASES["default"].get("ENGINE") != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must name a Postgres: postgres://user:password@host:5432/database")
DATABASES["default"] |= {
    "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),  # a new connection costs more than most pages
    "CONN_HEALTH_CHECKS": True,
    "TEST": {"TEMPLATE": "template0"},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The cache counts sign-in attempts and nothing else. It lives in Postgres, so a Redis that is down locks nobody out.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(BASE_DIR / ".state" / "attachments")))
ATTACHMENT_MAX_BYTES = 25 * 1024 * 1024
ATTACHMENTS_MAX_COUNT = 10
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024  # typed and pasted text; files stream to disk and have their own limit
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000  # fifty rows of evidence with every column, and the rest of the form
DATA_UPLOAD_MAX_NUMBER_FILES = ATTACHMENTS_MAX_COUNT + 1  # and the one that evidence is read from
REQUEST_MAX_BYTES = ATTACHMENTS_MAX_COUNT * ATTACHMENT_MAX_BYTES + DATA_UPLOAD_MAX_MEMORY_SIZE
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# --- who signs in ---------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "contacts.User"
AUTHENTICATION_BACKENDS = ["contacts.backend.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
if ENVIRONMENT == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a slow hash is no part of what tests show
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "contacts.passwords.OwnWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
SESSION_ENGINE = "contacts.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60  # one shift; the session ends with it, used or not
INVITATION_DAYS = 7

ACCOUNT_ADAPTER = "contacts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address is verified by the invitation that was sent to it
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail ever goes to an address that is not a login's
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or second factor is told to its owner
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "change_password": "5/m/user",
}
# How many proxies stand in front: without it every reader behind one would share its address in the limits above.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1 if PRODUCTION else 0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

# --- language and time ----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- files of the pages ---------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / ".state" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "partnerdesk.assets.BootstrapFinder",
]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ALLOW_ALL_ORIGINS = False  # they are for our own pages; no other site is invited to read them
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if ENVIRONMENT == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
        "OPTIONS": {"file_permissions_mode": 0o644},  # public; in the image another account reads what root collected
    },
}
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# --- what the browser may do ----------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap draws its checkmarks and arrows as data: images
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked over plain HTTP from inside
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # the proxy must set it on every request
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"

# --- worker, clock, mail --------------------------------------------------------------------------------------------

CELERY_BROKER_URL = env.str("REDIS_URL", default="redis://localhost:6379/0")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # for ever: Celery's hundred would end a worker within the hour
# The worker's own line to the broker: it listens for minutes, and notices within a minute when the line is dead.
# Pages never speak to the broker themselves (mailroom.wake does, beside them, with two seconds of patience).
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 30,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 25,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "end what has its last day": {"task": "contacts.tasks.expire", "schedule": 3600.0, "options": {"expires": 3600}},
    "send what is due": {"task": "mailroom.tasks.deliver", "schedule": 20.0, "options": {"expires": 20}},
    "remind of webinars": {"task": "contacts.tasks.remind", "schedule": 600.0, "options": {"expires": 600}},
    "warn of closing gates": {"task": "contacts.tasks.warn", "schedule": 3600.0, "options": {"expires": 3600}},
    "fetch what has come": {"task": "mailroom.tasks.fetch", "schedule": 60.0, "options": {"expires": 60}},
    "read what came": {"task": "mailroom.tasks.read", "schedule": 20.0, "options": {"expires": 20}},
    "notice what is overdue": {"task": "tickets.tasks.sweep", "schedule": 60.0, "options": {"expires": 60}},
    "tell what is new on known issues": {"task": "tickets.tasks.tell", "schedule": 10.0, "options": {"expires": 10}},
    "settle what nobody objected to": {"task": "tickets.tasks.settle", "schedule": 60.0, "options": {"expires": 60}},
    "tidy up": {"task": "tickets.tasks.tidy", "schedule": 3600.0, "options": {"expires": 3600}},
    "forget sessions": {"task": "contacts.tasks.forget_sessions", "schedule": crontab(hour="3", minute="10")},
}

vars().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=30)  # seconds for one mail, from the first word to the server's last
MAIL_RETRY_SECONDS = env.int("MAIL_RETRY_SECONDS", default=30)  # after the first failure; doubles up to an hour
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="PartnerDesk <support@desk.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_DOMAIN = env.str("MAIL_DOMAIN", default="desk.example")  # the right-hand side of every Message-ID

# Where mail comes in. Each may be empty: then nothing is fetched there.
INBOUND_IMAP_URL = env.str("INBOUND_IMAP_URL", default="")
if INBOUND_IMAP_URL and urlsplit(INBOUND_IMAP_URL).scheme not in {"imaps", "imap+starttls", "imap"}:
    raise ImproperlyConfigured("INBOUND_IMAP_URL must be like imaps://user:password@host:993/INBOX")
if PRODUCTION and INBOUND_IMAP_URL.startswith("imap:"):
    raise ImproperlyConfigured(
        "INBOUND_IMAP_URL would send its password in the clear: use imaps:// or imap+starttls://"
    )
INBOUND_MAILDIR = env.str("INBOUND_MAILDIR", default="")
# The names our own mail servers sign with: only their word counts on whether a sender is who From says.
INBOUND_AUTH_SERVERS = [name.lower() for name in env.list("INBOUND_AUTH_SERVERS", default=[])]

LOGGING_CONFIG = "partnerdesk.logs.configure"
LOGGING = {"level": env.str("LOG_LEVEL", default="INFO")}

"""Django's settings; what differs between places comes from the environment."""

from __future__ import annotations

import os
from pathlib import Path

from lingtan_web.environment import read_environment
from lingtan_web.settings.limits import (  # noqa: F401
    API_READS_PER_MINUTE,
    API_WRITES_PER_MINUTE,
    WEBHOOK_LOOPBACK,
)
from lingtan_web.settings.logs import build_logging
from lingtan_web.settings.sign_on import openid_connect_apps

ENVIRONMENT = read_environment()
PACKAGE = Path(__file__).resolve().parent.parent
HOME = ENVIRONMENT.home

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = False
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
ROOT_URLCONF = "lingtan_web.urls"
WSGI_APPLICATION = "lingtan_web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "lingtan_web",
    "lingtan_web.organisations",
    "lingtan_web.audit",
    "lingtan_web.parks",
    "lingtan_web.dossiers",
    "lingtan_web.evidence",
    "lingtan_web.process",
    "lingtan_web.notices",
    "lingtan_web.assessments",
    "lingtan_web.documents",
    "lingtan_web.reviews",
    "lingtan_web.certificates",
    "lingtan_web.trials",
    "lingtan_web.readings",
    "lingtan_web.webhooks",
    "lingtan_web.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lingtan_web.metrics.counted",
    "lingtan_web.middleware.request_marks",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lingtan_web.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "lingtan_web.middleware.Gate",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "lingtan_web.context.surroundings",
            ],
            "builtins": ["lingtan_web.templatetags.lingtan"],
        },
    }
]

DATABASES = {"default": ENVIRONMENT.database}
if os.environ.get("LINGTAN_AS_OWNER") == "1" and ENVIRONMENT.owner:
    DATABASES = {"default": ENVIRONMENT.owner}  # tables are made and changed by their owner only

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},  # each dossier has one; 300 is the usual
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "ENQUEUE_ON_COMMIT": False}}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # files go to our own store
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

FILE_UPLOAD_TEMP_DIR = str(HOME)
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_HANDLERS = ["lingtan_web.evidence.receiving.LimitedUploadHandler"]
SCANNER = os.environ.get("LINGTAN_SCANNER", "")  # see lingtan_web.evidence.scanning
DATA_UPLOAD_MAX_MEMORY_SIZE = 9_000_000  # above a push of readings, which is refused with its reason
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

# Who one is.
AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "lingtan_web.organisations.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "lingtan_web.organisations.adapters.SignOnAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation sent to the address has verified it
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_PREVENT_ENUMERATION = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Lingtan"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ENVIRONMENT.is_https
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": openid_connect_apps()}}
SOCIALACCOUNT_LOGIN_ON_GET = False
USERSESSIONS_TRACK_ACTIVITY = False

# What a browser is told.
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.is_https
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "lingtan_web.pages.refused_form"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ENVIRONMENT.hosts] if ENVIRONMENT.is_https else []
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.is_https else 0
if ENVIRONMENT.proxies:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SILENCED_SYSTEM_CHECKS = ["security.W008", "security.W012", "security.W016"]  # by LINGTAN_HTTPS

SCHEME = ENVIRONMENT.scheme  # see lingtan_web.certificates.scheme
SITE_ADDRESS = os.environ.get("LINGTAN_ADDRESS", "").rstrip("/")  # of links in letters; blank: none

LOGGING = build_logging()

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("LINGTAN_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("LINGTAN_SMTP_PORT", "25") or 25)
EMAIL_HOST_USER = os.environ.get("LINGTAN_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("LINGTAN_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("LINGTAN_SMTP_TLS", "") == "1"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("LINGTAN_MAIL_FROM", "lingtan@localhost")
if not EMAIL_HOST:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(HOME / "mail")

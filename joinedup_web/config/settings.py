"""Django settings, from the environment. Nothing secret stands here; `environment.refusals` checks production."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from csp.constants import NONCE, NONE, SELF

from joinedup_web.config.environment import Environment
from joinedup_web.organisations.identity.services import read_services
from joinedup_web.organisations.letters.server import mail_settings

ENVIRONMENT = Environment.read()
HERE = Path(__file__).resolve().parent.parent
_origin = urlsplit(ENVIRONMENT.origin)
_secure = _origin.scheme == "https"


def database(url: str) -> dict[str, Any]:
    """A database address as Django has it; a query such as ?host= names the folder of a socket."""
    parts = urlsplit(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": True,  # a view that fails keeps nothing, though a page is made of the failure
        "OPTIONS": {**query, "application_name": "joinedup"},
        "TEST": {"NAME": parts.path.lstrip("/")},
    }


DEBUG = ENVIRONMENT.debug
DEMO = ENVIRONMENT.demo
ORIGIN = ENVIRONMENT.origin
SECRET_KEY = ENVIRONMENT.secret_key or "only-for-commands-that-serve-nobody"
ALLOWED_HOSTS = [_origin.hostname or "127.0.0.1"]
if ALLOWED_HOSTS == ["127.0.0.1"]:  # passkeys are kept for a name, and a number is none
    ALLOWED_HOSTS.append("localhost")
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.origin]
ROOT_URLCONF = "joinedup_web.config.urls"
WSGI_APPLICATION = "joinedup_web.config.wsgi.application"
DATABASES = {"default": database(ENVIRONMENT.database)} if ENVIRONMENT.database else {}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FILTERS_OFF = False
"""Tests switch the application's own filters off, to try row-level security alone."""

INSTALLED_APPS = [
    "joinedup_web.nhsuk",
    "joinedup_web.organisations",
    "joinedup_web.api",
    "joinedup_web.controllers",
    "joinedup_web.collaboratives",
    "joinedup_web.equity",
    "joinedup_web.improvement",
    "joinedup_web.packs",
    "joinedup_web.governance.scrutiny",
    "joinedup_web.governance.frameworks",
    "joinedup_web.returns",
    "joinedup_web.governance.boards",
    "joinedup_web.governance.updates",
    "procrastinate.contrib.django",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "django_htmx",
    "pghistory",
    "pgtrigger",
]
MIDDLEWARE = [
    "joinedup_web.config.observing.ObservingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "joinedup_web.organisations.languages.PolicyLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "joinedup_web.api.middleware.TokenMiddleware",
    "joinedup_web.organisations.middleware.ScopeMiddleware",
    "joinedup_web.controllers.checking.SuspensionMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "joinedup_web.nhsuk.jinja.environment",
            "context_processors": ["joinedup_web.nhsuk.jinja.everywhere"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]

AUTH_USER_MODEL = "organisations.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
ACCOUNT_ADAPTER = "joinedup_web.organisations.signing_in.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "start"
ACCOUNT_RATE_LIMITS = {
    "login_failed": None
}  # counted by axes, in the database: memory is not shared by workers
MFA_TOTP_ISSUER = "joinedup"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "authenticate": "joinedup_web.organisations.signing_in.Code",
    "reauthenticate": "joinedup_web.organisations.signing_in.CodeAgain",
    "add_webauthn": "joinedup_web.organisations.identity.passkeys.AddPasskey",
    "edit_webauthn": "joinedup_web.organisations.identity.passkeys.RenamePasskey",
    "login_webauthn": "joinedup_web.organisations.identity.passkeys.SignInWithPasskey",
    "authenticate_webauthn": "joinedup_web.organisations.identity.passkeys.PasskeyAsSecond",
    "reauthenticate_webauthn": "joinedup_web.organisations.identity.passkeys.PasskeyAgain",
}
SECOND_FACTOR = not ENVIRONMENT.demo
"""Whether roles that the policy names must have a second factor: always, but in a demo, whose password is printed."""
SOCIALACCOUNT_ADAPTER = "joinedup_web.organisations.identity.adapter.IdentityAdapter"
IDENTITY_SERVICES = read_services(os.environ.get("JOINEDUP_IDENTITY", ""))
_mail = mail_settings(os.environ, _origin.hostname or "localhost")
MAIL_SET = bool(_mail)
globals().update(_mail)
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "joinedup_web.organisations.signing_in.name_tried"
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

API_RATE = (600, 120)
"""Requests a minute that a token may make, and how many of them at once."""

SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "joinedup_web.nhsuk.languages.stale"
SECURE_SSL_REDIRECT = False  # the proxy in front speaks TLS; we never see plain requests in production
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _secure else None
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("ar", "العربية")]
LANGUAGE_COOKIE_NAME = "language"
TIME_ZONE = "Europe/London"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True  # served from the package: nothing to collect
STATICFILES_DIRS = [folder for folder in (HERE / "nhsuk" / "vendor",) if folder.is_dir()]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PGHISTORY_CONTEXT_FIELD = None  # set below: pghistory reads it when models are made
FILE_UPLOAD_HANDLERS = [
    "joinedup_web.governance.boards.uploaded.PaperFileHandler",
    "joinedup_web.packs.uploading.TemplateUploadHandler",
    "joinedup_web.improvement.uploading.PaperUploadHandler",
    "joinedup_web.governance.scrutiny.uploading.TrackerUploadHandler",
    "joinedup_web.governance.frameworks.uploading.FrameworkUploadHandler",
    "joinedup_web.returns.uploading.StagingUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "joinedup_web.config.log_lines.JsonLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "joinedup.requests": {"level": "INFO" if ENVIRONMENT.production else "WARNING"},
        # Django adds handlers of its own that write what was asked, and mail to administrators.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {
            "level": "ERROR"
        },  # what was not there or not allowed is counted, and said to whoever asked
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []

import pghistory  # noqa: E402 - its fields are made from settings that must stand above

PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(db_constraint=False)

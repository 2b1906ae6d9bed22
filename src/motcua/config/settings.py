"""Django's settings for every installation; what may differ between two of them is declared in `env`."""

from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from motcua.config import database, env, home, logs, mail, oidc

_PACKAGE = Path(__file__).resolve().parent.parent
HOME = home.home()

DEBUG = env.read("MOTCUA_DEBUG")
SECRET_KEY = env.read("MOTCUA_SECRET_KEY") or home.secret("django")
_HOSTS = list(env.read("MOTCUA_HOSTS"))
# Whoever watches from this machine names it by its address, whatever the pages are called.
ALLOWED_HOSTS = [*_HOSTS, *(name for name in ("localhost", "127.0.0.1", "[::1]") if name not in _HOSTS)]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "motcua.ui",  # before allauth, whose pages it dresses
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "motcua.places",
    "motcua.agencies",
    "motcua.persons",
    "motcua.files",
    "motcua.procedures",
    "motcua.dossiers",
    "motcua.proofs",
    "motcua.papers",
    "motcua.reports",
    "motcua.signatures",
    "motcua.backups",
    "motcua.exchange",
    "motcua.notices",
    # Rooms without tables, templates or static files need no entry.
    "motcua.portal",
    "motcua.office",
    "motcua.api",
]

MIDDLEWARE = [
    "motcua.config.watching.WatchMiddleware",
    "motcua.config.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",  # before what answers with static files, which carry the policy too
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "motcua.api.door.Door",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "motcua.ui.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "motcua.agencies.policies.PolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "motcua.config.urls"
WSGI_APPLICATION = "motcua.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "motcua.portal.site.context",
                "motcua.agencies.signin.context",
            ],
        },
    },
]

# -- data -----------------------------------------------------------------------------------------------------------

DATABASES = {"default": database.current_entry()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# In the database, so that sign-in's rate limits count over all web processes.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "motcua_cache"}}
MEDIA_ROOT = HOME / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# -- what law and practice leave to the unit --------------------------------------------------------------------------

MOTCUA_LEGAL_DATES = env.read("MOTCUA_LEGAL_DATES")
MOTCUA_FORMS = env.read("MOTCUA_FORMS")
MOTCUA_SATURDAY_HOURS = env.read("MOTCUA_SATURDAY_HOURS")
MOTCUA_APPRAISAL_DAYS = env.read("MOTCUA_APPRAISAL_DAYS")
MOTCUA_ANSWER_HOURS = env.read("MOTCUA_ANSWER_HOURS")
MOTCUA_DIGITISE = env.read("MOTCUA_DIGITISE")
MOTCUA_CUTOFF = env.read("MOTCUA_CUTOFF")
MOTCUA_WORKING_DAY_CONVENTION = env.read("MOTCUA_WORKING_DAY_CONVENTION")
MOTCUA_SUPPLEMENT_CLOCK = env.read("MOTCUA_SUPPLEMENT_CLOCK")
MOTCUA_MAX_SUPPLEMENTS = env.read("MOTCUA_MAX_SUPPLEMENTS")
MOTCUA_REGISTER_BOOK_ROWS = env.read("MOTCUA_REGISTER_BOOK_ROWS")
MOTCUA_REPORT_LATE_BY = env.read("MOTCUA_REPORT_LATE_BY")
MOTCUA_REPORT_LEAVES_OUT = env.read("MOTCUA_REPORT_LEAVES_OUT") or ()
MOTCUA_INDICATOR_CLASS = env.read("MOTCUA_INDICATOR_CLASS")
MOTCUA_APOLOGY_DAYS = env.read("MOTCUA_APOLOGY_DAYS")
MOTCUA_CODE_PATTERN = env.read("MOTCUA_CODE_PATTERN")
MOTCUA_ELEVATION_HOURS = env.read("MOTCUA_ELEVATION_HOURS")
MOTCUA_UNTAKEN_HOURS = env.read("MOTCUA_UNTAKEN_HOURS")
MOTCUA_SILENT_DAYS = env.read("MOTCUA_SILENT_DAYS")
MOTCUA_UPLOAD_MAX_BYTES = env.read("MOTCUA_UPLOAD_MAX_BYTES")
MOTCUA_UPLOAD_MAX_PAGES = env.read("MOTCUA_UPLOAD_MAX_PAGES")
MOTCUA_UPLOAD_MAX_PIXELS = env.read("MOTCUA_UPLOAD_MAX_PIXELS")
MOTCUA_CLAMAV = env.read("MOTCUA_CLAMAV")
MOTCUA_RATE_PERCENT = env.read("MOTCUA_RATE_PERCENT")
MOTCUA_LOG_ORIGIN = env.read("MOTCUA_LOG_ORIGIN")
MOTCUA_HEAD_MINUTES = env.read("MOTCUA_HEAD_MINUTES")
MOTCUA_LOG_RECIPIENTS = env.read("MOTCUA_LOG_RECIPIENTS") or ()
MOTCUA_SITE = env.read("MOTCUA_SITE")
MOTCUA_SMS_GATEWAY = env.read("MOTCUA_SMS_GATEWAY")
MOTCUA_CHAT_GATEWAY = env.read("MOTCUA_CHAT_GATEWAY")
MOTCUA_SMS_PLAIN = env.read("MOTCUA_SMS_PLAIN")
MOTCUA_NOTICE_DAYS = env.read("MOTCUA_NOTICE_DAYS")
MOTCUA_REMIND_HOURS = env.read("MOTCUA_REMIND_HOURS")
MOTCUA_REMIND_STEP_HOURS = env.read("MOTCUA_REMIND_STEP_HOURS")
MOTCUA_ESCALATE_HOURS = env.read("MOTCUA_ESCALATE_HOURS")
MOTCUA_DRAFT_DAYS = env.read("MOTCUA_DRAFT_DAYS")
MOTCUA_EXTENSION_DAYS = env.read("MOTCUA_EXTENSION_DAYS")
MOTCUA_MAIL_FROM = env.read("MOTCUA_MAIL_FROM")
EMAIL_HOST = ""
if _smtp := env.read("MOTCUA_SMTP"):
    globals().update(mail.server("MOTCUA_SMTP", _smtp))
MOTCUA_MONITOR_TOKEN = env.read("MOTCUA_MONITOR_TOKEN")
MOTCUA_DISK_LEAST_BYTES = env.read("MOTCUA_DISK_LEAST_BYTES")
MOTCUA_WEBHOOK_NETWORKS = env.read("MOTCUA_WEBHOOK_NETWORKS") or ()
MOTCUA_WEBHOOK_HTTP = env.read("MOTCUA_WEBHOOK_HTTP")

# -- digital signatures ---------------------------------------------------------------------------------------------

MOTCUA_TRUST = env.read("MOTCUA_TRUST")
MOTCUA_TSA = env.read("MOTCUA_TSA")
MOTCUA_SIGN_LEVEL = env.read("MOTCUA_SIGN_LEVEL")
MOTCUA_SEAL_ROLES = env.read("MOTCUA_SEAL_ROLES")
MOTCUA_PKCS11_MODULE = env.read("MOTCUA_PKCS11_MODULE")
MOTCUA_PKCS11_TOKEN = env.read("MOTCUA_PKCS11_TOKEN")
MOTCUA_REMOTE_SIGNER = env.read("MOTCUA_REMOTE_SIGNER")

# -- language and time ----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Tiếng Việt")), ("en", _("Tiếng Anh"))]
LOCALE_PATHS = [_PACKAGE / "locale"]
FORMAT_MODULE_PATH = ["motcua.ui.locale_formats"]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

# -- static files ---------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# -- sign-in --------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/office/"
ACCOUNT_ADAPTER = "motcua.agencies.signin.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = False
# Guessing is slowed down in agencies/lockout.py: allauth's own limits would shut out the officer who is attacked.
ACCOUNT_RATE_LIMITS = {"login": "", "login_failed": "", "change_password": "5/m/user"}
MFA_ADAPTER = "motcua.agencies.second_factor.MFAAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
MFA_FORMS = {
    "authenticate": "motcua.agencies.second_factor.CodeForm",
    "reauthenticate": "motcua.agencies.second_factor.CodeAgainForm",
}
MOTCUA_SECOND_FACTOR_ROLES = env.read("MOTCUA_SECOND_FACTOR_ROLES")
MOTCUA_OIDC = oidc.providers()
MOTCUA_STAFF_OIDC_USERNAME_CLAIM = env.read("MOTCUA_STAFF_OIDC_USERNAME_CLAIM")
MOTCUA_CITIZEN_OIDC_ID_CLAIM = env.read("MOTCUA_CITIZEN_OIDC_ID_CLAIM")

# -- safety ---------------------------------------------------------------------------------------------------------

_HTTPS = env.read("MOTCUA_HTTPS")
_PROXIES = env.read("MOTCUA_PROXIES")
ALLAUTH_TRUSTED_PROXY_COUNT = int(_HTTPS) if _PROXIES is None else _PROXIES
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _HTTPS
# With this prefix browsers take the cookie from this very host only, encrypted and for all of its pages.
_HOST = "__Host-" if _HTTPS else ""
SESSION_COOKIE_NAME = f"{_HOST}sessionid"
CSRF_COOKIE_NAME = f"{_HOST}csrftoken"
LANGUAGE_COOKIE_NAME = f"{_HOST}django_language"
LANGUAGE_COOKIE_SECURE = _HTTPS
SESSION_ENGINE = "motcua.agencies.session_store"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MOTCUA_SESSION_IDLE_MINUTES = env.read("MOTCUA_SESSION_IDLE_MINUTES")
MOTCUA_SESSION_HOURS = env.read("MOTCUA_SESSION_HOURS")
MOTCUA_CITIZEN_IDLE_MINUTES = env.read("MOTCUA_CITIZEN_IDLE_MINUTES")
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = _HTTPS
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in _HOSTS] if _HTTPS else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS else None
SECURE_SSL_REDIRECT = _HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]  # asked from this machine, beside the proxy
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.read("MOTCUA_HSTS_SUBDOMAINS")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # No address may run as a script, only what a page of ours names with the number of this one answer.
        "script-src": [NONCE],
        "style-src": [SELF],
        # The QR of a second factor is a data: picture; a picture runs nothing.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
# Whether browsers' preload lists shall hold the domain is for its owner to say.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LOGGING = logs.configuration(env.read("MOTCUA_LOG_LEVEL"), env.read("MOTCUA_LOG_FORM"))

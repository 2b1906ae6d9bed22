"""Motcua's settings with the middlewares of a bare signed-in view: sessions and users, nothing more."""

from motcua.config import database
from motcua.config import settings as ours
from motcua.config.settings import *  # noqa: F403 - the same cookies and keys

# The peer has no row-level security: it reads its sample at once, and its own tables have no policies.
database.read_as_system()
DATABASES = {"default": database.current_entry()}

ROOT_URLCONF = "bare.urls"
# allauth stays installed, since Motcua's accounts know of second factors; its one light middleware must run with it.
INSTALLED_APPS = list(ours.INSTALLED_APPS)
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

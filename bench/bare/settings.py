"""Motcua's settings with the middlewares of a bare signed-in view: sessions and users, nothing more."""

from motcua.config import settings as ours
from motcua.config.settings import *  # noqa: F403 - the same database, cookies and keys

ROOT_URLCONF = "bare.urls"
# allauth stays installed, since Motcua's accounts know of second factors; its one light middleware must run with it.
INSTALLED_APPS = list(ours.INSTALLED_APPS)
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

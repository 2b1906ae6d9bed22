"""Motcua's settings with the middlewares of a bare signed-in view: sessions and users, nothing more."""

from motcua.config import settings as ours
from motcua.config.settings import *  # noqa: F403 - the same database, cookies and keys

ROOT_URLCONF = "bare.urls"
INSTALLED_APPS = [app for app in ours.INSTALLED_APPS if not app.startswith("allauth")]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]

"""Signs people in for browser tests: a session made in the database, or a password that the real server accepts."""

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import override_settings

from motcua.agencies.commands import set_password
from motcua.agencies.models import User
from motcua.agencies.session_store import SessionStore
from support.world import PASSWORD


def session_of(user: User) -> str:
    """The key of a new session in which the user is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def give_password(user: User) -> None:
    """Gives the user the tests' password under the hasher of the settings, not the tests' quick one."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.Argon2PasswordHasher"]):
        set_password(user.username, PASSWORD)

"""The mail server that an operator names by one address, as Django's settings."""

from typing import Any
from urllib.parse import unquote, urlsplit

from motcua.config.env import BadSetting

# Scheme: what Django is told, and the usual port. With `smtp+tls` a server that offers no encryption is refused.
_SCHEMES: dict[str, tuple[dict[str, bool], int]] = {
    "smtp": ({}, 25),
    "smtp+tls": ({"EMAIL_USE_TLS": True}, 587),
    "smtps": ({"EMAIL_USE_SSL": True}, 465),
}
_SECONDS = 30  # for each answer of the server


def server(name: str, value: str) -> dict[str, Any]:
    """Django's settings for `smtps://user:password@host:465`; raises `BadSetting` without repeating the password."""
    try:
        parts = urlsplit(value.strip())
        options, usual = _SCHEMES[parts.scheme]
        host, port = parts.hostname, parts.port or usual
    except (KeyError, ValueError):
        host = None
    if not host or parts.path not in {"", "/"} or parts.query:
        raise BadSetting(name, "…", "smtps://user:password@host:465, smtp+tls://… or smtp://…")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": host,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_TIMEOUT": _SECONDS,
        **options,
    }

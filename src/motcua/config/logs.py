"""Logging that cannot carry personal data: route names instead of addresses, error types instead of their texts."""

import logging
import traceback
from typing import Any

from django.http import HttpRequest


class RouteFilter(logging.Filter):
    """Replaces a request's address, which may hold a tracking token or a search for a name, by its route."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            match = request.resolver_match
            record.msg = f"{request.method} {match.route if match else 'no such page'}: {self._status(record)}"
            record.args = ()
        return True

    @staticmethod
    def _status(record: logging.LogRecord) -> Any:
        return getattr(record, "status_code", record.levelname.lower())


class PlainFormatter(logging.Formatter):
    """One line a record; of an exception its type and where it was raised, never its text, which may quote a row."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is logging's
        kind, error, trace = ei
        frames = traceback.format_list(traceback.extract_tb(trace))
        state = getattr(error, "sqlstate", None) or getattr(getattr(error, "__cause__", None), "sqlstate", None)
        name = f"{kind.__module__}.{kind.__qualname__}" if kind else "?"
        return "".join(frames) + name + (f" (SQLSTATE {state})" if state else "")


def configuration(level: str) -> dict[str, Any]:
    """Django's LOGGING: everything to standard error, Django's own mails and console handlers off."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"route": {"()": "motcua.config.logs.RouteFilter"}},
        "formatters": {
            "plain": {
                "()": "motcua.config.logs.PlainFormatter",
                "format": "{asctime} {levelname} {name} {message}",
                "style": "{",
            }
        },
        "handlers": {
            "terminal": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["route"]},
        },
        "root": {"handlers": ["terminal"], "level": level},
        "loggers": {
            "django": {"handlers": ["terminal"], "level": level, "propagate": False},
            # Statements hold values; they are never logged, whatever the level.
            "django.db.backends": {"level": "WARNING"},
        },
    }

"""Logging that cannot carry personal data: routes instead of addresses, error types instead of their texts.

A line says when, how loud, who speaks, what happened, and for which request: its random id, its route, who of the
staff asked (the post's number). What it never says: an address with its parts, what was typed, an exception's text,
the values that another library puts into its messages.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
import traceback
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from django.http import HttpRequest

from motcua.config.trouble import Tellable

REQUEST: ContextVar[Mapping[str, Any] | None] = ContextVar("motcua_request", default=None)
"""What the lines of one request have in common; set by `watching.WatchMiddleware`."""

# Whose messages were read: ours, and the first lines of the web server's, which appends an exception's text.
_OURS: Final = "motcua"
_FIRST_LINE: Final = "_granian"


class RouteFilter(logging.Filter):
    """Replaces a request's address, which may hold a tracking token or a search for a name, by its route."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            match = request.resolver_match
            record.msg = f"{request.method} {match.route if match else 'no such page'}: {self._status(record)}"
            record.args = ()
            vars(record)["by_route"] = True
            vars(record).setdefault("fields", {"request": getattr(request, "watched_as", None)})
        return True

    @staticmethod
    def _status(record: logging.LogRecord) -> Any:
        return getattr(record, "status_code", record.levelname.lower())


def message(record: logging.LogRecord) -> str:
    """What happened, in the words of the program: of another library's message only the pattern, without values."""
    if hasattr(record, "by_route"):
        return str(record.msg)
    if record.name.partition(".")[0] == _OURS:
        record.args = _without_errors(record.args)
        return record.getMessage()
    if record.name.partition(".")[0] == _FIRST_LINE:
        return record.getMessage().partition("\n")[0]
    if record.args and isinstance(record.msg, str):
        return record.msg
    return f"(text withheld) {Path(record.pathname).name}:{record.lineno}"


def _without_errors(values: Any) -> Any:
    """The arguments of a message with each exception named by its type: its text may quote a row."""
    if isinstance(values, tuple):
        return tuple(kind_of(value) if isinstance(value, BaseException) else value for value in values)
    return values


def kind_of(error: BaseException) -> str:
    """The type of an error, with PostgreSQL's code for it where there is one; its text only if it was made for that."""
    state = getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None)
    kind = type(error)
    told = f": {error}" if isinstance(error, Tellable) else ""
    return f"{kind.__module__}.{kind.__qualname__}" + (f" (SQLSTATE {state})" if state else "") + told


def places(trace: TracebackType | None) -> list[str]:
    """Where an error passed through, outermost first: file, line, function; no source and no values."""
    frames = traceback.extract_tb(trace)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


class PlainFormatter(logging.Formatter):
    """One line a record for a person at a terminal; of an exception its type and where it was raised."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, followed by the places of an exception."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told = {**(REQUEST.get() or {}), **getattr(record, "fields", {})}
        line = f"{moment} {record.levelname} {record.name} {message(record)}"
        line += "".join(f" {name}={value}" for name, value in told.items())
        return line + ("\n" + self.formatException(record.exc_info) if record.exc_info else "")

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is logging's
        """The places and the type of an exception."""
        kind, error, trace = ei
        return "\n".join([*places(trace), kind_of(error) if error else str(kind)])


class JsonFormatter(logging.Formatter):
    """One JSON object a line, for programs that gather logs."""

    def format(self, record: logging.LogRecord) -> str:
        """The object as text."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message(record),
            **(REQUEST.get() or {}),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1]:
            line |= {"error": kind_of(record.exc_info[1]), "trace": places(record.exc_info[2])}
        return json.dumps(line, ensure_ascii=False, default=lambda value: type(value).__name__)


class Terminal(logging.StreamHandler[Any]):
    """Standard error; a record that cannot be written is only counted, where logging would print its values."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        """Says that a line was lost, and whose."""
        sys.stderr.write(f"a log line of {record.name} could not be written ({Path(record.pathname).name})\n")


def withhold_uncaught() -> None:
    """Makes errors that nobody caught, and warnings, go the same way as everything else that is logged.

    Python itself would print their texts. Called once in each program: the web, the worker, each verb.
    """
    log = logging.getLogger("motcua.uncaught")

    def uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt | SystemExit):
            return
        log.critical("ended by an error", exc_info=(kind, error, trace))

    sys.excepthook = uncaught
    threading.excepthook = lambda found: (
        uncaught(found.exc_type, found.exc_value, found.exc_traceback) if found.exc_value else None
    )
    sys.unraisablehook = lambda found: (
        uncaught(found.exc_type, found.exc_value, found.exc_traceback) if found.exc_value else None
    )
    logging.captureWarnings(True)


def configuration(level: str, form: str) -> dict[str, Any]:
    """Django's LOGGING: everything to standard error as `json` or `plain`, Django's own handlers off."""
    ours = {"handlers": ["terminal"], "level": level, "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"route": {"()": "motcua.config.logs.RouteFilter"}},
        "formatters": {
            "plain": {"()": "motcua.config.logs.PlainFormatter"},
            "json": {"()": "motcua.config.logs.JsonFormatter"},
        },
        "handlers": {"terminal": {"()": "motcua.config.logs.Terminal", "formatter": form, "filters": ["route"]}},
        "root": {"handlers": ["terminal"], "level": level},
        "loggers": {
            "django": ours,
            "_granian": ours | {"level": "WARNING"},
            # Statements hold values; they are never logged, whatever the level.
            "django.db.backends": {"level": "WARNING"},
            # It greets at its first import, in the midst of what a command prints.
            "pikepdf": {"level": "WARNING"},
        },
    }

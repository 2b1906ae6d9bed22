"""What the worker does by time: publish, send, sweep, back up. Each room names its own; one worker performs each.

A duty that fails is told in the log and in `motcua check`, and comes again when its time is round; no other waits for
it. What a duty does must hold if it is done twice: a worker may be killed between the work and the note of it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, connection, transaction

_LOG = logging.getLogger(__name__)
_REGISTERED: "dict[str, Duty]" = {}

_CLAIM = """
INSERT INTO dossiers_duty AS d (name, started_at, error) VALUES (%s, clock_timestamp(), '')
ON CONFLICT (name) DO UPDATE SET started_at = clock_timestamp()
WHERE d.started_at <= clock_timestamp() - make_interval(secs => %s) OR d.started_at > clock_timestamp()
RETURNING name
"""
_NOTE = """
UPDATE dossiers_duty SET finished_at = clock_timestamp(), error = %(error)s,
    succeeded_at = CASE WHEN %(error)s = '' THEN clock_timestamp() ELSE succeeded_at END
WHERE name = %(name)s
"""


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that is done again and again: its name, at which distance, and the work."""

    name: str
    every: timedelta
    perform: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Done:
    """When a duty was last begun, ended and ended well, and the kind of the error it ended with, empty if none."""

    name: str
    started_at: datetime
    finished_at: datetime | None
    succeeded_at: datetime | None
    error: str


def register(duty: Duty) -> None:
    """Let the worker perform this; called once when a room is made ready."""
    _REGISTERED[duty.name] = duty


def registered() -> tuple[Duty, ...]:
    """All duties, in the order of their registration."""
    return tuple(_REGISTERED.values())


def perform_due() -> int:
    """Perform every duty whose time has come and that no other worker has taken; returns how many.

    Raises OperationalError when the database is away.
    """
    return sum(perform(duty) for duty in registered())


def perform(duty: Duty) -> bool:
    """Perform this duty if its time has come and no other worker has taken it; whether it was performed here."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [duty.name, duty.every.total_seconds()])
        if cursor.fetchone() is None:
            return False
    error = ""
    try:
        duty.perform()
    except (OperationalError, InterfaceError):
        raise
    except Exception as failure:
        _LOG.exception("duty %s failed", duty.name)
        error = type(failure).__name__
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_NOTE, {"error": error, "name": duty.name})
    return True


def done() -> tuple[Done, ...]:
    """How every duty last went."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, started_at, finished_at, succeeded_at, error FROM dossiers_duty ORDER BY name")
        return tuple(Done(*row) for row in cursor.fetchall())

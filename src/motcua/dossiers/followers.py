"""Everything that reacts to the log reads it in order from its own bookmark, and commits work and bookmark together.

An event that a follower cannot take in is set aside in `FollowerFault` and shown; the ones after it go on.
"""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction

from motcua.dossiers.models import Bookmark, FollowerFault
from motcua.law.dossier import read
from motcua.law.dossier.events import Event

_LOG = logging.getLogger(__name__)

_READ = """
SELECT p.position, e.dossier_id, e.seq, e.type, e.version, coalesce(e.happened_at, e.recorded_at), e.data,
       coalesce((moved.data->>'receiving_agency')::bigint, d.receiving_agency_id),
       coalesce((moved.data->>'competent_agency')::bigint, d.competent_agency_id), d.procedure_code,
       e.actor_staff, e.actor_agency
FROM dossiers_position p
JOIN dossiers_event e ON e.dossier_id = p.dossier_id AND e.seq = p.seq
JOIN dossiers_dossier d ON d.id = p.dossier_id
LEFT JOIN LATERAL (
    SELECT m.data FROM dossiers_event m
    WHERE m.dossier_id = e.dossier_id AND m.type = 'relocated' AND m.seq > e.seq ORDER BY m.seq LIMIT 1
) moved ON true
WHERE p.position > %(after)s AND p.position <= %(last)s AND (%(types)s::text[] IS NULL OR e.type = ANY(%(types)s))
ORDER BY p.position
"""
_LAST = "SELECT max(position) FROM (SELECT position FROM dossiers_position WHERE position > %s ORDER BY 1 LIMIT %s) run"


@dataclass(frozen=True, slots=True)
class Placed:
    """An event at its position, with the agencies that the dossier had then, and who caused it, at which agency."""

    position: int
    dossier_id: UUID
    seq: int
    type: str
    version: int
    at: datetime
    data: str
    receiving_agency: int
    competent_agency: int
    procedure: str
    actor_staff: int | None = None
    actor_agency: int | None = None

    @property
    def event(self) -> Event:
        """The event itself, lifted to the present version."""
        return read(self.type, self.version, json.loads(self.data))


@dataclass(frozen=True, slots=True)
class Follower:
    """A name for its bookmark and what it does with a run of events, inside the transaction of the bookmark.

    With `types` it is given events of these types only and passes over the others unread. `reached` is told after each
    run to which position it went; whoever needs no events but all positions names no type and this alone.
    """

    name: str
    handle: Callable[[Sequence[Placed]], None]
    types: frozenset[str] | None = None
    reached: Callable[[int], None] = lambda _position: None


_REGISTERED: dict[str, Follower] = {}


def register(follower: Follower) -> None:
    """Let the worker's turns include this follower; called once when a room is made ready."""
    _REGISTERED[follower.name] = follower


def registered() -> tuple[Follower, ...]:
    """All followers, in the order of their registration."""
    return tuple(_REGISTERED.values())


def follow(follower: Follower, limit: int = 1000) -> int:
    """Let a follower take in the next events; returns how many it has passed.

    Raises OperationalError when the database is away or stopped the work in favour of another: nothing is set aside
    for a trouble that passes.
    """
    try:
        with transaction.atomic():
            bookmark, last, batch = _next(follower, limit)
            if batch:
                follower.handle(batch)
            if last > bookmark.position:
                follower.reached(last)
            return _pass(bookmark, last)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        _LOG.exception("follower %s failed on a run of events; taking them one by one", follower.name)
    return _one_by_one(follower, limit)


def ahead_of(name: str) -> bool:
    """Whether anything is committed that the follower of this name has not passed yet: one statement."""
    sql = """
        SELECT EXISTS (SELECT FROM dossiers_unplaced) OR EXISTS (
            SELECT FROM dossiers_position
            WHERE position > coalesce((SELECT position FROM dossiers_bookmark WHERE follower = %s), 0))"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [name])
        return bool(cursor.fetchone()[0])


def follow_all(follower: Follower) -> int:
    """Let a follower read to the end of the log; returns how many events."""
    total = 0
    while passed := follow(follower):
        total += passed
    return total


def _next(follower: Follower, limit: int) -> tuple[Bookmark, int, list[Placed]]:
    """The locked bookmark, the position to which the next run goes, and the events of the run."""
    Bookmark.objects.get_or_create(pk=follower.name)
    bookmark = Bookmark.objects.select_for_update().get(pk=follower.name)
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [bookmark.position, limit])
        last = cursor.fetchone()[0] or bookmark.position
        types = None if follower.types is None else sorted(follower.types)
        cursor.execute(_READ, {"after": bookmark.position, "last": last, "types": types})
        return bookmark, last, [Placed(*row) for row in cursor.fetchall()]


def _pass(bookmark: Bookmark, last: int) -> int:
    """Move the bookmark; returns how many events it has passed: positions have no gap."""
    passed = last - bookmark.position
    if passed:
        bookmark.position = last
        bookmark.save(update_fields=["position"])
    return passed


def _one_by_one(follower: Follower, limit: int) -> int:
    with transaction.atomic():
        bookmark, last, batch = _next(follower, limit)
        for placed in batch:
            _or_aside(follower, placed.position, partial(follower.handle, [placed]))
        if last > bookmark.position:
            _or_aside(follower, last, partial(follower.reached, last))
        return _pass(bookmark, last)


def _or_aside(follower: Follower, position: int, work: Callable[[], None]) -> None:
    """Do a piece of a follower's work; if it fails, note the position and leave everything as it was."""
    try:
        with transaction.atomic():
            work()
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        _LOG.exception("follower %s set position %d aside", follower.name, position)
        FollowerFault.objects.get_or_create(
            follower=follower.name, position=position, defaults={"error": type(error).__name__}
        )

"""Lists that other systems ask for: dossiers of an agency by filters, what was filed for applicants, and what happened.

As everywhere, a reader finds what it may see and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from motcua.agencies.access import Act, Reader
from motcua.dossiers import marks, projection
from motcua.dossiers.circumstances import NoSuchDossier
from motcua.dossiers.models import Dossier
from motcua.dossiers.queries import Page, _completion, _rows, _visible
from motcua.law.dossier.vocabulary import Pause, Status

MANY = 1000  # counts stop here: a list says "1,000+" rather than wait


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which dossiers: those that an agency received, or those that it settles, narrowed by what is given."""

    agency_id: int
    side: Literal["received", "settled"] = "received"
    statuses: tuple[Status, ...] = ()
    procedure: str = ""
    opened_from: datetime | None = None
    opened_to: datetime | None = None
    due_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """How many there are; `capped` when there are at least so many."""

    value: int
    capped: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a dossier is, for the system that filed it for the applicant: no person and no reason in words."""

    id: UUID
    code: str
    status: Status
    step: int
    steps: int
    opened_at: datetime
    received_at: datetime | None
    due_at: datetime | None
    ready_at: datetime | None
    closed_at: datetime | None
    waits_for: Pause | None
    seq: int


@dataclass(frozen=True, slots=True)
class Passed:
    """An event as other systems are told of it: which, of which dossier, when, and nothing about a person."""

    position: int
    dossier_id: UUID
    code: str
    seq: int
    type: str
    at: datetime
    recorded_at: datetime


def listed(reader: Reader, wanted: Wanted, *, after: str = "", limit: int = 50) -> Page:
    """Dossiers of an agency, the newest first; keyset pages over index dossier_register or dossier_competent.

    Raises ValueError for an `after` that this function did not give.
    """
    query = _wanted(reader, wanted).order_by("-opened_at", "-id")
    if after:
        opened, last = marks.read(after)
        query = query.filter(Q(opened_at__lt=opened) | Q(opened_at=opened, id__lt=last))
    found = list(query[: limit + 1])
    more = len(found) > limit
    mark = marks.mark(found[limit - 1].opened_at, found[limit - 1].id) if more else None
    return Page(_rows(found[:limit]), mark)


def is_visible(reader: Reader, dossier_id: UUID) -> bool:
    """Whether the reader may know of the dossier, by the table or because its agency filed it."""
    return _visible(reader, Q(pk=dossier_id)).exists() or bool(progress_of(reader, [dossier_id]))


def counted(reader: Reader, wanted: Wanted) -> Counted:
    """How many dossiers `listed` would list, up to a thousand."""
    value = _wanted(reader, wanted).order_by()[:MANY].count()
    return Counted(value, value >= MANY)


def _wanted(reader: Reader, wanted: Wanted) -> QuerySet[Dossier]:
    column = "receiving_agency_id" if wanted.side == "received" else "competent_agency_id"
    query = _visible(reader, Q((column, wanted.agency_id)))
    if wanted.statuses:
        query = query.filter(status__in=[int(status) for status in wanted.statuses])
    if wanted.procedure:
        query = query.filter(procedure_code=wanted.procedure)
    if wanted.opened_from is not None:
        query = query.filter(opened_at__gte=wanted.opened_from)
    if wanted.opened_to is not None:
        query = query.filter(opened_at__lt=wanted.opened_to)
    if wanted.due_before is not None:
        query = query.filter(due_at_current__lt=wanted.due_before)
    return query


def progress_of(reader: Reader, dossier_ids: Collection[UUID]) -> dict[UUID, Progress]:
    """How far these dossiers are, of those that the reader's agency filed for applicants; the others are left out."""
    if not reader.files_online or reader.agency_id is None:
        return {}
    rows = Dossier.objects.filter(pk__in=dossier_ids, state__intake__filer=reader.agency_id)
    return {row.pk: _progress(row) for row in rows}


def progress(reader: Reader, dossier_id: UUID) -> Progress:
    """How far one of these is. Raises NoSuchDossier for any other."""
    found = progress_of(reader, [dossier_id])
    if dossier_id not in found:
        raise NoSuchDossier(dossier_id)
    return found[dossier_id]


def _progress(row: Dossier) -> Progress:
    state = projection.load(row.state)
    done = _completion(row.code, state)
    return Progress(
        row.pk,
        row.code,
        state.status,
        done.step,
        done.steps,
        row.opened_at,
        row.received_at,
        row.due_at_current,
        row.ready_at,
        row.closed_at,
        state.pause_kind,
        row.seq,
    )


_PASSED = """
SELECT p.position, p.dossier_id, d.code, e.seq, e.type, coalesce(e.happened_at, e.recorded_at), e.recorded_at
FROM dossiers_position p
JOIN dossiers_event e ON e.dossier_id = p.dossier_id AND e.seq = p.seq
JOIN dossiers_dossier d ON d.id = p.dossier_id
WHERE p.position > %s AND p.position <= %s
  AND (%s OR d.receiving_agency_id = ANY(%s) OR d.competent_agency_id = ANY(%s)
       OR (d.state->'intake'->>'filer')::bigint = %s)
  AND (cardinality(%s::varchar[]) = 0 OR e.type = ANY(%s))
ORDER BY p.position LIMIT %s
"""
STRETCH = 20_000  # positions looked at in one go: a reader that may see little finds the end of its patience here


@dataclass(frozen=True, slots=True)
class Run:
    """Events in the order of their positions; everything up to `through` was looked at."""

    events: tuple[Passed, ...]
    through: int


def passed(reader: Reader, after: int, *, types: Iterable[str] = (), limit: int = 100) -> Run:
    """What happened after a position to the dossiers that the reader may see, or filed for applicants."""
    scope, wanted = reader.scope(Act.SEE), list(types)
    filer = reader.agency_id if reader.files_online else None
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(position), 0) FROM dossiers_position")
        last = min(cursor.fetchone()[0], after + STRETCH)
        agencies = [sorted(scope.receiving), sorted(scope.competent)]
        cursor.execute(_PASSED, [after, last, scope.everything, *agencies, filer, wanted, wanted, limit])
        events = tuple(Passed(*row) for row in cursor.fetchall())
    full = len(events) == limit
    return Run(events, events[-1].position if full else max(after, last))
